"""The spans of an invocation: who was asked, what was counted, what failed; nothing of what was said."""

from contextlib import asynccontextmanager
from typing import Any

import pytest

from craton.core.context import Context
from craton.core.trace import ADMISSION, Span
from craton.engines.base import ModelSpec
from craton.engines.remote.via import traceparent
from craton.errors import ModelErrorException, ThrottlingException
from craton.runtime.spans import CHAT, EMBEDDINGS, Asking, Entering

LOCAL = ModelSpec("a-model", "llamacpp", {}, 1000)
REMOTE = ModelSpec(
    "up.large", "bedrock", {}, 1000, {"provider": "up", "model": "large", "base_url": "https://up.test/x"}
)
TURN: dict[str, Any] = {
    "messages": [{"role": "user", "content": [{"text": "a secret"}]}],
    "inferenceConfig": {"maxTokens": 5, "temperature": 0.5, "stopSequences": ["a secret"]},
}


@pytest.fixture
def ctx() -> Context:
    made = Context("123456789012", "us-east-1", "", "r")
    made.trace.begin("door")
    return made


def last(ctx: Context) -> Span:
    """Of the steps of the request, not of theirs."""
    door = ctx.trace.spans[0]
    return [span for span in ctx.trace.spans if span.parent == door.id][-1]


def test_a_local_model(ctx: Context) -> None:
    with Asking(ctx, "a-model", LOCAL, CHAT, TURN) as asking:
        asking.tell({"inputTokens": 3, "cacheReadInputTokens": 10, "cacheWriteInputTokens": 2})
        asking.tell({"outputTokens": 4})
        asking.stop({"messageStop": {"stopReason": "end_turn"}})
    assert last(ctx).attributes == {
        "gen_ai.operation.name": "chat",
        "gen_ai.request.model": "a-model",
        "gen_ai.provider.name": "craton",
        "craton.engine": "llamacpp",
        "gen_ai.request.max_tokens": 5,
        "gen_ai.request.temperature": 0.5,
        "gen_ai.response.finish_reasons": ("end_turn",),
        "gen_ai.usage.input_tokens": 15,
        "gen_ai.usage.output_tokens": 4,
        "gen_ai.usage.cache_read.input_tokens": 10,
        "gen_ai.usage.cache_creation.input_tokens": 2,
    }
    assert last(ctx).ended
    assert "a secret" not in repr(ctx.trace.spans)


def test_a_provider_s_model_is_told_of_the_span(ctx: Context) -> None:
    with Asking(ctx, "up.large", REMOTE, EMBEDDINGS):
        assert traceparent.get() == f"00-{ctx.trace.id}-{last(ctx).id}-01"
    told = last(ctx).attributes
    assert (told["gen_ai.provider.name"], told["server.address"]) == ("aws.bedrock", "up.test")
    assert told["gen_ai.response.model"] == "large"


def test_an_answer_is_read_until_its_first_token_and_written_from_there(ctx: Context) -> None:
    with Asking(ctx, "a-model", LOCAL, CHAT) as asking:
        asking.write()
        asking.write()
    engine = last(ctx)
    parts = [span for span in ctx.trace.spans if span.parent == engine.id]
    assert [span.name for span in parts] == ["engine.prefill", "engine.decode"]
    assert engine.started <= parts[0].started <= parts[0].ended <= parts[1].started <= parts[1].ended <= engine.ended


def test_a_failure_tells_its_code_and_what_was_counted(ctx: Context) -> None:
    with pytest.raises(ModelErrorException), Asking(ctx, "a-model", LOCAL, CHAT) as asking:
        asking.tell({"inputTokens": 3})
        raise ModelErrorException("It broke.")
    assert last(ctx).error == "ModelErrorException"
    assert last(ctx).attributes["gen_ai.usage.input_tokens"] == 3


async def test_entering_is_a_span_and_what_is_done_inside_is_not(ctx: Context) -> None:
    left: list[str] = []

    @asynccontextmanager
    async def inner() -> Any:
        try:
            yield "entered"
        finally:
            left.append("left")

    async with Entering(ctx, ADMISSION, "a-model", inner()) as entered:
        assert entered == "entered"
        ended = last(ctx).ended
        assert ended
    assert (left, last(ctx).ended, last(ctx).name) == (["left"], ended, "admission")


async def test_a_refusal_to_enter_is_the_spans_error(ctx: Context) -> None:
    @asynccontextmanager
    async def inner() -> Any:
        raise ThrottlingException("Wait.")
        yield

    with pytest.raises(ThrottlingException):
        async with Entering(ctx, ADMISSION, "a-model", inner()):
            pass
    assert (last(ctx).error, last(ctx).attributes) == ("ThrottlingException", {"gen_ai.request.model": "a-model"})
