"""The `llamacpp` engine: GGUF models on llama.cpp, through the xllamacpp wheel, with continuous batching.

xllamacpp runs llama.cpp's HTTP server inside this process. It is bound to a Unix socket in the worker's own folder,
and spoken to there: unlike xllamacpp's callbacks that lets a request be cancelled at any moment and counts tokens with
the model's own template. Knows no Converse beyond events: `chat` reads the turn.

Options: `threads` and `batch_threads` (default: half the cores, and all), `slots` (16 requests at once),
`cache_tokens` (tokens the key-value cache holds for all of them), `embedding` (true for an embedding model), `pooling`
(`mean`, `cls` or `last`, where the file does not say), and those of `chat`.
"""

import asyncio
import logging
import os
import secrets
import tempfile
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import Any

import msgspec
import xllamacpp

from craton.engines import chat
from craton.engines.base import Embeddings, Engine, Event, ModelSpec, Turn
from craton.engines.chat import Chat
from craton.engines.loopback import Loopback, RefusedError
from craton.engines.room import Room, Share
from craton.engines.stops import StopScanner
from craton.errors import ApiError, ModelErrorException, ModelNotReadyException, ValidationException

logger = logging.getLogger(__name__)

_CHAT = "/v1/chat/completions"
# Tokens of a batch: a long prompt is read in such pieces, between which the other streams go on and a cancelled one
# ends.
_BATCH = 128
# What a message costs beyond its text: role names and the template's marks.
_TOKENS_PER_MESSAGE = 32
# Bytes up to which a prompt is not counted before it is admitted.
_SHORT = 1024
# Tokens by which an answer without a limit takes more of the cache.
_STEP = 256
# The types of llama.cpp's errors that the caller can do something about.
_MENDABLE = ("invalid_request_error", "exceed_context_size_error")
_STOP_REASONS = {"stop": "end_turn", "length": "max_tokens"}


class _Delta(msgspec.Struct):
    content: str | None = None


class _Choice(msgspec.Struct):
    delta: _Delta
    finish_reason: str | None = None


class _Details(msgspec.Struct, frozen=True):
    cached_tokens: int = 0


class _Usage(msgspec.Struct):
    prompt_tokens: int
    completion_tokens: int
    prompt_tokens_details: _Details = _Details()


class _Timings(msgspec.Struct):
    cache_n: int
    prompt_n: int
    predicted_n: int


class _Error(msgspec.Struct):
    message: str
    type: str = ""
    n_prompt_tokens: int = 0


class _Chunk(msgspec.Struct):
    choices: list[_Choice] = []
    usage: _Usage | None = None
    timings: _Timings | None = None
    error: _Error | None = None


class _Count(msgspec.Struct):
    input_tokens: int


class _Embedding(msgspec.Struct):
    embedding: list[float]


class _EmbeddingUsage(msgspec.Struct):
    prompt_tokens: int


class _Embeddings(msgspec.Struct):
    data: list[_Embedding]
    usage: _EmbeddingUsage


_chunk = msgspec.json.Decoder(_Chunk)


async def load(spec: ModelSpec) -> Engine:
    """Raises ModelNotReadyException for a file llama.cpp cannot load."""
    path, key = Path(tempfile.gettempdir()) / "llama.sock", secrets.token_urlsafe(32)
    params = parameters(spec)
    params.hostnames, params.api_keys = [str(path)], [key]
    try:
        server = await asyncio.to_thread(xllamacpp.Server, params)
    except (RuntimeError, ValueError) as error:
        raise ModelNotReadyException(
            f"llama.cpp cannot load the files of the model {spec.id!r}: pull the model again, or choose another engine "
            "for it. The server's log has llama.cpp's own words."
        ) from error
    return LlamaCpp(spec, server, Loopback(str(path), key))


