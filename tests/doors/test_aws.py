"""The AWS door with handlers of the test's own: what it does when a handler does what none should."""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog

from craton.audit.trail import Trail
from craton.config import Limits
from craton.core.context import Context
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


async def answer(home: Path, events: int) -> Reply:
    """The answer of a ConverseStream whose handler breaks after so many events."""

    async def stream() -> AsyncGenerator[dict[str, Any]]:
        for _ in range(events):
            yield {"messageStart": {"role": "assistant"}}
        raise RuntimeError("a secret of the server's")

    async def converse_stream(ctx: Context, req: dict[str, Any]) -> dict[str, Any]:
        return {"stream": stream()}

    documents = Documents.open(home)
    identity = Identity.of(documents, DEFAULT_ACCOUNT)
    authorization = Authorization(documents, identity.principals, ResourcePolicies(documents))
    await identity.keys.preset(ACCESS_KEY_ID, SECRET_ACCESS_KEY)
    handlers = {("bedrock-runtime", "converse_stream"): converse_stream}
    door = AwsDoor(
        [load_service("bedrock-runtime")],
        handlers,
        Callers(identity, authorization, "us-east-1"),
        authorization,
        documents,
        Limits(),
        Trail(documents),
    )
    try:
        return await call(door, sign(STREAM))
    finally:
        await identity.close()
        await documents.close()


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
