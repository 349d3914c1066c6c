/** The users of the account. */

import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Link from "@cloudscape-design/components/link";
import { useCallback, useState } from "react";
import type { Api } from "../../../api/api";
import { useCall } from "../../../api/polling";
import type { User } from "../../../api/shapes";
import { follow, go, href } from "../../../app/address";
import { useSession } from "../../../app/session";
import { ApiCall } from "../../../parts/ApiCall";
import { Dialog } from "../../../parts/Dialog";
import { Empty } from "../../../parts/Empty";
import { useFormats } from "../../../texts/texts";
import { validUser } from "../../keys/create/holder-form";
import { holderCalls, send } from "../../keys/create/making";
import { Reach, useReaches } from "../../keys/reach/Reach";
import { ScopeFields } from "../../keys/reach/ScopeFields";
import type { Scope } from "../../keys/reach/scopes";
import { pages } from "../../usage/limits/limits";
import type { useWhom } from "../../usage/limits/whom/useWhom";
import { Listing } from "../Listing";
import { Tags } from "../Tags";
import { usePeopleTexts } from "../texts";

export function addressOf(userName: string): string {
  return `/people/users/${encodeURIComponent(userName)}`;
}

function listUsers(api: Api, signal: AbortSignal): Promise<User[]> {
  return pages(async (nextToken) => {
    const answer = await api.craton("ListUsers", { maxResults: 1000, ...nextToken }, signal);
    return [answer.users, answer.nextToken];
  });
}

export function Users({ whom }: { whom: ReturnType<typeof useWhom> }) {
  const texts = usePeopleTexts();
  const formats = useFormats();
  const { api } = useSession();
  const [creating, setCreating] = useState(false);
  const asked = useCall(useCallback((signal: AbortSignal) => listUsers(api, signal), [api]));
  const reaches = useReaches((asked.answer ?? []).map(({ userName }) => userName));
  const create = (
    <Button variant="primary" onClick={() => setCreating(true)}>
      {texts.users.create}
    </Button>
  );
  return (
    <>
      <Listing<User>
        title={texts.tabs.users}
        text={texts.users.text}
        asked={asked}
        calls={[{ service: "craton", operation: "ListUsers", input: { maxResults: 1000 } }]}
        nameOf={({ userName }) => userName}
        actions={create}
        empty={<Empty title={texts.users.empty} text={texts.users.emptyText} />}
        columns={[
          {
            id: "name",
            header: texts.name,
            isRowHeader: true,
            minWidth: 180,
            cell: ({ userName }) => (
              <Link href={href(addressOf(userName))} onFollow={follow}>
                {userName}
              </Link>
            ),
          },
          { id: "may", header: texts.may, minWidth: 210, cell: ({ userName }) => <Reach of={reaches.get(userName)} /> },
          { id: "tags", header: texts.tags, minWidth: 140, cell: ({ tags }) => <Tags tags={tags} /> },
          { id: "created", header: texts.created, minWidth: 170, cell: ({ createdAt }) => formats.minute(new Date(createdAt)) },
        ]}
      />
      {creating && <Creating whom={whom} onClose={() => setCreating(false)} />}
    </>
  );
}

function Creating({ whom, onClose }: { whom: ReturnType<typeof useWhom>; onClose: () => void }) {
  const texts = usePeopleTexts();
  const { api } = useSession();
  const [name, setName] = useState("");
  const [may, setMay] = useState<{ scope: Scope; models: string[] }>({ scope: "ask", models: [] });
  const calls = holderCalls({ make: name, ...may });
  return (
    <Dialog
      title={texts.users.create}
      action={texts.users.create}
      disabled={!validUser(name) || (may.scope === "models" && may.models.length === 0)}
      onClose={onClose}
      onAction={async () => {
        for (const call of calls) await send(api, call);
        go(addressOf(name));
      }}
    >
      <FormField label={texts.name} constraintText={texts.users.nameText} errorText={name && !validUser(name) && texts.users.nameText}>
        <Input value={name} autoFocus onChange={({ detail }) => setName(detail.value)} />
      </FormField>
      <ScopeFields scope={may.scope} chosen={may.models} models={whom.models} onChange={(changes) => setMay({ ...may, ...changes })} />
      <ApiCall variant="inline-link" calls={calls} />
    </Dialog>
  );
}
