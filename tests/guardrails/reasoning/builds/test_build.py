from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from craton.guardrails.findings import Undecided
from craton.guardrails.reasoning.builds.build import Build, Document, Source, build
from craton.guardrails.reasoning.definition import PolicyError
from craton.guardrails.reasoning.solver import Solver
from tests.guardrails.reasoning.leave import CARER, DEFINITION, ELIGIBLE, PAY, Writes, conditions

TEXT = "Employees who work full time and have been here for more than 12 months may take parental leave."


def told(name: str, kind: str, description: str = "Told.") -> dict[str, object]:
    return {"name": name, "kind": kind, "description": description}


def stated(when: list[tuple[object, ...]], then: list[tuple[object, ...]]) -> dict[str, object]:
    return {"when": conditions(when), "then": conditions(then)}


def model(variables: Sequence[object] = (), rules: Sequence[object] = (), **other: object) -> Writes:
    """A model that names these variables, states these rules, and answers other questions by their member."""
    answers = {"variables": variables, "rules": rules, **other}

    def write(_: str, schema: Mapping[str, Any]) -> object:
        (member,) = schema["properties"]
        return {member: answers[member]}

    return Writes(write)


async def made(kind: str, means: Writes | None = None, **source: Any) -> Build:
    return await build(kind, Source(source.pop("definition", {}), **source), means or Writes(), Solver())


def messages(built: Build) -> list[str]:
    return [
        message["message"]
        for entry in built.log["entries"]  # type: ignore[attr-defined]
        for step in entry["buildSteps"]
        for message in step["messages"]
    ]


def expressions(built: Build) -> list[str]:
    return [each["expression"] for each in built.definition["rules"]]


async def test_a_document_becomes_a_policy() -> None:
    means = model(
        [told("fullTime", "BOOL"), told("months", "INT", TEXT), told("mayTakeLeave", "BOOL"), told("unused", "BOOL")],
        [stated([("fullTime", True), ("months", ">", 12)], [("mayTakeLeave", True)])],
    )
    built = await made("INGEST_CONTENT", means, documents=[Document("handbook", TEXT)])
    assert expressions(built) == ["(=> (and fullTime (> months 12)) mayTakeLeave)"]
    assert [each["name"] for each in built.definition["variables"]] == ["fullTime", "months", "mayTakeLeave"]
    (entry,) = built.log["entries"]  # type: ignore[misc]
    assert (entry["annotation"], entry["status"]) == ({"ingestContent": {"content": TEXT}}, "APPLIED")
    assert built.quality["ruleCount"] == 1
    assert built.scenarios
    assert built.test_cases
    assert built.fidelity
    assert built.fidelity["variableReports"]["months"]["accuracyScore"] == 1.0  # type: ignore[index]
    assert "No rule uses 'unused'." in messages(built)


async def test_a_choice_becomes_a_type_whose_names_are_unique() -> None:
    choices = [
        told("leave", "CHOICE") | {"values": ["PARENTAL", "OTHER"]},
        told("severity", "CHOICE") | {"values": ["HIGH", "OTHER"]},
    ]
    means = model(choices, [stated([("leave", "=", "OTHER")], [("severity", "!=", "Severity_OTHER")])])
    built = await made("INGEST_CONTENT", means, documents=[Document("handbook", TEXT)])
    assert {each["name"]: [value["value"] for value in each["values"]] for each in built.definition["types"]} == {
        "Leave": ["PARENTAL", "OTHER"],
        "Severity": ["HIGH", "Severity_OTHER"],
    }
    assert expressions(built) == ["(=> (= leave OTHER) (not (= severity Severity_OTHER)))"]


async def test_what_a_model_proposes_is_kept_only_where_nothing_speaks_against_it() -> None:
    means = model(
        [told("isFullTime", "INT")],  # known already
        [
            stated([("leaveType", "=", "PARENTAL")], [("payShare", "=", 1)]),
            stated([("isFullTime", True), ("tenureMonths", ">", 24)], [("eligibleForParentalLeave", True)]),
            stated([("isFullTime", True), ("isFullTime", False)], [("hasCar", True)]),
            stated([("leaveType", "=", "MEDICAL")], [("payShare", "=", 1)]),
        ],
    )
    built = await made("INGEST_CONTENT", means, definition=DEFINITION, documents=[Document("handbook", TEXT)])
    assert expressions(built)[4:] == ["(=> (= leaveType MEDICAL) (= payShare 1.0))"]
    left_out = [each for each in messages(built) if each.startswith("Left out")]
    assert [each.rpartition("}. ")[2] for each in left_out] == [
        f"It contradicts the rule {PAY}.",
        f"It follows from the rule {ELIGIBLE} already.",
        "It is always true, and so says nothing.",
    ]


