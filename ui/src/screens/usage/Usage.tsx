/** What was used and what it cost, and the limits and prices of it. */

import Spinner from "@cloudscape-design/components/spinner";
import Tabs from "@cloudscape-design/components/tabs";
import { type ReactNode, Suspense } from "react";
import { go, href, useHash } from "../../app/address";
import { later } from "../../app/later";
import { Page } from "../../app/Page";
import { useTexts } from "../../texts/texts";
import { Budgets } from "./limits/Budgets";
import { Quotas } from "./limits/Quotas";
import { Prices } from "./prices/Prices";
import { useUsageTexts } from "./texts";

const ReportView = later(() => import("./report/ReportView"));
const Invocations = later(() => import("./Invocations"));

const TABS = ["report", "invocations", "budgets", "quotas", "prices"] as const;
type Tab = (typeof TABS)[number];
/** They share their filters. */
const FILTERED: Tab[] = ["report", "invocations"];

export default function Usage({ tab }: { tab: string }) {
  const { screens } = useTexts();
  const texts = useUsageTexts();
  const [hash] = useHash();
  const here = TABS.find((name) => name === tab) ?? "report";
  const filters = FILTERED.includes(here) && hash.size > 0 ? `#${hash}` : "";
  const address = (id: Tab) => (id === "report" ? "/usage" : `/usage/${id}`) + (FILTERED.includes(id) ? filters : "");
  const shown: Record<Tab, ReactNode> = {
    report: <ReportView />,
    invocations: <Invocations />,
    budgets: <Budgets />,
    quotas: <Quotas />,
    prices: <Prices />,
  };
  return (
    <Page title={screens.usage} part={here === "report" ? undefined : texts.tabs[here]} description={texts.text}>
      <Tabs
        ariaLabel={screens.usage}
        activeTabId={here}
        onChange={({ detail }) => go(address(detail.activeTabId as Tab))}
        tabs={TABS.map((id) => ({
          id,
          label: texts.tabs[id],
          href: href(address(id)),
          content: id === here && <Suspense fallback={<Spinner size="large" />}>{shown[id]}</Suspense>,
        }))}
      />
    </Page>
  );
}
