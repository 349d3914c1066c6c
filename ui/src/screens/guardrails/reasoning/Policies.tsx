/** All automated reasoning policies of the account. */

import type { AutomatedReasoningPolicySummary } from "@aws-sdk/client-bedrock";
import Button from "@cloudscape-design/components/button";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import { useCallback, useState } from "react";
import { useCall } from "../../../api/polling";
import { follow, href } from "../../../app/address";
import { Page } from "../../../app/Page";
import { useSession } from "../../../app/session";
import { ApiCall } from "../../../parts/ApiCall";
import { Empty } from "../../../parts/Empty";
import { Failed } from "../../../parts/Failed";
import { useFormats, useTexts } from "../../../texts/texts";
import { listPolicies } from "../calls";
import { NewPolicy } from "./NewPolicy";
import { useReasoningTexts } from "./texts";

export function Policies() {
  const shared = useTexts();
  const texts = useReasoningTexts();
  const formats = useFormats();
  const { api } = useSession();
  const [creating, setCreating] = useState(false);
  const { answer, failure, loading, again } = useCall(useCallback((signal: AbortSignal) => listPolicies(api, signal), [api]));
  const create = <Button onClick={() => setCreating(true)}>{texts.create}</Button>;
  return (
    <Page
      title={texts.title}
      description={texts.text}
      above={[{ text: shared.screens.guardrails, href: href("/guardrails") }]}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <ApiCall calls={[{ service: "bedrock", operation: "ListAutomatedReasoningPolicies", input: {} }]} />
          {create}
        </SpaceBetween>
      }
    >
      <SpaceBetween size="m">
        {failure && <Failed failure={failure} onAgain={again} />}
        <Table<AutomatedReasoningPolicySummary>
          items={answer ?? []}
          trackBy="policyArn"
          variant="container"
          wrapLines
          enableKeyboardNavigation
          loading={loading && !answer}
          loadingText={shared.loading}
          ariaLabels={{ tableLabel: texts.title }}
          empty={
            <Empty title={texts.none} text={texts.noneText}>
              {create}
            </Empty>
          }
          columnDefinitions={[
            {
              id: "name",
              header: texts.name,
              isRowHeader: true,
              minWidth: 160,
              cell: ({ name, policyId = "" }) => (
                <>
                  <Link href={href(`/guardrails/reasoning/${policyId}`)} onFollow={follow}>
                    {name}
                  </Link>
                  <div className="under">{policyId}</div>
                </>
              ),
            },
            { id: "description", header: texts.description, minWidth: 200, cell: ({ description }) => description || "–" },
            { id: "changed", header: texts.changed, minWidth: 140, cell: ({ updatedAt }) => (updatedAt ? formats.time(updatedAt) : "–") },
          ]}
        />
      </SpaceBetween>
      {creating && <NewPolicy onClose={() => setCreating(false)} />}
    </Page>
  );
}
