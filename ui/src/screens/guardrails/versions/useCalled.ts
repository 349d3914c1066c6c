/** How the things of a guardrail are called, for comparisons. */

import { useNames } from "../../../parts/evidence/names";
import { useEditorTexts } from "../editor/texts";
import type { Called } from "./differences";

export function useCalled(): Called {
  const texts = useEditorTexts();
  const names = useNames();
  return {
    filter: (type) => names.filters[type] ?? type,
    entity: (type) => names.entities[type] ?? type,
    side: (side) => texts.sides[side],
    deed: (deed) => texts.deeds[deed as keyof typeof texts.deeds] ?? deed,
    strength: (strength) => texts.strengths[strength as keyof typeof texts.strengths] ?? strength,
    profanity: texts.words.profanity,
    tier: texts.tier,
    fields: {
      name: texts.name,
      blockedInput: texts.blockedInput,
      blockedOutput: texts.blockedOutput,
      profile: texts.profile,
      reasoning: texts.reasoning.policies,
      threshold: texts.reasoning.threshold,
    },
  };
}
