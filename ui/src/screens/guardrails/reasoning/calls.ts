/** What the screens of automated reasoning policies ask of the API. */

import {
  type AutomatedReasoningPolicyBuildWorkflowSummary,
  type AutomatedReasoningPolicyDefinition,
  type AutomatedReasoningPolicyTestCase,
  type AutomatedReasoningPolicyTestResult,
  ExportAutomatedReasoningPolicyVersionCommand,
  GetAutomatedReasoningPolicyBuildWorkflowCommand,
  GetAutomatedReasoningPolicyCommand,
  type GetAutomatedReasoningPolicyCommandOutput,
  paginateListAutomatedReasoningPolicyBuildWorkflows,
  paginateListAutomatedReasoningPolicyTestCases,
  paginateListAutomatedReasoningPolicyTestResults,
  StartAutomatedReasoningPolicyBuildWorkflowCommand,
  StartAutomatedReasoningPolicyTestWorkflowCommand,
} from "@aws-sdk/client-bedrock";
import type { Api } from "../../../api/api";
import type { Call } from "../../../api/call";
import { collected } from "../pages";

export interface Policy {
  policy: Omit<GetAutomatedReasoningPolicyCommandOutput, "$metadata">;
  definition: AutomatedReasoningPolicyDefinition;
  cases: AutomatedReasoningPolicyTestCase[];
  /** Of the newest build whose tests ran. */
  results: AutomatedReasoningPolicyTestResult[];
}

export async function getPolicy(api: Api, policyArn: string, signal: AbortSignal): Promise<Policy> {
  const [policy, { policyDefinition = {} }, cases, builds] = await Promise.all([
    api.bedrock.send(new GetAutomatedReasoningPolicyCommand({ policyArn }), { abortSignal: signal }),
    api.bedrock.send(new ExportAutomatedReasoningPolicyVersionCommand({ policyArn }), { abortSignal: signal }),
    listCases(api, policyArn, signal),
    listBuilds(api, policyArn, signal),
  ]);
  let results: AutomatedReasoningPolicyTestResult[] = [];
  for (const { buildWorkflowId = "" } of builds) {
    results = await listResults(api, policyArn, buildWorkflowId, signal);
    if (results.length > 0) break;
  }
  return { policy, definition: policyDefinition, cases, results };
}

export function callsFor(policyArn: string): Call[] {
  const operations = ["GetAutomatedReasoningPolicy", "ExportAutomatedReasoningPolicyVersion", "ListAutomatedReasoningPolicyTestCases"];
  return operations.map((operation) => ({ service: "bedrock", operation, input: { policyArn } }));
}

const MOMENT = 700; // milliseconds between two looks

/** Builds what the definition is now, and runs all tests against it. Null where it cannot be built. */
export async function runTests(
  api: Api,
  policyArn: string,
  definition: AutomatedReasoningPolicyDefinition,
  signal: AbortSignal,
): Promise<AutomatedReasoningPolicyTestResult[] | null> {
  const started = await api.bedrock.send(
    new StartAutomatedReasoningPolicyBuildWorkflowCommand({
      policyArn,
      buildWorkflowType: "IMPORT_POLICY",
      sourceContent: { policyDefinition: definition },
    }),
    { abortSignal: signal },
  );
  const build = { policyArn, buildWorkflowId: started.buildWorkflowId };
  for (;;) {
    const { status } = await api.bedrock.send(new GetAutomatedReasoningPolicyBuildWorkflowCommand(build), { abortSignal: signal });
    if (status === "FAILED" || status === "CANCELLED") return null;
    if (status === "COMPLETED") break;
    await moment(signal);
  }
  await api.bedrock.send(new StartAutomatedReasoningPolicyTestWorkflowCommand(build), { abortSignal: signal });
  for (;;) {
    const results = await listResults(api, policyArn, started.buildWorkflowId ?? "", signal);
    if (results.every(({ testRunStatus }) => testRunStatus === "COMPLETED" || testRunStatus === "FAILED")) return results;
    await moment(signal);
  }
}

function listCases(api: Api, policyArn: string, signal: AbortSignal): Promise<AutomatedReasoningPolicyTestCase[]> {
  const pages = paginateListAutomatedReasoningPolicyTestCases({ client: api.bedrock }, { policyArn }, { abortSignal: signal });
  return collected(pages, ({ testCases }) => testCases);
}

/** The completed ones, the newest first. */
async function listBuilds(api: Api, policyArn: string, signal: AbortSignal): Promise<AutomatedReasoningPolicyBuildWorkflowSummary[]> {
  const pages = paginateListAutomatedReasoningPolicyBuildWorkflows({ client: api.bedrock }, { policyArn }, { abortSignal: signal });
  const all = await collected(pages, (page) => page.automatedReasoningPolicyBuildWorkflowSummaries);
  return all
    .filter(({ status }) => status === "COMPLETED")
    .sort((one, other) => Number(other.createdAt ?? 0) - Number(one.createdAt ?? 0));
}

function listResults(api: Api, policyArn: string, buildWorkflowId: string, signal: AbortSignal): Promise<AutomatedReasoningPolicyTestResult[]> {
  const input = { policyArn, buildWorkflowId };
  const pages = paginateListAutomatedReasoningPolicyTestResults({ client: api.bedrock }, input, { abortSignal: signal });
  return collected(pages, ({ testResults }) => testResults);
}

function moment(signal: AbortSignal): Promise<void> {
  return new Promise((done, stop) => {
    const timer = setTimeout(done, MOMENT);
    signal.addEventListener("abort", () => (clearTimeout(timer), stop(new DOMException("", "AbortError"))), { once: true });
  });
}
