"""The work of build workflows when it is interrupted: by whoever started it, and by the end of the server."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from craton.core.context import Context
from craton.documents.parser import Parser
from craton.errors import ResourceInUseException
from craton.guardrails.reasoning.operations.policies import ReasoningPolicies
from craton.guardrails.reasoning.operations.runs import BuildRuns
from craton.guardrails.reasoning.operations.workflows import Workflows
from craton.guardrails.reasoning.solver import Solver
from craton.jobs.runner import Jobs
from craton.store.documents import Documents
from tests.guardrails.reasoning.policies import DEFINITION

CTX = Context("123456789012", "us-east-1", "arn:aws:iam::123456789012:root", "r")


class Stuck(Solver):
    """A solver that never comes to a result."""

    def session(self, formulas: Any) -> Any:
        return self

    async def __aenter__(self) -> Any:
        await asyncio.Event().wait()

    async def __aexit__(self, *raised: object) -> None:
        pass


@pytest.fixture
async def documents(tmp_path: Path) -> AsyncIterator[Documents]:
    opened = Documents.open(tmp_path)
    yield opened
    await opened.close()


def server(documents: Documents, solver: Solver) -> tuple[Jobs, ReasoningPolicies, Workflows]:
    jobs = Jobs(documents)
    no_means: Any = None  # an import asks no model
    BuildRuns(documents, jobs, Parser(), no_means, solver)
    return jobs, ReasoningPolicies(documents, jobs, solver), Workflows(documents, jobs)


async def until(workflows: Workflows, arn: str, workflow: str, status: str) -> None:
    deadline = time.monotonic() + 30
    while (found := (await workflows.find(CTX, arn, workflow)).body["status"]) != status:
        assert time.monotonic() < deadline, f"it is {found}"
        await asyncio.sleep(0.01)


async def begun(policies: ReasoningPolicies, workflows: Workflows) -> tuple[str, str]:
    """A policy, and a workflow of it that is being built."""
    arn = (await policies.create(CTX, {"name": "leave", "policyDefinition": DEFINITION}, {}))["policyArn"]
    workflow = await workflows.start(CTX, arn, "IMPORT_POLICY", {})
    await until(workflows, arn, workflow, "BUILDING")
    return arn, workflow


async def test_a_workflow_is_cancelled_where_it_stands(documents: Documents) -> None:
    jobs, policies, workflows = server(documents, Stuck())
    await jobs.resume()
    arn, workflow = await begun(policies, workflows)
    with pytest.raises(ResourceInUseException, match="is BUILDING"):
        await workflows.start(CTX, arn, "IMPORT_POLICY", {})
    document = await workflows.find(CTX, arn, workflow)
    with pytest.raises(ResourceInUseException, match="cancel it first"):
        await workflows.delete(CTX, arn, workflow, document.updated_at)
    await workflows.cancel(CTX, arn, workflow)
    document = await workflows.find(CTX, arn, workflow)
    assert document.body["status"] == "CANCELLED"
    assert await workflows.assets(CTX, arn, workflow, "POLICY_DEFINITION", None) is None
    await workflows.delete(CTX, arn, workflow, document.updated_at)
    await jobs.close()


async def test_the_next_server_goes_on_with_what_one_left(documents: Documents) -> None:
    pytest.importorskip("z3", reason="the extra 'reasoning' is not installed")
    jobs, policies, workflows = server(documents, Stuck())
    await jobs.resume()
    arn, workflow = await begun(policies, workflows)
    await jobs.close()
    jobs, _, workflows = server(documents, Solver())
    await jobs.resume()
    await until(workflows, arn, workflow, "COMPLETED")
    assert await workflows.assets(CTX, arn, workflow, "POLICY_DEFINITION", None) == {"policyDefinition": DEFINITION}
    await jobs.close()


async def test_a_policy_deleted_by_force_takes_what_runs_with_it(documents: Documents) -> None:
    jobs, policies, workflows = server(documents, Stuck())
    await jobs.resume()
    arn, _ = await begun(policies, workflows)
    await policies.delete(CTX, arn, force=True)
    kinds = documents.look(lambda view: view.kinds(CTX.account))
    assert not [kind for kind in kinds if kind.startswith("automated-reasoning") or kind == "job"]
    await jobs.close()
