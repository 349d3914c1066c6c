/** From what GetGuardrail answers to the form. */

import type { GetGuardrailCommandOutput } from "@aws-sdk/client-bedrock";
import { COMPARISONS, type Deed, type Deeds, emptyForm, FILTERS, type FilterSide, type Form, isOn, OFF, type Strength, type Tier } from "./form";

type Told = Omit<GetGuardrailCommandOutput, "$metadata">;

/** What entries of several policies have alike. */
interface Entry {
  action?: string | undefined;
  inputAction?: string | undefined;
  outputAction?: string | undefined;
  inputEnabled?: boolean | undefined;
  outputEnabled?: boolean | undefined;
}

export function formOf(told: Told): Form {
  const empty = emptyForm({ blockedInput: told.blockedInputMessaging ?? "", blockedOutput: told.blockedOutputsMessaging ?? "" });
  const { topicPolicy, contentPolicy, wordPolicy, sensitiveInformationPolicy, contextualGroundingPolicy, automatedReasoningPolicy } = told;
  const filters = { ...empty.filters };
  for (const filter of contentPolicy?.filters ?? []) {
    const type = FILTERS.find((each) => each === filter.type);
    if (!type) continue;
    filters[type] = {
      input: sideOf(filter.inputStrength, filter.inputAction, filter.inputEnabled, filter.inputModalities),
      output: sideOf(filter.outputStrength, filter.outputAction, filter.outputEnabled, filter.outputModalities),
    };
  }
  const comparisons = { ...empty.comparisons };
  for (const filter of contextualGroundingPolicy?.filters ?? []) {
    const type = COMPARISONS.find((each) => each === filter.type);
    if (!type) continue;
    const { threshold = 0, action = "BLOCK", enabled = true } = filter;
    comparisons[type] = { on: enabled, threshold, action };
  }
  const confidence = automatedReasoningPolicy?.confidenceThreshold;
  return {
    ...empty,
    name: told.name ?? "",
    description: told.description ?? "",
    filters,
    comparisons,
    topics: (topicPolicy?.topics ?? []).map(({ name = "", definition = "", examples = [], ...entry }) => ({
      name,
      definition,
      examples,
      deeds: deedsOf(entry),
    })),
    words: (wordPolicy?.words ?? []).map(({ text = "", ...entry }) => ({ text, deeds: deedsOf(entry) })),
    profanity: wordPolicy?.managedWordLists?.map(deedsOf)[0] ?? OFF,
    entities: Object.fromEntries(
      (sensitiveInformationPolicy?.piiEntities ?? [])
        .map((entity) => [entity.type ?? "", deedsOf(entity)] as const)
        .filter(([, deeds]) => isOn(deeds)),
    ),
    regexes: (sensitiveInformationPolicy?.regexes ?? []).map(({ name = "", description = "", pattern = "", ...entry }) => ({
      name,
      description,
      pattern,
      deeds: deedsOf(entry),
    })),
    reasoning: { policies: automatedReasoningPolicy?.policies ?? [], threshold: confidence === undefined ? "" : String(confidence) },
    tiers: {
      topics: tierOf(topicPolicy?.tier),
      content: tierOf(contentPolicy?.tier),
      grounding: tierOf(contextualGroundingPolicy?.tier),
    },
    profile: told.crossRegionDetails?.guardrailProfileId ?? "",
  };
}

function deedsOf({ action = "BLOCK", inputAction = action, outputAction = action, inputEnabled = true, outputEnabled = true }: Entry): Deeds {
  return { input: inputEnabled ? (inputAction as Deed) : "OFF", output: outputEnabled ? (outputAction as Deed) : "OFF" };
}

function sideOf(strength: string | undefined, action = "BLOCK", enabled = true, modalities: string[] = []): FilterSide {
  return {
    strength: enabled ? ((strength ?? "NONE") as Strength) : "NONE",
    action: action === "NONE" ? "NONE" : "BLOCK",
    images: modalities.includes("IMAGE"),
  };
}

function tierOf(tier: { tierName?: string | undefined } | undefined): Tier {
  return tier?.tierName === "STANDARD" ? "STANDARD" : "CLASSIC";
}
