/** One finding in words: what it is called, and why it acted or did not. */

import type { Formats } from "../../texts/texts";
import type { Found } from "./evidence";
import type { Names } from "./names";
import type { EvidenceTexts } from "./texts";

/** A filter of this strength acts from this confidence on. */
const FROM: Record<string, string> = { LOW: "HIGH", MEDIUM: "MEDIUM", HIGH: "LOW" };

export function called(found: Found, names: Names): string {
  if (found.group === "entity") return names.entities[found.name] ?? found.name;
  if (found.group === "filter" || found.group === "list") return names.filters[found.name] ?? found.name;
  if (found.group === "finding") return names.findings[found.name] ?? found.name;
  return found.name;
}

export function why(found: Found, texts: EvidenceTexts, formats: Formats): string {
  const { group, detected, confidence, strength, score, threshold } = found;
  if (score !== undefined && threshold !== undefined) {
    return texts.score(formats.number(score, 2), formats.number(threshold, 2), score >= threshold);
  }
  if (confidence) {
    const said = (level: string) => texts.confidence[level] ?? level;
    const from = FROM[strength ?? ""];
    return strength && from ? texts.contentAt(said(confidence), said(strength), said(from)) : texts.content(said(confidence));
  }
  if (group === "topic") return detected ? texts.topic : texts.noTopic;
  if (!detected) return texts.absent;
  return group === "word" ? texts.word : group === "list" ? texts.list : group === "regex" ? texts.regex : texts.entity;
}
