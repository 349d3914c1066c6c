"""What both local engines must do with a real model."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from craton.engines.base import Engine
from craton.engines.supervisor import Engines
from craton.errors import ValidationException
from tests.engines.turns import answer, assert_grammar, collect, local, turn

pytestmark = pytest.mark.model

GREEDY = {"temperature": 0.0, "maxTokens": 24}
LONG = " ".join(f"Line {number} of a long and boring list." for number in range(200))


@pytest.fixture(scope="module", params=["llamacpp", "openvino"])
async def engine(request: pytest.FixtureRequest, model: Path) -> AsyncIterator[Engine]:
    if request.param == "openvino":
        pytest.importorskip("openvino_genai", reason="the openvino extra is not installed", exc_type=ImportError)
    supervisor = Engines()
    spec = local(request.param, model, default_system="You are a helpful assistant.", slots=16)
    async with supervisor.use(spec) as loaded:
        yield loaded
    await supervisor.close()


async def test_it_knows_the_capital_of_france(engine: Engine) -> None:
    text, reason, usage = await answer(engine, turn("What is the capital of France?", inferenceConfig=GREEDY))
    assert "Paris" in text and reason == "end_turn"
    assert usage["totalTokens"] == usage["inputTokens"] + usage["outputTokens"]


async def test_sixteen_streams_answer_at_once(engine: Engine) -> None:
    turns = [turn(f"Tell me about the number {n}.", inferenceConfig=GREEDY) for n in range(16)]
    for text, _, usage in await asyncio.gather(*(answer(engine, request) for request in turns)):
        assert text and usage["outputTokens"] <= 24


async def test_usage_is_what_was_counted(engine: Engine) -> None:
    request = turn("Grüße! 東京 \U0001f600", system=[{"text": "Say hello."}], inferenceConfig=GREEDY)
    _, _, usage = await answer(engine, request)
    assert usage["inputTokens"] == await engine.count_tokens(request)
    assert "cacheReadInputTokens" not in usage


async def test_temperature_zero_is_deterministic(engine: Engine) -> None:
    request = turn("Write one sentence about rain.", inferenceConfig=GREEDY)
    answers = [(await answer(engine, request))[0] for _ in range(3)]
    assert answers[0] == answers[1] == answers[2]


async def test_a_seed_makes_an_answer_repeatable(engine: Engine) -> None:
    def seeded(seed: int) -> dict[str, object]:
        return turn(
            "Write a poem.",
            inferenceConfig={"temperature": 1.0, "maxTokens": 24},
            additionalModelRequestFields={"seed": seed, "top_k": 100},
        )

    first, again, other = [(await answer(engine, seeded(seed)))[0] for seed in (1, 1, 2)]
    assert first == again != other


async def test_max_tokens_ends_the_answer(engine: Engine) -> None:
    request = turn("Count from 1 to 100.", inferenceConfig={"maxTokens": 7, "temperature": 0.0})
    _, reason, usage = await answer(engine, request)
    assert (reason, usage["outputTokens"]) == ("max_tokens", 7)


async def test_a_stop_sequence_ends_the_answer_and_is_not_shown(engine: Engine) -> None:
    def stopping_at(*stops: str) -> dict[str, object]:
        return turn("Write one sentence about snow.", inferenceConfig=GREEDY | {"stopSequences": list(stops)})

    whole, _, whole_usage = [await answer(engine, stopping_at("\n\n")) for _ in range(2)][-1]
    stop = whole[8:14]
    text, reason, usage = await answer(engine, stopping_at("xyz", stop))
    assert reason == "stop_sequence"
    assert text == whole[: whole.index(stop)]
    assert 0 < usage["outputTokens"] < whole_usage["outputTokens"]


async def test_characters_of_several_tokens_arrive_whole(engine: Engine) -> None:
    request = turn(
        "Repeat exactly: \U0001f468‍\U0001f469‍\U0001f467 東京都 ąęł \U0001f600\U0001f680",
        inferenceConfig={"temperature": 0.0, "maxTokens": 60},
    )
    events = await collect(engine.converse(request))
    assert_grammar(events)
    assert not [event for event in events if "�" in str(event.get("contentBlockDelta")) and event is not events[-4]]


async def test_an_answer_the_caller_began_is_continued(engine: Engine) -> None:
    request = turn("What is the capital of France?", inferenceConfig=GREEDY)
    request["messages"].append({"role": "assistant", "content": [{"text": "The capital of France is the city of"}]})
    text, _, usage = await answer(engine, request)
    assert text.lstrip().startswith("Paris")
    assert usage["inputTokens"] == await engine.count_tokens(request)


async def test_a_cancelled_answer_makes_way(engine: Engine) -> None:
    endless = turn("Write a very long story.", inferenceConfig={"maxTokens": 600})
    streams = [engine.converse(endless) for _ in range(16)]
    for stream in streams:
        await anext(stream)
    for stream in streams:
        await stream.aclose()
    started = time.monotonic()
    await answer(engine, turn("Hi", inferenceConfig={"maxTokens": 2}))
    assert time.monotonic() - started < 5


async def test_an_input_longer_than_the_context_is_refused(engine: Engine) -> None:
    with pytest.raises(ValidationException, match="Input is too long"):
        await collect(engine.converse(turn(LONG * 3)))


async def test_an_answer_without_a_limit_ends_with_the_context(engine: Engine) -> None:
    request = turn("Write a story that never ends. " + LONG[:1500], inferenceConfig={"temperature": 0.0})
    _, reason, usage = await answer(engine, request)
    assert usage["totalTokens"] <= 768
    assert reason in ("max_tokens", "end_turn")


async def test_what_a_text_model_cannot_do_is_refused(engine: Engine) -> None:
    with pytest.raises(ValidationException, match="not embeddings"):
        await engine.embed(["text"])
    with pytest.raises(ValidationException, match="classifies nothing"):
        await engine.classify(["text"])
    image = {"role": "user", "content": [{"image": {"format": "png", "source": {"bytes": b""}}}]}
    with pytest.raises(ValidationException, match="image"):
        await collect(engine.converse({"messages": [image]}))
