/** The tier of a policy, with the profile that STANDARD asks for. */

import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import RadioGroup from "@cloudscape-design/components/radio-group";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useSession } from "../../../../app/session";
import { type Form, profileFor, type Tier, TIERS } from "../../form/form";
import { useEditorTexts } from "../texts";
import type { Part } from "./part";

export function TierChoice({ form, mistakes, change, policy }: Part & { policy: keyof Form["tiers"] }) {
  const texts = useEditorTexts();
  const { api } = useSession();
  const tier = form.tiers[policy];

  function choose(chosen: Tier): void {
    const profile = form.profile || (chosen === "STANDARD" ? profileFor(api.region) : "");
    change({ tiers: { ...form.tiers, [policy]: chosen }, profile });
  }

  return (
    <SpaceBetween size="s">
      <FormField label={texts.tier}>
        <RadioGroup
          value={tier}
          direction="horizontal"
          items={TIERS.map((value) => ({ value, label: texts.tiers[value], description: texts.tierTexts[value] }))}
          onChange={({ detail }) => choose(detail.value as Tier)}
        />
      </FormField>
      {tier === "STANDARD" && (
        <FormField label={texts.profile} description={texts.profileText} errorText={mistakes["general.profile"] ?? ""} stretch>
          <Input value={form.profile} spellcheck={false} onChange={({ detail }) => change({ profile: detail.value })} />
        </FormField>
      )}
    </SpaceBetween>
  );
}
