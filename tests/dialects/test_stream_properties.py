"""What a dialect writes as a stream, it reads as the same answer, however the text was cut into pieces."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from craton.dialects.anthropic import messages as anthropic
from craton.dialects.converse import Stamp, fold
from craton.dialects.openai import chat as openai_chat

STAMP = Stamp("1", "m", 0)
TEXT = st.text(min_size=1, max_size=12)
PIECES = st.lists(TEXT, min_size=1, max_size=4)
COUNTS = st.integers(0, 1000)
TOOL_INPUTS = st.dictionaries(TEXT, st.integers() | TEXT, max_size=3).map(json.dumps)
CITATIONS = st.builds(
    lambda text, index, start: {
        "title": "T",
        "sourceContent": [{"text": text}],
        "location": {"documentChar": {"documentIndex": index, "start": start, "end": start + 1}},
    },
    TEXT,
    COUNTS,
    COUNTS,
)


@st.composite
def cut(draw: st.DrawFn, text: str) -> list[str]:
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=4)))
    return [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]


@st.composite
def tool(draw: st.DrawFn) -> list[dict[str, Any]]:
    start = {"toolUse": {"toolUseId": draw(TEXT), "name": draw(TEXT)}}
    return [{"start": start}, *({"toolUse": {"input": piece}} for piece in draw(cut(draw(TOOL_INPUTS))))]


TEXTS = PIECES.map(lambda pieces: [{"text": piece} for piece in pieces])
REASONING = PIECES.map(lambda pieces: [{"reasoningContent": {"text": piece}} for piece in pieces])
SIGNED = st.builds(lambda deltas, s: [*deltas, {"reasoningContent": {"signature": s}}], REASONING, TEXT)
REDACTED = st.lists(st.binary(min_size=1, max_size=9), min_size=1, max_size=3).map(
    lambda parts: [{"reasoningContent": {"redactedContent": part}} for part in parts]
)
CITED = st.lists(TEXT.map(lambda t: {"text": t}) | CITATIONS.map(lambda c: {"citation": c}), max_size=5)


@st.composite
def streams(
    draw: st.DrawFn, blocks: list[list[dict[str, Any]]], reasons: list[str], cache: list[str]
) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = [{"messageStart": {"role": "assistant"}}]
    for index, parts in enumerate(blocks):
        for part in parts:
            kind, body = ("contentBlockStart", part) if "start" in part else ("contentBlockDelta", {"delta": part})
            events.append({kind: {**body, "contentBlockIndex": index}})
        events.append({"contentBlockStop": {"contentBlockIndex": index}})
    usage = {name: draw(COUNTS) for name in ("inputTokens", "outputTokens", *cache)}
    usage["totalTokens"] = sum(usage.values())
    return [*events, {"messageStop": {"stopReason": draw(st.sampled_from(reasons))}}, {"metadata": {"usage": usage}}]


@st.composite
def openai_blocks(draw: st.DrawFn) -> list[list[dict[str, Any]]]:
    """Chat completions know neither where a text ends and the next begins, nor signatures."""
    blocks: list[list[dict[str, Any]]] = []
    for kind in draw(st.lists(st.sampled_from(["text", "reasoning", "tool"]), min_size=1, max_size=5)):
        block = draw({"text": TEXTS, "reasoning": REASONING, "tool": tool()}[kind])
        if kind == "tool" or not blocks or next(iter(block[0])) != next(iter(blocks[-1][0])):
            blocks.append(block)
    return blocks


ANTHROPIC_BLOCKS = st.lists(TEXTS | SIGNED | REASONING | REDACTED | CITED | tool(), min_size=1, max_size=5)
OPENAI = openai_blocks().flatmap(
    lambda blocks: streams(blocks, ["end_turn", "tool_use", "max_tokens", "content_filtered"], [])
)
ANTHROPIC = ANTHROPIC_BLOCKS.flatmap(
    lambda blocks: streams(
        blocks,
        ["end_turn", "tool_use", "max_tokens", "stop_sequence"],
        ["cacheReadInputTokens", "cacheWriteInputTokens"],
    )
)


def through(dialect: Any, events: list[dict[str, Any]], stamp: Stamp = STAMP) -> list[dict[str, Any]]:
    writer, reader = dialect.EventWriter(stamp), dialect.EventReader()
    chunks = [json.loads(json.dumps(chunk)) for event in events for chunk in writer.write(event)]
    return [event for chunk in chunks for event in reader.read(chunk)]


@given(events=OPENAI)
def test_chat_completions_stream_keeps_the_answer(events: list[dict[str, Any]]) -> None:
    assert fold(through(openai_chat, events)) == fold(events)


@st.composite
def told(draw: st.DrawFn) -> list[dict[str, Any]]:
    """A stream whose texts come with the log probabilities of their tokens."""
    likely = st.fixed_dictionaries(
        {"token": TEXT, "logprob": st.floats(-20, 0), "bytes": st.lists(st.integers(0, 255))}
    )
    token = st.builds(lambda one, top: {**one, "top_logprobs": top}, likely, st.lists(likely, max_size=2))
    events: list[dict[str, Any]] = json.loads(json.dumps(draw(OPENAI)))
    for event in events:
        body = event.get("contentBlockDelta")
        if body and "text" in body["delta"]:
            body["logprobs"] = draw(st.lists(token, min_size=1, max_size=2))
    return events


def probabilities(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    bodies = [event.get("contentBlockDelta", {}) for event in events]
    return [entry for body in bodies for entry in body.get("logprobs", ())]


@given(events=told())
def test_chat_completions_stream_keeps_the_log_probabilities(events: list[dict[str, Any]]) -> None:
    through_chunks = through(openai_chat, events)
    assert probabilities(through_chunks) == probabilities(events)
    assert fold(through_chunks) == fold(events)


@given(events=told(), count=st.integers(1, 3))
def test_each_choice_of_a_completion_keeps_its_answer(events: list[dict[str, Any]], count: int) -> None:
    answer = fold(events)
    if logprobs := probabilities(events):
        answer["logprobs"] = logprobs
    body = json.loads(json.dumps(openai_chat.write_completion([answer] * count, STAMP)))
    assert body["usage"]["completion_tokens"] == count * answer["usage"]["outputTokens"]
    for choice in body["choices"]:
        again = openai_chat.read_response({**body, "choices": [choice]})
        message, expected = again.pop("output")["message"], answer["output"]["message"]
        # A completion has one text, one reasoning and then its calls.
        for kind in ("text", "reasoningContent", "toolUse"):
            assert joined(kind, message["content"]) == joined(kind, expected["content"])
        assert (again["stopReason"], again.get("logprobs")) == (answer["stopReason"], answer.get("logprobs"))


def joined(kind: str, content: list[dict[str, Any]]) -> Any:
    parts = [block[kind] for block in content if kind in block]
    if kind == "reasoningContent":
        parts = [part["reasoningText"]["text"] for part in parts]
    return parts if kind == "toolUse" else "".join(parts)


@given(events=ANTHROPIC)
def test_messages_stream_keeps_the_answer(events: list[dict[str, Any]]) -> None:
    assert fold(through(anthropic, events)) == fold(events)


@given(events=ANTHROPIC)
def test_messages_answer_keeps_the_answer(events: list[dict[str, Any]]) -> None:
    answer = fold(events)
    body = json.loads(json.dumps(anthropic.write_response(answer, STAMP)))
    assert anthropic.read_response(body) == answer


@pytest.mark.parametrize("dialect", [openai_chat, anthropic])
@given(events=OPENAI)
def test_stream_follows_the_grammar(dialect: Any, events: list[dict[str, Any]]) -> None:
    kinds = [next(iter(event)) for event in through(dialect, events)]
    assert (kinds[0], kinds[-2:]) == ("messageStart", ["messageStop", "metadata"])
    opened = None
    for event in through(dialect, events)[1:-2]:
        ((kind, body),) = event.items()
        if opened is None:
            opened = body["contentBlockIndex"]
        assert body["contentBlockIndex"] == opened
        if kind == "contentBlockStop":
            opened = None
    assert opened is None
