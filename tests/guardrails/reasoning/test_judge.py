import importlib.util
import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from craton.guardrails.findings import Action, Answered, Source, Undecided
from craton.guardrails.reasoning.judge import judge
from tests.guardrails.reasoning.leave import ARN, CARER, DEFINITION, ELIGIBLE, Writes, said


async def found(arn: str) -> Mapping[str, object]:
    assert arn == ARN
    return DEFINITION


POLICY = {"policies": [ARN], "confidenceThreshold": 0.7}


async def judged(text: str, query: str, means: Writes | None = None) -> list[object]:
    one = judge(POLICY, Source.OUTPUT, means or Writes(), found)
    assert one
    findings = await one.judge(Answered(text, query=query))
    assert {(each.policy, each.group, each.action) for each in findings} <= {
        ("automatedReasoningPolicy", "findings", Action.NONE)
    }
    return [each.entry for each in findings]


def statement(logic: str, words: str) -> dict[str, str]:
    return {"logic": logic, "naturalLanguage": words}


def test_a_guardrail_without_policies_has_no_judge() -> None:
    assert judge({"policies": []}, Source.OUTPUT, Writes(), found) is None


async def test_a_valid_answer() -> None:
    (entry,) = await judged("You are eligible for parental leave.", "I am full time and tenureMonths is 18.")
    true = [
        statement("isFullTime", "isFullTime is true"),
        statement("(= tenureMonths 18)", "tenureMonths is equal to 18"),
        statement("eligibleForParentalLeave", "eligibleForParentalLeave is true"),
    ]
    premise = statement("(and isFullTime (= tenureMonths 18))", "isFullTime is true and tenureMonths is equal to 18")
    assert entry == {
        "valid": {
            "translation": {
                "premises": [premise],
                "claims": [true[2]],
                "untranslatedPremises": [],
                "untranslatedClaims": [],
                "confidence": 1.0,
            },
            "supportingRules": [{"identifier": ELIGIBLE, "policyVersionArn": ARN}],
            "claimsTrueScenario": {"statements": true},
        }
    }


async def test_an_invalid_answer_names_the_rules_against_it_and_tells_a_state_that_shows_it() -> None:
    (entry,) = await judged("You are eligible for parental leave.", "I am not full time.")
    assert entry["invalid"]["contradictingRules"] == [  # type: ignore[index]
        {"identifier": CARER, "policyVersionArn": ARN}
    ]
    assert set(entry["invalid"]) == {"translation", "contradictingRules"}  # type: ignore[index]
    (claim,) = entry["invalid"]["translation"]["claims"]  # type: ignore[index]
    assert claim["logic"] == "eligibleForParentalLeave"
    assert re.fullmatch(
        "eligibleForParentalLeave is true. Counterexample, which the premises and the rules allow: "
        r"isFullTime is false, tenureMonths is equal to \d+, eligibleForParentalLeave is false\.",
        claim["naturalLanguage"],
    )


async def test_an_answer_that_depends() -> None:
    (entry,) = await judged("You are eligible for parental leave.", "I am full time.")
    assert set(entry["satisfiable"]) == {"translation", "claimsTrueScenario", "claimsFalseScenario"}  # type: ignore[index]


async def test_an_answer_that_contradicts_itself_has_a_warning() -> None:
    (entry,) = await judged("You are eligible for parental leave.", "I am full time. I am not full time.")
    assert entry["impossible"]["contradictingRules"] == []  # type: ignore[index]
    assert entry["impossible"]["logicWarning"]["type"] == "ALWAYS_FALSE"  # type: ignore[index]


async def test_an_ambiguous_answer() -> None:
    written = iter([True, False, True])
    means = Writes(lambda _, __: {"statements": [said(1, [("eligibleForParentalLeave", next(written))])]})
    (entry,) = await judged("Well, perhaps.", "", means)
    doubt = entry["translationAmbiguous"]  # type: ignore[index]
    assert [len(each["translations"]) for each in doubt["options"]] == [1, 1]
    assert len(doubt["differenceScenarios"]) == 2


async def test_an_answer_about_other_matters() -> None:
    assert await judged("Hello!", "", Writes(lambda _, __: {"statements": []})) == [{"noTranslations": {}}]


async def test_too_much_to_judge() -> None:
    assert await judged("Go. " * 100, "") == [{"tooComplex": {}}]


async def test_no_model_and_no_solver_are_undecided(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Undecided):
        await judged("Sure.", "")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(Undecided, match=r"craton\[reasoning\]"):
        await judged("You are eligible for parental leave.", "")


async def test_a_definition_that_is_broken_is_undecided() -> None:
    async def broken(arn: str) -> Mapping[str, object]:
        return {**DEFINITION, "rules": [{"id": "BROKEN000001", "expression": "(> nothing 1)"}]}

    one = judge(POLICY, Source.OUTPUT, Writes(), broken)
    assert one
    with pytest.raises(Undecided, match="BROKEN000001"):
        await one.judge(Answered("You are eligible for parental leave."))


PAGE = (Path(__file__).parents[3] / "docs" / "automated-reasoning.md").read_text()
EXAMPLE = json.loads(PAGE.partition("```json")[2].partition("```")[0])
ROWS = [row.split("|")[1:4] for row in PAGE.partition("| question | answer |")[2].partition("\n\n")[0].split("\n")[2:]]


@pytest.mark.parametrize(("query", "text", "result"), ROWS)
async def test_the_worked_example_of_the_page(query: str, text: str, result: str) -> None:
    async def example(arn: str) -> Mapping[str, object]:
        return dict(EXAMPLE)

    one = judge(POLICY, Source.OUTPUT, Writes(), example)
    assert one
    (found,) = await one.judge(Answered(text.strip(), query=query.strip()))
    ((kind, finding),) = found.entry.items()
    assert f"`{kind}`" in result
    rules = finding.get("supportingRules", finding.get("contradictingRules", []))  # type: ignore[union-attr]
    assert all(rule["identifier"] in result for rule in rules)  # type: ignore[union-attr, index]
    assert ("ALWAYS_FALSE" in result) == ("logicWarning" in finding)  # type: ignore[operator]
