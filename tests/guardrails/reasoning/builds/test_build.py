from collections.abc import Mapping
from typing import Any

import pytest

from craton.guardrails.findings import Undecided
from craton.guardrails.reasoning.builds.build import Build, Document, Source, build
from craton.guardrails.reasoning.definition import PolicyError
from craton.guardrails.reasoning.solver import Solver
from tests.guardrails.reasoning.builds.test_vocabulary import named
from tests.guardrails.reasoning.leave import CARER, DEFINITION, ELIGIBLE, PAY, Writes, conditions

TEXT = "Employees who work full time and have been here for more than 12 months may take parental leave."


def stated(when: list[tuple[object, ...]], then: list[tuple[object, ...]]) -> dict[str, object]:
    return {"when": conditions(when), "then": conditions(then)}


def model(verb: str = "", **other: object) -> Writes:
    """A model that takes this word for a verb, names variables by their last two words, and answers other questions by
    their member.
    """

    def write(instruction: str, schema: Mapping[str, Any]) -> object:
        member = next(iter(schema["properties"]))
        return named(instruction, schema) if member == "1" else {"verb": verb, **other}

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
    built = await made("INGEST_CONTENT", model(), documents=[Document("handbook", TEXT)])
    assert expressions(built) == ["(=> (and fullTime (> thanMonths 12)) parentalLeave)"]
    assert {each["name"]: each["type"] for each in built.definition["variables"]} == {
        "thanMonths": "INT",
        "fullTime": "BOOL",
        "parentalLeave": "BOOL",
    }
    (entry,) = built.log["entries"]  # type: ignore[misc]
    assert (entry["annotation"], entry["status"]) == ({"ingestContent": {"content": TEXT}}, "APPLIED")
    assert built.quality["ruleCount"] == 1
    assert built.scenarios
    assert built.test_cases
    assert built.fidelity
    assert built.fidelity["variableReports"]["parentalLeave"]["accuracyScore"] == 1.0  # type: ignore[index]
    assert f"From the sentence: {TEXT}" in messages(built)
    assert "Taken as given of all that it speaks of: 'Employees'." in messages(built)


LEFT_OUT = (
    "If it is parental leave, the pay share is 1.",
    "Full time employees with more than 24 tenure months are eligible for parental leave.",
    "If it is medical leave, the pay share is 1.",
)


async def test_what_sentences_say_is_kept_only_where_nothing_speaks_against_it() -> None:
    document = Document("handbook", "\n".join(LEFT_OUT))
    built = await made("INGEST_CONTENT", model(), definition=DEFINITION, documents=[document])
    assert expressions(built)[4:] == ["(=> (= leaveType MEDICAL) (= payShare 1.0))"]
    left_out = [each for each in messages(built) if each.startswith("Not formalised")]
    first, second, _ = LEFT_OUT
    assert [(each.split("'")[1], each.rpartition("}. ")[2]) for each in left_out] == [
        (first, f"It contradicts the rule {PAY}."),
        (second, f"It follows from the rule {ELIGIBLE} already."),
    ]


async def test_the_model_is_asked_where_grammar_does_not_tell_a_verb() -> None:
    said = "Employees who own a bicycle that was new get a bonus."
    means = model("get")
    built = await made("INGEST_CONTENT", means, documents=[Document("handbook", f"Cars\n\n{said}")])
    assert expressions(built) == ["(=> wasNew aBonus)"]
    assert "get" in means.schemas[0]["properties"]["verb"]["enum"]  # type: ignore[index]
    assert means.instructions[0] == f"Sentence: {said}"


async def test_a_sentence_that_is_not_understood_is_told() -> None:
    said = "Guests must pay 5 euros for 3 days."
    built = await made("INGEST_CONTENT", model(), documents=[Document("handbook", said)])
    assert not built.definition["rules"]
    assert f"Not formalised: '{said}'. \"3 days\" stands beside another amount; write a sentence for each." in messages(
        built
    )


async def test_what_other_sentences_say_of_some_cases_is_an_exception() -> None:
    text = "The return is 4 euros.\nFor members, the return is free."
    built = await made("INGEST_CONTENT", model(), documents=[Document("shop", text)])
    assert expressions(built) == ["(=> (not forMembers) (= isEuros 4.0))", "(=> forMembers (= isEuros 0.0))"]
    assert "Other sentences say otherwise for some cases: these are read as exceptions." in messages(built)


async def test_a_demand_that_others_make_a_condition_is_no_rule() -> None:
    text = "Receipts must be handed in within 60 days.\nReceipts that are handed in after 60 days are not paid."
    built = await made("INGEST_CONTENT", model(), documents=[Document("shop", text)])
    assert len(built.definition["rules"]) == 1
    assert any("It demands what other sentences make a condition" in each for each in messages(built))


async def test_a_text_without_rules_is_told() -> None:
    built = await made("INGEST_CONTENT", model(), documents=[Document("poem", "This is a rose.")])
    assert not built.definition["rules"]
    assert messages(built) == [
        "Not formalised: 'This is a rose.'. It hangs on another sentence; say in it what it is about."
    ]
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
    said = "In medical leave, the pay share is 1."
    annotation = {"addRuleFromNaturalLanguage": {"naturalLanguage": said}}
    built = await made("REFINE_POLICY", model(), definition=DEFINITION, annotations=[annotation])
    assert expressions(built)[4:] == ["(=> (= leaveType MEDICAL) (= payShare 1.0))"]


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
    built = await made("RESOLVE_POLICY_AMBIGUITIES", model(variables=described), definition=DEFINITION)
    assert {each["name"]: each["description"] for each in built.definition["variables"]}["hasCar"] == (
        "Owns or leases a car."
    )
    assert len(built.definition["rules"]) == 4


async def test_a_policy_is_refined_by_documents_and_feedback() -> None:
    means = model(changes=[{"action": "delete", "id": PAY}])
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
