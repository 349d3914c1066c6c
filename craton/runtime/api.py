"""The operations of bedrock-runtime that generate, embed and count."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import msgspec

from craton.core.context import Context
from craton.core.operation import operation
from craton.dialects.converse import Block
from craton.dialects.families import EMBEDDING_FAMILIES, FAMILIES, RERANK_FAMILIES, EmbeddingFamily, RerankFamily
from craton.iam.authorization.actions import COUNT, INVOKE, INVOKE_STREAM, RENDER
from craton.iam.authorization.circumstances import account_of
from craton.models.resolve import Resolved
from craton.prompts.prompts import Prompts, named_prompt
from craton.runtime import native
from craton.runtime.access import conditions
from craton.runtime.embedding import embed
from craton.runtime.generation import Generation
from craton.runtime.guarding import asked
from craton.runtime.guarding.asked import Asked
from craton.runtime.inference import DEFAULT_TIER, Inference
from craton.runtime.request import CONVERSE_REFUSES, ECHOED, INVOKE_REFUSES, conversation, refuse_unserved
from craton.runtime.rerank import scored

if TYPE_CHECKING:
    from craton.shapes import bedrock_runtime as shapes

SERVICE = "bedrock-runtime"

Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Invocation:
    """What an InvokeModel request comes down to: its context, the model, the native body, the guardrail it asks for."""

    ctx: Context
    resolved: Resolved
    body: Block
    asked: Asked | None


class Runtime:
    def __init__(self, inference: Inference, prompts: Prompts) -> None:
        self._inference = inference
        self._prompts = prompts

    @operation(SERVICE, refuses=CONVERSE_REFUSES)
    async def converse(self, ctx: Context, req: shapes.ConverseRequest) -> Answer:
        return await (await self._conversation(ctx, req, INVOKE)).answer()

    @operation(SERVICE, refuses=CONVERSE_REFUSES)
    async def converse_stream(self, ctx: Context, req: shapes.ConverseStreamRequest) -> Answer:
        return {"stream": (await self._conversation(ctx, req, INVOKE_STREAM)).stream()}

    @operation(SERVICE, refuses=INVOKE_REFUSES)
    async def invoke_model(self, ctx: Context, req: shapes.InvokeModelRequest) -> Answer:
        invocation = await self._invocation(ctx, req, INVOKE)
        ctx, resolved, body = invocation.ctx, invocation.resolved, invocation.body
        if resolved.family not in FAMILIES:
            native.refuse_guardrail(invocation.asked, resolved)
        if embedding := EMBEDDING_FAMILIES.get(resolved.family):
            return await self._embed(ctx, resolved, embedding, body, _tier(req)) | _echo(req)
        if reranking := RERANK_FAMILIES.get(resolved.family):
            return await self._rerank(ctx, resolved, reranking, body, _tier(req)) | _echo(req)
        family = native.generating(resolved, body)
        turn = native.turn_of(family, body)
        generation = await self._inference.generation(ctx, resolved, turn, tier=_tier(req), asked=invocation.asked)
        block, answer = await native.answer(resolved, family, body, generation)
        ctx.headers.update(native.headers(answer["usage"], generation.latency, cache=family.cache_metrics))
        return {"body": msgspec.json.encode(block), "contentType": native.JSON, **_echo(req)}

    @operation(SERVICE, refuses=INVOKE_REFUSES)
    async def invoke_model_with_response_stream(
        self, ctx: Context, req: shapes.InvokeModelWithResponseStreamRequest
    ) -> Answer:
        invocation = await self._invocation(ctx, req, INVOKE_STREAM)
        ctx, resolved, body = invocation.ctx, invocation.resolved, invocation.body
        family = native.streaming(resolved, body)
        turn = native.turn_of(family, body)
        generation = await self._inference.generation(ctx, resolved, turn, tier=_tier(req), asked=invocation.asked)
        chunks = native.chunks(resolved, family, body, generation)
        return {"body": chunks, "contentType": native.JSON, **_echo(req)}

    @operation(SERVICE)
    async def count_tokens(self, ctx: Context, req: shapes.CountTokensRequest) -> Answer:
        resolved = await self._inference.resolve(ctx, req["modelId"], COUNT)
        asked = req["input"]
        if "converse" in asked:
            turn = conversation(asked["converse"])
        else:
            body = native.parse(asked["invokeModel"]["body"])
            turn = native.turn_of(native.generating(resolved, body), body)
        return {"inputTokens": await self._inference.count(ctx, resolved, turn)}

    async def _conversation(
        self, ctx: Context, given: shapes.ConverseRequest | shapes.ConverseStreamRequest, action: str
    ) -> Generation:
        tier = given["serviceTier"]["type"] if "serviceTier" in given else DEFAULT_TIER
        req = await self._rendered(ctx, given)
        guardrail = asked.of_converse(req)
        resolved = await self._inference.resolve(ctx, req["modelId"], action, conditions(ctx, tier, guardrail))
        turn = conversation(req)
        fields = req.get("additionalModelResponseFieldPaths", [])
        echo = {member: value for member, value in req.items() if member in ECHOED}
        return await self._inference.generation(
            ctx, resolved, turn, tier=tier, fields=fields, echo=echo, asked=guardrail
        )

    async def _invocation(self, ctx: Context, req: Mapping[str, Any], action: str) -> Invocation:
        named = asked.of_native(req)
        resolved = await self._inference.resolve(ctx, req["modelId"], action, conditions(ctx, _tier(req), named))
        refuse_unserved(req)
        ctx = native.told(ctx, req)
        body = native.read(req)
        return Invocation(ctx, resolved, body, asked.configured(named, body))

    async def _rendered(self, ctx: Context, given: Mapping[str, Any]) -> Mapping[str, Any]:
        """The request with what its prompt defines, where it names one; a prompt may be shared by another account."""
        prompt = named_prompt(ctx, given["modelId"])
        if prompt is None:
            return given
        await self._inference.access.require(ctx, RENDER, prompt)
        return await self._prompts.applied(replace(ctx, account=account_of(prompt)), given)

    async def _embed(self, ctx: Context, resolved: Resolved, family: EmbeddingFamily, body: Block, tier: str) -> Answer:
        started = time.perf_counter()
        asked = family.read_request(body)
        made = await embed(self._inference, ctx, resolved, asked, tier=tier)
        block = family.write_response(made, asked, native.stamp(resolved, body))
        return _counted(ctx, block, made.input_tokens, started)

    async def _rerank(self, ctx: Context, resolved: Resolved, family: RerankFamily, body: Block, tier: str) -> Answer:
        started = time.perf_counter()
        asked = family.read_request(body)
        made = await scored(self._inference, ctx, resolved, asked.query, asked.documents, tier=tier, limit=asked.limit)
        return _counted(ctx, family.write_response(made.scores, asked), made.input_tokens, started)


def _counted(ctx: Context, block: Block, input_tokens: int, started: float) -> Answer:
    """The answer that has no output tokens, with the headers that tell of it."""
    usage = {"inputTokens": input_tokens, "outputTokens": 0}
    ctx.headers.update(native.headers(usage, round((time.perf_counter() - started) * 1000)))
    return {"body": msgspec.json.encode(block), "contentType": native.JSON}


def _tier(req: Mapping[str, Any]) -> str:
    return str(req.get("serviceTier", DEFAULT_TIER))


def _echo(req: Mapping[str, Any]) -> Answer:
    return {"serviceTier": req["serviceTier"]} if "serviceTier" in req else {}
