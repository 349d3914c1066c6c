"""Verdicts as the two APIs write them: bedrock-runtime's findings and bedrock's, whose rules have other keys.

Knows no solver. https://docs.aws.amazon.com/bedrock/latest/APIReference/API_AutomatedReasoningCheckFinding.html
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from craton.guardrails.reasoning.logic.writing import cut, statement, statements
from craton.guardrails.reasoning.verdicts import Result, Scenario, Translation, Verdict


class RuleKey(StrEnum):
    """What the id of a rule is called: in an assessment of a guardrail, and in the result of a test."""

    ASSESSMENT = "identifier"
    TEST = "id"


MEMBERS = {
    Result.VALID: "valid",
    Result.INVALID: "invalid",
    Result.SATISFIABLE: "satisfiable",
    Result.IMPOSSIBLE: "impossible",
    Result.TRANSLATION_AMBIGUOUS: "translationAmbiguous",
    Result.TOO_COMPLEX: "tooComplex",
    Result.NO_TRANSLATION: "noTranslations",
}
_RULES = {
    Result.VALID: "supportingRules",
    Result.INVALID: "contradictingRules",
    Result.IMPOSSIBLE: "contradictingRules",
}


def finding(verdict: Verdict, arn: str, key: RuleKey) -> dict[str, object]:
    """The union that a finding is; `arn` is that of the version of the policy."""
    body: dict[str, object] = {}
    if verdict.translation:
        body["translation"] = translated(verdict.translation)
    if verdict.result == Result.INVALID and verdict.translation and verdict.false:
        body["translation"] = _refuted(verdict.translation, verdict.false)
    if member := _RULES.get(verdict.result):
        body[member] = [{key.value: rule, "policyVersionArn": arn} for rule in verdict.rules]
    if verdict.true:
        body["claimsTrueScenario"] = scenario(verdict.true)
    if verdict.false and verdict.result != Result.INVALID:
        body["claimsFalseScenario"] = scenario(verdict.false)
    if verdict.warning and verdict.translation:
        premises, claims = verdict.translation.premises, verdict.translation.claims
        warning: dict[str, object] = {"type": verdict.warning.value}
        body["logicWarning"] = warning | {
            "premises": [statement(each) for each in premises],
            "claims": [statement(each) for each in claims],
        }
    if verdict.result == Result.TRANSLATION_AMBIGUOUS:
        body["options"] = [{"translations": [translated(option)]} for option in verdict.options[:2]]
        body["differenceScenarios"] = [scenario(each) for each in verdict.differences[:2]]
    return {MEMBERS[verdict.result]: body}


def translated(translation: Translation) -> dict[str, object]:
    return {
        "premises": [statement(term) for term in translation.premises],
        "claims": [statement(term) for term in translation.claims],
        "untranslatedPremises": _texts(translation.untranslated_premises),
        "untranslatedClaims": _texts(translation.untranslated_claims),
        "confidence": round(translation.confidence, 4),
    }


def _refuted(translation: Translation, state: Scenario) -> dict[str, object]:
    """A translation whose claims are false. The shape of such a finding has no member for the state that shows it, so
    the words of the first claim tell it.
    """
    claims = [statement(term) for term in translation.claims]
    words = ", ".join(each["naturalLanguage"] for each in statements(state.model, state.variables))
    told = f"{claims[0]['naturalLanguage']}. Counterexample, which the premises and the rules allow: {words}."
    claims[0]["naturalLanguage"] = cut(told)
    return {**translated(translation), "claims": claims}


def scenario(state: Scenario) -> Mapping[str, object]:
    return {"statements": statements(state.model, state.variables)}


def _texts(texts: Sequence[str]) -> list[dict[str, str]]:
    return [{"text": cut(text)} for text in texts]
