import pytest

from craton.guardrails.reasoning.builds import quality
from craton.guardrails.reasoning.definition import Policy
from craton.guardrails.reasoning.solver import Solver
from tests.guardrails.reasoning.leave import CARER, DEFINITION, ELIGIBLE, PAY

POLICY = Policy.of(DEFINITION)


def rule(id: str, expression: str) -> dict[str, str]:
    return {"id": id, "expression": expression}


def extended(*rules: dict[str, str], **members: object) -> Policy:
    return Policy.of({**DEFINITION, **members, "rules": [*DEFINITION["rules"], *rules]})  # type: ignore[misc]


async def test_the_report_of_a_sound_policy() -> None:
    report = await quality.report(POLICY, Solver())
    assert report == {
        "typeCount": 1,
        "variableCount": 7,
        "ruleCount": 4,
        "unusedTypes": [],
        "unusedTypeValues": [
            {"typeName": "LeaveType", "valueName": "MEDICAL"},
            {"typeName": "LeaveType", "valueName": "LeaveType_OTHER"},
        ],
        "unusedVariables": [],
        "conflictingRules": [],
        "disjointRuleSets": [
            {"variables": ["isFullTime", "tenureMonths", "eligibleForParentalLeave"], "rules": [ELIGIBLE, CARER]},
            {"variables": ["leaveType", "payShare"], "rules": [PAY]},
            {"variables": ["parkingSpace", "hasCar"], "rules": ["PARKING00001"]},
        ],
    }


async def test_rules_that_never_hold_together_conflict() -> None:
    found = await quality.conflicts(
        extended(rule("ALWAYS000001", "hasCar"), rule("NEVER0000001", "(not hasCar)")), Solver()
    )
    assert found >= {"ALWAYS000001", "NEVER0000001"}
    assert ELIGIBLE not in found


async def test_rules_that_forbid_what_they_are_about_conflict() -> None:
    found = await quality.conflicts(
        extended(rule("OTHERPAY0001", "(=> (= leaveType PARENTAL) (= payShare 1.0))")), Solver()
    )
    assert found == {PAY, "OTHERPAY0001"}


async def test_unused_variables_and_types_are_named() -> None:
    policy = Policy.of({**DEFINITION, "rules": []})
    report = await quality.report(policy, Solver())
    assert report["unusedVariables"] == list(policy.variables)
    assert (report["disjointRuleSets"], report["unusedTypes"]) == ([], [])


@pytest.mark.parametrize(
    ("expression", "objection"),
    [
        ("(=> hasCar (> parkingSpace 0))", None),
        ("(or hasCar (not hasCar))", "It is always true, and so says nothing."),
        ("(and hasCar (not hasCar))", "It contradicts itself."),
        ("(=> (and isFullTime (> tenureMonths 24)) eligibleForParentalLeave)", f"It follows from the rule {ELIGIBLE}"),
        ("(=> (= leaveType PARENTAL) (= payShare 1))", f"It contradicts the rule {PAY}."),
        ("(=> (> tenureMonths 60) (not eligibleForParentalLeave))", None),
        ("(=> isFullTime (not eligibleForParentalLeave))", f"It contradicts the rule {ELIGIBLE}."),
        ("(not (= leaveType PARENTAL))", "It contradicts"),
    ],
)
async def test_what_speaks_against_a_rule(expression: str, objection: str | None) -> None:
    found = await quality.objection(POLICY, POLICY.read(expression), Solver())
    assert (found is None) == (objection is None), found
    if found and objection:
        assert objection in found[0]
