"""Chat completions: a turn, or several of it side by side, answered whole or as chunks. Knows no body."""

import hashlib
import secrets
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Any

from craton import __version__
from craton.core.context import Context
from craton.dialects.converse import Block, Stamp, Turn
from craton.dialects.openai import chat as openai_chat
from craton.dialects.openai.chat import Completion
from craton.doors import sse
from craton.doors.guardrails import asked_for, told
from craton.doors.naming import invoking, making
from craton.doors.openai.errors import OpenAiManner
from craton.doors.rest import Asked, json_response
from craton.doors.side_by_side import all_of, side_by_side
from craton.engines.base import ModelSpec
from craton.runtime import native
from craton.runtime.generation import Generation
from craton.runtime.inference import Inference
from craton.wire import events
from craton.wire.message import Response

DONE = b"data: [DONE]\n\n"


class Chat:
    def __init__(self, inference: Inference, manner: OpenAiManner) -> None:
        self._inference = inference
        self._manner = manner

    async def create(self, ctx: Context, asked: Asked) -> Response:
        guardrail, body = asked_for(asked)
        completion = openai_chat.read_completion(body)
        action, tier = invoking(completion.stream), completion.serving_tier
        resolved = await making(self._inference, ctx, completion.model, "TEXT", action, tier, guardrail)
        generations = [
            await self._inference.generation(ctx, resolved, turn, tier=tier, asked=guardrail)
            for turn in _turns(completion)
        ]
        stamp = Stamp(secrets.token_hex(12), completion.model, int(time.time()))
        also: Block = {"system_fingerprint": fingerprint(resolved.spec)}
        if completion.tier:  # told to those who ask
            also["service_tier"] = completion.serving_tier
        if completion.stream:
            chunks = _chunks(completion, generations, stamp, also)
            return await sse.respond(chunks, lambda error: self._manner.event(error, ctx.request_id))
        answers = await all_of([generation.answer() for generation in generations])
        return json_response(openai_chat.write_completion(answers, stamp) | also | told(generations, answers))


def fingerprint(spec: ModelSpec) -> str:
    """Of all that decides, with a seed, which answer a prompt gets."""
    files = sorted((role, path.name) for role, path in spec.files.items())
    options = sorted((name, repr(value)) for name, value in spec.options.items())
    whole = repr((__version__, spec.id, spec.engine, files, spec.context_length, options))
    return f"fp_{hashlib.sha256(whole.encode()).hexdigest()[:10]}"


def _turns(completion: Completion) -> list[Turn]:
    """One for each answer; under one seed they would all be the same."""
    fields: dict[str, Any] = completion.turn.get("additionalModelRequestFields", {})
    if "seed" not in fields:
        return [completion.turn] * completion.n
    return [
        {**completion.turn, "additionalModelRequestFields": {**fields, "seed": fields["seed"] + number}}
        for number in range(completion.n)
    ]


async def _chunks(
    completion: Completion, generations: Sequence[Generation], stamp: Stamp, also: Block
) -> AsyncGenerator[bytes]:
    writers = [openai_chat.EventWriter(stamp, index) for index in range(completion.n)]
    usages: list[Block] = []
    if completion.include_usage:
        also = {**also, "usage": None}

    def written(chunk: Block) -> bytes:
        padding = {"obfuscation": events.padding()} if completion.obfuscate else {}
        return sse.event({**also, **chunk, **padding})

    last: dict[int, list[Block]] = {}  # of answers that guardrails judge: they tell of it at their end
    async with aclosing(side_by_side([generation.stream() for generation in generations])) as stream:
        async for entry in stream:
            assert entry, "silences are not asked for"
            index, event = entry
            if metadata := event.get("metadata"):
                usages.append(metadata["usage"])
                for chunk in last.pop(index, ()):
                    yield written({**chunk, **native.guarded(generations[index], metadata)})
                continue
            chunks = writers[index].write(event)
            if "messageStop" in event and generations[index].guarded:
                last[index] = chunks
                continue
            for chunk in chunks:
                yield written(chunk)
    if completion.include_usage:
        yield written(writers[0].write_usage(openai_chat.total_usage(usages)))
    yield DONE
