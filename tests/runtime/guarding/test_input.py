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


EVERYTHING = Reach(system=True, messages=True)


def schema(text: str) -> dict[str, Any]:
    return {"type": "object", "properties": {"a": {"type": "string", "description": text, "maxLength": 9}}}


def around(text: str) -> dict[str, dict[str, Any]]:
    """Turns in which a text stands where nobody says it, by where that is."""
    spec = {"name": "t", "inputSchema": {"json": schema(text)}}
    form = {"schema": f'{{"description": "{text}"}}', "name": "n"}
    source = {"source": {"text": "x"}}
    return {
        "tool": turn({"text": "x"}) | {"toolConfig": {"tools": [{"toolSpec": spec}, {"cachePoint": {}}]}},
        "form": turn({"text": "x"}) | {"outputConfig": {"textFormat": {"structure": {"jsonSchema": form}}}},
        "fields": turn({"text": "x"}) | {"additionalModelRequestFields": {"documents": [text], "top_k": 5}},
        "document": turn({"document": {"name": text, **source}}),
        "context": turn({"document": {"name": "d", "context": text, **source}}),
        "source": turn({"searchResult": {"source": text, "title": "t", "content": [{"text": "x"}]}}),
        "reasoning": turn({"reasoningContent": {"reasoningText": {"text": text, "signature": "s"}}}),
    }


@pytest.mark.parametrize("place", around(""))
async def test_what_surrounds_a_conversation_is_judged_where_everything_is(place: str) -> None:
    assert await through(around("a durian")[place], guarding(reach=EVERYTHING)) is None
    assert await through(around("a durian")[place], guarding()) is not None or place == "context"
    masked, _ = await Input(around("of Eve Smith")[place], "", [guarding(reach=EVERYTHING)], Reading()).judged()
    plain = around("of {NAME}")[place]
    if place == "reasoning":
        del plain["messages"][0]["content"][0]["reasoningContent"]["reasoningText"]["signature"]
    assert masked == plain


async def test_what_is_masked_among_tools_leaves_numbers_and_names_as_they_are() -> None:
    tool = {"toolSpec": {"name": "Eve Smith", "inputSchema": {"json": schema("\x1f of Eve Smith")}}}
    given = turn({"text": "x"}) | {"toolConfig": {"tools": [tool]}}
    masked, _ = await Input(given, "", [guarding(reach=EVERYTHING)], Reading()).judged()
    spec = masked["toolConfig"]["tools"][0]["toolSpec"]
    assert spec == {"name": "Eve Smith", "inputSchema": {"json": schema("\x1f of {NAME}")}}


async def test_what_two_texts_say_together_is_judged_where_everything_is() -> None:
    cut = [{"text": "a dur"}, {"text": ""}, {"text": "i"}, {"text": "an"}]
    assert await through(turn(*cut), guarding(reach=EVERYTHING)) is None
    assert await through(turn(*cut), guarding()) is not None
    tag = "amazon-bedrock-guardrails-guardContent_x"
    tagged = turn({"text": f"a dur<{tag}></{tag}>ian"})
    assert await through(tagged, guarding(reach=EVERYTHING), suffix="x") is None


async def test_what_is_masked_across_texts_stays_in_its_place() -> None:
    long = "The sea is calm. " * 50
    marked = {"guardContent": {"text": {"text": f"Smith again. {long}I am Eve"}}}
    given = turn({"text": f"{long}This is Eve "}, marked, {"text": " Smith. And Eve Smith."})
    content = await through(given, guarding(reach=EVERYTHING))
    assert content is not None
    said = [part["text"] if "text" in part else part["guardContent"]["text"]["text"] for part in content]
    assert "".join(said) == f"{long}This is {{NAME}} again. {long}I am {{NAME}}. And {{NAME}}."
    assert "{NAME} again." in said[1] and said[1].endswith("{NAME}. And {NAME}."), "what is marked stays so"


async def test_a_block_of_which_a_mask_leaves_nothing_goes() -> None:
    cut = [{"text": "I am Eve "}, {"text": "Smi"}, {"text": "th."}, {"text": ""}]
    assert await through(turn(*cut), guarding(reach=EVERYTHING)) == [
        {"text": "I am {NAME}."},
        {"text": ""},
    ], "what said nothing from the beginning is left as it was"


async def test_blocks_that_hide_nothing_stay_as_they_are() -> None:
    given = turn({"text": "One. "}, {"text": "Two."}, {"text": "Three."})
    asked = Input(given, "", [guarding(reach=EVERYTHING)], Reading())
    assert (await asked.judged())[0] is given
