/** From the form to what CreateGuardrail and UpdateGuardrail take. What is off is left out. */

import type { UpdateGuardrailCommandInput } from "@aws-sdk/client-bedrock";
import { ENTITIES } from "./entities";
import { COMPARISONS, type Deed, type Deeds, FILTERS, type FilterSide, type Form, isOn, judges, needsProfile, type Tier } from "./form";

export type Configured = Omit<UpdateGuardrailCommandInput, "guardrailIdentifier">;

export function inputOf(form: Form): Configured {
  const { topics, profile, reasoning } = form;
  return {
    name: form.name,
    ...(form.description && { description: form.description }),
    ...(topics.length > 0 && {
      topicPolicyConfig: {
        topicsConfig: topics.map(({ name, definition, examples, deeds }) => ({
          name,
          definition,
          ...(examples.length > 0 && { examples }),
          type: "DENY" as const,
          ...entry(plain(deeds)),
        })),
        ...tier(form.tiers.topics),
      },
    }),
    ...content(form),
    ...words(form),
    ...sensitive(form),
    ...grounding(form),
    ...(reasoning.policies.length > 0 && {
      automatedReasoningPolicyConfig: {
        policies: reasoning.policies,
        ...(reasoning.threshold.trim() && { confidenceThreshold: Number(reasoning.threshold) }),
      },
    }),
    ...((needsProfile(form) || profile) && { crossRegionConfig: { guardrailProfileIdentifier: profile } }),
    blockedInputMessaging: form.blockedInput,
    blockedOutputsMessaging: form.blockedOutput,
  };
}

function content({ filters, tiers }: Form) {
  const on = FILTERS.filter((type) => judges(filters[type]));
  if (on.length === 0) return {};
  return {
    contentPolicyConfig: {
      filtersConfig: on.map((type) => {
        const { input, output } = filters[type];
        return {
          type,
          inputStrength: input.strength,
          outputStrength: output.strength,
          inputAction: input.action,
          outputAction: output.action,
          inputModalities: modalities(input),
          outputModalities: modalities(output),
        };
      }),
      ...tier(tiers.content),
    },
  };
}

function modalities({ images, strength }: FilterSide): ("TEXT" | "IMAGE")[] {
  return images && strength !== "NONE" ? ["TEXT", "IMAGE"] : ["TEXT"];
}

function words({ words: own, profanity }: Form) {
  if (own.length === 0 && !isOn(profanity)) return {};
  return {
    wordPolicyConfig: {
      ...(own.length > 0 && { wordsConfig: own.map(({ text, deeds }) => ({ text, ...entry(plain(deeds)) })) }),
      ...(isOn(profanity) && { managedWordListsConfig: [{ type: "PROFANITY" as const, ...entry(plain(profanity)) }] }),
    },
  };
}

function sensitive({ entities, regexes }: Form) {
  const on = Object.entries(entities)
    .filter(([, deeds]) => isOn(deeds))
    .sort(([one], [other]) => ENTITIES.indexOf(one) - ENTITIES.indexOf(other));
  if (on.length === 0 && regexes.length === 0) return {};
  return {
    sensitiveInformationPolicyConfig: {
      ...(on.length > 0 && {
        piiEntitiesConfig: on.map(([type, deeds]) => ({ type: type as never, action: mainly(deeds), ...entry(deeds) })),
      }),
      ...(regexes.length > 0 && {
        regexesConfig: regexes.map(({ name, description, pattern, deeds }) => ({
          name,
          ...(description && { description }),
          pattern,
          action: mainly(deeds),
          ...entry(deeds),
        })),
      }),
    },
  };
}

function grounding({ comparisons, tiers }: Form) {
  const on = COMPARISONS.filter((type) => comparisons[type].on);
  if (on.length === 0) return {};
  return {
    contextualGroundingPolicyConfig: {
      filtersConfig: on.map((type) => ({ type, threshold: comparisons[type].threshold, action: comparisons[type].action })),
      ...tier(tiers.grounding),
    },
  };
}

type Done = Exclude<Deed, "OFF">;

/** Members that are their defaults are left out, so that the call reads as a person would write it. */
function entry<Kind extends Done>({ input, output }: Record<"input" | "output", Kind | "OFF">) {
  return {
    ...(input === "OFF" ? { inputEnabled: false } : { inputAction: input }),
    ...(output === "OFF" ? { outputEnabled: false } : { outputAction: output }),
  };
}

/** Of what cannot be masked. */
function plain({ input, output }: Deeds): Record<"input" | "output", "BLOCK" | "NONE" | "OFF"> {
  return { input: input === "ANONYMIZE" ? "BLOCK" : input, output: output === "ANONYMIZE" ? "BLOCK" : output };
}

/** The action that goes for both where an older client reads it. */
function mainly({ input, output }: Deeds): Done {
  return input !== "OFF" ? input : output !== "OFF" ? output : "NONE";
}

function tier(tierName: Tier) {
  return tierName === "STANDARD" ? { tierConfig: { tierName } } : {};
}

/** Whether saving would change anything. */
export function alike(one: Form, other: Form): boolean {
  return JSON.stringify(inputOf(one)) === JSON.stringify(inputOf(other));
}
