import pytest

from craton.guardrails.reasoning.solver import Solver
from craton.guardrails.reasoning.testing import run_test
from tests.guardrails.reasoning.leave import ARN, DEFINITION, ELIGIBLE, Writes, said

CASE = {
    "testCaseId": "TEST00000001",
    "queryContent": "I am full time. tenureMonths is 18.",
    "guardContent": "You are eligible for parental leave.",
    "expectedAggregatedFindingsResult": "VALID",
}


async def test_a_case_passes_where_the_result_is_expected() -> None:
    outcome = await run_test(DEFINITION, ARN, CASE, Writes(), Solver())
    assert (outcome.aggregated, outcome.passed) == ("VALID", True)
    (found,) = outcome.findings
    assert found["valid"]["supportingRules"] == [{"id": ELIGIBLE, "policyVersionArn": ARN}]  # type: ignore[index]


async def test_a_case_fails_where_another_is() -> None:
    outcome = await run_test(
        DEFINITION, ARN, {**CASE, "expectedAggregatedFindingsResult": "INVALID"}, Writes(), Solver()
    )
    assert (outcome.aggregated, outcome.passed) == ("VALID", False)


@pytest.mark.parametrize(
    ("threshold", "result"), [(0.5, "TRANSLATION_AMBIGUOUS"), (0.3, "INVALID"), (None, "TRANSLATION_AMBIGUOUS")]
)
async def test_the_threshold_of_a_case_counts(threshold: float | None, result: str) -> None:
    written = iter([True, False, True])
    means = Writes(lambda _, __: {"statements": [said(2, [("eligibleForParentalLeave", next(written))])]})
    case = {
        **CASE,
        "queryContent": "I am not full time.",
        "guardContent": "Well, perhaps.",
        "confidenceThreshold": threshold,
    }
    assert (await run_test(DEFINITION, ARN, case, means, Solver())).aggregated == result
