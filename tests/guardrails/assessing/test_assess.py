"""Whole contents: what each is for, what remains of them, and what the assessment tells of it in AWS's shapes."""

from typing import Any

import pytest

from craton.core.trace import GUARDRAIL, Trace
from craton.guardrails.assessing.assess import Content, assess
from craton.guardrails.assessing.verdict import Terms, Verdict
from craton.guardrails.findings import Action, Finding, Image, Source
from craton.guardrails.guard import Guard, Judges
from craton.wire.spec import Shape, load_service
from tests.guardrails.assessing.judges import Broken, Dark, Grounded, Pattern, Tone, guard, judges

MAIL = Pattern("EMAIL", r"\w+@\w+\.\w+")
RUDE = Tone("rude")


async def assessed(
    given: Judges,
    *contents: Content | str,
    images: tuple[Image, ...] = (),
    source: Source = Source.INPUT,
    terms: Terms | None = None,
    of: Guard | None = None,
    trace: Trace | None = None,
) -> Verdict:
    made = [Content(each) if isinstance(each, str) else each for each in contents]
    return await assess(of or guard(), source, given, made, images, terms or Terms(), trace=trace)


def shown(verdict: Verdict) -> dict[str, Any]:
    return dict(verdict.assessment)


async def test_each_text_is_masked_by_itself_and_all_come_out_in_their_order() -> None:
    verdict = await assessed(judges(MAIL), "mail to a@b.de", "nothing here", "c@d.de")
    assert verdict.action == "GUARDRAIL_INTERVENED"
    assert verdict.reason == "Guardrail masked."
    assert verdict.outputs == ["mail to {EMAIL}", "nothing here", "{EMAIL}"]
    matches = [entry["match"] for entry in shown(verdict)["sensitiveInformationPolicy"]["regexes"]]
    assert matches == ["a@b.de", "c@d.de"]


@pytest.mark.parametrize(
    ("source", "message"),
    [(Source.INPUT, "Please ask something else."), (Source.OUTPUT, "I would rather not say.")],
)
async def test_what_is_blocked_is_replaced_by_the_one_message_for_its_source(source: Source, message: str) -> None:
    verdict = await assessed(judges(MAIL, RUDE), "to a@b.de", "how rude", source=source)
    assert (verdict.action, verdict.reason) == ("GUARDRAIL_INTERVENED", "Guardrail blocked.")
    assert verdict.blocked
    assert verdict.outputs == [message]


async def test_without_an_intervention_nothing_comes_out() -> None:
    verdict = await assessed(judges(MAIL, RUDE), "good morning")
    assert (verdict.action, verdict.reason, verdict.outputs) == ("NONE", "No action.", [])
    assert "contentPolicy" not in verdict.assessment


async def test_what_texts_are_only_compared_with_is_counted_and_not_guarded() -> None:
    source = Content.of("The library opens at nine. Mail a@b.de.", ["grounding_source"])
    query = Content.of("When does it open?", ["query"])
    given = judges(MAIL, whole=[Grounded()])
    grounded = await assessed(given, source, query, "opens at nine", source=Source.OUTPUT)
    assert grounded.action == "NONE"
    guarded, total = 13, 13 + len(source.text) + len(query.text)
    assert grounded.coverage == {"textCharacters": {"guarded": guarded, "total": total}}
    assert grounded.units["contextualGroundingPolicyUnits"] == 1
    (entry,) = shown(grounded)["contextualGroundingPolicy"]["filters"]
    assert entry == {"type": "GROUNDING", "threshold": 0.8, "score": 1.0, "action": "NONE", "detected": False}
    made_up = await assessed(given, source, query, "opens at ten", source=Source.OUTPUT)
    assert made_up.blocked
    nothing_to_compare = await assessed(given, "opens at ten", source=Source.OUTPUT)
    assert nothing_to_compare.action == "NONE"
    assert nothing_to_compare.units["contextualGroundingPolicyUnits"] == 0


async def test_a_source_may_be_guarded_too() -> None:
    both = Content.of("Mail a@b.de.", ["grounding_source", "guard_content"])
    verdict = await assessed(judges(MAIL), both)
    assert verdict.outputs == ["Mail {EMAIL}."]


async def test_only_what_is_compared_is_still_counted_as_it_is_in_aws() -> None:
    verdict = await assessed(judges(RUDE), Content.of("rude " * 14, ["grounding_source"]))
    assert verdict.action == "NONE"
    assert verdict.coverage == {"textCharacters": {"guarded": 0, "total": 70}}
    assert verdict.units["contentPolicyUnits"] == 1


