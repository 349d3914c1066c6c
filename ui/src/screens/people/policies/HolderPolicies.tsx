/** The policies of a user or a role: attached, written, changed, and taken away. */

import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import { useCallback, useState } from "react";
import { useCall } from "../../../api/polling";
import { useSession } from "../../../app/session";
import { ApiCall } from "../../../parts/ApiCall";
import { Dialog } from "../../../parts/Dialog";
import { Failed } from "../../../parts/Failed";
import { useTexts } from "../../../texts/texts";
import { send } from "../../keys/create/making";
import { Document } from "../Document";
import { usePeopleTexts } from "../texts";
import { Attaching } from "./Attaching";
import { callOf, type Holder, type Policy, policiesOf } from "./holder";
import { usePolicyTexts } from "./texts";
import { Writing } from "./Writing";

type Doing = { what: "attach" } | { what: "write"; policy: { name: string; document: string } | null } | { what: "remove"; policy: Policy };

export function HolderPolicies({ kind, name, onChanged }: Holder & { onChanged: () => void }) {
  const shared = useTexts();
  const texts = usePeopleTexts();
  const { api } = useSession();
  const own = usePolicyTexts();
  const holder = { kind, name };
  const { answer, failure, loading, again } = useCall(useCallback(() => policiesOf(api, { kind, name }), [api, kind, name]));
  const [doing, setDoing] = useState<Doing | null>(null);
  const close = () => setDoing(null);
  const done = () => {
    close();
    again();
    onChanged();
  };
  return (
    <>
      {failure && <Failed failure={failure} onAgain={again} />}
      <Table<Policy>
        items={answer ?? []}
        trackBy={(policy) => `${policy.kind} ${policy.name}`}
        loading={loading && !answer}
        loadingText={shared.loading}
        variant="container"
        wrapLines
        enableKeyboardNavigation
        ariaLabels={{ tableLabel: own.policies }}
        empty={<Box color="text-body-secondary">{own.noPolicy[kind]}</Box>}
        header={
          <Header
            variant="h2"
            description={own.text[kind]}
            actions={
              <SpaceBetween direction="horizontal" size="xs">
                <ApiCall calls={[callOf(holder, "attached"), callOf(holder, "written")]} />
                <Button onClick={() => setDoing({ what: "write", policy: null })}>{own.write}</Button>
                <Button onClick={() => setDoing({ what: "attach" })}>{own.attach}</Button>
              </SpaceBetween>
            }
          >
            {own.policies}
          </Header>
        }
        columnDefinitions={[
          { id: "name", header: texts.name, isRowHeader: true, minWidth: 200, cell: (policy) => policy.name },
          { id: "kind", header: own.kind, minWidth: 130, cell: (policy) => (policy.kind === "inline" ? own.kinds.inline[kind] : own.kinds.attached) },
          {
            id: "document",
            header: own.document,
            minWidth: 140,
            cell: (policy) =>
              policy.kind === "inline" && (
                <SpaceBetween direction="horizontal" size="s">
                  <Document title={texts.policies.documentOf(policy.name)} text={policy.document} />
                  <Button variant="inline-link" ariaLabel={`${own.change}: ${policy.name}`} onClick={() => setDoing({ what: "write", policy })}>
                    {own.change}
                  </Button>
                </SpaceBetween>
              ),
          },
          {
            id: "acts",
            header: texts.actions,
            minWidth: 90,
            cell: (policy) => (
              <Button
                variant="icon"
                iconName={policy.kind === "inline" ? "remove" : "close"}
                ariaLabel={policy.kind === "inline" ? own.remove(policy.name) : own.detach(policy.name)}
                onClick={() => setDoing({ what: "remove", policy })}
              />
            ),
          },
        ]}
      />
      {doing?.what === "attach" && <Attaching holder={holder} has={(answer ?? []).map((policy) => policy.name)} onDone={done} onClose={close} />}
      {doing?.what === "write" && <Writing holder={holder} policy={doing.policy} onDone={done} onClose={close} />}
      {doing?.what === "remove" && <Removing holder={holder} policy={doing.policy} onDone={done} onClose={close} />}
    </>
  );
}

interface Removed {
  holder: Holder;
  policy: Policy;
  onDone: () => void;
  onClose: () => void;
}

function Removing({ holder, policy, onDone, onClose }: Removed) {
  const texts = usePeopleTexts();
  const own = usePolicyTexts();
  const { api } = useSession();
  const call = policy.kind === "inline" ? callOf(holder, "delete", { policyName: policy.name }) : callOf(holder, "detach", { policyArn: policy.arn });
  const title = policy.kind === "inline" ? own.remove(policy.name) : own.detach(policy.name);
  return (
    <Dialog
      title={title}
      action={policy.kind === "inline" ? texts.delete : title}
      onClose={onClose}
      onAction={async () => {
        await send(api, call);
        onDone();
      }}
    >
      <Box>{policy.kind === "inline" ? own.removeText[holder.kind] : own.detachText(holder.name)}</Box>
      <ApiCall variant="inline-link" calls={[call]} />
    </Dialog>
  );
}
