/** The tests of a policy, and what the solver found of each. */

import {
  type AutomatedReasoningPolicyTestCase,
  type AutomatedReasoningPolicyTestResult,
  DeleteAutomatedReasoningPolicyTestCaseCommand,
} from "@aws-sdk/client-bedrock";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useState } from "react";
import { useSession } from "../../../app/session";
import { Dialog } from "../../../parts/Dialog";
import { Empty } from "../../../parts/Empty";
import { Reasoned } from "../../../parts/evidence/Reasoned";
import { Failed } from "../../../parts/Failed";
import { useFormats } from "../../../texts/texts";
import type { Policy } from "./calls";
import { NewTest } from "./NewTest";
import { useReasoningTexts } from "./texts";
import { useRunning } from "./useRunning";

export function Tests({ arn, policy, onChanged }: { arn: string; policy: Policy; onChanged: () => void }) {
  const texts = useReasoningTexts();
  const formats = useFormats();
  const { api } = useSession();
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<AutomatedReasoningPolicyTestCase | null>(null);
  const running = useRunning(api, arn, policy.definition);
  const results = running.results ?? policy.results;
  const at = results.flatMap(({ updatedAt }) => updatedAt ?? []).at(-1);
  const { cases } = policy;
  const changed = () => {
    setAdding(false);
    setRemoving(null);
    onChanged();
  };
  return (
    <Container
      header={
        <Header
          variant="h2"
          counter={`(${cases.length})`}
          description={at ? `${texts.testsText} ${texts.builtAt(formats.time(at))}` : texts.testsText}
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button onClick={() => setAdding(true)}>{texts.add}</Button>
              <Button variant="primary" disabled={cases.length === 0} loading={running.busy} loadingText={texts.running} onClick={running.start}>
                {texts.run}
              </Button>
            </SpaceBetween>
          }
        >
          {texts.tests}
        </Header>
      }
    >
      {running.failure && <Failed failure={running.failure} />}
      {running.unbuilt && <Alert type="error">{texts.buildFailed}</Alert>}
      {cases.length === 0 && <Empty title={texts.noTests} text={texts.noTestsText} />}
      <div className="policy-rows">
        {cases.map((each) => (
          <Test
            key={each.testCaseId}
            test={each}
            result={results.find(({ testCase }) => testCase?.testCaseId === each.testCaseId)}
            ruleOf={(id) => policy.definition.rules?.find((rule) => rule.id === id)?.expression ?? id}
            onRemove={() => setRemoving(each)}
          />
        ))}
      </div>
      {adding && <NewTest arn={arn} onClose={() => setAdding(false)} onMade={changed} />}
      {removing && <Removing arn={arn} test={removing} onClose={() => setRemoving(null)} onRemoved={changed} />}
    </Container>
  );
}

interface Removed {
  arn: string;
  test: AutomatedReasoningPolicyTestCase;
  onClose: () => void;
  onRemoved: () => void;
}

function Removing({ arn, test: { testCaseId, updatedAt }, onClose, onRemoved }: Removed) {
  const texts = useReasoningTexts();
  const { api } = useSession();
  const input = { policyArn: arn, testCaseId, lastUpdatedAt: updatedAt };
  return (
    <Dialog
      title={texts.removeTest}
      action={texts.removal.confirm}
      calls={[{ service: "bedrock", operation: "DeleteAutomatedReasoningPolicyTestCase", input }]}
      onAction={async () => {
        await api.bedrock.send(new DeleteAutomatedReasoningPolicyTestCaseCommand(input));
        onRemoved();
      }}
      onClose={onClose}
    >
      <Box>{texts.removeTestText}</Box>
    </Dialog>
  );
}

interface Shown {
  test: AutomatedReasoningPolicyTestCase;
  result: AutomatedReasoningPolicyTestResult | undefined;
  ruleOf: (id: string) => string;
  onRemove: () => void;
}

function Test({ test, result, ruleOf, onRemove }: Shown) {
  const texts = useReasoningTexts();
  const named = (value: string | undefined) => (value ? (texts.results[value] ?? value) : "–");
  const ran = result?.testRunStatus === "COMPLETED";
  const passed = result?.testRunResult === "PASSED";
  return (
    <div className="policy-entry" role="group" aria-label={test.guardContent}>
      <div className="row">
        <StatusIndicator type={!ran ? "pending" : passed ? "success" : "error"}>
          {!ran ? texts.notRun : passed ? texts.passed : texts.failed}
        </StatusIndicator>
        <Button variant="icon" iconName="remove" ariaLabel={`${texts.removeTest}: ${test.guardContent}`} onClick={onRemove} />
      </div>
      <div>
        {test.queryContent && <div className="told">{test.queryContent}</div>}
        <strong className="told">{test.guardContent}</strong>
      </div>
      <div className="under">
        {texts.expected}: {named(test.expectedAggregatedFindingsResult)}
        {ran && ` · ${texts.found}: ${named(result.aggregatedTestFindingsResult)}`}
      </div>
      {ran && result.testFindings?.map((finding, place) => <Reasoned key={place} finding={finding} ruleOf={ruleOf} />)}
    </div>
  );
}
