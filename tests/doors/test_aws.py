"""The AWS door with handlers of the test's own: what it does when a handler does what none should."""

import asyncio
import threading
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import structlog

from craton.audit.trail import Trail
from craton.config import Limits
from craton.core.context import Context
from craton.core.operation import Handler
from craton.doors.aws import AwsDoor
from craton.doors.callers import Callers
from craton.iam.authorization.authorization import Authorization
from craton.iam.identity import Identity
from craton.iam.records import DEFAULT_ACCOUNT
from craton.iam.resource_policies.policies import ResourcePolicies
from craton.store.documents import Documents
from craton.wire.events import Decoder
from craton.wire.message import Request
from craton.wire.spec import load_service
from tests.doors.calls import Reply, call, sign
from tests.serving import ACCESS_KEY_ID, SECRET_ACCESS_KEY

STREAM = Request("POST", "/model/m/converse-stream", headers=(("content-type", "application/json"),), body=b"{}")


@pytest.fixture(autouse=True)
def plain_traces() -> Iterator[None]:
    """structlog's default shows every local variable of a trace, which takes seconds."""
    structlog.configure(processors=[structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)])
    yield
    structlog.reset_defaults()


@asynccontextmanager
async def door(home: Path, name: str, handler: Handler) -> AsyncIterator[AwsDoor]:
    """The door of one operation of bedrock-runtime."""
    documents = Documents.open(home)
    identity = Identity.of(documents, DEFAULT_ACCOUNT)
    authorization = Authorization(documents, identity.principals, ResourcePolicies(documents))
    await identity.keys.preset(ACCESS_KEY_ID, SECRET_ACCESS_KEY)
    try:
        yield AwsDoor(
            [load_service("bedrock-runtime")],
            {("bedrock-runtime", name): handler},
            Callers(identity, authorization, "us-east-1"),
            authorization,
            documents,
            Limits(),
            Trail(documents),
        )
    finally:
        await identity.close()
        await documents.close()


async def answer(home: Path, events: int) -> Reply:
    """The answer of a ConverseStream whose handler breaks after so many events."""

    async def stream() -> AsyncGenerator[dict[str, Any]]:
        for _ in range(events):
            yield {"messageStart": {"role": "assistant"}}
        raise RuntimeError("a secret of the server's")

    async def converse_stream(ctx: Context, req: dict[str, Any]) -> dict[str, Any]:
        return {"stream": stream()}

    async with door(home, "converse_stream", converse_stream) as opened:
        return await call(opened, sign(STREAM))


def test_a_fault_before_the_first_event_is_a_modelled_error(tmp_path: Path) -> None:
    reply = asyncio.run(answer(tmp_path, events=0))
    assert (reply.status, reply.error) == (500, "InternalServerException")
    assert "secret" not in reply.json["message"]


def test_a_fault_within_a_stream_does_not_look_like_its_end(tmp_path: Path) -> None:
    reply = asyncio.run(answer(tmp_path, events=2))
    assert reply.status == 200
    *_, last = Decoder().feed(reply.body)
    assert last.headers[":message-type"] == "exception"
    assert last.headers[":exception-type"] == "internalServerException"
    assert b"secret" not in last.payload


def test_a_handler_named_for_no_operation_is_a_mistake_in_the_program(tmp_path: Path) -> None:
    async def converze(ctx: Context, req: dict[str, Any]) -> dict[str, Any]:
        return {}

    async def build() -> None:
        documents = Documents.open(tmp_path)
        try:
            identity = Identity.of(documents, DEFAULT_ACCOUNT)
            authorization = Authorization(documents, identity.principals, ResourcePolicies(documents))
            handlers = {("bedrock-runtime", "converze"): converze}
            AwsDoor(
                [load_service("bedrock-runtime")],
                handlers,
                Callers(identity, authorization, "us-east-1"),
                authorization,
                documents,
                Limits(),
                Trail(documents),
            )
        finally:
            await documents.close()

    with pytest.raises(AssertionError, match="named for no operation"):
        asyncio.run(build())


class Told(dict[str, Any]):
    """A result that tells in which thread it is written."""

    thread = 0

    def items(self) -> Any:
        self.thread = threading.get_ident()
        return super().items()


@pytest.mark.parametrize(("texts", "apart"), [(3, False), (3_000, True)])
async def test_an_answer_of_many_entries_is_written_beside_the_event_loop(
    tmp_path: Path, texts: int, apart: bool
) -> None:
    result = Told(usage={}, action="NONE", outputs=[{"text": str(at)} for at in range(texts)], assessments=[])

    async def apply_guardrail(ctx: Context, req: dict[str, Any]) -> dict[str, Any]:
        return result

    body = b'{"source": "INPUT", "content": [{"text": {"text": "Hello."}}]}'
    request = Request("POST", "/guardrail/abc/version/1/apply", headers=STREAM.headers, body=body)
    async with door(tmp_path, "apply_guardrail", apply_guardrail) as opened:
        reply = await call(opened, sign(request))
    assert [each["text"] for each in reply.json["outputs"]] == [str(at) for at in range(texts)]
    assert (result.thread != threading.get_ident()) is apart
