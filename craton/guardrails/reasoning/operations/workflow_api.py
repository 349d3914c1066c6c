"""The operations on the tests and the workflows of automated reasoning policies. Handlers only."""

from craton.core.context import Context
from craton.core.operation import operation
from craton.guardrails.reasoning.operations.api import SERVICE, paged
from craton.guardrails.reasoning.operations.notes import Notes
from craton.guardrails.reasoning.operations.records import test_case
from craton.guardrails.reasoning.operations.test_cases import TestCases
from craton.guardrails.reasoning.operations.test_runs import TestRuns
from craton.guardrails.reasoning.operations.workflows import Workflows, shown
from craton.store.records import Record

_TEST = ("guardContent", "queryContent", "expectedAggregatedFindingsResult", "confidenceThreshold")


class ReasoningWorkflowsApi:
    def __init__(self, workflows: Workflows, notes: Notes) -> None:
        self._workflows = workflows
        self._notes = notes

    @operation(SERVICE)
    async def start_automated_reasoning_policy_build_workflow(self, ctx: Context, req: Record) -> Record:
        arn = req["policyArn"]
        made = await self._workflows.start(ctx, arn, req["buildWorkflowType"], req["sourceContent"])
        return {"policyArn": arn, "buildWorkflowId": made}

    @operation(SERVICE)
    async def get_automated_reasoning_policy_build_workflow(self, ctx: Context, req: Record) -> Record:
        return shown(await self._workflows.find(ctx, req["policyArn"], req["buildWorkflowId"]))

    @operation(SERVICE)
    async def list_automated_reasoning_policy_build_workflows(self, ctx: Context, req: Record) -> Record:
        page = await self._workflows.page(ctx, req["policyArn"], req.get("maxResults"), req.get("nextToken"))
        return paged("automatedReasoningPolicyBuildWorkflowSummaries", page)

    @operation(SERVICE)
    async def cancel_automated_reasoning_policy_build_workflow(self, ctx: Context, req: Record) -> Record:
        await self._workflows.cancel(ctx, req["policyArn"], req["buildWorkflowId"])
        return {}

    @operation(SERVICE)
    async def delete_automated_reasoning_policy_build_workflow(self, ctx: Context, req: Record) -> Record:
        await self._workflows.delete(ctx, req["policyArn"], req["buildWorkflowId"], req["lastUpdatedAt"])
        return {}

    @operation(SERVICE)
    async def get_automated_reasoning_policy_build_workflow_result_assets(self, ctx: Context, req: Record) -> Record:
        arn, workflow = req["policyArn"], req["buildWorkflowId"]
        found = await self._workflows.assets(ctx, arn, workflow, req["assetType"], req.get("assetId"))
        told = {"policyArn": arn, "buildWorkflowId": workflow}
        return told | ({"buildWorkflowAssets": found} if found else {})

    @operation(SERVICE)
    async def get_automated_reasoning_policy_annotations(self, ctx: Context, req: Record) -> Record:
        return await self._notes.annotations(ctx, req["policyArn"], req["buildWorkflowId"])

    @operation(SERVICE)
    async def update_automated_reasoning_policy_annotations(self, ctx: Context, req: Record) -> Record:
        seen = req["lastUpdatedAnnotationSetHash"]
        return await self._notes.annotate(ctx, req["policyArn"], req["buildWorkflowId"], req["annotations"], seen)

    @operation(SERVICE)
    async def get_automated_reasoning_policy_next_scenario(self, ctx: Context, req: Record) -> Record:
        found = await self._notes.next_scenario(ctx, req["policyArn"], req["buildWorkflowId"])
        return {"policyArn": req["policyArn"]} | ({"scenario": found} if found else {})


class ReasoningTestsApi:
    def __init__(self, cases: TestCases, runs: TestRuns) -> None:
        self._cases = cases
        self._runs = runs

    @operation(SERVICE)
    async def create_automated_reasoning_policy_test_case(self, ctx: Context, req: Record) -> Record:
        return {
            "policyArn": req["policyArn"],
            "testCaseId": await self._cases.create(ctx, req["policyArn"], _test(req)),
        }

    @operation(SERVICE)
    async def get_automated_reasoning_policy_test_case(self, ctx: Context, req: Record) -> Record:
        found = await self._cases.find(ctx, req["policyArn"], req["testCaseId"])
        return {"policyArn": req["policyArn"], "testCase": test_case(found)}

    @operation(SERVICE)
    async def update_automated_reasoning_policy_test_case(self, ctx: Context, req: Record) -> Record:
        arn, case = req["policyArn"], req["testCaseId"]
        await self._cases.update(ctx, arn, case, req["lastUpdatedAt"], _test(req))
        return {"policyArn": arn, "testCaseId": case}

    @operation(SERVICE)
    async def delete_automated_reasoning_policy_test_case(self, ctx: Context, req: Record) -> Record:
        await self._cases.delete(ctx, req["policyArn"], req["testCaseId"], req["lastUpdatedAt"])
        return {}

    @operation(SERVICE)
    async def list_automated_reasoning_policy_test_cases(self, ctx: Context, req: Record) -> Record:
        page = await self._cases.page(ctx, req["policyArn"], req.get("maxResults"), req.get("nextToken"))
        return paged("testCases", page)

    @operation(SERVICE)
    async def start_automated_reasoning_policy_test_workflow(self, ctx: Context, req: Record) -> Record:
        await self._runs.start(ctx, req["policyArn"], req["buildWorkflowId"], req.get("testCaseIds"))
        return {"policyArn": req["policyArn"]}

    @operation(SERVICE)
    async def get_automated_reasoning_policy_test_result(self, ctx: Context, req: Record) -> Record:
        found = await self._runs.result(ctx, req["policyArn"], req["buildWorkflowId"], req["testCaseId"])
        return {"testResult": found}

    @operation(SERVICE)
    async def list_automated_reasoning_policy_test_results(self, ctx: Context, req: Record) -> Record:
        policy, workflow = req["policyArn"], req["buildWorkflowId"]
        page = await self._runs.page(ctx, policy, workflow, req.get("maxResults"), req.get("nextToken"))
        return paged("testResults", page)


def _test(req: Record) -> Record:
    return {member: req[member] for member in _TEST if member in req}
