/** The thresholds of contextual grounding. */

import Box from "@cloudscape-design/components/box";
import FormField from "@cloudscape-design/components/form-field";
import Select from "@cloudscape-design/components/select";
import Slider from "@cloudscape-design/components/slider";
import Toggle from "@cloudscape-design/components/toggle";
import { useNames } from "../../../parts/evidence/names";
import { useFormats } from "../../../texts/texts";
import { COMPARISONS, type Comparison, type ComparisonType } from "../form/form";
import type { Part } from "./fields/part";
import { TierChoice } from "./fields/TierChoice";
import { useEditorTexts } from "./texts";

/** At 1 nothing would pass. */
const HIGHEST = 0.99;

export function Grounding(part: Part) {
  const texts = useEditorTexts();
  const names = useNames();
  const formats = useFormats();
  const { form, change } = part;
  const actions = (["BLOCK", "NONE"] as const).map((value) => ({ value, label: texts.deeds[value] }));
  const set = (type: ComparisonType, changed: Partial<Comparison>) =>
    change({ comparisons: { ...form.comparisons, [type]: { ...form.comparisons[type], ...changed } } });
  return (
    <>
      <Box color="text-body-secondary">{texts.grounding.needs}</Box>
      <TierChoice {...part} policy="grounding" />
      <div className="policy-rows">
        {COMPARISONS.map((type) => {
          const comparison = form.comparisons[type];
          const called = names.filters[type] ?? type;
          return (
            <div key={type} className="policy-entry" role="group" aria-label={called}>
              <Toggle checked={comparison.on} onChange={({ detail }) => set(type, { on: detail.checked })}>
                {texts.grounding[type]}
              </Toggle>
              {comparison.on && (
                <div className="policy-pair">
                  <FormField label={texts.grounding.threshold} description={texts.grounding.thresholdText} stretch>
                    <Slider
                      value={comparison.threshold}
                      min={0}
                      max={HIGHEST}
                      step={0.01}
                      valueFormatter={(value) => formats.number(value, 2)}
                      ariaLabel={texts.of(called, texts.grounding.threshold)}
                      onChange={({ detail }) => set(type, { threshold: Math.round(detail.value * 100) / 100 })}
                    />
                    <Box fontWeight="bold">{formats.number(comparison.threshold, 2)}</Box>
                  </FormField>
                  <FormField label={texts.action} stretch>
                    <Select
                      ariaLabel={texts.of(called, texts.action)}
                      selectedOption={actions.find(({ value }) => value === comparison.action) ?? null}
                      options={actions}
                      onChange={({ detail }) => set(type, { action: detail.selectedOption.value as Comparison["action"] })}
                    />
                  </FormField>
                </div>
              )}
            </div>
          );
        })}
      </div>
    </>
  );
}
