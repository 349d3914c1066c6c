/** Quotas: how they stand, made, changed in place, and deleted. */

import { useCallback } from "react";
import type { Call } from "../../../api/call";
import { useCall } from "../../../api/polling";
import { useSession } from "../../../app/session";
import { useFormats } from "../../../texts/texts";
import { useNames } from "../../../parts/names";
import { aboutColumn, editableColumn, nameColumn } from "./cells";
import { COUNTS, countIn, type CountName, type Quota, quotaWith, readQuotas } from "./limits";
import { Listing } from "./Listing";
import { Now } from "./Now";
import { QuotaDialog } from "./QuotaDialog";
import { useLimitTexts } from "./texts";
import { useWhom } from "./whom/useWhom";

/** How they stand changes by the second. */
const EVERY = 5000;

export function Quotas() {
  const texts = useLimitTexts();
  const formats = useFormats();
  const names = useNames();
  const whom = useWhom();
  const { api, caller } = useSession();
  const asked = useCall(useCallback((signal: AbortSignal) => readQuotas(api, signal), [api]), EVERY);
  const mine = (quota: Quota) => quota.setBy === "ACCOUNT" || whom.operator;

  function wrong(quota: Quota, name: CountName, typed: string): string | undefined {
    const count = countIn(typed);
    if (count === null) return texts.notANumber;
    return count === undefined && COUNTS.every((other) => other === name || quota[other] === undefined) ? texts.quotas.nothing : undefined;
  }

  return (
    <Listing<Quota>
      texts={texts.quotas}
      asked={asked}
      calls={callsOf(asked.answer?.[0])}
      nameOf={({ quotaName }) => quotaName}
      keyOf={({ quotaName, setBy }) => `${setBy} ${quotaName}`}
      creates
      mine={mine}
      onCell={async (quota, column, typed) => {
        await api.craton("PutQuota", quotaWith(quota, { [column as CountName]: countIn(typed) ?? undefined }));
      }}
      deletes={({ quotaName }) => ({ service: "craton", operation: "DeleteQuota", input: { quotaName } })}
      onDelete={async ({ quotaName }) => void (await api.craton("DeleteQuota", { quotaName }))}
      form={(quota, onDone, onClose) => <QuotaDialog quota={quota} whom={whom} onDone={onDone} onClose={onClose} />}
      columns={[
        nameColumn<Quota>(texts, ({ quotaName }) => quotaName),
        aboutColumn(texts, names, caller.account),
        ...COUNTS.map((name) =>
          editableColumn<Quota>({
            id: name,
            header: texts.quotas[name],
            shown: (quota) => (quota[name] === undefined ? texts.unlimited : formats.number(quota[name])),
            text: (quota) => String(quota[name] ?? ""),
            wrong: (quota, typed) => wrong(quota, name, typed),
            locked: (quota) => (mine(quota) ? undefined : texts.notYours),
          }),
        ),
        { id: "now", header: texts.quotas.now, minWidth: 230, cell: (quota) => <Now quota={quota} names={names} /> },
      ]}
    />
  );
}

function callsOf(first: Quota | undefined): Call[] {
  const one = first && { quotaName: first.quotaName, setBy: first.setBy };
  return [
    { service: "craton", operation: "ListQuotas", input: { maxResults: 1000 } },
    ...(one ? [{ service: "craton" as const, operation: "GetQuota", input: one }] : []),
  ];
}