async def test_a_model_is_told_once_what_speaks_against_its_rule() -> None:
    wrong = stated([("leaveType", "=", "PARENTAL")], [("payShare", "=", 1)])
    right = stated([("leaveType", "=", "MEDICAL")], [("payShare", "=", 1)])
    seen: list[str] = []

    def write(instruction: str, schema: Mapping[str, Any]) -> object:
        if "variables" in schema["properties"]:
            return {"variables": []}
        seen.append(instruction)
        return {"rules": [wrong] if len(seen) == 1 else [wrong, right]}

    document = Document("handbook", "Leave\n\nEmployees who are ill get full pay.")
    built = await made("INGEST_CONTENT", Writes(write), definition=DEFINITION, documents=[document])
    assert expressions(built)[4:] == ["(=> (= leaveType MEDICAL) (= payShare 1.0))"]
    first, second = seen
    assert "Sentence: Employees who are ill get full pay." in first
    assert f"It contradicts the rule {PAY}." not in first
    assert f"It contradicts the rule {PAY}." in second


async def test_a_text_without_rules_is_told() -> None:
    built = await made("INGEST_CONTENT", model(), documents=[Document("poem", "Roses are red.")])
    assert not built.definition["rules"]
    assert messages(built) == ["The text states no rule that was understood."]
    assert built.log["entries"][0]["status"] == "FAILED"  # type: ignore[index]


async def test_a_long_document_is_read_piece_by_piece() -> None:
    text = "\n\n".join(f"Paragraph {number}. " + "Words follow. " * 60 for number in range(5))
    built = await made("INGEST_CONTENT", model(), documents=[Document("long", text)])
    contents = [each["annotation"]["ingestContent"]["content"] for each in built.log["entries"]]  # type: ignore[attr-defined]
    assert len(contents) == 5
    assert "".join(contents).count("Words follow.") == 300


async def test_a_persons_changes_are_made_one_after_another() -> None:
    annotations = [
        {"addVariable": {"name": "onProbation", "type": "BOOL", "description": "In the first months."}},
        {"addRule": {"expression": "(=> onProbation (not eligibleForParentalLeave))"}},
        {"deleteRule": {"ruleId": "NOSUCHRULE00"}},
        {"addRule": {"expression": "(=> (= leaveType PARENTAL) (= payShare 1))"}},
        {"addRule": {"expression": "(>= parkingSpace 0)"}},
    ]
    built = await made("REFINE_POLICY", definition=DEFINITION, annotations=annotations)
    assert [each["status"] for each in built.log["entries"]] == [  # type: ignore[attr-defined]
        *("APPLIED", "APPLIED", "FAILED", "APPLIED", "APPLIED")
    ]
    assert len(built.definition["rules"]) == 7
    told = messages(built)
    assert "There is no rule 'NOSUCHRULE00' in the policy; name one that it has." in told
    assert f"It contradicts the rule {PAY}." in told
    assert any("IMPOSSIBLE" in each for each in told)  # a bare assertion
    assert PAY in built.quality["conflictingRules"]  # type: ignore[operator]


async def test_a_rule_in_words() -> None:
    means = model([], [stated([("leaveType", "=", "MEDICAL")], [("payShare", "=", 1.0)])])
    annotation = {"addRuleFromNaturalLanguage": {"naturalLanguage": "Who is ill gets full pay."}}
    built = await made("REFINE_POLICY", means, definition=DEFINITION, annotations=[annotation])
    assert expressions(built)[4:] == ["(=> (= leaveType MEDICAL) (= payShare 1.0))"]
    assert "Who is ill gets full pay." in means.instructions[1]


async def test_feedback_on_rules() -> None:
    rule = stated([("leaveType", "=", "PARENTAL")], [("payShare", "=", 0.8)])
    means = model(changes=[{"action": "replace", "id": PAY, "rule": rule}, {"action": "delete", "id": "PARKING00001"}])
    annotation = {"updateFromRulesFeedback": {"ruleIds": [PAY, "PARKING00001"], "feedback": "It is 80 % now."}}
    built = await made("REFINE_POLICY", means, definition=DEFINITION, annotations=[annotation])
    assert [each["id"] for each in built.definition["rules"]] == [ELIGIBLE, CARER, PAY]
    assert expressions(built)[2] == "(=> (= leaveType PARENTAL) (= payShare 0.8))"
    assert "80 %" in means.instructions[0]
    assert ELIGIBLE not in means.instructions[0]


