/** Makes a quota, or changes all of one. */

import ColumnLayout from "@cloudscape-design/components/column-layout";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import { useState } from "react";
import { useSession } from "../../../app/session";
import { Dialog } from "../../../parts/Dialog";
import { useTyped } from "../useTyped";
import { COUNTS, countIn, type Quota, validName } from "./limits";
import { SubjectFields } from "./whom/SubjectFields";
import { useLimitTexts } from "./texts";
import type { useWhom } from "./whom/useWhom";
import { ANYBODY, limited, whomOf } from "./whom/whom";

interface Shown {
  quota: Quota | null;
  whom: ReturnType<typeof useWhom>;
  onDone: () => void;
  onClose: () => void;
}

export function QuotaDialog({ quota, whom, onDone, onClose }: Shown) {
  const texts = useLimitTexts();
  const { quotas } = texts;
  const { api } = useSession();
  const [name, setName] = useState(quota?.quotaName ?? "");
  const [typed, type] = useTyped(COUNTS, quota);
  const [about, setAbout] = useState(quota ? whomOf(quota) : ANYBODY);
  const counts = COUNTS.map((each) => [each, countIn(typed[each])] as const);
  const given = counts.filter(([, count]) => typeof count === "number");

  const rate = quota?.outputTokenRate;
  const input = { quotaName: name, ...Object.fromEntries(given), ...(rate !== undefined && { outputTokenRate: rate }), ...limited(about) };

  async function put(): Promise<void> {
    await api.craton("PutQuota", input);
    onDone();
  }

  return (
    <Dialog
      title={quota ? quotas.edit : quotas.create}
      action={quota ? texts.save : quotas.create}
      size="large"
      disabled={!validName(name) || given.length === 0 || counts.some(([, count]) => count === null)}
      calls={[{ service: "craton", operation: "PutQuota", input }]}
      onAction={put}
      onClose={onClose}
    >
      <FormField label={texts.name} constraintText={texts.nameText} errorText={name && !validName(name) && texts.notAName}>
        <Input value={name} disabled={quota !== null} autoFocus onChange={({ detail }) => setName(detail.value)} />
      </FormField>
      <FormField description={quotas.nothing} stretch>
        <ColumnLayout columns={2}>
          {counts.map(([each, count]) => (
            <FormField key={each} label={quotas[each]} errorText={count === null && texts.notANumber}>
              <Input value={typed[each]} inputMode="numeric" onChange={({ detail }) => type(each, detail.value)} />
            </FormField>
          ))}
        </ColumnLayout>
      </FormField>
      <SubjectFields value={about} onChange={setAbout} whom={whom} />
    </Dialog>
  );
}
