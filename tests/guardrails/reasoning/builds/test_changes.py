from typing import Any, cast

import pytest

from craton.guardrails.reasoning.builds.changes import Change, changed
from craton.guardrails.reasoning.definition import Definition, Policy, PolicyError, complete
from tests.guardrails.reasoning.leave import CARER, DEFINITION, ELIGIBLE, PAY


def change(annotation: dict[str, object], definition: dict[str, object] = DEFINITION) -> Change:
    return changed(complete(definition), annotation)


def rules(definition: Definition) -> dict[str, str]:
    return {each["id"]: each["expression"] for each in definition["rules"]}


def test_a_rule_is_added_with_an_id_and_words() -> None:
    done = change({"addRule": {"expression": "(=>   hasCar (> parkingSpace 0))"}})
    added = done.definition["rules"][-1]
    assert added["expression"] == "(=> hasCar (> parkingSpace 0))"
    assert added["alternateExpression"] == "if hasCar is true, then parkingSpace is greater than 0"
    assert Policy.of(cast("Any", done.definition))
    assert done.mutation == {"addRule": {"rule": added}}
    again = change({"addRule": {"expression": "(=> hasCar (> parkingSpace 0))"}}, cast("Any", done.definition))
    assert len({each["id"] for each in again.definition["rules"]}) == 6


def test_the_definition_that_was_given_stays_as_it_was() -> None:
    definition = complete(DEFINITION)
    changed(definition, {"deleteRule": {"ruleId": PAY}})
    changed(definition, {"updateVariable": {"name": "hasCar", "newName": "ownsCar"}})
    assert definition == complete(DEFINITION)


def test_a_rule_is_changed_under_its_id() -> None:
    done = change({"updateRule": {"ruleId": PAY, "expression": "(=> (= leaveType MEDICAL) (= payShare 1))"}})
    assert rules(done.definition)[PAY] == "(=> (= leaveType MEDICAL) (= payShare 1.0))"
    assert done.prior == {
        "policyDefinitionRule": {"id": PAY, "expression": "(=> (= leaveType PARENTAL) (= payShare 0.65))"}
    }


def test_a_variable_is_renamed_in_every_rule() -> None:
    done = change({"updateVariable": {"name": "isFullTime", "newName": "full time", "description": "New."}})
    assert rules(done.definition)[ELIGIBLE] == "(=> (and |full time| (> tenureMonths 12)) eligibleForParentalLeave)"
    assert rules(done.definition)[PAY] == rules(complete(DEFINITION))[PAY]
    assert done.mutation == {
        "updateVariable": {"variable": {"name": "full time", "type": "BOOL", "description": "New."}}
    }


def test_a_type_is_changed_with_its_values() -> None:
    values = [
        {"addTypeValue": {"value": "SABBATICAL", "description": "A year off."}},
        {"updateTypeValue": {"value": "PARENTAL", "newValue": "FAMILY"}},
        {"deleteTypeValue": {"value": "MEDICAL"}},
    ]
    done = change({"updateType": {"name": "LeaveType", "newName": "Absence", "values": values}})
    (kind,) = done.definition["types"]
    assert [each["value"] for each in kind["values"]] == ["FAMILY", "LeaveType_OTHER", "SABBATICAL"]
    assert kind["values"][0]["description"] == "After a birth; Elternzeit."
    assert kind["name"] == "Absence"
    assert [each["type"] for each in done.definition["variables"] if each["name"] == "leaveType"] == ["Absence"]
    assert rules(done.definition)[PAY] == "(=> (= leaveType FAMILY) (= payShare 0.65))"


def test_types_and_variables_are_added_and_deleted() -> None:
    kind = {"name": "Site", "description": "Where.", "values": [{"value": "BERLIN"}, {"value": "WIEN"}]}
    definition = change({"addType": kind}).definition
    variable = {"name": "site", "type": "Site", "description": "Where one works."}
    definition = change({"addVariable": variable}, cast("Any", definition)).definition
    with pytest.raises(PolicyError, match="is that of the variables"):
        change({"deleteType": {"name": "Site"}}, cast("Any", definition))
    definition = change({"deleteVariable": {"name": "site"}}, cast("Any", definition)).definition
    assert change({"deleteType": {"name": "Site"}}, cast("Any", definition)).definition == complete(DEFINITION)


@pytest.mark.parametrize(
    ("annotation", "sentence"),
    [
        ({"deleteRule": {"ruleId": "NOSUCHRULE00"}}, "There is no rule 'NOSUCHRULE00'"),
        ({"deleteVariable": {"name": "isFullTime"}}, f"stands in the rules {ELIGIBLE}, {CARER}"),
        ({"deleteVariable": {"name": "nobody"}}, "There is no variable 'nobody'"),
        ({"updateVariable": {"name": "hasCar", "newName": "PARENTAL"}}, "every name of a policy must be unique"),
        ({"addRule": {"expression": "(> nobody 1)"}}, "'nobody' at character 4"),
        ({"addVariable": {"name": "x", "type": "Nothing", "description": ""}}, "has the type 'Nothing'"),
        (
            {"updateType": {"name": "LeaveType", "values": [{"deleteTypeValue": {"value": "PARENTAL"}}]}},
            f"'PARENTAL' stands in the rules {PAY}",
        ),
        (
            {"updateType": {"name": "LeaveType", "values": [{"deleteTypeValue": {"value": "NONE"}}]}},
            "There is no value of the type 'LeaveType' 'NONE'",
        ),
        ({"ingestContent": {"content": "text"}}, "describes no change by itself"),
    ],
)
def test_what_would_break_a_policy_is_refused(annotation: dict[str, object], sentence: str) -> None:
    with pytest.raises(PolicyError) as told:
        change(annotation)
    assert sentence in str(told.value)
