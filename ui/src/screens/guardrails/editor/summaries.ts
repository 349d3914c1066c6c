/** What is on in each policy, in a few words; nothing where it is off. */

import { useNames } from "../../../parts/evidence/names";
import { useFormats } from "../../../texts/texts";
import { COMPARISONS, FILTERS, type Form, isOn, judges } from "../form/form";
import type { Section } from "../form/mistakes";
import { useEditorTexts } from "./texts";

export function useSummaries(form: Form): Record<Section, string> {
  const texts = useEditorTexts();
  const names = useNames();
  const formats = useFormats();
  const counted = (number: number, what: keyof typeof texts.count) =>
    number === 0 ? [] : [`${formats.number(number)} ${number === 1 ? texts.one[what] : texts.count[what]}`];
  return {
    general: form.name,
    content: counted(FILTERS.filter((type) => judges(form.filters[type])).length, "content").join(""),
    topics: counted(form.topics.length, "topics").join(""),
    words: [...counted(form.words.length, "words"), ...(isOn(form.profanity) ? [texts.words.profanity] : [])].join(", "),
    sensitive: [
      ...counted(Object.values(form.entities).filter(isOn).length, "entities"),
      ...counted(form.regexes.length, "regexes"),
    ].join(", "),
    grounding: COMPARISONS.filter((type) => form.comparisons[type].on)
      .map((type) => `${names.filters[type]} ${formats.number(form.comparisons[type].threshold, 2)}`)
      .join(", "),
    reasoning: form.reasoning.policies.length > 0 ? formats.number(form.reasoning.policies.length) : "",
  };
}
