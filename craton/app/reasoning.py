"""Automated reasoning policies, joined: what serves their operations, and what does the work of their workflows."""

from craton.app.ground import Ground
from craton.documents.parser import Parser
from craton.guardrails.means import Means
from craton.guardrails.reasoning.operations.api import ReasoningPoliciesApi
from craton.guardrails.reasoning.operations.notes import Notes
from craton.guardrails.reasoning.operations.policies import ReasoningPolicies
from craton.guardrails.reasoning.operations.runs import BuildRuns
from craton.guardrails.reasoning.operations.test_cases import TestCases
from craton.guardrails.reasoning.operations.test_runs import TestRuns
from craton.guardrails.reasoning.operations.workflow_api import ReasoningTestsApi, ReasoningWorkflowsApi
from craton.guardrails.reasoning.operations.workflows import Workflows
from craton.guardrails.reasoning.solver import Solver

ReasoningApis = tuple[ReasoningPoliciesApi, ReasoningWorkflowsApi, ReasoningTestsApi]


def reasoned(
    ground: Ground, policies: ReasoningPolicies, parser: Parser, means: Means, solver: Solver
) -> ReasoningApis:
    documents, jobs = ground.documents, ground.jobs
    workflows, cases = Workflows(documents, jobs), TestCases(documents)
    BuildRuns(documents, jobs, parser, means, solver)
    runs = TestRuns(documents, jobs, workflows, cases, means, solver)
    return (
        ReasoningPoliciesApi(policies),
        ReasoningWorkflowsApi(workflows, Notes(documents, workflows, solver)),
        ReasoningTestsApi(cases, runs),
    )
