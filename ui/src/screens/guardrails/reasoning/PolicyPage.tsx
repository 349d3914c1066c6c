/** One automated reasoning policy: its rules, its variables and its tests. */

import { DeleteAutomatedReasoningPolicyCommand } from "@aws-sdk/client-bedrock";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import Table from "@cloudscape-design/components/table";
import { useCallback, useState } from "react";
import { useCall } from "../../../api/polling";
import { go, href } from "../../../app/address";
import { Page } from "../../../app/Page";
import { useSession } from "../../../app/session";
import { ApiCall } from "../../../parts/ApiCall";
import { Dialog } from "../../../parts/Dialog";
import { Failed } from "../../../parts/Failed";
import { useTexts } from "../../../texts/texts";
import { callsFor, getPolicy, type Policy } from "./calls";
import { Tests } from "./Tests";
import { useReasoningTexts } from "./texts";

export function PolicyPage({ id }: { id: string }) {
  const { screens } = useTexts();
  const texts = useReasoningTexts();
  const { api, caller } = useSession();
  const arn = `arn:aws:bedrock:${api.region}:${caller.account}:automated-reasoning-policy/${id}`;
  const { answer, failure, again } = useCall(useCallback((signal: AbortSignal) => getPolicy(api, arn, signal), [api, arn]));
  const [removing, setRemoving] = useState(false);
  const name = answer?.policy.name ?? id;
  const removal = { policyArn: arn, force: true };
  return (
    <Page
      title={name}
      description={answer?.policy.description}
      above={[
        { text: screens.guardrails, href: href("/guardrails") },
        { text: texts.title, href: href("/guardrails/reasoning") },
      ]}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          {answer && <Button onClick={() => setRemoving(true)}>{texts.removal.confirm}</Button>}
          <ApiCall calls={callsFor(arn)} />
        </SpaceBetween>
      }
    >
      {failure && <Failed failure={failure} onAgain={again} />}
      {!answer && !failure && <Spinner size="large" />}
      {answer && (
        <SpaceBetween size="l">
          <Tests arn={arn} policy={answer} onChanged={again} />
          <Rules {...answer} />
          <Variables {...answer} />
        </SpaceBetween>
      )}
      {removing && (
        <Dialog
          title={texts.removal.title(name)}
          action={texts.removal.confirm}
          calls={[{ service: "bedrock", operation: "DeleteAutomatedReasoningPolicy", input: removal }]}
          onAction={async () => {
            await api.bedrock.send(new DeleteAutomatedReasoningPolicyCommand(removal));
            go("/guardrails/reasoning");
          }}
          onClose={() => setRemoving(false)}
        >
          <Box>{texts.removal.text}</Box>
        </Dialog>
      )}
    </Page>
  );
}

function Rules({ definition: { rules = [] } }: Policy) {
  const texts = useReasoningTexts();
  return (
    <Table
      items={rules}
      trackBy="id"
      variant="container"
      wrapLines
      header={
        <Header variant="h2" counter={`(${rules.length})`} description={texts.rulesText}>
          {texts.rules}
        </Header>
      }
      ariaLabels={{ tableLabel: texts.rules }}
      empty={texts.nothing}
      columnDefinitions={[
        {
          id: "rule",
          header: texts.rule,
          isRowHeader: true,
          cell: ({ id, expression, alternateExpression }) => (
            <>
              <code className="rule">{expression}</code>
              {alternateExpression && <div>{alternateExpression}</div>}
              <div className="under">{id}</div>
            </>
          ),
        },
      ]}
    />
  );
}

function Variables({ definition: { variables = [], types = [] } }: Policy) {
  const texts = useReasoningTexts();
  const valuesOf = (type?: string) => types.find(({ name }) => name === type)?.values?.map(({ value }) => value) ?? [];
  return (
    <Table
      items={variables}
      trackBy="name"
      variant="container"
      wrapLines
      header={
        <Header variant="h2" counter={`(${variables.length})`} description={texts.variablesText}>
          {texts.variables}
        </Header>
      }
      ariaLabels={{ tableLabel: texts.variables }}
      empty={texts.nothing}
      columnDefinitions={[
        {
          id: "name",
          header: texts.variable,
          isRowHeader: true,
          cell: ({ name, description }) => (
            <>
              <strong className="rule">{name}</strong>
              <div className="under">{description}</div>
            </>
          ),
        },
        {
          id: "type",
          header: texts.type,
          cell: ({ type }) => (
            <>
              {type}
              {valuesOf(type).length > 0 && <div className="under">{texts.values(valuesOf(type).join(", "))}</div>}
            </>
          ),
        },
      ]}
    />
  );
}
