"""Messages: a turn answered whole or as events, and its tokens counted. Knows no body: the dialect does."""

import secrets
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing

from craton.core.context import Context
from craton.dialects.anthropic import messages as anthropic
from craton.dialects.converse import Block, Stamp
from craton.doors import sse
from craton.doors.anthropic.errors import AnthropicManner
from craton.doors.guardrails import asked_for
from craton.doors.naming import invoking, making
from craton.doors.rest import Asked, json_response
from craton.doors.side_by_side import side_by_side
from craton.iam.authorization.actions import COUNT
from craton.runtime import native
from craton.runtime.generation import Generation
from craton.runtime.inference import Inference
from craton.wire.message import Response

VERSION_HEADER = "anthropic-version"
# What holds where a request names no version.
FIRST_VERSION = "2023-06-01"
PING = sse.event({"type": "ping"}, "ping")
# Seconds of silence after which a client is told that the stream lives.
SILENCE = 10.0


class Messages:
    def __init__(self, inference: Inference, manner: AnthropicManner) -> None:
        self._inference = inference
        self._manner = manner

    async def create(self, ctx: Context, asked: Asked) -> Response:
        guardrail, given = asked_for(asked)
        message = anthropic.read_message(given, _version(asked))
        action = invoking(message.stream)
        resolved = await making(self._inference, ctx, message.model, "TEXT", action, asked=guardrail)
        generation = await self._inference.generation(ctx, resolved, message.turn, asked=guardrail)
        stamp = Stamp(secrets.token_hex(12), message.model, int(time.time()))
        if message.stream:
            return await sse.respond(
                _events(generation, stamp), lambda error: self._manner.event(error, ctx.request_id)
            )
        answer = await generation.answer()
        body = anthropic.write_response(answer, stamp)
        return json_response({**body, "usage": _usage(body["usage"]), **native.guarded(generation, answer)})

    async def count(self, ctx: Context, asked: Asked) -> Response:
        message = anthropic.read_count(asked.body, _version(asked))
        resolved = await making(self._inference, ctx, message.model, "TEXT", COUNT)
        return json_response({"input_tokens": await self._inference.count(ctx, resolved, message.turn)})


def _version(asked: Asked) -> str:
    return asked.request.header(VERSION_HEADER) or FIRST_VERSION


def _usage(usage: Block) -> Block:
    """The usage with what the API tells in any case."""
    return {"cache_creation_input_tokens": 0, "cache_read_input_tokens": 0, **usage, "service_tier": "standard"}


async def _events(generation: Generation, stamp: Stamp) -> AsyncGenerator[bytes]:
    """The stream, with a ping after its first event, as the API has it, and in its silences."""
    writer = anthropic.EventWriter(stamp)
    async with aclosing(side_by_side([generation.stream()], silence=SILENCE)) as entries:
        async for entry in entries:
            if entry is None:
                yield PING
                continue
            event = entry[1]
            blocks = writer.write(event)
            if metadata := event.get("metadata"):
                blocks[-1] = {**blocks[-1], **native.guarded(generation, metadata)}
            for block in blocks:
                if block["type"] == "message_start":
                    begun = generation.input_usage
                    usage = anthropic.write_usage({**begun, "outputTokens": 0}) if begun else block["message"]["usage"]
                    message = {**block["message"], "usage": _usage(usage)}
                    yield sse.event({**block, "message": message}, "message_start")
                    yield PING
                else:
                    yield sse.event(block, block["type"])
