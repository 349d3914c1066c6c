"""The operations of bedrock-runtime that generate, embed and count."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import msgspec

from craton.core.context import Context
from craton.core.operation import operation
from craton.dialects.converse import Turn
from craton.dialects.families import EMBEDDING_FAMILIES, EmbeddingFamily
from craton.engines.supervisor import Engines
from craton.models.resolve import Models, Resolved
from craton.runtime import native
from craton.runtime.generation import Generation
from craton.runtime.request import CONVERSE_REFUSES, INVOKE_REFUSES, refuse_unserved, turn_of

if TYPE_CHECKING:
    from craton.shapes import bedrock_runtime as shapes

SERVICE = "bedrock-runtime"

Answer = dict[str, Any]


class Runtime:
    def __init__(self, models: Models, engines: Engines) -> None:
        self._models = models
        self._engines = engines

    @operation(SERVICE, refuses=CONVERSE_REFUSES)
    async def converse(self, ctx: Context, req: shapes.ConverseRequest) -> Answer:
        resolved = await self._models.resolve(ctx, req["modelId"])
        return await self._conversation(resolved, req).answer()

    @operation(SERVICE, refuses=CONVERSE_REFUSES)
    async def converse_stream(self, ctx: Context, req: shapes.ConverseStreamRequest) -> Answer:
        resolved = await self._models.resolve(ctx, req["modelId"])
        return {"stream": self._conversation(resolved, req).stream()}

    @operation(SERVICE, refuses=INVOKE_REFUSES)
    async def invoke_model(self, ctx: Context, req: shapes.InvokeModelRequest) -> Answer:
        resolved = await self._models.resolve(ctx, req["modelId"])
        refuse_unserved(req)
        body = native.read(req)
        if embedding := EMBEDDING_FAMILIES.get(resolved.family):
            return await self._embed(ctx, resolved, embedding, body)
        family = native.generating(resolved, body)
        generation = self._generation(resolved, native.turn_of(family, body))
        block, answer = await native.answer(resolved, family, generation)
        ctx.headers.update(native.headers(answer["usage"], generation.latency, cache=family.cache_metrics))
        return {"body": msgspec.json.encode(block), "contentType": native.JSON}

    @operation(SERVICE, refuses=INVOKE_REFUSES)
    async def invoke_model_with_response_stream(
        self, ctx: Context, req: shapes.InvokeModelWithResponseStreamRequest
    ) -> Answer:
        resolved = await self._models.resolve(ctx, req["modelId"])
        refuse_unserved(req)
        body = native.read(req)
        family = native.generating(resolved, body)
        turn = native.turn_of(family, body)
        input_tokens = await self._count(resolved, turn)
        chunks = native.chunks(resolved, family, self._generation(resolved, turn), input_tokens)
        return {"body": chunks, "contentType": native.JSON}

    @operation(SERVICE)
    async def count_tokens(self, ctx: Context, req: shapes.CountTokensRequest) -> Answer:
        resolved = await self._models.resolve(ctx, req["modelId"])
        asked = req["input"]
        if "converse" in asked:
            turn = turn_of(asked["converse"])
        else:
            body = native.parse(asked["invokeModel"]["body"])
            turn = native.turn_of(native.generating(resolved, body), body)
        return {"inputTokens": await self._count(resolved, turn)}

    def _conversation(
        self, resolved: Resolved, req: shapes.ConverseRequest | shapes.ConverseStreamRequest
    ) -> Generation:
        fields = req.get("additionalModelResponseFieldPaths", [])
        return Generation(self._engines, resolved.spec, turn_of(req), fields)

    def _generation(self, resolved: Resolved, turn: Turn) -> Generation:
        return Generation(self._engines, resolved.spec, turn)

    async def _count(self, resolved: Resolved, turn: Turn) -> int:
        async with self._engines.use(resolved.spec) as engine:
            return await engine.count_tokens(turn)

    async def _embed(self, ctx: Context, resolved: Resolved, family: EmbeddingFamily, body: dict[str, Any]) -> Answer:
        started = time.perf_counter()
        asked = family.read_request(body)
        async with self._engines.use(resolved.spec) as engine:
            embeddings = await engine.embed([asked.text])
        usage = {"inputTokens": embeddings.input_tokens, "outputTokens": 0}
        ctx.headers.update(native.headers(usage, round((time.perf_counter() - started) * 1000)))
        block = family.write_response(embeddings.vectors[0], embeddings.input_tokens, asked)
        return {"body": msgspec.json.encode(block), "contentType": native.JSON}
