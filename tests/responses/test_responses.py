"""Responses that are kept, continued, made in the background, followed, cancelled and deleted; the model is played."""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
import structlog

from craton.core.context import Context
from craton.dialects.openai.responses import read_creation
from craton.errors import (
    ApiError,
    ModelErrorException,
    ResourceNotFoundException,
    ThrottlingException,
    ValidationException,
)
from craton.jobs import runner
from craton.jobs.runner import Jobs
from craton.models.resolve import Resolved
from craton.responses.background import STRIDE
from craton.responses.making import ENDS
from craton.responses.records import UNFINISHED
from craton.responses.responses import Responses
from craton.runtime.inference import Inference
from craton.store.blobs import Blobs
from craton.store.documents import Documents
from craton.usage.invocation_logs.logs import InvocationLogs

ACCOUNT, OTHER = "123456789012", "999999999999"
NOWHERE = Path("/nowhere")
CTX = Context(ACCOUNT, "us-east-1", "arn:aws:iam::123456789012:root", "r1")
STRANGER = Context(OTHER, "us-east-1", "arn:aws:iam::999999999999:root", "r2")
RESOLVED = cast(Resolved, SimpleNamespace(id="m", spec=SimpleNamespace(context_length=12), arns=()))
USAGE = {"inputTokens": 1, "outputTokens": 1, "totalTokens": 2}

Events = list[dict[str, Any]]


class Played:
    """An Inference whose model says "Hello" in pieces. `gate` is awaited before the last one, `error` raised there."""

    def __init__(self) -> None:
        self.turns: list[Any] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.waiting = asyncio.Event()
        self.error: ApiError | Exception | None = None
        self.before = False  # whether the error comes before anything is said

    async def generation(self, ctx: Context, model: object, turn: Any, *, tier: str, asked: object) -> Any:
        self.turns.append(turn)
        if self.error and self.before:
            raise self.error
        return SimpleNamespace(stream=self._stream, guarded=None)

    async def guards(self, ctx: Context, asked: object) -> list[str]:
        return []

    async def count(self, ctx: Context, model: object, turn: Any) -> int:
        return sum(len(block["text"].split()) for message in turn["messages"] for block in message["content"])

    async def _stream(self) -> AsyncGenerator[dict[str, Any], None]:
        yield {"messageStart": {"role": "assistant"}}
        yield {"contentBlockDelta": {"contentBlockIndex": 0, "delta": {"text": "Hel"}}}
        self.waiting.set()
        await self.gate.wait()
        if self.error:
            raise self.error
        yield {"contentBlockDelta": {"contentBlockIndex": 0, "delta": {"text": "lo"}}}
        yield {"contentBlockStop": {"contentBlockIndex": 0}}
        yield {"messageStop": {"stopReason": "end_turn"}}
        yield {"metadata": {"usage": USAGE}}


@pytest.fixture
def played() -> Played:
    return Played()


@pytest.fixture
async def documents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Documents]:
    monkeypatch.setattr(runner, "FIRST_BACKOFF", 0.01)
    monkeypatch.setattr(runner, "POLL", 0.05)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    opened = Documents.open(tmp_path)
    yield opened
    await opened.close()
    structlog.reset_defaults()


@asynccontextmanager
async def serving(documents: Documents, played: Played) -> AsyncIterator[Responses]:
    """A server's responses, until the server ends."""
    jobs = Jobs(documents)
    logs = InvocationLogs(documents, Blobs(NOWHERE, CTX.account), NOWHERE)
    responses = Responses(documents, cast(Inference, played), jobs, logs)
    await jobs.resume()
    try:
        yield responses
    finally:
        await jobs.close()


@pytest.fixture
async def responses(documents: Documents, played: Played) -> AsyncIterator[Responses]:
    async with serving(documents, played) as made:
        yield made


async def create(responses: Responses, input: Any = "Hi", ctx: Context = CTX, **body: Any) -> dict[str, Any]:
    return await responses.create(ctx, read_creation({"model": "m", "input": input, **body}), RESOLVED)


async def stream(responses: Responses, **body: Any) -> Events:
    creation = read_creation({"model": "m", "input": "Hi", "stream": True, **body})
    return [event async for event in responses.stream(CTX, creation, RESOLVED)]


