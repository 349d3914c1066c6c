/** The roles of the account. */

import Button from "@cloudscape-design/components/button";
import Link from "@cloudscape-design/components/link";
import { useCallback, useState } from "react";
import type { Api } from "../../api/api";
import { useCall } from "../../api/polling";
import type { Role } from "../../api/shapes";
import { follow, href } from "../../app/address";
import { useSession } from "../../app/session";
import { Code } from "../../parts/Code";
import { Empty } from "../../parts/Empty";
import { useFormats } from "../../texts/texts";
import { pages } from "../usage/limits/limits";
import { Document } from "./Document";
import { Listing } from "./Listing";
import { addressOf, CreateRole } from "./roles/CreateRole";
import { useRoleTexts } from "./roles/texts";
import { Tags } from "./Tags";
import { usePeopleTexts } from "./texts";

const EXAMPLE = "craton roles create reader --attach AmazonBedrockReadOnly";

type Shown = Role & { policies: string[] };

async function listRoles(api: Api, signal: AbortSignal): Promise<Shown[]> {
  const roles = await pages(async (nextToken) => {
    const answer = await api.craton("ListRoles", { maxResults: 1000, ...nextToken }, signal);
    return [answer.roles, answer.nextToken];
  });
  return Promise.all(
    roles.map(async (role) => {
      const { roleName } = role;
      const [{ attachedPolicies }, { policyNames }] = await Promise.all([
        api.craton("ListAttachedRolePolicies", { roleName }, signal),
        api.craton("ListRolePolicies", { roleName }, signal),
      ]);
      return { ...role, policies: [...attachedPolicies.map(({ policyName }) => policyName), ...policyNames] };
    }),
  );
}

export function Roles() {
  const texts = usePeopleTexts();
  const own = useRoleTexts();
  const formats = useFormats();
  const { api } = useSession();
  const asked = useCall(useCallback((signal: AbortSignal) => listRoles(api, signal), [api]));
  const first = asked.answer?.[0];
  const [creating, setCreating] = useState(false);
  const create = (
    <Button variant="primary" onClick={() => setCreating(true)}>
      {own.create}
    </Button>
  );
  return (
    <>
      <Listing<Shown>
        title={texts.tabs.roles}
        text={texts.roles.text}
        asked={asked}
        actions={create}
        calls={[
          { service: "craton", operation: "ListRoles", input: { maxResults: 1000 } },
          ...(first ? [{ service: "craton" as const, operation: "ListAttachedRolePolicies", input: { roleName: first.roleName } }] : []),
        ]}
        nameOf={({ roleName }) => roleName}
        empty={
          <Empty title={texts.roles.empty} text={texts.roles.emptyText}>
            <Code code={EXAMPLE} language="shell" label={texts.tabs.roles} />
          </Empty>
        }
        columns={[
          {
            id: "name",
            header: texts.name,
            isRowHeader: true,
            minWidth: 200,
            cell: ({ roleName, arn }) => (
              <>
                <Link href={href(addressOf(roleName))} onFollow={follow}>
                  {roleName}
                </Link>
                <div className="under">{arn}</div>
              </>
            ),
          },
          { id: "description", header: texts.roles.description, minWidth: 160, cell: ({ description }) => description || texts.none },
          {
            id: "may",
            header: texts.may,
            minWidth: 180,
            cell: ({ policies }) => (policies.length > 0 ? policies.map((name) => <div key={name}>{name}</div>) : texts.none),
          },
          {
            id: "trust",
            header: texts.roles.trust,
            minWidth: 100,
            cell: ({ roleName, assumeRolePolicyDocument }) => <Document title={texts.roles.trustOf(roleName)} text={assumeRolePolicyDocument} />,
          },
          { id: "session", header: texts.roles.session, minWidth: 100, cell: ({ maxSessionDuration }) => `${formats.number(maxSessionDuration / 3600, 1)} h` },
          { id: "tags", header: texts.tags, minWidth: 120, cell: ({ tags }) => <Tags tags={tags} /> },
        ]}
      />
      {creating && <CreateRole onClose={() => setCreating(false)} />}
    </>
  );
}