@pytest.mark.parametrize(
    ("pay", "message"), [(0.65, "The scenario is no longer possible."), (1.0, "The scenario is still possible.")]
)
async def test_feedback_on_a_scenario_is_verified(pay: float, message: str) -> None:
    rule = stated([("leaveType", "=", "MEDICAL")], [("payShare", "=", pay)])
    annotation = {
        "updateFromScenarioFeedback": {
            "scenarioExpression": "(and (= leaveType MEDICAL) (= payShare 1.0))",
            "feedback": "Nobody gets all of it.",
        }
    }
    means = model(changes=[{"action": "add", "rule": rule}])
    built = await made("REFINE_POLICY", means, definition=DEFINITION, annotations=[annotation])
    assert message in messages(built)
    assert len(built.definition["rules"]) == 5


async def test_a_scenario_that_cannot_be_read_is_told() -> None:
    annotation = {"updateFromScenarioFeedback": {"scenarioExpression": "(= nobody 1)"}}
    built = await made("REFINE_POLICY", definition=DEFINITION, annotations=[annotation])
    assert "'nobody' at character 4" in messages(built)[0]


async def test_descriptions_are_made_clearer() -> None:
    described = [{"name": "hasCar", "description": "Owns or leases a car."}]
    built = await made("RESOLVE_POLICY_AMBIGUITIES", model(described), definition=DEFINITION)
    assert {each["name"]: each["description"] for each in built.definition["variables"]}["hasCar"] == (
        "Owns or leases a car."
    )
    assert len(built.definition["rules"]) == 4


async def test_a_policy_is_refined_by_documents_and_feedback() -> None:
    means = model([], [], changes=[{"action": "delete", "id": PAY}])
    built = await made(
        "ITERATIVELY_REFINE_POLICY", means, definition=DEFINITION, documents=[Document("a", TEXT)], feedback="No pay."
    )
    assert PAY not in [each["id"] for each in built.definition["rules"]]
    assert len(built.log["entries"]) == 2  # type: ignore[arg-type]


async def test_an_import_is_examined_and_nothing_else() -> None:
    built = await made("IMPORT_POLICY", definition=DEFINITION)
    assert built.definition == DEFINITION
    assert (built.log, built.scenarios, built.fidelity) == ({"entries": []}, None, None)


async def test_scenarios_need_no_model() -> None:
    built = await made("GENERATE_POLICY_SCENARIOS", definition=DEFINITION)
    assert built.scenarios


async def test_a_fidelity_report_ties_rules_to_statements() -> None:
    text = "Full time work matters.\nPay: payShare is 0.65 where leaveType is PARENTAL. The canteen serves soup."
    means = Writes()
    means.answers = {"eligibleForParentalLeave is": {"yes": 0.1, "partly": 0.2, "no": 0.7}}
    built = await made("GENERATE_FIDELITY_REPORT", means, definition=DEFINITION, documents=[Document("handbook", text)])
    report: Any = built.fidelity
    (source,) = report["documentSources"]
    assert [(each["id"], each["location"]) for each in source["atomicStatements"]] == [
        ("S1", {"lines": [1]}),
        ("S2", {"lines": [2]}),
        ("S3", {"lines": [2]}),
    ]
    assert report["ruleReports"][PAY]["groundingStatements"] == [{"documentId": "D1", "statementId": "S2"}]
    assert report["ruleReports"][PAY]["accuracyScore"] == 1.0
    assert report["ruleReports"]["PARKING00001"]["accuracyScore"] == 0.0
    assert report["ruleReports"]["PARKING00001"]["groundingStatements"] == []
    assert 0 < report["coverageScore"] < 1
    assert 0 < report["accuracyScore"] < 1
    assert source["documentContent"][0]["content"][0] == {
        "line": {"lineNumber": 1, "lineText": "Full time work matters."}
    }


@pytest.mark.parametrize(
    ("kind", "source", "sentence"),
    [
        ("INGEST_CONTENT", {}, "needs a document"),
        ("INGEST_CONTENT", {"documents": [Document("big", "a" * 50_001)]}, "have 50001 characters"),
        ("BAKE_CAKE", {}, "no build workflow of the type 'BAKE_CAKE'"),
        ("IMPORT_POLICY", {"definition": {"rules": [{"id": "A", "expression": "(> x 1)"}]}}, "The rule 'A'"),
    ],
)
async def test_a_source_that_does_not_fit_is_refused(kind: str, source: dict[str, Any], sentence: str) -> None:
    with pytest.raises(PolicyError, match=sentence):
        await made(kind, **source)


async def test_without_a_model_a_document_cannot_be_read() -> None:
    with pytest.raises(Undecided):
        await made("INGEST_CONTENT", documents=[Document("handbook", TEXT)])
