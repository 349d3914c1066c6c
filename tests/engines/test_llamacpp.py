import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from craton.engines.base import Engine
from craton.engines.supervisor import Engines
from craton.errors import ValidationException
from tests.engines.turns import answer, collect, local, turn

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
async def engine(model: Path) -> AsyncIterator[Engine]:
    supervisor = Engines()
    async with supervisor.use(local("llamacpp", model, slots=4, cache_tokens=1024)) as loaded:
        yield loaded
    await supervisor.close()


async def test_a_cache_point_reports_what_the_cache_spared(engine: Engine) -> None:
    request = {
        "system": [{"text": "You are a guide to Paris. " * 20}, {"cachePoint": {"type": "default"}}],
        "messages": [{"role": "user", "content": [{"text": "Hello"}]}],
        "inferenceConfig": {"maxTokens": 2},
    }
    total = await engine.count_tokens(request)
    (_, _, first), (_, _, second) = [await answer(engine, request) for _ in range(2)]
    assert first["cacheReadInputTokens"] < 20 < first["cacheWriteInputTokens"]
    assert second["cacheReadInputTokens"] > 100 and second["cacheWriteInputTokens"] < 20
    for usage in (first, second):
        counted = usage["inputTokens"] + usage["cacheReadInputTokens"] + usage["cacheWriteInputTokens"]
        assert counted == total == usage["totalTokens"] - usage["outputTokens"]


async def test_streams_without_a_limit_share_a_small_cache(engine: Engine) -> None:
    endless = turn("Count upwards from 1, one number per line, and never stop.", inferenceConfig={"temperature": 0.0})
    answers = await asyncio.gather(*(answer(engine, endless) for _ in range(4)))
    assert any(usage["totalTokens"] < 768 for _, _, usage in answers), "not all can have their whole context"
    assert {reason for _, reason, _ in answers} <= {"max_tokens", "end_turn"}
    assert (await answer(engine, turn("Hi", inferenceConfig={"maxTokens": 2})))[2]["outputTokens"] == 2


async def test_a_chat_template_that_refuses_is_the_callers_error(engine: Engine) -> None:
    with pytest.raises(ValidationException):
        await collect(engine.converse({"messages": []}))


async def test_an_embedding_model_makes_unit_vectors(model: Path) -> None:
    supervisor = Engines()
    try:
        async with supervisor.use(local("llamacpp", model, embedding=True, pooling="mean", slots=2)) as engine:
            found = await engine.embed(["The cat sat.", "The cat sat.", "Prices fell."])
            first, same, other = found.vectors
            assert first == pytest.approx(same, abs=1e-3) and first != pytest.approx(other, abs=1e-2)
            assert sum(value * value for value in first) == pytest.approx(1, abs=1e-3)
            assert found.input_tokens > 6
            with pytest.raises(ValidationException, match="not text"):
                await collect(engine.converse(turn("Hi")))
    finally:
        await supervisor.close()
