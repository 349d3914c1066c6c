"""Runs the tests of a policy against the definition that a build workflow made, as durable jobs, and tells the results.

A run that was interrupted goes on with the test it was at.
"""

import uuid
from collections.abc import Sequence
from functools import partial

import structlog

from craton.core.context import Context
from craton.errors import ApiError, ResourceInUseException, ResourceNotFoundException, ValidationException
from craton.guardrails.means import Means
from craton.guardrails.reasoning.operations.policies import HINDRANCES
from craton.guardrails.reasoning.operations.records import (
    ASSET,
    RUNNING,
    TEST_CASE,
    TEST_RESULT,
    TESTS,
    WORKFLOW,
    asset_id,
    result_id,
    test_case,
)
from craton.guardrails.reasoning.operations.test_cases import TestCases
from craton.guardrails.reasoning.operations.workflows import Workflows
from craton.guardrails.reasoning.solver import Solver
from craton.guardrails.reasoning.testing import run_test
from craton.jobs.job import Job
from craton.jobs.ledger import Key
from craton.jobs.runner import Jobs
from craton.store.documents import Document, Documents, Scope, Transaction
from craton.store.records import Record

AT_ONCE = 2

_PAGE = 1000  # the most that the service model lets a page hold

log = structlog.get_logger("craton.guardrails")


class TestRuns:
    def __init__(
        self,
        documents: Documents,
        jobs: Jobs,
        workflows: Workflows,
        cases: TestCases,
        means: Means,
        solver: Solver,
    ) -> None:
        self._documents = documents
        self._jobs = jobs
        self._workflows = workflows
        self._cases = cases
        self._means = means
        self._solver = solver
        jobs.register(TESTS, self._run, failed=_failed, at_once=AT_ONCE)

    async def start(self, ctx: Context, arn: str, workflow_id: str, wanted: Sequence[str] | None) -> None:
        """Run the wanted tests of a policy, or all it has, soon. Raises ResourceInUseException where one runs."""
        workflow = await self._workflows.completed(ctx, arn, workflow_id)
        for each in wanted or ():
            await self._cases.find(ctx, arn, each)
        run, scope = str(uuid.uuid4()), ctx.scope

        def start(t: Transaction) -> None:
            t.get(scope, WORKFLOW, workflow.id)
            cases = [
                case for case in t.listing(scope, TEST_CASE, parent=workflow.parent) if not wanted or case.id in wanted
            ]
            if not cases:
                raise ValidationException(f"The policy {arn!r} has no test cases to run; create one first.")
            for case in cases:
                told = {"testCase": test_case(case), "policyArn": workflow.body["policyArn"]}
                body = {"run": run, **told, "testRunStatus": "SCHEDULED"}
                _put(t, Key(scope, TESTS, run), result_id(workflow.id, case.id), workflow.id, body)
            self._jobs.put(t, scope, TESTS, run, {"workflow": workflow.id, "cases": [case.id for case in cases]})

        await self._documents.transaction(start)
        self._jobs.wake(TESTS)

    async def result(self, ctx: Context, arn: str, workflow_id: str, id: str) -> Record:
        """AutomatedReasoningPolicyTestResult; of a test that was never run, that it was not."""
        workflow = await self._workflows.find(ctx, arn, workflow_id)
        if found := await self._documents.find(ctx.scope, TEST_RESULT, result_id(workflow.id, id)):
            return _shown(found)
        case = await self._cases.find(ctx, arn, id)
        told = {"testCase": test_case(case), "policyArn": workflow.body["policyArn"], "testRunStatus": "NOT_STARTED"}
        return {**told, "updatedAt": case.updated_at}

    async def page(
        self, ctx: Context, arn: str, workflow_id: str, limit: int | None, token: str | None
    ) -> tuple[list[Record], str | None]:
        """The results of the tests that were run, or are, against what a workflow made."""
        workflow = await self._workflows.find(ctx, arn, workflow_id)
        page = await self._documents.page(
            ctx.scope, TEST_RESULT, parent=workflow.id, limit=min(limit or _PAGE, _PAGE), token=token
        )
        return [_shown(document) for document in page.items], page.next_token

    async def _run(self, job: Job) -> None:
        workflow, cases = job.body["workflow"], job.body["cases"]
        found = await self._documents.get(job.scope, ASSET, asset_id(workflow, "POLICY_DEFINITION"))
        for number in range(job.state or 0, len(cases)):
            name = result_id(workflow, cases[number])
            result = await self._documents.find(job.scope, TEST_RESULT, name)
            if result is None:
                raise ResourceNotFoundException(f"The build workflow {workflow!r} is gone.")
            body = result.body | {"testRunStatus": "IN_PROGRESS"}
            await job.checkpoint(number, partial(_replace, job.scope, name, body))
            body |= await self._told(found.body["policyDefinition"], body)
            await job.checkpoint(number + 1, partial(_replace, job.scope, name, body))

    async def _told(self, definition: Record, result: Record) -> Record:
        """What is to be said of a test that has been run."""
        try:
            outcome = await run_test(definition, result["policyArn"], result["testCase"], self._means, self._solver)
        except HINDRANCES as error:
            log.warning("a test of a policy failed", id=result["testCase"]["testCaseId"], reason=str(error))
            return {"testRunStatus": "FAILED"}
        return {
            "testRunStatus": "COMPLETED",
            "testFindings": list(outcome.findings),
            "testRunResult": "PASSED" if outcome.passed else "FAILED",
            "aggregatedTestFindingsResult": str(outcome.aggregated),
        }


def _replace(scope: Scope, name: str, body: Record, t: Transaction) -> None:
    t.replace(scope, TEST_RESULT, name, body)


def _put(t: Transaction, run: Key, name: str, workflow: str, body: Record) -> None:
    """In place of the result of an earlier run."""
    before = t.find(run.scope, TEST_RESULT, name)
    if before is None:
        t.create(run.scope, TEST_RESULT, name, body, parent=workflow)
        return
    if before.body["testRunStatus"] in RUNNING:
        case = before.body["testCase"]["testCaseId"]
        raise ResourceInUseException(f"The test case {case!r} is being run; wait until it has ended.")
    t.replace(run.scope, TEST_RESULT, name, body)


def _failed(t: Transaction, key: Key, error: ApiError) -> None:
    """What a run that was given up had not come to."""
    log.warning("a run of tests failed", id=key.id, reason=error.message)
    for result in t.listing(key.scope, TEST_RESULT):
        if result.body["run"] == key.id and result.body["testRunStatus"] in RUNNING:
            t.replace(key.scope, TEST_RESULT, result.id, result.body | {"testRunStatus": "FAILED"})


def _shown(document: Document) -> Record:
    told = {member: value for member, value in document.body.items() if member != "run"}
    return {**told, "updatedAt": document.updated_at}
