/** Which automated reasoning policies answers are proved against. */

import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Multiselect from "@cloudscape-design/components/multiselect";
import { useCallback } from "react";
import { useCall } from "../../../api/polling";
import { useSession } from "../../../app/session";
import { Failed } from "../../../parts/Failed";
import { listReasoning } from "../calls";
import type { Part } from "./fields/part";
import { useEditorTexts } from "./texts";

export function Reasoning({ form, mistakes, change }: Part) {
  const { reasoning: texts } = useEditorTexts();
  const { api } = useSession();
  const { answer, failure, loading, again } = useCall(useCallback((signal: AbortSignal) => listReasoning(api, signal), [api]));
  const { policies, threshold } = form.reasoning;
  const options = (answer ?? []).map(({ arn, name, version }) => ({ value: arn, label: texts.version(name, version) }));
  const optionOf = (arn: string) => options.find(({ value }) => value === arn) ?? { value: arn, label: arn.slice(arn.lastIndexOf("/") + 1) };
  return (
    <>
      {failure && <Failed failure={failure} onAgain={again} />}
      <FormField label={texts.policies} description={texts.policiesText} stretch>
        <Multiselect
          selectedOptions={policies.map(optionOf)}
          options={options}
          statusType={loading ? "loading" : "finished"}
          placeholder={texts.choose}
          empty={texts.none}
          deselectAriaLabel={({ label = "" }) => texts.remove(label)}
          onChange={({ detail }) =>
            change({ reasoning: { policies: detail.selectedOptions.map(({ value = "" }) => value), threshold } })
          }
        />
      </FormField>
      {policies.length > 0 && (
        <FormField label={texts.threshold} description={texts.thresholdText} errorText={mistakes["reasoning.threshold"] ?? ""}>
          <Input
            value={threshold}
            inputMode="decimal"
            placeholder="0.8"
            onChange={({ detail }) => change({ reasoning: { policies, threshold: detail.value } })}
          />
        </FormField>
      )}
    </>
  );
}
