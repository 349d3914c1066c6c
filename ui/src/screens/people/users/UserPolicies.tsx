/** The policies of a user: attached, written, changed, and taken away. */

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
import { Document } from "../Document";
import { usePeopleTexts } from "../texts";
import { Attaching } from "./Attaching";
import { type Policy, policiesOf } from "./policies-of";
import { Writing } from "./Writing";

type Doing = { what: "attach" } | { what: "write"; policy: { name: string; document: string } | null } | { what: "remove"; policy: Policy };

export function UserPolicies({ userName, onChanged }: { userName: string; onChanged: () => void }) {
  const shared = useTexts();
  const texts = usePeopleTexts();
  const { api } = useSession();
  const { answer, failure, loading, again } = useCall(useCallback((signal: AbortSignal) => policiesOf(api, userName, signal), [api, userName]));
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
        trackBy={({ kind, name }) => `${kind} ${name}`}
        loading={loading && !answer}
        loadingText={shared.loading}
        variant="container"
        wrapLines
        enableKeyboardNavigation
        ariaLabels={{ tableLabel: texts.user.policies }}
        empty={<Box color="text-body-secondary">{texts.user.policiesNone}</Box>}
        header={
          <Header
            variant="h2"
            description={texts.user.policiesText}
            actions={
              <SpaceBetween direction="horizontal" size="xs">
                <ApiCall
                  calls={[
                    { service: "craton", operation: "ListAttachedUserPolicies", input: { userName } },
                    { service: "craton", operation: "ListUserPolicies", input: { userName } },
                  ]}
                />
                <Button onClick={() => setDoing({ what: "write", policy: null })}>{texts.user.write}</Button>
                <Button onClick={() => setDoing({ what: "attach" })}>{texts.user.attach}</Button>
              </SpaceBetween>
            }
          >
            {texts.user.policies}
          </Header>
        }
        columnDefinitions={[
          { id: "name", header: texts.name, isRowHeader: true, minWidth: 200, cell: ({ name }) => name },
          { id: "kind", header: texts.user.kind, minWidth: 130, cell: ({ kind }) => texts.user.kinds[kind] },
          {
            id: "document",
            header: texts.user.document,
            minWidth: 140,
            cell: (policy) =>
              policy.kind === "inline" && (
                <SpaceBetween direction="horizontal" size="s">
                  <Document title={texts.policies.documentOf(policy.name)} text={policy.document} />
                  <Button variant="inline-link" ariaLabel={`${texts.user.change}: ${policy.name}`} onClick={() => setDoing({ what: "write", policy })}>
                    {texts.user.change}
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
                ariaLabel={policy.kind === "inline" ? texts.user.remove(policy.name) : texts.user.detach(policy.name)}
                onClick={() => setDoing({ what: "remove", policy })}
              />
            ),
          },
        ]}
      />
      {doing?.what === "attach" && <Attaching userName={userName} has={(answer ?? []).map(({ name }) => name)} onDone={done} onClose={close} />}
      {doing?.what === "write" && <Writing userName={userName} policy={doing.policy} onDone={done} onClose={close} />}
      {doing?.what === "remove" && <Removing userName={userName} policy={doing.policy} onDone={done} onClose={close} />}
    </>
  );
}

interface Removed {
  userName: string;
  policy: Policy;
  onDone: () => void;
  onClose: () => void;
}

function Removing({ userName, policy, onDone, onClose }: Removed) {
  const texts = usePeopleTexts();
  const { api } = useSession();
  const own = policy.kind === "inline";
  return (
    <Dialog
      title={own ? texts.user.remove(policy.name) : texts.user.detach(policy.name)}
      action={own ? texts.delete : texts.user.detach(policy.name)}
      onClose={onClose}
      onAction={async () => {
        if (policy.kind === "inline") await api.craton("DeleteUserPolicy", { userName, policyName: policy.name });
        else await api.craton("DetachUserPolicy", { userName, policyArn: policy.arn });
        onDone();
      }}
    >
      {own ? texts.user.removeText : texts.user.detachText(userName)}
    </Dialog>
  );
}
