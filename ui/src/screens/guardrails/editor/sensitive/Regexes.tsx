/** Regular expressions of one's own. */

import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { Regex } from "../../form/form";
import { DeedsChoice } from "../fields/DeedsChoice";
import type { Part } from "../fields/part";
import { useSensitiveTexts } from "./texts";

const MOST = 30;
const MASKING = { input: "ANONYMIZE", output: "ANONYMIZE" } as const;

export function Regexes({ form, mistakes, change }: Part) {
  const texts = useSensitiveTexts();
  const { regexes } = form;
  const set = (place: number, changed: Partial<Regex>) =>
    change({ regexes: regexes.map((regex, at) => (at === place ? { ...regex, ...changed } : regex)) });
  return (
    <SpaceBetween size="s">
      <Header variant="h3" description={texts.regexesText}>
        {texts.regexes}
      </Header>
      {regexes.length > 0 && (
        <div className="policy-rows">
          {regexes.map((regex, place) => {
            const called = regex.name || texts.untitled;
            const wrong = (member: string) => mistakes[`regexes.${place}.${member}`] ?? "";
            return (
              <div key={place} className="policy-entry" role="group" aria-label={called}>
                <div className="policy-entry-head">
                  <FormField label={texts.regexName} errorText={wrong("name")} stretch>
                    <Input
                      value={regex.name}
                      autoFocus={regex.name === "" && regex.pattern === ""}
                      onChange={({ detail }) => set(place, { name: detail.value })}
                    />
                  </FormField>
                  <FormField label={texts.regexPattern} errorText={wrong("pattern")} stretch>
                    <Input
                      value={regex.pattern}
                      spellcheck={false}
                      placeholder="T-\d{6}"
                      onChange={({ detail }) => set(place, { pattern: detail.value })}
                    />
                  </FormField>
                  <Button
                    variant="icon"
                    iconName="remove"
                    ariaLabel={texts.removeRegex(called)}
                    onClick={() => change({ regexes: regexes.filter((_, at) => at !== place) })}
                  />
                </div>
                <FormField label={texts.regexDescription} errorText={wrong("description")} stretch>
                  <Input value={regex.description} onChange={({ detail }) => set(place, { description: detail.value })} />
                </FormField>
                <DeedsChoice of={called} masks deeds={regex.deeds} onChange={(deeds) => set(place, { deeds })} />
              </div>
            );
          })}
        </div>
      )}
      <Button
        iconName="add-plus"
        disabled={regexes.length >= MOST}
        onClick={() => change({ regexes: [...regexes, { name: "", description: "", pattern: "", deeds: MASKING }] })}
      >
        {texts.addRegex}
      </Button>
    </SpaceBetween>
  );
}
