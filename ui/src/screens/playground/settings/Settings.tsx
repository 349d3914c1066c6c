/** System prompt, parameters, tools, form of the answer and guardrail, for all models of the conversation. */

import ExpandableSection from "@cloudscape-design/components/expandable-section";
import FormField from "@cloudscape-design/components/form-field";
import HelpPanel from "@cloudscape-design/components/help-panel";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import { usePlaygroundTexts } from "../texts/texts";
import { SCHEMA, TOOLS } from "./examples";
import { GuardrailSettings } from "./GuardrailSettings";
import { JsonField } from "./JsonField";
import { type Mistakes, type Settings as Values, toolNames, wrong } from "./settings";

export interface Shown {
  settings: Values;
  onChange: (settings: Partial<Values>) => void;
}

export function Settings({ settings, onChange }: Shown) {
  const { settings: texts } = usePlaygroundTexts();
  const mistakes = wrong(settings);
  const tools = toolNames(settings);
  return (
    <HelpPanel header={<h2>{texts.title}</h2>}>
      <SpaceBetween size="l">
        <Parameters settings={settings} mistakes={mistakes} onChange={onChange} />
        <ExpandableSection
          headerText={texts.tools}
          {...(tools.length > 0 && { headerDescription: texts.toolCount(tools.length) })}
          defaultExpanded={settings.tools !== ""}
        >
          <SpaceBetween size="m">
            <JsonField name="tools" text={texts.toolsText} example={TOOLS} settings={settings} mistake={mistakes.tools} onChange={onChange} />
            <ToolChoice tools={tools} settings={settings} onChange={onChange} />
          </SpaceBetween>
        </ExpandableSection>
        <ExpandableSection headerText={texts.schema} defaultExpanded={settings.schema !== ""}>
          <JsonField name="schema" text={texts.schemaText} example={SCHEMA} settings={settings} mistake={mistakes.schema} onChange={onChange} />
        </ExpandableSection>
        <ExpandableSection headerText={texts.guardrail} defaultExpanded={settings.guarded !== ""}>
          <GuardrailSettings settings={settings} mistake={mistakes.guardrail} onChange={onChange} />
        </ExpandableSection>
        <ExpandableSection headerText={texts.fields} defaultExpanded={settings.fields !== ""}>
          <JsonField
            name="fields"
            text={texts.fieldsText}
            example={'{\n  "top_k": 40\n}'}
            settings={settings}
            mistake={mistakes.fields}
            onChange={onChange}
          />
        </ExpandableSection>
      </SpaceBetween>
    </HelpPanel>
  );
}

function Parameters({ settings, mistakes, onChange }: Shown & { mistakes: Mistakes }) {
  const { settings: texts, mistakes: told } = usePlaygroundTexts();
  const numbers = [
    { name: "temperature", label: texts.temperature, hint: texts.temperatureText },
    { name: "topP", label: texts.topP, hint: texts.topPText },
    { name: "maxTokens", label: texts.maxTokens, hint: texts.maxTokensText },
  ] as const;
  return (
    <SpaceBetween size="l">
      <FormField label={texts.system} stretch>
        <Textarea
          value={settings.system}
          rows={5}
          placeholder={texts.systemHint}
          onChange={({ detail }) => onChange({ system: detail.value })}
        />
      </FormField>
      {numbers.map(({ name, label, hint }) => {
        const mistake = mistakes[name];
        return (
          <FormField key={name} label={label} description={hint} errorText={mistake ? told[mistake.kind](mistake.detail) : ""} stretch>
            <Input
              value={settings[name]}
              inputMode={name === "maxTokens" ? "numeric" : "decimal"}
              placeholder={texts.byDefault}
              onChange={({ detail }) => onChange({ [name]: detail.value })}
            />
          </FormField>
        );
      })}
      <FormField label={texts.stop} description={texts.stopText} stretch>
        <Textarea value={settings.stop} rows={2} spellcheck={false} onChange={({ detail }) => onChange({ stop: detail.value })} />
      </FormField>
    </SpaceBetween>
  );
}

function ToolChoice({ tools, settings, onChange }: Shown & { tools: string[] }) {
  const { settings: texts } = usePlaygroundTexts();
  const options = [
    { value: "", label: texts.choices.auto },
    { value: "any", label: texts.choices.any },
    ...tools.map((name) => ({ value: name, label: texts.choices.tool(name) })),
  ];
  const chosen = options.find(({ value }) => value === settings.toolChoice) ?? options[0];
  return (
    <FormField label={texts.toolChoice} stretch>
      <Select
        selectedOption={chosen ?? null}
        options={options}
        disabled={tools.length === 0}
        onChange={({ detail }) => onChange({ toolChoice: detail.selectedOption.value ?? "" })}
      />
    </FormField>
  );
}
