import copy
from typing import Any

import pytest

from craton.guardrails.reasoning.definition import Policy, PolicyError
from tests.guardrails.reasoning.leave import CARER, DEFINITION, ELIGIBLE, PAY


def changed(**members: object) -> dict[str, object]:
    return {**copy.deepcopy(DEFINITION), **members}


def variable(name: str, type: str = "BOOL") -> dict[str, str]:
    return {"name": name, "type": type, "description": ""}


def test_an_empty_definition_is_a_policy() -> None:
    assert not Policy.of({}).rules


@pytest.mark.parametrize("type", ["BOOL", "bool", "INT", "NUMBER", "real"])
def test_types_that_every_policy_has(type: str) -> None:
    assert Policy.of({"variables": [variable("x", type)]}).variables["x"].name == "x"


@pytest.mark.parametrize(
    ("members", "sentence"),
    [
        ({"variables": [variable("x", "STRING")]}, "The variable 'x' has the type 'STRING', which is not defined"),
        ({"variables": [variable("x"), variable("x")]}, "'x' is the name of a variable and of another"),
        ({"variables": [variable("PARENTAL")], "rules": []}, "'PARENTAL' is the name of a variable and of another"),
        ({"variables": [variable("LeaveType")], "rules": []}, "'LeaveType' is the name of a variable and of another"),
        ({"variables": [variable("true")], "rules": []}, "'true' is a word of the language of rules"),
        ({"types": [{"name": "Int", "values": [{"value": "A"}]}]}, "has the name of a type that every policy has"),
        ({"types": [{"name": "T", "values": []}]}, "The type 'T' has no value"),
        (
            {"types": [{"name": "T", "values": [{"value": "A"}]}, {"name": "U", "values": [{"value": "A"}]}]},
            "'A' is the name of two types or values",
        ),
        ({"rules": [{"id": "BROKEN000001", "expression": "(> x 1)"}]}, "The rule 'BROKEN000001' is not right. 'x' at"),
        (
            {"rules": [{"id": "TWICE0000001", "expression": "isFullTime"}] * 2},
            "'TWICE0000001' is the id of two rules",
        ),
        (
            {"variables": [variable(f"v{n}") for n in range(601)], "rules": []},
            "has 601 variables; a policy may have 600",
        ),
    ],
)
def test_what_is_wrong_is_named(members: dict[str, Any], sentence: str) -> None:
    with pytest.raises(PolicyError) as told:
        Policy.of(changed(**members))
    assert sentence in str(told.value)


def test_parts_share_no_variable() -> None:
    policy = Policy.of(DEFINITION)
    assert {frozenset(rule.id for rule in rules) for _, rules in policy.parts} == {
        frozenset({ELIGIBLE, CARER}),
        frozenset({PAY}),
        frozenset({"PARKING00001"}),
    }
    names, rules = policy.about([policy.read("isFullTime")])
    assert names == {"isFullTime", "tenureMonths", "eligibleForParentalLeave"}
    assert [rule.id for rule in rules] == [ELIGIBLE, CARER]
