/** The kinds of personal data, grouped and searchable, each with what is done about it. */

import Box from "@cloudscape-design/components/box";
import Checkbox from "@cloudscape-design/components/checkbox";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import Header from "@cloudscape-design/components/header";
import TextFilter from "@cloudscape-design/components/text-filter";
import { useState } from "react";
import { useNames } from "../../../../parts/evidence/names";
import { useFormats } from "../../../../texts/texts";
import { type Group, GROUPS } from "../../form/entities";
import { isOn, OFF } from "../../form/form";
import { DeedsChoice } from "../fields/DeedsChoice";
import type { Part } from "../fields/part";
import { useSensitiveTexts } from "./texts";

export function Entities({ form, change }: Part) {
  const texts = useSensitiveTexts();
  const names = useNames();
  const formats = useFormats();
  const [sought, setSought] = useState("");
  const [only, setOnly] = useState(false);
  const called = (type: string) => names.entities[type] ?? type;
  const fits = (type: string) =>
    [called(type), type].some((name) => name.toLowerCase().includes(sought.trim().toLowerCase())) &&
    (!only || isOn(form.entities[type] ?? OFF));
  const groups = (Object.keys(GROUPS) as Group[]).map((group) => ({ group, types: GROUPS[group].filter(fits) }));
  const narrowed = only || sought.trim() !== "";
  const on = (types: readonly string[]) => types.filter((type) => isOn(form.entities[type] ?? OFF)).length;
  const shown = groups.filter(({ types }) => types.length > 0);
  return (
    <div>
      <Header variant="h3" description={`${texts.entitiesText} ${texts.also}`}>
        {texts.entities}
      </Header>
      <div className="policy-finding">
        <TextFilter
          filteringText={sought}
          filteringPlaceholder={texts.find}
          filteringAriaLabel={texts.find}
          onChange={({ detail }) => setSought(detail.filteringText)}
        />
        <Checkbox checked={only} onChange={({ detail }) => setOnly(detail.checked)}>
          {texts.only}
        </Checkbox>
      </div>
      {shown.length === 0 && <Box textAlign="center">{texts.noMatch}</Box>}
      {shown.map(({ group, types }) => (
        <ExpandableSection
          key={`${group} ${narrowed}`}
          defaultExpanded={narrowed || group === "general" || on(types) > 0}
          headerText={texts.groups[group]}
          headerCounter={`(${formats.number(on(types))}/${formats.number(types.length)})`}
        >
          <div className="policy-rows policy-rows-tight">
            {types.map((type) => (
              <div key={type} className="policy-row policy-row-tight">
                <div>
                  {called(type)}
                  <div className="under">{type}</div>
                </div>
                <DeedsChoice
                  of={called(type)}
                  masks
                  deeds={form.entities[type] ?? OFF}
                  onChange={(deeds) => change({ entities: { ...form.entities, [type]: deeds } })}
                />
              </div>
            ))}
          </div>
        </ExpandableSection>
      ))}
    </div>
  );
}
