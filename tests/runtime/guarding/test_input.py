"""A turn on its way to a model, under guardrails that mask a name and block a word."""

from typing import Any

import pytest

from craton.dialects.converse import Block
from craton.errors import ValidationException
from craton.guardrails.findings import Action, Source
from craton.guardrails.guard import Judges
from craton.runtime.guarding.applied import Applied
from craton.runtime.guarding.input import Input
from craton.runtime.guarding.scope import Reach
from tests.runtime.guarding.test_output import FRUIT, NAME, Word, applied


class Reading:
    """Documents whose bytes are their text; what lies in s3 says so."""

    def __init__(self) -> None:
        self.read: list[str] = []

    async def fetched(self, block: Block) -> Block:
        place = block["source"].get("s3Location")
        return {**block, "source": {"bytes": b"From Eve Smith."}} if place else block

    async def text_of(self, document: Block) -> str:
        self.read.append(document["name"])
        return str(document["source"]["bytes"], "utf-8")


def guarding(*judges: Any, reach: Reach | None = None, body: dict[str, Any] | None = None) -> Applied:
    made = applied()
    made.guard._judges[Source.INPUT] = Judges(judges or (NAME, FRUIT))
    made.guard.body.update(body or {})  # type: ignore[attr-defined]
    made.reach = reach or Reach()
    return made


def turn(*content: Any) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": [*content]}]}


async def through(given: dict[str, Any], *guardrails: Applied, suffix: str = "") -> list[Any] | None:
    """The content that a model gets, or None where it gets none."""
    judged, refused = await Input(given, suffix, guardrails or (guarding(),), Reading()).judged()
    return None if refused else list(judged["messages"][0]["content"])


async def test_texts_are_masked_and_blocked() -> None:
    assert await through(turn({"text": "I am Eve Smith."})) == [{"text": "I am {NAME}."}]
    assert await through(turn({"text": "A durian."})) is None


async def test_an_untouched_turn_is_the_turn() -> None:
    given = turn({"text": "Hello."})
    asked = Input(given, "", [guarding()], Reading())
    assert (await asked.judged())[0] is asked.turn is given


async def test_it_is_judged_once_whoever_answers() -> None:
    guardrail = guarding()
    asked = Input(turn({"text": "I am Eve Smith."}), "", [guardrail], Reading())
    assert await asked.judged() is await asked.judged()
    assert len(guardrail.inputs) == 1


async def test_the_second_guardrail_sees_what_the_first_let_through() -> None:
    second = guarding(Word("wordPolicy", "Eve", Action.BLOCK))
    assert await through(turn({"text": "I am Eve Smith."}), guarding(), second) == [{"text": "I am {NAME}."}]


async def test_marks_hold_for_the_second_guardrail_too() -> None:
    tag = "amazon-bedrock-guardrails-guardContent_xyz"
    first, second = guarding(NAME, reach=Reach(messages=True)), guarding()
    text = f"A durian for Eve Smith. <{tag}>Eve Smith?</{tag}>"
    assert await through(turn({"text": text}), first, second, suffix="xyz") == [
        {"text": "A durian for {NAME}. {NAME}?"}
    ]


async def test_a_document_is_masked_as_text_or_stays_what_it_is() -> None:
    def document(text: str) -> dict[str, Any]:
        return {"document": {"name": "note", "format": "pdf", "source": {"bytes": text.encode()}}}

    assert await through(turn(document("Nothing."))) == [document("Nothing.")]
    assert await through(turn(document("By Eve Smith."))) == [
        {"document": {"name": "note", "format": "txt", "source": {"text": "By {NAME}."}}}
    ]
    assert await through(turn(document("A durian."))) is None


async def test_what_lies_elsewhere_is_judged_and_is_what_the_model_gets() -> None:
    far = {"name": "far", "format": "txt", "source": {"s3Location": {"uri": "s3://b/far.txt"}}}
    (block,) = await through(turn({"document": far})) or ()
    assert block["document"]["source"] == {"text": "From {NAME}."}
    (block,) = await through(turn({"document": far}), guarding(FRUIT)) or ()
    assert block["document"]["source"] == {"bytes": b"From Eve Smith."}, "and no version that came later"


async def test_what_answers_are_compared_with_is_kept() -> None:
    guardrail = guarding()
    marks = [
        {"guardContent": {"text": {"text": text, "qualifiers": [qualifier]}}}
        for text, qualifier in (("One.", "grounding_source"), ("Two.", "grounding_source"), ("Which?", "query"))
    ]
    await through(turn(*marks), guardrail)
    assert (guardrail.sources, guardrail.query) == (["One.", "Two."], "Which?")


async def test_sources_that_are_too_long_are_refused() -> None:
    source = {"guardContent": {"text": {"text": "x" * 100_001, "qualifiers": ["grounding_source"]}}}
    guardrail = guarding(body={"contextualGroundingPolicy": {"filters": []}})
    with pytest.raises(ValidationException, match="100001 characters"):
        await through(turn(source), guardrail)
