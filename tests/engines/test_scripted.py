import json
from pathlib import Path
from typing import Any

import pytest

from craton.dialects.converse import fold
from craton.engines.base import Engine, Mark, ModelSpec
from craton.engines.scripted import load
from craton.errors import ModelNotReadyException, ThrottlingException, ValidationException
from tests.engines.turns import answer, assert_grammar, collect, counts, scripted, turn


async def play(*rules: dict[str, Any], **options: Any) -> Engine:
    return await load(scripted(*rules, **options))


async def test_the_first_rule_that_matches_the_last_user_message_answers() -> None:
    engine = await play(
        {"match": "weather", "text": "Sunny."}, {"regex": "^How many", "text": "Two."}, {"text": "What?"}
    )
    assert (await answer(engine, turn("the weather?")))[0] == "Sunny."
    assert (await answer(engine, turn("How many?")))[0] == "Two."
    assert (await answer(engine, turn("Hm")))[0] == "What?"


async def test_a_turn_no_rule_matches_is_refused() -> None:
    with pytest.raises(ValidationException, match="'Hello'"):
        await collect((await play({"match": "x"})).converse(turn("Hello")))


async def test_words_are_tokens() -> None:
    engine = await play({"text": "one two three"})
    request = turn("four five", system=[{"text": "six"}])
    assert await answer(engine, request) == (
        "one two three",
        "end_turn",
        {"inputTokens": 3, "outputTokens": 3, "totalTokens": 6},
    )
    assert await engine.count_tokens(request) == 3


async def test_words_are_told_as_they_are_counted() -> None:
    tools = [{"name": "add", "input": {"a": "x y"}}]
    engine = await play({"reasoning": "Let me see.", "text": "one two", "tools": tools})
    told = await counts(engine.converse(turn("four five")))
    assert told == [{"inputTokens": 2}, *({"outputTokens": count} for count in (1, 2, 3, 4, 5, 8, 8))]
    assert (await answer(engine, turn("four five")))[2]["outputTokens"] == 8


async def test_limits_and_stop_sequences_hold() -> None:
    engine = await play({"text": "one two three four"})
    text, reason, usage = await answer(engine, turn("x", inferenceConfig={"maxTokens": 2}))
    assert (text, reason, usage["outputTokens"]) == ("one two ", "max_tokens", 2)
    text, reason, _ = await answer(engine, turn("x", inferenceConfig={"stopSequences": ["o three"]}))
    assert (text, reason) == ("one tw", "stop_sequence")


async def test_reasoning_text_and_tool_calls_come_in_blocks() -> None:
    engine = await play({"reasoning": "Let me see.", "text": "Asking.", "tools": [{"name": "add", "input": {"a": 1}}]})
    events = await collect(engine.converse(turn("x")))
    assert_grammar(events)
    starts = [event["contentBlockStart"] for event in events if "contentBlockStart" in event]
    assert [start["start"]["toolUse"]["name"] for start in starts] == ["add"]
    deltas = [event["contentBlockDelta"]["delta"] for event in events if "contentBlockDelta" in event]
    assert json.loads("".join(delta["toolUse"]["input"] for delta in deltas if "toolUse" in delta)) == {"a": 1}
    assert events[-2]["messageStop"]["stopReason"] == "tool_use"
    assert events == await collect(engine.converse(turn("x")))


async def test_log_probabilities_are_told_where_they_are_asked_for() -> None:
    engine = await play({"text": "one two", "logprob": -2.5, "reasoning": "Hm"})
    asked = turn("x", additionalModelRequestFields={"logprobs": True, "top_logprobs": 3})
    told = fold(await collect(engine.converse(asked)))["logprobs"]
    assert [entry["token"] for entry in told] == ["one ", "two"]
    assert told[1]["logprob"] == -2.5 and told[1]["bytes"] == list(b"two")
    assert [entry["token"] for entry in told[1]["top_logprobs"]] == ["two"]
    assert "logprobs" not in fold(await collect(engine.converse(turn("x"))))


async def test_an_error_comes_after_so_many_events() -> None:
    engine = await play({"text": "one two", "fault": {"kind": "ThrottlingException", "after": 2, "message": "Slow."}})
    events = engine.converse(turn("x"))
    assert "messageStart" in await anext(events)
    assert "contentBlockDelta" in await anext(events)
    with pytest.raises(ThrottlingException, match=r"Slow\."):
        await anext(events)


@pytest.mark.parametrize(
    ("name", "content"),
    [("script.toml", '[[rules]]\ntext = "Hi."\n'), ("script.json", '{"rules": [{"text": "Hi."}]}')],
)
async def test_the_script_may_be_a_file(tmp_path: Path, name: str, content: str) -> None:
    path = tmp_path / name
    path.write_text(content)
    engine = await load(ModelSpec("test.file-v1:0", "scripted", {"script": path}, 100))
    assert (await answer(engine, turn("x")))[0] == "Hi."


async def test_a_misspelt_script_is_refused() -> None:
    with pytest.raises(ModelNotReadyException, match="txt"):
        await play({"txt": "Hi."})


async def test_embeddings_are_deterministic_and_near_for_shared_words() -> None:
    engine = await play()
    found = await engine.embed(["the cat sat", "the cat ran", "stock prices fell", "the cat sat"])
    first, near, far, same = found.vectors
    assert first == same and len(first) == 256
    assert sum(a * b for a, b in zip(first, near, strict=True)) > sum(a * b for a, b in zip(first, far, strict=True))
    assert found.input_tokens == 12


async def test_a_rule_that_matches_a_text_or_picture_tells_what_is_seen_in_it() -> None:
    engine = await play(
        {"match": "Anna", "marks": {"NAME": "Anna|Zoë", "CITY": "Ulm"}, "certainty": 0.8},
        {"match": "PNG", "marks": {"NSFW": ""}},
        {},
    )
    assert await engine.classify(["Anna, Zoë", b"\x89PNG", "nobody"]) == [
        [Mark("NAME", 0.8, 0, 4), Mark("NAME", 0.8, 6, 9)],
        [Mark("NSFW", 0.9)],
        [],
    ]
