/** The content filters, each with a strength and an action for prompts and for answers. */

import Box from "@cloudscape-design/components/box";
import Checkbox from "@cloudscape-design/components/checkbox";
import Select from "@cloudscape-design/components/select";
import { useNames } from "../../../parts/evidence/names";
import { FILTERS, type FilterSide, type FilterType, type Side, SIDES, STRENGTHS } from "../form/form";
import type { Part } from "./fields/part";
import { TierChoice } from "./fields/TierChoice";
import { useEditorTexts } from "./texts";

/** What the server's judges can see in pictures; it refuses pictures for the others. */
const SEES_PICTURES: FilterType[] = ["SEXUAL"];
const PROMPTS_ONLY: FilterType[] = ["PROMPT_ATTACK"];

export function Content(part: Part) {
  const texts = useEditorTexts();
  const names = useNames();
  const { form, change } = part;

  function set(type: FilterType, side: Side, changed: Partial<FilterSide>): void {
    const filter = form.filters[type];
    change({ filters: { ...form.filters, [type]: { ...filter, [side]: { ...filter[side], ...changed } } } });
  }

  return (
    <>
      <TierChoice {...part} policy="content" />
      <Box color="text-body-secondary">{texts.strengthText}</Box>
      <div className="policy-rows">
        {FILTERS.map((type) => {
          const called = names.filters[type] ?? type;
          return (
            <div key={type} className="policy-row" role="group" aria-label={called}>
              <div>
                <strong>{called}</strong>
                <div className="under">{texts.filters[type]}</div>
              </div>
              <div className="policy-sides">
                {SIDES.filter((side) => side === "input" || !PROMPTS_ONLY.includes(type)).map((side) => (
                  <Strength
                    key={side}
                    called={called}
                    side={side}
                    value={form.filters[type][side]}
                    sees={SEES_PICTURES.includes(type)}
                    onChange={(changed) => set(type, side, changed)}
                  />
                ))}
              </div>
            </div>
          );
        })}
      </div>
    </>
  );
}

interface Shown {
  called: string;
  side: Side;
  value: FilterSide;
  sees: boolean;
  onChange: (changed: Partial<FilterSide>) => void;
}

function Strength({ called, side, value, sees, onChange }: Shown) {
  const texts = useEditorTexts();
  const strengths = STRENGTHS.map((strength) => ({ value: strength, label: texts.strengths[strength] }));
  const actions = (["BLOCK", "NONE"] as const).map((action) => ({ value: action, label: texts.deeds[action] }));
  const of = texts.of(called, texts.sides[side]);
  return (
    <div className="policy-side">
      <Select
        inlineLabelText={texts.sides[side]}
        ariaLabel={of}
        selectedOption={strengths.find((option) => option.value === value.strength) ?? null}
        options={strengths}
        onChange={({ detail }) => onChange({ strength: detail.selectedOption.value as FilterSide["strength"] })}
      />
      {value.strength !== "NONE" && (
        <Select
          inlineLabelText={texts.action}
          ariaLabel={texts.of(of, texts.action)}
          selectedOption={actions.find((option) => option.value === value.action) ?? null}
          options={actions}
          onChange={({ detail }) => onChange({ action: detail.selectedOption.value as FilterSide["action"] })}
        />
      )}
      {value.strength !== "NONE" && sees && (
        <Checkbox checked={value.images} ariaLabel={texts.of(of, texts.images)} onChange={({ detail }) => onChange({ images: detail.checked })}>
          {texts.images}
        </Checkbox>
      )}
    </div>
  );
}
