"""Guardrails, joined: what judges requests and answers, and what serves their operations."""

from dataclasses import dataclass

from craton.app.ground import Ground, configured
from craton.config import Config
from craton.documents.parser import Parser
from craton.guardrails.api import GuardrailsApi
from craton.guardrails.applying.api import ApplyingApi
from craton.guardrails.enforced import EnforcedGuardrails
from craton.guardrails.guardrails import Guardrails
from craton.guardrails.local_means import LocalMeans
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
from craton.models.resolve import Models
from craton.runtime.guarding.guarding import Guarding

SLICES = (GuardrailsApi, ApplyingApi, ReasoningPoliciesApi, ReasoningWorkflowsApi, ReasoningTestsApi)


@dataclass(frozen=True, slots=True)
class Judging:
    """What every generation asks, what others judge by, and what serves operations: one of each of `SLICES`."""

    guarding: Guarding
    guardrails: Guardrails
    means: Means
    slices: tuple[object, ...]


def judge(config: Config, ground: Ground, models: Models, parser: Parser) -> Judging:
    documents, jobs, settings = ground.documents, ground.jobs, config.guardrails
    with configured():
        means = LocalMeans(models, ground.engines, settings)
    solver = Solver()
    policies = ReasoningPolicies(documents, jobs, solver)
    guardrails = Guardrails(documents, ground.authorization, policies)
    enforced = EnforcedGuardrails(documents, guardrails, models)
    workflows, cases = Workflows(documents, jobs), TestCases(documents)
    BuildRuns(documents, jobs, parser, means, solver)
    runs = TestRuns(documents, jobs, workflows, cases, means, solver)
    slices = (
        GuardrailsApi(guardrails, enforced),
        ApplyingApi(guardrails, means, settings),
        ReasoningPoliciesApi(policies),
        ReasoningWorkflowsApi(workflows, Notes(documents, workflows, solver)),
        ReasoningTestsApi(cases, runs),
    )
    guarding = Guarding(guardrails, enforced, means, settings, ground.blobs, parser)
    return Judging(guarding, guardrails, means, slices)
