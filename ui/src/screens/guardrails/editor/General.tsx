/** Name, description and the messages in place of what is blocked. */

import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Textarea from "@cloudscape-design/components/textarea";
import type { Part } from "./fields/part";
import { useEditorTexts } from "./texts";

export function General({ form, mistakes, change }: Part) {
  const texts = useEditorTexts();
  const messages = ["blockedInput", "blockedOutput"] as const;
  return (
    <>
      <div className="policy-pair">
        <FormField label={texts.name} description={texts.nameText} errorText={mistakes["name"] ?? ""} stretch>
          <Input value={form.name} spellcheck={false} onChange={({ detail }) => change({ name: detail.value })} />
        </FormField>
        <FormField
          label={
            <>
              {texts.description} <i>– {texts.optional}</i>
            </>
          }
          description={texts.limit(200)}
          errorText={mistakes["description"] ?? ""}
          stretch
        >
          <Input value={form.description} onChange={({ detail }) => change({ description: detail.value })} />
        </FormField>
      </div>
      <div className="policy-pair">
        {messages.map((name) => (
          <FormField key={name} label={texts[name]} description={texts.limit(500)} errorText={mistakes[name] ?? ""} stretch>
            <Textarea value={form[name]} rows={2} onChange={({ detail }) => change({ [name]: detail.value })} />
          </FormField>
        ))}
      </div>
    </>
  );
}
