/** Which guardrail judges, in which version, and whether before or while an answer is shown. */

import { type GuardrailSummary, paginateListGuardrails } from "@aws-sdk/client-bedrock";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Link from "@cloudscape-design/components/link";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Toggle from "@cloudscape-design/components/toggle";
import { useCallback } from "react";
import { useCall } from "../../../api/polling";
import { follow, href } from "../../../app/address";
import { useSession } from "../../../app/session";
import { Empty } from "../../../parts/Empty";
import { Failed } from "../../../parts/Failed";
import { useSearchable } from "../../../parts/useSearchable";
import { usePlaygroundTexts } from "../texts/texts";
import type { Shown } from "./Settings";
import type { Mistake } from "./settings";

const MOST = 1000;

export function GuardrailSettings(shown: Shown & { mistake: Mistake | undefined }) {
  const { settings, onChange } = shown;
  const { settings: texts } = usePlaygroundTexts();
  return (
    <SpaceBetween size="m">
      <Toggle checked={settings.guarded !== ""} onChange={({ detail }) => onChange({ guarded: detail.checked ? "on" : "" })}>
        {texts.guarded}
      </Toggle>
      {settings.guarded && <Choosing {...shown} />}
    </SpaceBetween>
  );
}

function Choosing({ settings, mistake, onChange }: Shown & { mistake: Mistake | undefined }) {
  const { settings: texts, mistakes } = usePlaygroundTexts();
  const { answer, failure, loading, again } = useGuardrails();
  const { guardrail } = settings;
  const search = useSearchable(answer?.length ?? 0);
  if (failure) return <Failed failure={failure} onAgain={again} />;
  if (answer?.length === 0) {
    return (
      <Empty title={texts.noGuardrails} text={texts.noGuardrailsText}>
        <Button href={href("/guardrails")} onFollow={follow}>
          {texts.makeGuardrail}
        </Button>
      </Empty>
    );
  }
  const options = (answer ?? []).map(({ id = "", name = id, description }) => ({ value: id, label: name, ...(description && { description }) }));
  const chosen = (answer ?? []).find(({ id, arn }) => guardrail === id || guardrail === arn);
  return (
    <SpaceBetween size="m">
      <FormField label={texts.guardrailName} errorText={mistake && !loading ? mistakes[mistake.kind](mistake.detail) : ""} stretch>
        <Select
          selectedOption={guardrail ? { value: chosen?.id ?? guardrail, label: chosen?.name ?? guardrail } : null}
          options={options}
          placeholder={texts.chooseGuardrail}
          statusType={loading ? "loading" : "finished"}
          {...search}
          onChange={({ detail }) => onChange({ guardrail: detail.selectedOption.value ?? "", guardrailVersion: "" })}
        />
      </FormField>
      {guardrail && (
        <SpaceBetween size="m">
          <Version key={guardrail} settings={settings} onChange={onChange} />
          <Mode settings={settings} onChange={onChange} />
          <Link href={href(`/guardrails/${encodeURIComponent(chosen?.id ?? guardrail)}`)} onFollow={follow}>
            {texts.editGuardrail}
          </Link>
        </SpaceBetween>
      )}
    </SpaceBetween>
  );
}

function Version({ settings, onChange }: Shown) {
  const { settings: texts } = usePlaygroundTexts();
  const { answer, failure, loading, again } = useGuardrails(settings.guardrail);
  const nameOf = (version: string) => (version === "DRAFT" ? texts.draft : texts.versionOf(version));
  const version = settings.guardrailVersion || "DRAFT";
  if (failure) return <Failed failure={failure} onAgain={again} />;
  return (
    <FormField label={texts.version} stretch>
      <Select
        selectedOption={{ value: version, label: nameOf(version) }}
        options={(answer ?? []).map((one) => ({ value: one.version ?? "", label: nameOf(one.version ?? ""), ...(one.description && { description: one.description }) }))}
        statusType={loading ? "loading" : "finished"}
        onChange={({ detail }) => onChange({ guardrailVersion: detail.selectedOption.value ?? "" })}
      />
    </FormField>
  );
}

function Mode({ settings, onChange }: Shown) {
  const { settings: texts } = usePlaygroundTexts();
  const options = [
    { value: "sync", label: texts.modes.sync },
    { value: "async", label: texts.modes.async },
  ];
  const chosen = options.find(({ value }) => value === (settings.guardrailMode || "sync"));
  return (
    <FormField label={texts.mode} stretch>
      <Select
        selectedOption={chosen ?? null}
        options={options}
        onChange={({ detail }) => onChange({ guardrailMode: detail.selectedOption.value ?? "" })}
      />
    </FormField>
  );
}

/** All guardrails, or all versions of one. */
function useGuardrails(guardrailIdentifier?: string) {
  const { api } = useSession();
  return useCall(
    useCallback(
      async (signal: AbortSignal) => {
        const input = { maxResults: MOST, ...(guardrailIdentifier && { guardrailIdentifier }) };
        const found: GuardrailSummary[] = [];
        for await (const page of paginateListGuardrails({ client: api.bedrock }, input, { abortSignal: signal })) found.push(...(page.guardrails ?? []));
        return found;
      },
      [api, guardrailIdentifier],
    ),
  );
}