async def test_units_count_each_policy_that_judged_and_a_thousand_characters_begun() -> None:
    one, more = "x" * 600, "x" * 401
    body = {"sensitiveInformationPolicy": {"regexes": [{"name": "EMAIL"}]}}
    verdict = await assessed(judges(MAIL, RUDE), one, more, of=guard(**body))
    assert verdict.units == {
        "topicPolicyUnits": 0,
        "contentPolicyUnits": 2,
        "wordPolicyUnits": 0,
        "sensitiveInformationPolicyUnits": 0,
        "sensitiveInformationPolicyFreeUnits": 2,
        "contextualGroundingPolicyUnits": 0,
        "contentPolicyImageUnits": 0,
        "automatedReasoningPolicyUnits": 0,
        "automatedReasoningPolicies": 0,
    }
    personal = {"piiEntities": [{"type": "EMAIL", "inputEnabled": False}, {"type": "NAME"}]}
    verdict = await assessed(judges(MAIL), "x", of=guard(sensitiveInformationPolicy=personal))
    assert verdict.units["sensitiveInformationPolicyUnits"] == 1
    assert verdict.units["sensitiveInformationPolicyFreeUnits"] == 0


async def test_pictures_are_judged_and_counted_where_a_filter_is_for_them() -> None:
    light, dark = Image("png", b"a light one"), Image("jpeg", b"a dark one")
    given = judges(RUDE, images=[Dark()])
    verdict = await assessed(given, "a text", images=(light, dark))
    assert verdict.blocked
    assert verdict.coverage["images"] == {"guarded": 2, "total": 2}
    assert verdict.units["contentPolicyImageUnits"] == 2
    assert (await assessed(given, images=(light,))).action == "NONE"
    unguarded = await assessed(judges(RUDE), images=(dark,))
    assert unguarded.action == "NONE"
    assert unguarded.coverage["images"] == {"guarded": 0, "total": 1}
    assert unguarded.units["contentPolicyImageUnits"] == 0


async def test_a_policy_that_cannot_judge_blocks_or_passes_and_is_told_of_once() -> None:
    told = "The topicPolicy could not be judged: The model 'm' is not installed. Run `craton pull m`."
    blocked = await assessed(judges(Broken(), MAIL), "to a@b.de", "more")
    assert (blocked.blocked, blocked.reason) == (True, f"Guardrail blocked. {told}")
    passed = await assessed(judges(Broken(), MAIL), "to a@b.de", "more", terms=Terms(undecided="pass"))
    assert (passed.outputs, passed.reason) == (["to {EMAIL}", "more"], f"Guardrail masked. {told}")


async def test_the_assessment_tells_which_guardrail_was_applied_and_why() -> None:
    verdict = await assessed(judges(), "a text", terms=Terms(origin="ACCOUNT_ENFORCED", ownership="CROSS_ACCOUNT"))
    assert verdict.assessment["appliedGuardrailDetails"] == {
        "guardrailId": "abc123def456",
        "guardrailVersion": "7",
        "guardrailArn": "arn:aws:bedrock:us-east-1:111122223333:guardrail/abc123def456",
        "guardrailOrigin": ["ACCOUNT_ENFORCED"],
        "guardrailOwnership": "CROSS_ACCOUNT",
    }
    metrics = shown(verdict)["invocationMetrics"]
    assert metrics["usage"] == verdict.units
    assert metrics["guardrailCoverage"] == verdict.coverage
    assert metrics["guardrailProcessingLatency"] == verdict.latency_ms >= 0


async def test_the_assessment_is_that_of_the_service_model() -> None:
    words = Pattern("", "foo", Action.BLOCK, policy="wordPolicy", group="customWords")
    verdict = await assessed(
        judges(words, MAIL, RUDE, images=[Dark()], whole=[Grounded()]),
        "foo a@b.de rude",
        Content.of("a source", ["grounding_source"]),
        images=(Image("png", b"dark"),),
    )
    _fits(load_service("bedrock-runtime").shapes["GuardrailAssessment"], shown(verdict))


def _fits(shape: Shape, value: Any) -> None:
    """All members are the model's, and none that it requires is missing but for lists that would be empty."""
    if shape.type == "structure":
        required = {name for name in shape.required if shape.members[name].shape.type != "list"}
        assert required <= set(value) <= set(shape.members), shape
        for name, held in value.items():
            _fits(shape.members[name].shape, held)
    elif shape.member:
        for each in value:
            _fits(shape.member.shape, each)


async def test_findings_of_reasoning_are_told_each_as_they_are() -> None:
    class Reasoned(Grounded):
        async def judge(self, answered: object, *, full: bool = False) -> list[Finding]:
            return [
                Finding("automatedReasoningPolicy", "findings", {kind: {}}, Action.NONE)
                for kind in ("valid", "tooComplex")
            ]

    reasoned = Reasoned(policy="automatedReasoningPolicy")
    of = guard(automatedReasoningPolicy={"policies": ["arn:1", "arn:2"]})
    verdict = await assessed(judges(whole=[reasoned]), "An answer.", source=Source.OUTPUT, of=of)
    assert verdict.assessment["automatedReasoningPolicy"] == {"findings": [{"valid": {}}, {"tooComplex": {}}]}
    assert verdict.units["automatedReasoningPolicyUnits"] == 1
    assert verdict.units["automatedReasoningPolicies"] == 2


async def test_the_trace_has_one_span_for_all_of_it() -> None:
    trace = Trace()
    await assessed(judges(MAIL, RUDE), "a@b.de", "x" * 2000, trace=trace)
    (span,) = trace.spans
    assert (span.name, span.error) == (GUARDRAIL, None)
    assert span.attributes["craton.guardrail.text_units"] == 3
