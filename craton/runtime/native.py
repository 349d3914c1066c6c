"""InvokeModel's bodies: read from the request, written into the answer or its chunks, with what is counted beside them.

Knows no family's own shapes: `craton.dialects.families` has them.
"""

import secrets
import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from craton.core.context import Context
from craton.dialects.body import Json, decode
from craton.dialects.converse import Answer, Block, Turn
from craton.dialects.families import (
    ALTERNATIVES,
    EMBEDDING_FAMILIES,
    FAMILIES,
    RERANK_FAMILIES,
    Family,
    Writer,
)
from craton.dialects.stamps import Asked
from craton.errors import ValidationException
from craton.models.resolve import Resolved
from craton.runtime import request
from craton.runtime.generation import Generation
from craton.runtime.guarding.asked import Asked as Guardrail
from craton.runtime.guarding.told import ACTION, in_body

# What Converse takes as requestMetadata, by its service model.
_TEXT = r"^[a-zA-Z0-9\s:_@$#=/+,\-.]*\Z"
_Name = Annotated[str, Meta(min_length=1, max_length=256, pattern=_TEXT)]
_Value = Annotated[str, Meta(max_length=256, pattern=_TEXT)]
_metadata = msgspec.json.Decoder(Annotated[dict[_Name, _Value], Meta(min_length=1, max_length=16)]).decode

JSON = "application/json"
ACCEPTED = {"*/*", "application/*", JSON}


def told(ctx: Context, req: Json) -> Context:
    """The context with the metadata that an InvokeModel request has in a header. Raises ValidationException."""
    if not (written := req.get("requestMetadata")):
        return ctx
    try:
        return request.telling(ctx, _metadata(written))
    except msgspec.DecodeError as error:
        raise ValidationException(
            f"The header X-Amzn-Bedrock-Request-Metadata cannot be read ({error}). Send a JSON object of texts, "
            "1 to 16 of them, whose names and values have at most 256 letters, digits, spaces and characters of "
            ":_@$#=/+,-."
        ) from None


def read(req: Json) -> Block:
    """The JSON object that an InvokeModel request carries. Raises ValidationException."""
    sent, wanted = req.get("contentType") or JSON, req.get("accept") or JSON
    if sent.partition(";")[0].strip().lower() != JSON:
        raise ValidationException(f"The content type {sent!r} is not supported by this model. Send {JSON}.")
    if not ACCEPTED & {kind.partition(";")[0].strip().lower() for kind in wanted.split(",")}:
        raise ValidationException(f"The model does not answer in {wanted!r}. Accept {JSON}.")
    return parse(req.get("body") or b"")


def parse(body: bytes) -> Block:
    try:
        value = decode(body)
    except ValueError as error:
        raise ValidationException(
            f"Malformed input request, please reformat your input and try again: the body is not JSON ({error})."
        ) from None
    if not isinstance(value, dict):
        raise ValidationException(
            "Malformed input request: the body must be a JSON object, please reformat your input."
        )
    return value


def generating(resolved: Resolved, body: Json) -> Family:
    """The family in whose form the body is, and its answer will be. Raises ValidationException where there is none."""
    mark, alternative = ALTERNATIVES.get(resolved.family, ("", ""))
    if family := FAMILIES.get(alternative if mark in body else resolved.family):
        return family
    if resolved.family in EMBEDDING_FAMILIES:
        raise ValidationException(f"The model {resolved.id!r} makes embeddings, which only InvokeModel answers.")
    if resolved.family in RERANK_FAMILIES:
        raise ValidationException(f"The model {resolved.id!r} ranks documents, which only InvokeModel and Rerank do.")
    raise ValidationException(
        f"The bodies of {resolved.id!r} ({resolved.family}) are not served by InvokeModel here. Use Converse instead."
    )


def streaming(resolved: Resolved, body: Json) -> Family:
    """As `generating`. Raises ValidationException too where the family's models do not stream."""
    family = generating(resolved, body)
    if family.chunks is None:
        raise ValidationException(f"The model {resolved.id!r} does not stream its answers. Call InvokeModel instead.")
    return family


def turn_of(family: Family, body: Json) -> Turn:
    """The conversation inside a body of the family. Raises ValidationException."""
    return request.turn_of(family.bodies.read_request(body))


def stamp(resolved: Resolved, body: Json, input_tokens: int | None = None) -> Asked:
    return Asked(secrets.token_hex(12), resolved.id, int(time.time()), input_tokens, body)


async def answer(resolved: Resolved, family: Family, body: Json, generation: Generation) -> tuple[Block, Answer]:
    """The family's body that answers `body`, and the Converse answer that it was made from."""
    whole = await generation.answer()
    guardrail = guarded(generation, whole)
    return family.bodies.write_response(whole, stamp(resolved, body)) | guardrail, whole


def guarded(generation: Generation, told: Mapping[str, Any]) -> Block:
    """What a native body has of guardrails beside its own members; `told` is the answer, or its stream's metadata."""
    if generation.guarded is None:
        return {}
    return in_body(generation.guarded.action, told.get("trace", {}).get("guardrail"))


async def chunks(resolved: Resolved, family: Family, body: Json, generation: Generation) -> AsyncGenerator[Block]:
    """The family's stream that answers `body`; its last chunk also tells tokens and latencies."""
    assert family.chunks, "families without chunks are refused before"
    writer: Writer | None = None
    async with aclosing(generation.stream()) as events:
        async for event in events:
            # With the first event it is known what some families tell in their first chunk.
            writer = writer or family.chunks.EventWriter(
                stamp(resolved, body, generation.input_usage.get("inputTokens"))
            )
            blocks = writer.write(event)
            if metadata := event.get("metadata"):
                blocks[-1] = {**blocks[-1], **_metrics(family, generation, metadata), **guarded(generation, metadata)}
            elif generation.guarded and "contentBlockDelta" in event:
                blocks = [{**block, ACTION: generation.guarded.action} for block in blocks]
            for block in blocks:
                yield {"chunk": {"bytes": msgspec.json.encode(block)}}


def _metrics(family: Family, generation: Generation, metadata: Block) -> Block:
    """Of the model, where one was asked."""
    if generation.guarded and generation.guarded.refused:
        return {}
    return family.metrics(metadata["usage"], generation.latency, generation.first_byte_latency)


def refuse_guardrail(asked: Guardrail | None, resolved: Resolved) -> None:
    """Raises ValidationException for a guardrail on what generates nothing that it could judge."""
    if asked and asked.identifier:
        raise ValidationException(
            f"The model {resolved.id!r} makes embeddings or ranks documents, which guardrails do not judge. Leave out "
            "guardrailIdentifier, or judge the texts with ApplyGuardrail."
        )


def headers(usage: Mapping[str, int], latency: int, *, cache: bool = False) -> dict[str, str]:
    """What the real service tells beside a plain answer: tokens, and milliseconds.

    Of the cache it tells where the answer was asked to use it, or always, as with `cache`.
    """
    told = {
        "X-Amzn-Bedrock-Invocation-Latency": str(latency),
        "X-Amzn-Bedrock-Input-Token-Count": str(usage["inputTokens"]),
        "X-Amzn-Bedrock-Output-Token-Count": str(usage["outputTokens"]),
    }
    if cache or "cacheReadInputTokens" in usage:
        told["X-Amzn-Bedrock-Cache-Read-Input-Token-Count"] = str(usage.get("cacheReadInputTokens", 0))
        told["X-Amzn-Bedrock-Cache-Write-Input-Token-Count"] = str(usage.get("cacheWriteInputTokens", 0))
    return told
