from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from craton.guardrails.findings import Undecided
from craton.guardrails.reasoning.builds.build import Build, Document, Source, build
from craton.guardrails.reasoning.definition import PolicyError
from craton.guardrails.reasoning.solver import Solver
from tests.guardrails.reasoning.leave import CARER, DEFINITION, ELIGIBLE, PAY, Writes, conditions

TEXT = "Employees who work full time and have been here for more than 12 months may take parental leave."


Facts = Sequence[tuple[str, str, str, str]]
"""What a model finds in a sentence: part, words, variable, value."""


def stated(when: list[tuple[object, ...]], then: list[tuple[object, ...]]) -> dict[str, object]:
    return {"when": conditions(when), "then": conditions(then)}


def model(sentences: Mapping[str, Facts] | None = None, **other: object) -> Writes:
    """A model that takes these sentences apart so, and answers other questions by their member."""

    def write(instruction: str, schema: Mapping[str, Any]) -> object:
        (member,) = schema["properties"]
        if member != "facts":
            return {member: other[member]}
        found = (sentences or {}).get(
            instruction.rpartition("Sentence: ")[2], [("then", "nothing of it", "nothing", "true")]
        )
        return {"facts": [dict(zip(("part", "says", "variable", "is"), each, strict=True)) for each in found]}

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
    facts = [
        ("if", "employees work full time", "fullTime", "true"),
        ("if", "been here for more than 12 months", "months", "more than 12 months"),
        ("then", "may take parental leave", "mayTakeLeave", "true"),
    ]
    built = await made("INGEST_CONTENT", model({TEXT: facts}), documents=[Document("handbook", TEXT)])
    assert expressions(built) == ["(=> (and fullTime (> months 12)) mayTakeLeave)"]
    assert [(each["name"], each["type"]) for each in built.definition["variables"]] == [
        ("fullTime", "BOOL"),
        ("months", "INT"),
        ("mayTakeLeave", "BOOL"),
    ]
    (entry,) = built.log["entries"]  # type: ignore[misc]
    assert (entry["annotation"], entry["status"]) == ({"ingestContent": {"content": TEXT}}, "APPLIED")
    assert built.quality["ruleCount"] == 1
    assert built.scenarios
    assert built.test_cases
    assert built.fidelity
    assert built.fidelity["variableReports"]["mayTakeLeave"]["accuracyScore"] == 1.0  # type: ignore[index]
    assert f"From the sentence: {TEXT}" in messages(built)


LEFT_OUT = {
    "Parental leave has a pay share of 1.": [
        ("if", "parental leave", "leaveType", "PARENTAL"),
        ("then", "pay share of 1", "payShare", "1"),
    ],
    "Full time employees with more than 24 months are eligible for parental leave.": [
        ("if", "full time employees", "isFullTime", "true"),
        ("if", "with more than 24 months", "tenureMonths", "more than 24 months"),
        ("then", "are eligible for parental leave", "eligibleForParentalLeave", "true"),
    ],
    "Medical leave has a pay share of 1.": [
        ("if", "medical leave", "leaveType", "MEDICAL"),
        ("then", "pay share of 1", "payShare", "1"),
    ],
}


async def test_what_a_model_finds_is_kept_only_where_nothing_speaks_against_it() -> None:
    document = Document("handbook", "\n".join(LEFT_OUT))
    built = await made("INGEST_CONTENT", model(LEFT_OUT), definition=DEFINITION, documents=[document])
    assert expressions(built)[4:] == ["(=> (= leaveType MEDICAL) (= payShare 1.0))"]
    left_out = [each for each in messages(built) if each.startswith("Not formalised")]
    first, second, _ = LEFT_OUT
    assert [(each.split("'")[1], each.rpartition("}. ")[2]) for each in left_out] == [
        (first, f"It contradicts the rule {PAY}."),
        (second, f"It follows from the rule {ELIGIBLE} already."),
    ]


async def test_a_model_is_told_once_what_it_left_out() -> None:
    said = "Employees with more than 3 cars pay for parking."
    wrong = [{"part": "then", "says": "employees pay for parking", "variable": "paysParking", "is": "true"}]
    right = [{"part": "if", "says": "more than 3 cars", "variable": "cars", "is": "more than 3 cars"}, *wrong]
    means = Writes(lambda instruction, _: {"facts": right if "left out" in instruction else wrong})
    built = await made("INGEST_CONTENT", means, documents=[Document("handbook", f"Cars\n\n{said}")])
    assert expressions(built) == ["(=> (> cars 3) paysParking)"]
    first, second = means.instructions
    assert first.endswith(said)
    assert 'The amount "more than 3 cars" was left out.' in second


async def test_a_sentence_that_is_not_understood_is_told() -> None:
    said = "Employees with more than 3 cars pay for parking."
    facts = [("then", "employees pay for parking", "paysParking", "true")]
    built = await made("INGEST_CONTENT", model({said: facts}), documents=[Document("handbook", said)])
    assert not built.definition["rules"]
    assert f"Not formalised: '{said}'. The amount \"more than 3 cars\" was left out." in messages(built)


async def test_what_other_sentences_say_of_some_cases_is_an_exception() -> None:
    sentences = {
        "A return costs 4 euros.": [("then", "a return costs 4 euros", "cost", "4 euros")],
        "For members a return is free.": [
            ("if", "for members", "isMember", "true"),
            ("then", "a return is free", "cost", "0"),
        ],
    }
    built = await made("INGEST_CONTENT", model(sentences), documents=[Document("shop", "\n".join(sentences))])
    assert expressions(built) == ["(=> (not isMember) (= cost 4.0))", "(=> isMember (= cost 0.0))"]
    assert "Other sentences say otherwise for some cases: these are read as exceptions." in messages(built)


async def test_a_text_without_rules_is_told() -> None:
    built = await made("INGEST_CONTENT", model(), documents=[Document("poem", "Roses are red.")])
    assert not built.definition["rules"]
    assert messages(built) == ["Not formalised: 'Roses are red.'. No fact was told in words of the sentence."]
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
    said = "In medical leave the pay share is 1."
    facts = [("if", "in medical leave", "leaveType", "MEDICAL"), ("then", "the pay share is 1", "payShare", "1")]
    means = model({said: facts})
    annotation = {"addRuleFromNaturalLanguage": {"naturalLanguage": said}}
    built = await made("REFINE_POLICY", means, definition=DEFINITION, annotations=[annotation])
    assert expressions(built)[4:] == ["(=> (= leaveType MEDICAL) (= payShare 1.0))"]
    assert said in means.instructions[0]


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
