"""The Responses API: what a request asks of `Responses`, and what that says back. Knows no body and no model.

Its routes are joined to the OpenAI door, which words what goes wrong. Source: the same API of OpenAI,
https://platform.openai.com/docs/api-reference/responses
"""

import re
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Annotated, Any, Literal, TypeVar

from msgspec import Meta

from craton.core.context import Context
from craton.dialects.body import Body, malformed, parse
from craton.dialects.openai import responses as openai_responses
from craton.dialects.openai.responses.shapes import Include
from craton.doors import sse
from craton.doors.guardrails import asked_for
from craton.doors.naming import invoking, making
from craton.doors.openai.errors import OpenAiManner
from craton.doors.rest import Asked, Route, json_response
from craton.iam.authorization.actions import CANCEL_INVOKE, COUNT, DELETE_INVOKE, GET_INVOKE, INVOKE
from craton.responses.making import Events
from craton.responses.responses import Responses
from craton.runtime.inference import Inference
from craton.wire import events as wire_events
from craton.wire.message import Response

Query = TypeVar("Query", bound=Body)

# The resource that stored responses belong to: each account has one project here. They are no IAM resources themselves.
PROJECT = "project/default"

# Members of queries that are no text.
NUMBERS = {"limit", "starting_after"}
FLAGS = {"stream", "include_obfuscation"}


class Fetched(Body):
    """The query of a response that is fetched. What `include` can name is told anyway."""

    stream: bool = False
    starting_after: Annotated[int, Meta(ge=0)] | None = None
    include_obfuscation: bool = True
    include: list[Include] | None = None


class Page(Body):
    """The query of a list of items."""

    limit: Annotated[int, Meta(ge=1, le=100)] = 20
    order: Literal["asc", "desc"] = "desc"
    after: str | None = None
    include: list[Include] | None = None


def routes(inference: Inference, responses: Responses) -> list[Route]:
    """What the OpenAI door answers for these paths below its bases."""
    door = _Door(inference, responses)
    one = "/responses/{id}"
    return [
        Route("POST", "/responses", "openai.responses.create", door.create, invokes=True, need=(INVOKE, PROJECT)),
        Route("POST", "/responses/input_tokens", "openai.responses.input_tokens", door.count),
        Route("GET", one, "openai.responses.retrieve", door.retrieve, need=(GET_INVOKE, PROJECT)),
        Route("DELETE", one, "openai.responses.delete", door.delete, need=(DELETE_INVOKE, PROJECT)),
        Route("POST", f"{one}/cancel", "openai.responses.cancel", door.cancel, need=(CANCEL_INVOKE, PROJECT)),
        Route(
            "GET", f"{one}/input_items", "openai.responses.input_items", door.input_items, need=(GET_INVOKE, PROJECT)
        ),
    ]


class _Door:
    def __init__(self, inference: Inference, responses: Responses) -> None:
        self._inference = inference
        self._responses = responses
        self._manner = OpenAiManner()

    async def create(self, ctx: Context, asked: Asked) -> Response:
        guardrail, body = asked_for(asked)
        creation = openai_responses.read_creation(body)
        action, tier = invoking(creation.stream), creation.serving_tier
        resolved = await making(self._inference, ctx, creation.model, "TEXT", action, tier, guardrail)
        if creation.stream:
            events = self._responses.stream(ctx, creation, resolved, guardrail)
            return await self._streamed(ctx, events, creation.obfuscate)
        return json_response(await self._responses.create(ctx, creation, resolved, guardrail))

    async def count(self, ctx: Context, asked: Asked) -> Response:
        creation = openai_responses.read_count(asked.body)
        resolved = await making(self._inference, ctx, creation.model, "TEXT", COUNT)
        tokens = await self._responses.count(ctx, creation, resolved)
        return json_response({"object": "response.input_tokens", "input_tokens": tokens})

    async def retrieve(self, ctx: Context, asked: Asked) -> Response:
        query = _query(Fetched, asked.query)
        if query.stream:
            after = -1 if query.starting_after is None else query.starting_after
            events = self._responses.follow(ctx, asked.labels["id"], after)
            return await self._streamed(ctx, events, query.include_obfuscation)
        if query.starting_after is not None:
            raise malformed("#/starting_after: there is no stream to start, send stream=true")
        return json_response(await self._responses.get(ctx, asked.labels["id"]))

    async def delete(self, ctx: Context, asked: Asked) -> Response:
        await self._responses.delete(ctx, asked.labels["id"])
        return json_response({"id": asked.labels["id"], "object": "response", "deleted": True})

    async def cancel(self, ctx: Context, asked: Asked) -> Response:
        return json_response(await self._responses.cancel(ctx, asked.labels["id"]))

    async def input_items(self, ctx: Context, asked: Asked) -> Response:
        query = _query(Page, asked.query)
        listed = await self._responses.input_items(
            ctx, asked.labels["id"], limit=query.limit, after=query.after, descending=query.order == "desc"
        )
        ids = [item["id"] for item in listed.items]
        ends = {"first_id": ids[0], "last_id": ids[-1]} if ids else {"first_id": None, "last_id": None}
        return json_response({"object": "list", "data": listed.items, **ends, "has_more": listed.more})

    async def _streamed(self, ctx: Context, events: Events, obfuscate: bool) -> Response:
        return await sse.respond(_written(events, obfuscate), lambda error: self._manner.event(error, ctx.request_id))


async def _written(events: Events, obfuscate: bool) -> AsyncGenerator[bytes, None]:
    async with aclosing(events):
        async for event in events:
            padding = {"obfuscation": wire_events.padding()} if obfuscate and "delta" in event else {}
            yield sse.event(event | padding, event["type"])


def _query(type: type[Query], query: Mapping[str, list[str]]) -> Query:
    """The query as typed. SDKs write a list as `name[]=a&name[]=b`."""
    values: dict[str, Any] = {}
    for name, given in query.items():
        plain = name.removesuffix("[]")
        values[plain] = given if plain == "include" else _value(plain, given[-1])
    return parse(type, values)


def _value(name: str, text: str) -> str | int | bool:
    if name in NUMBERS and re.fullmatch("[0-9]{1,18}", text):
        return int(text)
    return {"true": True, "false": False}.get(text, text) if name in FLAGS else text
