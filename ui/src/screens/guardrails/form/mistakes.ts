/** What is wrong with a form, by field: what can be seen before it is sent, and what the API said of what was sent. */

import { needsProfile, type Form } from "./form";

/** By field, as "name", "topics.0.definition" or "grounding"; a policy's own name where it is about all of it. */
export type Mistakes = Record<string, string>;

export const SECTIONS = ["general", "content", "topics", "words", "sensitive", "grounding", "reasoning"] as const;
export type Section = (typeof SECTIONS)[number];

const OF_GENERAL = ["name", "description", "blockedInput", "blockedOutput"];
const OF_SENSITIVE = ["regexes"];

export function sectionOf(field: string): Section {
  const [first = ""] = field.split(".");
  if (OF_GENERAL.includes(first)) return "general";
  if (OF_SENSITIVE.includes(first)) return "sensitive";
  return SECTIONS.find((section) => section === first) ?? "general";
}

/** What is not there and must be, or is no number; all else is the API's to tell. */
export function lacking(form: Form, { needed, noShare }: { needed: string; noShare: string }): Mistakes {
  const share = form.reasoning.threshold.trim();
  const wrong = form.reasoning.policies.length > 0 && share !== "" && !(Number(share) >= 0 && Number(share) <= 1);
  const fields: [string, string][] = [
    ["name", form.name],
    ["blockedInput", form.blockedInput],
    ["blockedOutput", form.blockedOutput],
    ...form.topics.flatMap(({ name, definition }, place): [string, string][] => [
      [`topics.${place}.name`, name],
      [`topics.${place}.definition`, definition],
    ]),
    ...form.regexes.flatMap(({ name, pattern }, place): [string, string][] => [
      [`regexes.${place}.name`, name],
      [`regexes.${place}.pattern`, pattern],
    ]),
    ...(needsProfile(form) ? [["general.profile", form.profile] as [string, string]] : []),
  ];
  return {
    ...Object.fromEntries(fields.filter(([, text]) => !text.trim()).map(([field]) => [field, needed])),
    ...(wrong && { "reasoning.threshold": noShare }),
  };
}

const MEMBERS: Record<string, string> = {
  name: "name",
  description: "description",
  blockedInputMessaging: "blockedInput",
  blockedOutputsMessaging: "blockedOutput",
  crossRegionConfig: "general.profile",
  topicPolicyConfig: "topics",
  contentPolicyConfig: "content",
  wordPolicyConfig: "words",
  sensitiveInformationPolicyConfig: "sensitive",
  contextualGroundingPolicyConfig: "grounding",
  automatedReasoningPolicyConfig: "reasoning",
};

/** "N validation errors detected: Value at 'a.b.1.member.c' failed to ...; Value ...", or a sentence. */
export function told(message: string, form: Form): Mistakes {
  const places = message.split(/(?:;|detected:) (?=Value )/).slice(1);
  if (places.length > 0) {
    const found = places.map((one) => [fieldAt(/ at '([^']+)'/.exec(one)?.[1] ?? ""), limitIn(one)] as const);
    return joined(found.filter(([field]) => field));
  }
  const field = fieldIn(message, form);
  return field ? { [field]: message } : {};
}

function fieldAt(path: string): string {
  const [first = "", ...rest] = path.split(".");
  const field = MEMBERS[first] ?? "";
  const place = /^(topicsConfig|regexesConfig)\.(\d+)\.member\.(\w+)/.exec(rest.join("."));
  if (!place) return field;
  return `${place[1] === "topicsConfig" ? "topics" : "regexes"}.${Number(place[2]) - 1}.${place[3]}`;
}

/** The part behind the path, which says what would be right. */
function limitIn(sentence: string): string {
  return sentence.replace(/^Value.*? failed to satisfy constraint: /, "");
}

function fieldIn(message: string, { topics, regexes }: Form): string {
  const quoted = /'([^']*)'/.exec(message)?.[1] ?? "";
  const regex = regexes.findLastIndex(({ name }) => name === quoted);
  if (/regex/i.test(message) && regex >= 0) return `regexes.${regex}.${message.includes("twice") ? "name" : "pattern"}`;
  const topic = topics.findLastIndex(({ name }) => name === quoted);
  if (message.includes("topicsConfig") && topic >= 0) return `topics.${topic}.name`;
  if (/Another guardrail has the name/.test(message)) return "name";
  if (/crossRegionConfig/.test(message)) return "general.profile";
  if (/^The threshold/.test(message)) return "grounding";
  if (/^The filter|content filter/.test(message)) return "content";
  if (/automated reasoning policy/i.test(message)) return "reasoning";
  const policies = Object.keys(MEMBERS).filter((member) => member.endsWith("Config") && message.includes(member));
  return policies.length === 1 ? (MEMBERS[policies[0] as string] ?? "") : "";
}

function joined(found: (readonly [string, string])[]): Mistakes {
  const mistakes: Mistakes = {};
  for (const [field, text] of found) mistakes[field] = mistakes[field] ? `${mistakes[field]}; ${text}` : text;
  return mistakes;
}
