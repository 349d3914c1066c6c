/** A setting that is written as JSON. */

import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import { usePlaygroundTexts } from "../texts/texts";
import type { Shown } from "./Settings";
import type { Mistake } from "./settings";

interface Field extends Shown {
  name: "tools" | "schema" | "fields";
  text: string;
  example: string;
  mistake: Mistake | undefined;
}

export function JsonField({ name, text, example, settings, mistake, onChange }: Field) {
  const { settings: texts, mistakes } = usePlaygroundTexts();
  const value = settings[name];
  const tidied = mistake ? value : pretty(value);
  return (
    <SpaceBetween size="xs">
      <FormField label={texts.json[name]} description={text} errorText={mistake ? mistakes[mistake.kind](mistake.detail) : ""} stretch>
        <div className="mono">
          <Textarea
            value={value}
            rows={Math.max(3, Math.min(16, value.split("\n").length))}
            spellcheck={false}
            disableBrowserAutocorrect
            onChange={({ detail }) => onChange({ [name]: detail.value })}
          />
        </div>
      </FormField>
      <SpaceBetween direction="horizontal" size="xs">
        {value.trim() && (
          <Button variant="inline-link" disabled={tidied === value} onClick={() => onChange({ [name]: tidied })} ariaLabel={`${texts.tidy}: ${texts[name]}`}>
            {texts.tidy}
          </Button>
        )}
        {value.trim() && (
          <Button variant="inline-link" onClick={() => onChange({ [name]: "" })} ariaLabel={`${texts.empty}: ${texts[name]}`}>
            {texts.empty}
          </Button>
        )}
        {!value.trim() && (
          <Button variant="inline-link" onClick={() => onChange({ [name]: example })} ariaLabel={`${texts.example}: ${texts[name]}`}>
            {texts.example}
          </Button>
        )}
      </SpaceBetween>
    </SpaceBetween>
  );
}

function pretty(text: string): string {
  return text.trim() ? JSON.stringify(JSON.parse(text), null, 2) : text;
}