class LlamaCpp:
    """A GGUF model loaded by llama.cpp."""

    def __init__(self, spec: ModelSpec, server: Any, loopback: Loopback) -> None:
        self._spec = spec
        self._server = server
        self._loopback = loopback
        self._room = Room(_slots(spec), _cache_tokens(spec))

    async def converse(self, turn: Turn) -> AsyncGenerator[Event, None]:
        request = chat.read(turn, self._spec)
        self._refuse_unless(embedding=False)
        prompt = await self._bound(request)
        limit = min(self._spec.context_length - prompt, request.limit)
        share = await self._room.enter(prompt + (limit if request.max_tokens else min(limit, _STEP)))
        try:
            marked = await self._count(request.marked) if request.marked else None
            async with aclosing(self._generate(request, limit, share, prompt, marked)) as events:
                async for event in events:
                    yield event
        except RefusedError as refused:
            raise self._refusal(msgspec.json.decode(refused.body, type=_Chunk).error) from refused
        except (ConnectionError, asyncio.IncompleteReadError) as error:
            raise ModelErrorException(
                f"llama.cpp gave up the answer of the model {self._spec.id!r}: try again."
            ) from error
        finally:
            share.leave()

    async def count_tokens(self, turn: Turn) -> int:
        return await self._count(chat.read(turn, self._spec).messages)

    async def embed(self, texts: Sequence[str]) -> Embeddings:
        self._refuse_unless(embedding=True)
        try:
            body = await self._loopback.post("/v1/embeddings", {"input": list(texts)})
        except RefusedError as refused:
            raise self._refusal(msgspec.json.decode(refused.body, type=_Chunk).error) from refused
        answer = msgspec.json.decode(body, type=_Embeddings)
        return Embeddings([item.embedding for item in answer.data], answer.usage.prompt_tokens)

    async def close(self) -> None:
        del self._server

    async def _generate(
        self, request: Chat, limit: int, share: Share, prompt: int, marked: int | None
    ) -> AsyncGenerator[Event, None]:
        """The events of one answer. llama.cpp is told neither the stop sequences, for it would not say which stop it
        was, nor, where the caller set no limit, how far the cache reaches: both are watched here, by the count that
        comes with each token.
        """
        watched = bool(request.stops) or request.max_tokens is None
        body = {
            "messages": request.messages,
            "max_tokens": limit,
            "stream": True,
            "stream_options": {"include_usage": True},
            "timings_per_token": watched,
            **_sampling(request),
        }
        scanner = StopScanner(request.stops)
        reason = "end_turn"
        final: _Timings | None = None
        counted = _Usage(0, 0)
        started = False
        async with aclosing(self._loopback.stream(_CHAT, body)) as chunks:
            async for data in chunks:
                chunk = _chunk.decode(data)
                if chunk.error:
                    raise self._refusal(chunk.error)
                if not started:
                    yield {"messageStart": {"role": "assistant"}}
                    started = True
                counted = chunk.usage or counted
                final = chunk.timings or final
                for choice in chunk.choices:
                    if choice.delta.content and (text := scanner.feed(choice.delta.content)):
                        yield _text(text)
                    if choice.finish_reason:
                        reason = _STOP_REASONS[choice.finish_reason]
                if scanner.found is not None:
                    reason = "stop_sequence"
                    break
                if watched and final and prompt + final.predicted_n >= share.tokens and not share.grow(_STEP):
                    reason = "max_tokens"
                    break
        if text := scanner.rest():
            yield _text(text)
        yield {"contentBlockStop": {"contentBlockIndex": 0}}
        yield chat.stop(reason, scanner.found)
        if counted.prompt_tokens == 0 and final:
            counted = _Usage(final.cache_n + final.prompt_n, final.predicted_n, _Details(final.cache_n))
        yield chat.usage(
            counted.prompt_tokens, counted.completion_tokens, counted.prompt_tokens_details.cached_tokens, marked
        )

    async def _bound(self, request: Chat) -> int:
        """The prompt's tokens, or where it is short a bound that costs nothing: no tokenizer makes more tokens than
        bytes.

        Raises ValidationException where the prompt leaves no room for an answer.
        """
        bound = request.size + _TOKENS_PER_MESSAGE * (len(request.messages) + 1)
        if bound <= _SHORT and bound + (request.max_tokens or 0) <= self._spec.context_length:
            return bound
        tokens = await self._count(request.messages)
        if tokens >= self._spec.context_length:
            raise chat.too_long(tokens, self._spec)
        return tokens

    async def _count(self, messages: list[chat.Message]) -> int:
        try:
            body = await self._loopback.post(f"{_CHAT}/input_tokens", {"messages": messages})
        except RefusedError as refused:
            raise self._refusal(msgspec.json.decode(refused.body, type=_Chunk).error) from refused
        return msgspec.json.decode(body, type=_Count).input_tokens

    def _refusal(self, error: _Error | None) -> ApiError:
        """llama.cpp's error as the caller is told of it."""
        if error is None or error.type not in _MENDABLE:
            return ModelErrorException(
                f"The model {self._spec.id!r} failed: {error.message if error else 'no reason given'}."
            )
        if error.n_prompt_tokens:
            return chat.too_long(error.n_prompt_tokens, self._spec)
        return ValidationException(f"The model {self._spec.id!r} cannot take this request: {error.message}.")

    def _refuse_unless(self, *, embedding: bool) -> None:
        if bool(self._spec.options.get("embedding")) != embedding:
            does = "makes text, not embeddings" if embedding else "makes embeddings, not text"
            raise ValidationException(f"The model {self._spec.id!r} {does}: choose another model.")


def _text(text: str) -> Event:
    return {"contentBlockDelta": {"contentBlockIndex": 0, "delta": {"text": text}}}


def _sampling(request: Chat) -> dict[str, Any]:
    settings = msgspec.structs.asdict(request.sampling)
    if settings["seed"] is None:
        del settings["seed"]
    return settings


def _slots(spec: ModelSpec) -> int:
    return int(spec.options.get("slots", 16))


def _cache_tokens(spec: ModelSpec) -> int:
    return max(int(spec.options.get("cache_tokens", 16384)), spec.context_length)


def parameters(spec: ModelSpec) -> Any:
    """llama.cpp's settings for this model, without an address."""
    cores = os.cpu_count() or 1
    params = xllamacpp.CommonParams()
    params.model.path = str(spec.files["model"])
    params.n_ctx = _cache_tokens(spec)
    params.n_parallel = _slots(spec)
    # A cache shared by all slots makes an answer depend, in the last digits, on who else is there. Where every slot
    # can have a whole context of its own it does, and is faster.
    params.kv_unified = _cache_tokens(spec) < _slots(spec) * spec.context_length
    params.n_batch = params.n_ubatch = _BATCH
    # One thread per two cores decodes fastest where threads sleep instead of spinning; a batch is worth them all.
    params.cpuparams.n_threads = int(spec.options.get("threads", max(1, cores // 2)))
    params.cpuparams_batch.n_threads = int(spec.options.get("batch_threads", cores))
    params.cache_ram_mib = 0
    params.sse_ping_interval = -1
    params.ui = params.endpoint_slots = False
    params.use_jinja = True
    params.verbosity = 2
    if spec.options.get("embedding"):
        params.embedding = True
        if pooling := spec.options.get("pooling"):
            params.pooling_type = xllamacpp.llama_pooling_type[f"LLAMA_POOLING_TYPE_{pooling.upper()}"]
        params.n_batch = params.n_ubatch = spec.context_length
    return params