async def ended(responses: Responses, id: str) -> dict[str, Any]:
    async with asyncio.timeout(20):
        while (response := await responses.get(CTX, id))["status"] in UNFINISHED:  # noqa: ASYNC110 - a caller can only look
            await asyncio.sleep(0.005)
    return response


def text(response: dict[str, Any]) -> str:
    return "".join(part["text"] for item in response["output"] for part in item["content"])


# Kept


async def test_a_response_is_kept_as_it_was_given(responses: Responses) -> None:
    made = await create(responses, metadata={"a": "b"})
    assert (made["status"], text(made), made["metadata"]) == ("completed", "Hello", {"a": "b"})
    assert made["completed_at"] >= made["created_at"] > 1_700_000_000
    assert await responses.get(CTX, made["id"]) == made


async def test_a_stream_ends_with_the_response_that_is_kept(responses: Responses) -> None:
    last = (await stream(responses))[-1]
    assert last["type"] == "response.completed"
    assert await responses.get(CTX, last["response"]["id"]) == last["response"]


async def test_without_store_nothing_is_kept(responses: Responses) -> None:
    for made in (await create(responses, store=False), (await stream(responses, store=False))[-1]["response"]):
        with pytest.raises(ResourceNotFoundException):
            await responses.get(CTX, made["id"])


async def test_a_client_that_goes_away_leaves_nothing_behind(responses: Responses, played: Played) -> None:
    played.gate.clear()
    creation = read_creation({"model": "m", "input": "Hi", "stream": True})
    events = responses.stream(CTX, creation, RESOLVED)
    first = await anext(events)
    await events.aclose()
    with pytest.raises(ResourceNotFoundException):
        await responses.get(CTX, first["response"]["id"])


async def test_a_model_that_fails_is_told_as_an_error_or_as_the_end_of_the_stream(
    responses: Responses, played: Played
) -> None:
    played.error = ThrottlingException("Too much.")
    with pytest.raises(ThrottlingException):
        await create(responses)
    events = await stream(responses)
    failed = events[-1]["response"]
    assert (events[-1]["type"], failed["status"], text(failed)) == ("response.failed", "failed", "Hel")
    assert failed["error"] == {"code": "rate_limit_exceeded", "message": "Too much."}
    assert await responses.get(CTX, failed["id"]) == failed
    played.before = True
    with pytest.raises(ThrottlingException):
        await stream(responses)


async def test_deleted_is_deleted(responses: Responses) -> None:
    made = await create(responses)
    await responses.delete(CTX, made["id"])
    for act in (responses.get, responses.delete, responses.cancel):
        with pytest.raises(ResourceNotFoundException):
            await act(CTX, made["id"])


async def test_another_account_sees_nothing(responses: Responses) -> None:
    made = await create(responses)
    for act in (responses.get, responses.delete, responses.cancel):
        with pytest.raises(ResourceNotFoundException):
            await act(STRANGER, made["id"])
    with pytest.raises(ResourceNotFoundException):
        await responses.input_items(STRANGER, made["id"], limit=1, after=None, descending=True)
    with pytest.raises(ResourceNotFoundException):
        await anext(responses.follow(STRANGER, made["id"], -1))
    with pytest.raises(ValidationException, match="previous_response_id"):
        await create(responses, ctx=STRANGER, previous_response_id=made["id"])
    with pytest.raises(ValidationException, match="no item"):
        await create(responses, [{"type": "item_reference", "id": made["output"][0]["id"]}], ctx=STRANGER)


# Continued


async def test_a_conversation_goes_on_from_a_response(responses: Responses, played: Played) -> None:
    first = await create(responses, "One", instructions="Forgotten.")
    second = await create(responses, "Two", previous_response_id=first["id"])
    await create(responses, "Three", previous_response_id=second["id"], instructions="Now.")
    assert second["previous_response_id"] == first["id"]
    assert played.turns[2]["system"] == [{"text": "Now."}]
    assert [(m["role"], m["content"][0]["text"]) for m in played.turns[2]["messages"]] == [
        ("user", "One"),
        ("assistant", "Hello"),
        ("user", "Two"),
        ("assistant", "Hello"),
        ("user", "Three"),
    ]


async def test_a_conversation_with_a_gap_is_not_continued(responses: Responses) -> None:
    first = await create(responses)
    second = await create(responses, previous_response_id=first["id"])
    await responses.delete(CTX, first["id"])
    with pytest.raises(ValidationException, match="cannot be continued.*" + first["id"]):
        await create(responses, previous_response_id=second["id"])


