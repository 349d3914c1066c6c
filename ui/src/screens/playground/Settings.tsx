/** System prompt and parameters, for all models of the conversation. */

import FormField from "@cloudscape-design/components/form-field";
import HelpPanel from "@cloudscape-design/components/help-panel";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import { useTexts } from "../../texts/texts";
import { type Settings as Values, wrong } from "./conversation";

interface Shown {
  settings: Values;
  onChange: (settings: Partial<Values>) => void;
}

export function Settings({ settings, onChange }: Shown) {
  const { playground } = useTexts();
  const mistakes = wrong(settings);
  const numbers = [
    { name: "temperature", label: playground.temperature, hint: playground.temperatureText, error: playground.notANumber(0, 1) },
    { name: "topP", label: playground.topP, hint: playground.topPText, error: playground.notANumber(0, 1) },
    { name: "maxTokens", label: playground.maxTokens, hint: playground.maxTokensText, error: playground.notACount },
  ] as const;
  return (
    <HelpPanel header={<h2>{playground.settings}</h2>}>
      <SpaceBetween size="l">
        <FormField label={playground.system} stretch>
          <Textarea
            value={settings.system}
            rows={5}
            placeholder={playground.systemHint}
            onChange={({ detail }) => onChange({ system: detail.value })}
          />
        </FormField>
        {numbers.map(({ name, label, hint, error }) => (
          <FormField key={name} label={label} description={hint} errorText={mistakes[name] ? error : ""} stretch>
            <Input
              value={settings[name]}
              inputMode={name === "maxTokens" ? "numeric" : "decimal"}
              placeholder={playground.byDefault}
              onChange={({ detail }) => onChange({ [name]: detail.value })}
            />
          </FormField>
        ))}
        <FormField label={playground.stop} description={playground.stopText} stretch>
          <Textarea value={settings.stop} rows={2} spellcheck={false} onChange={({ detail }) => onChange({ stop: detail.value })} />
        </FormField>
      </SpaceBetween>
    </HelpPanel>
  );
}
