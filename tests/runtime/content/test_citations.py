"""A model's marks become citations, however its answer is cut into deltas."""

from collections.abc import AsyncGenerator, Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from craton.dialects.converse import Event, fold
from craton.errors import ModelErrorException
from craton.runtime.content.citations import Citing, cited
from craton.runtime.content.passages import Passage, of_text

SOURCE = "The grass is green and soft. The sky is blue most of the day. Roses are red, as they say."
PASSAGES = of_text(SOURCE, "Colours", 0, "txt")
GREEN, BLUE, RED = (passage.citation() for passage in PASSAGES)


def answer(pieces: Iterable[str]) -> list[Event]:
    deltas = [{"contentBlockDelta": {"contentBlockIndex": 0, "delta": {"text": piece}}} for piece in pieces]
    return [
        {"messageStart": {"role": "assistant"}},
        *deltas,
        {"contentBlockStop": {"contentBlockIndex": 0}},
        {"messageStop": {"stopReason": "end_turn"}},
        {"metadata": {"usage": {"inputTokens": 1, "outputTokens": 1, "totalTokens": 2}}},
    ]


def filtered(events: Iterable[Event], passages: list[Passage] = PASSAGES) -> list[Event]:
    citing = Citing(passages)
    return [each for event in events for each in citing.feed(event)]


def content(*pieces: str) -> list[dict[str, Any]]:
    blocks: list[dict[str, Any]] = fold(filtered(answer(pieces)))["output"]["message"]["content"]
    return blocks


def block(text: str, *citations: dict[str, Any]) -> dict[str, Any]:
    return (
        {"citationsContent": {"content": [{"text": text}], "citations": list(citations)}}
        if citations
        else {"text": text}
    )


def test_passages_are_those_of_the_document() -> None:
    assert GREEN == {
        "title": "Colours",
        "sourceContent": [{"text": "The grass is green and soft. "}],
        "location": {"documentChar": {"documentIndex": 0, "start": 0, "end": 29}},
    }


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("Grass is green [1].", [block("Grass is green.", GREEN)]),
        ("Grass is green. [1]", [block("Grass is green.", GREEN)]),
        ("Grass is green.[1] Sky?", [block("Grass is green.", GREEN), block(" Sky?")]),
        ("Well. Grass is green [1]. Bye.", [block("Well. "), block("Grass is green.", GREEN), block(" Bye.")]),
        ("Green [1] and blue [2].", [block("Green", GREEN), block(" and blue.", BLUE)]),
        ("Many [1][2], [1, 3].", [block("Many.", GREEN, BLUE, RED)]),
        ("All [1, 2; 3].", [block("All.", GREEN, BLUE, RED)]),
        ("Same [1][1].", [block("Same.", GREEN)]),
        ("[2] The sky is blue.\nDone.", [block(" The sky is blue.\n", BLUE), block("Done.")]),
        ("- Green\n[1]\n- Blue [2]\n", [block("- Green", GREEN), block("\n"), block("- Blue", BLUE), block("\n")]),
        ("[1]. The grass is green. Bye.", [block(". "), block("The grass is green. ", GREEN), block("Bye.")]),
        ("Nothing of that.", [block("Nothing of that.")]),
        ("In 1984 [1984] or [99] or [x] or [0].", [block("In 1984 [1984] or [99] or [x] or [0].")]),
        ("In [1984]. Green [1].", [block("In [1984]. "), block("Green.", GREEN)]),
        ("Ends amid [1", [block("Ends amid [1")]),
        ("[3]", [block("", RED)]),
        ("", [block("")]),
    ],
)  # fmt: skip
def test_marks_become_citations_of_their_statement(text: str, blocks: list[dict[str, Any]]) -> None:
    assert content(text) == blocks
    assert content(*text) == blocks


def test_the_stream_is_what_the_service_sends() -> None:
    assert filtered(answer(["Sure. Grass is ", "green [", "1]", ". Bye"]))[1:-2] == [
        {"contentBlockDelta": {"contentBlockIndex": 0, "delta": {"text": "Sure. "}}},
        {"contentBlockStop": {"contentBlockIndex": 0}},
        {"contentBlockDelta": {"contentBlockIndex": 1, "delta": {"text": "Grass is green."}}},
        {"contentBlockDelta": {"contentBlockIndex": 1, "delta": {"citation": GREEN}}},
        {"contentBlockStop": {"contentBlockIndex": 1}},
        {"contentBlockDelta": {"contentBlockIndex": 2, "delta": {"text": " Bye"}}},
        {"contentBlockStop": {"contentBlockIndex": 2}},
    ]


def test_a_sentence_is_let_go_as_soon_as_the_next_begins() -> None:
    citing = Citing(PASSAGES)
    sent = [citing.feed(event) for event in answer(["First. ", "S", "econd", ". "])]
    assert [len(events) for events in sent[1:5]] == [0, 1, 0, 0]


def test_a_long_statement_without_an_end_is_not_held_for_ever() -> None:
    words = "word " * 1000
    sent = filtered(answer(words[n : n + 5] for n in range(0, len(words), 5)))
    assert len(sent) > 6
    assert content(words) == [block(words)]