async def test_a_response_that_has_not_ended_is_not_continued(responses: Responses, played: Played) -> None:
    played.gate.clear()
    first = await create(responses, background=True)
    with pytest.raises(ValidationException, match="has not ended"):
        await create(responses, previous_response_id=first["id"])


async def test_an_item_stands_for_itself_by_its_id(responses: Responses, played: Played) -> None:
    first = await create(responses, "One")
    listed = await responses.input_items(CTX, first["id"], limit=1, after=None, descending=True)
    said = [{"type": "item_reference", "id": listed.items[0]["id"]}, {"id": first["output"][0]["id"]}]
    await create(responses, [*said, {"role": "user", "content": "Two"}])
    assert [m["content"][0]["text"] for m in played.turns[1]["messages"]] == ["One", "Hello", "Two"]


async def test_input_items_come_in_pages(responses: Responses) -> None:
    made = await create(responses, [{"role": "user", "content": str(number)} for number in range(5)])

    async def page(after: str | None, descending: bool = True) -> tuple[list[str], str, bool]:
        listed = await responses.input_items(CTX, made["id"], limit=2, after=after, descending=descending)
        return [item["content"][0]["text"] for item in listed.items], listed.items[-1]["id"], listed.more

    texts, last, more = await page(None)
    assert (texts, more) == (["4", "3"], True)
    texts, last, more = await page(last)
    assert (texts, more) == (["2", "1"], True)
    texts, last, more = await page(last)
    assert (texts, more) == (["0"], False)
    assert (await page(None, descending=False))[0] == ["0", "1"]
    with pytest.raises(ValidationException, match="'msg_x'"):
        await page("msg_x")


async def test_what_is_too_long_is_cut_at_its_beginning_only_when_asked(responses: Responses, played: Played) -> None:
    conversation = [
        {"role": "developer", "content": "rule"},
        *({"role": role, "content": f"{n} b c d"} for n in range(3) for role in ("user", "assistant")),
        {"role": "user", "content": "last b"},
    ]
    await create(responses, conversation)
    assert len(played.turns[0]["messages"]) == 7
    # Twelve fit: two for the last message, four each for the two before it, one to answer.
    await create(responses, conversation, truncation="auto")
    cut = played.turns[1]
    assert cut["system"] == [{"text": "rule"}]
    assert [m["content"][0]["text"] for m in cut["messages"]] == ["2 b c d", "2 b c d", "last b"]
    assert (
        await responses.count(CTX, read_creation({"model": "m", "input": conversation, "truncation": "auto"}), RESOLVED)
        == 10
    )


# In the background


async def test_a_background_response_is_queued_made_and_kept(responses: Responses, played: Played) -> None:
    played.gate.clear()
    made = await create(responses, background=True)
    assert (made["status"], made["background"], made["output"]) == ("queued", True, [])
    await asyncio.wait_for(played.waiting.wait(), 5)
    assert (await responses.get(CTX, made["id"]))["status"] == "in_progress"
    played.gate.set()
    done = await ended(responses, made["id"])
    assert (done["status"], text(done), done["created_at"]) == ("completed", "Hello", made["created_at"])
    await responses.delete(CTX, made["id"])


async def test_a_background_response_survives_the_server(documents: Documents, played: Played) -> None:
    played.gate.clear()
    async with serving(documents, played) as first:
        made = await create(first, background=True)
        await asyncio.wait_for(played.waiting.wait(), 5)
    played.gate.set()
    async with serving(documents, played) as second:
        assert text(await ended(second, made["id"])) == "Hello"
    assert len(played.turns) == 2


@pytest.mark.parametrize("before", [True, False])
async def test_a_background_response_whose_model_fails_says_so(
    responses: Responses, played: Played, before: bool
) -> None:
    played.error, played.before = ModelErrorException("The model is gone."), before
    done = await ended(responses, (await create(responses, background=True))["id"])
    assert (done["status"], text(done)) == ("failed", "" if before else "Hel")
    assert done["error"] == {"code": "server_error", "message": "The model is gone."}


async def test_a_mistake_of_the_server_is_tried_again_and_then_told(responses: Responses, played: Played) -> None:
    played.error = RuntimeError("a mistake in the program")
    told = await stream(responses, background=True)
    assert told[-1]["type"] == "response.failed"
    assert "5 times" in told[-1]["response"]["error"]["message"]
    assert len(played.turns) == runner.MOST_FAILURES
    numbers = [event["sequence_number"] for event in told]
    assert numbers == sorted(set(numbers))


