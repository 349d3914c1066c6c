/** Users, roles, policies and accounts; and one role. */

import Tabs from "@cloudscape-design/components/tabs";
import type { ReactNode } from "react";
import { decoded, go, href } from "../../app/address";
import { Page } from "../../app/Page";
import { useTexts } from "../../texts/texts";
import { useWhom } from "../usage/limits/whom/useWhom";
import { Accounts } from "./accounts/Accounts";
import { Policies } from "./Policies";
import { Role } from "./roles/Role";
import { Roles } from "./Roles";
import { usePeopleTexts } from "./texts";
import { Users } from "./users/Users";

const TABS = ["users", "roles", "policies", "accounts"] as const;
type Tab = (typeof TABS)[number];

export default function People({ tab }: { tab: string }) {
  const [kind, name] = tab.split("/");
  if (kind === "roles" && name) return <Role key={name} name={decoded(name)} />;
  return <Everybody tab={tab} />;
}

function Everybody({ tab }: { tab: string }) {
  const { screens } = useTexts();
  const texts = usePeopleTexts();
  const whom = useWhom();
  const here = TABS.find((name) => name === tab) ?? "users";
  // Others see but their own account, which the bar at the top tells.
  const tabs = TABS.filter((id) => id !== "accounts" || whom.operator || here === "accounts");
  const shown: Record<Tab, ReactNode> = { users: <Users whom={whom} />, roles: <Roles />, policies: <Policies />, accounts: <Accounts operator={whom.operator} /> };
  const address = (id: Tab) => (id === "users" ? "/people" : `/people/${id}`);
  return (
    <Page title={screens.people} part={here === "users" ? undefined : texts.tabs[here]} description={texts.text}>
      <Tabs
        ariaLabel={screens.people}
        activeTabId={here}
        onChange={({ detail }) => go(address(detail.activeTabId as Tab))}
        tabs={tabs.map((id) => ({ id, label: texts.tabs[id], href: href(address(id)), content: id === here && shown[id] }))}
      />
    </Page>
  );
}
