"""Runs a test case of a policy: a question and an answer whose verdict is expected. Knows no storage and no job."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from craton.guardrails.means import Means
from craton.guardrails.reasoning.definition import Policy
from craton.guardrails.reasoning.findings import RuleKey, finding
from craton.guardrails.reasoning.judge import judged
from craton.guardrails.reasoning.language.translation import DEFAULT_THRESHOLD
from craton.guardrails.reasoning.solver import Solver
from craton.guardrails.reasoning.verdicts import Result, aggregated


@dataclass(frozen=True, slots=True)
class Outcome:
    """`findings` are in the shape of AutomatedReasoningCheckFinding; `passed` where the worst result was expected."""

    findings: Sequence[Mapping[str, object]]
    aggregated: Result
    passed: bool


async def run_test(
    definition: Mapping[str, object], arn: str, case: Mapping[str, object], means: Means, solver: Solver
) -> Outcome:
    """`case` is an AutomatedReasoningPolicyTestCase. Raises PolicyError, Undecided and SolverMissing."""
    threshold = case.get("confidenceThreshold")
    verdicts = await judged(
        Policy.of(definition),
        str(case["guardContent"]),
        str(case.get("queryContent") or ""),
        means,
        solver,
        DEFAULT_THRESHOLD if threshold is None else float(str(threshold)),
    )
    result = aggregated(verdicts)
    found = [finding(verdict, arn, RuleKey.TEST) for verdict in verdicts]
    return Outcome(found, result, result == case.get("expectedAggregatedFindingsResult"))
