"""The plain answer is a fold of its stream."""

import pytest

from craton.dialects.converse import fold


def stream(*blocks: list[dict], stop: str = "end_turn") -> list[dict]:
    events: list[dict] = [{"messageStart": {"role": "assistant"}}]
    for index, parts in enumerate(blocks):
        for part in parts:
            kind = "contentBlockStart" if "start" in part else "contentBlockDelta"
            body = part if "start" in part else {"delta": part}
            events.append({kind: {**body, "contentBlockIndex": index}})
        events.append({"contentBlockStop": {"contentBlockIndex": index}})
    usage = {"inputTokens": 3, "outputTokens": 2, "totalTokens": 5}
    return [*events, {"messageStop": {"stopReason": stop}}, {"metadata": {"usage": usage, "metrics": {"latencyMs": 7}}}]


def test_answer_holds_message_stop_reason_usage_and_metrics() -> None:
    assert fold(stream([{"text": "Hel"}, {"text": "lo"}])) == {
        "output": {"message": {"role": "assistant", "content": [{"text": "Hello"}]}},
        "stopReason": "end_turn",
        "usage": {"inputTokens": 3, "outputTokens": 2, "totalTokens": 5},
        "metrics": {"latencyMs": 7},
    }


TOOL = {"start": {"toolUse": {"toolUseId": "t1", "name": "weather"}}}
CITATION = {"title": "Doc", "location": {"documentChar": {"documentIndex": 0, "start": 1, "end": 2}}}


@pytest.mark.parametrize(
    ("deltas", "block"),
    [
        ([], {"text": ""}),
        (
            [TOOL, {"toolUse": {"input": '{"city": '}}, {"toolUse": {"input": '"Ulm"}'}}],
            {"toolUse": {"toolUseId": "t1", "name": "weather", "input": {"city": "Ulm"}}},
        ),
        ([TOOL], {"toolUse": {"toolUseId": "t1", "name": "weather", "input": {}}}),
        (
            [TOOL, {"toolUse": {"input": '{"city": "U'}}],
            {"toolUse": {"toolUseId": "t1", "name": "weather", "input": '{"city": "U'}},
        ),
        (
            [
                {"reasoningContent": {"text": "Let "}},
                {"reasoningContent": {"text": "me"}},
                {"reasoningContent": {"signature": "s"}},
            ],
            {"reasoningContent": {"reasoningText": {"text": "Let me", "signature": "s"}}},
        ),
        (
            [{"reasoningContent": {"redactedContent": b"\x00"}}, {"reasoningContent": {"redactedContent": b"\x01"}}],
            {"reasoningContent": {"redactedContent": b"\x00\x01"}},
        ),
        (
            [{"text": "As "}, {"citation": CITATION}, {"text": "said"}],
            {"citationsContent": {"content": [{"text": "As said"}], "citations": [CITATION]}},
        ),
        (
            [
                {"start": {"toolResult": {"toolUseId": "t1"}}},
                {"toolResult": [{"text": "a"}]},
                {"toolResult": [{"json": {}}]},
            ],
            {"toolResult": {"toolUseId": "t1", "content": [{"text": "a"}, {"json": {}}]}},
        ),
        (
            [
                {"start": {"image": {"format": "png"}}},
                {"image": {"source": {"bytes": b"a"}}},
                {"image": {"source": {"bytes": b"b"}}},
            ],
            {"image": {"format": "png", "source": {"bytes": b"ab"}}},
        ),
    ],
)
def test_deltas_become_their_block(deltas: list[dict], block: dict) -> None:
    assert fold(stream(deltas))["output"]["message"]["content"] == [block]


def test_blocks_stand_in_the_order_of_their_indexes() -> None:
    answer = fold(stream([{"text": "first"}], [TOOL], stop="tool_use"))
    assert [next(iter(block)) for block in answer["output"]["message"]["content"]] == ["text", "toolUse"]
    assert answer["stopReason"] == "tool_use"


def test_log_probabilities_of_all_deltas_are_gathered() -> None:
    events = stream([{"text": "Hel"}, {"text": "lo"}])
    first, second = [{"token": "Hel", "logprob": -1.0}], [{"token": "lo", "logprob": -2.0}]
    events[1]["contentBlockDelta"]["logprobs"], events[2]["contentBlockDelta"]["logprobs"] = first, second
    assert fold(events)["logprobs"] == first + second
    assert "logprobs" not in fold(stream([{"text": "Hello"}]))