async def test_cancelling_stops_the_model_and_is_kept(responses: Responses, played: Played) -> None:
    played.gate.clear()
    made = await create(responses, background=True)
    await asyncio.wait_for(played.waiting.wait(), 5)
    assert (await responses.cancel(CTX, made["id"]))["status"] == "cancelled"
    played.gate.set()
    await asyncio.sleep(0.05)
    assert (await responses.get(CTX, made["id"]))["status"] == "cancelled"
    assert (await responses.cancel(CTX, made["id"]))["status"] == "cancelled"


async def test_what_has_ended_stays_as_it_ended_when_it_is_cancelled(responses: Responses) -> None:
    made = await ended(responses, (await create(responses, background=True))["id"])
    assert await responses.cancel(CTX, made["id"]) == made
    with pytest.raises(ValidationException, match="not made in the background"):
        await responses.cancel(CTX, (await create(responses))["id"])


# Followed


async def test_a_background_stream_can_be_followed_from_any_event(responses: Responses, played: Played) -> None:
    played.gate.clear()
    creation = read_creation({"model": "m", "input": "Hi", "stream": True, "background": True})
    events = responses.stream(CTX, creation, RESOLVED)
    told = [await anext(events) for _ in range(4)]
    assert [event["type"] for event in told[:3]] == ["response.created", "response.queued", "response.in_progress"]
    await events.aclose()  # the job goes on
    made = told[0]["response"]["id"]
    following = asyncio.create_task(collect(responses, made, 1))
    await asyncio.sleep(0.02)
    played.gate.set()
    rest = await asyncio.wait_for(following, 5)
    assert [event["sequence_number"] for event in rest] == list(range(2, 2 + len(rest)))
    assert rest[:2] == told[2:]
    assert rest[-1]["response"] == await responses.get(CTX, made)
    # Once it has ended, the same events come from what was kept.
    assert await collect(responses, made, -1) == told[:2] + rest
    assert await collect(responses, made, rest[-2]["sequence_number"]) == rest[-1:]


async def collect(responses: Responses, id: str, after: int) -> Events:
    return [event async for event in responses.follow(CTX, id, after)]


async def test_the_stream_of_a_failure_can_be_followed_later(responses: Responses, played: Played) -> None:
    played.error = ModelErrorException("The model is gone.")
    told = await stream(responses, background=True)
    assert told[-1]["type"] == "response.failed"
    assert await collect(responses, told[0]["response"]["id"], -1) == told


async def test_the_stream_of_a_cancelled_response_ends(responses: Responses, played: Played) -> None:
    played.gate.clear()
    creation = read_creation({"model": "m", "input": "Hi", "stream": True, "background": True})
    events = responses.stream(CTX, creation, RESOLVED)
    made = (await anext(events))["response"]["id"]
    await asyncio.wait_for(played.waiting.wait(), 5)
    await responses.cancel(CTX, made)
    assert [event["type"] async for event in events if event["type"] in ENDS] == []
    with pytest.raises(ValidationException, match="cancelled"):
        await collect(responses, made, -1)


async def test_a_second_try_is_another_stream_with_higher_numbers(documents: Documents, played: Played) -> None:
    played.gate.clear()
    creation = read_creation({"model": "m", "input": "Hi", "stream": True, "background": True})
    async with serving(documents, played) as first:
        events = first.stream(CTX, creation, RESOLVED)
        told = [await anext(events) for _ in range(5)]
        await events.aclose()
        await asyncio.wait_for(played.waiting.wait(), 5)
    played.gate.set()
    async with serving(documents, played) as second:
        rest = await collect(second, told[0]["response"]["id"], told[-1]["sequence_number"])
    assert [event["sequence_number"] for event in rest] == list(range(STRIDE, STRIDE + len(rest)))
    assert [event["type"] for event in rest[:2]] == ["response.created", "response.in_progress"]
    assert text(rest[-1]["response"]) == "Hello"


async def test_only_a_background_stream_can_be_followed(responses: Responses) -> None:
    for made in (await create(responses), await create(responses, background=True)):
        with pytest.raises(ValidationException, match="cannot be streamed"):
            await collect(responses, made["id"], -1)
