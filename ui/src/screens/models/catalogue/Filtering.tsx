/** The filters of the catalogue: folded together where there is little room. */

import Checkbox from "@cloudscape-design/components/checkbox";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import SpaceBetween from "@cloudscape-design/components/space-between";
import TextFilter from "@cloudscape-design/components/text-filter";
import type { Model } from "../../../api/models";
import { Choice } from "../../../parts/Choice";
import { useFormats } from "../../../texts/texts";
import { useNames } from "../parts/names";
import { useModelsTexts } from "../texts";
import { CHOICES, choicesIn, countOf, type Filters } from "./filters";

interface Shown {
  models: Model[];
  filters: Filters;
  narrow: boolean;
  onChange: (changes: Record<string, string | null>) => void;
}

export function Filtering({ models, filters, narrow, onChange }: Shown) {
  const texts = useModelsTexts();
  const names = useNames();
  const formats = useFormats();
  const options = choicesIn(models);
  const named = {
    task: (value: string) => texts.tasks[value as keyof typeof texts.tasks],
    state: (value: string) => texts.states[value as keyof typeof texts.states],
    language: names.language,
    size: (value: string) => texts.upTo(formats.bytes(Number(value))),
    licence: (value: string) => value,
    provider: (value: string) => value,
  };
  const choices = (
    <div className="choices">
      {CHOICES.map((name) => (
        <Choice
          key={name}
          any={texts.any[name]}
          label={texts[name]}
          options={options[name].map((value) => ({ value, label: named[name](value) }))}
          value={filters[name]}
          onChange={(value) => onChange({ [name]: value })}
        />
      ))}
    </div>
  );
  return (
    <SpaceBetween size="s">
      <div className="finding">
        <TextFilter
          filteringText={filters.q}
          filteringPlaceholder={texts.find}
          filteringAriaLabel={texts.find}
          filteringClearAriaLabel={texts.clear}
          onChange={({ detail }) => onChange({ q: detail.filteringText || null })}
        />
        <Checkbox checked={filters.fits} onChange={({ detail }) => onChange({ fits: detail.checked ? "1" : null })}>
          {texts.fitsOnly}
        </Checkbox>
      </div>
      {narrow ? (
        <ExpandableSection headerText={countOf(filters) ? texts.filtersOf(countOf(filters)) : texts.filters}>{choices}</ExpandableSection>
      ) : (
        choices
      )}
    </SpaceBetween>
  );
}