def test_other_blocks_pass_in_order() -> None:
    reasoning = {"contentBlockDelta": {"contentBlockIndex": 0, "delta": {"reasoningContent": {"text": "Hm [1]."}}}}
    start = {"contentBlockStart": {"contentBlockIndex": 2, "start": {"toolUse": {"toolUseId": "t", "name": "f"}}}}
    tool = {"contentBlockDelta": {"contentBlockIndex": 2, "delta": {"toolUse": {"input": '{"a": [1]}'}}}}
    text = {"contentBlockDelta": {"contentBlockIndex": 1, "delta": {"text": "Green [1]. Now"}}}
    events = [
        {"messageStart": {"role": "assistant"}},
        *(reasoning, {"contentBlockStop": {"contentBlockIndex": 0}}),
        *(text, {"contentBlockStop": {"contentBlockIndex": 1}}),
        *(start, tool, {"contentBlockStop": {"contentBlockIndex": 2}}),
        {"messageStop": {"stopReason": "tool_use"}},
    ]
    sent = filtered(events)
    begun = [event[kind]["contentBlockIndex"] for event in sent for kind in event if kind.startswith("contentBlock")]
    assert begun == sorted(begun)
    assert fold(sent)["output"]["message"]["content"] == [
        {"reasoningContent": {"reasoningText": {"text": "Hm [1]."}}},
        block("Green.", GREEN),
        block(" Now"),
        {"toolUse": {"toolUseId": "t", "name": "f", "input": {"a": [1]}}},
    ]


def test_log_probabilities_stay_in_order() -> None:
    events = answer(["Green", " [1]", ".", " Bye", "[2]"])
    for number, event in enumerate(events[1:6]):
        event["contentBlockDelta"]["logprobs"] = [number]
    sent = filtered(events)
    told = [each for event in sent for each in event.get("contentBlockDelta", {}).get("logprobs", [])]
    assert told == [0, 1, 2, 3, 4]


async def test_what_is_held_is_delivered_when_the_model_fails() -> None:
    async def failing() -> AsyncGenerator[Event, None]:
        for event in answer(["Grass is green [1"])[:2]:
            yield event
        raise ModelErrorException("gone")

    sent: list[Event] = []
    with pytest.raises(ModelErrorException, match="gone"):
        async for event in cited(failing(), PASSAGES):
            sent.append(event)
    assert {"contentBlockDelta": {"contentBlockIndex": 0, "delta": {"text": "Grass is green [1"}}} in sent


async def test_closing_it_closes_what_it_reads() -> None:
    closed = []

    async def endless() -> AsyncGenerator[Event, None]:
        try:
            while True:
                yield {"contentBlockDelta": {"contentBlockIndex": 0, "delta": {"text": "Tick. "}}}
        finally:
            closed.append(True)

    stream = cited(endless(), PASSAGES)
    await anext(stream)
    await stream.aclose()
    assert closed == [True]


TOKENS = st.sampled_from(
    [
        "[1]",
        "[2]",
        "[1, 2]",
        "[9]",
        "[",
        "]",
        "1",
        ",",
        " ",
        "  ",
        "\n",
        ". ",
        ".",
        "!",
        '."',
        "Word",
        "a" * 150,
        " " * 9,
        "é",
        "…",
    ]
)
TEXTS = st.lists(TOKENS, max_size=40).map("".join)


@given(text=TEXTS, cuts=st.lists(st.integers(1, 30), max_size=200))
def test_the_outcome_depends_on_the_text_alone(text: str, cuts: list[int]) -> None:
    pieces, rest = [], text
    for cut in cuts:
        pieces.append(rest[:cut])
        rest = rest[cut:]
    assert content(*pieces, rest) == content(*text) == content(text)


@given(text=TEXTS)
def test_no_word_is_lost_and_no_mark_stays(text: str) -> None:
    blocks = content(*text)
    plain = "".join(
        each.get("text") or each.get("citationsContent", {"content": [{"text": ""}]})["content"][0]["text"]
        for each in blocks
    )
    bare = text
    for mark in ("[1, 2]", "[1]", "[2]"):
        bare = bare.replace(mark, "")
    assert [letter for letter in plain if letter.isalnum() and letter not in "129"] == [
        letter for letter in bare if letter.isalnum() and letter not in "129"
    ]


@given(text=TEXTS, cuts=st.lists(st.integers(1, 30), max_size=50))
def test_the_events_keep_converses_grammar(text: str, cuts: list[int]) -> None:
    sent = filtered(answer([text[:40], text[40:]]))
    open_block, last = None, -1
    for event in sent[1:-2]:
        ((kind, body),) = event.items()
        if kind == "contentBlockDelta":
            assert open_block in (None, body["contentBlockIndex"])
            if open_block is None:
                assert body["contentBlockIndex"] == last + 1
            open_block = last = body["contentBlockIndex"]
        else:
            assert body["contentBlockIndex"] in (open_block, last + 1)
            last, open_block = max(last, body["contentBlockIndex"]), None
    assert open_block is None
