"""The `llamacpp` engine: GGUF models on llama.cpp, through the xllamacpp wheel, with continuous batching.

xllamacpp runs llama.cpp's HTTP server inside this process. It is bound to a Unix socket in the worker's own folder,
and spoken to there: unlike xllamacpp's callbacks that lets a request be cancelled at any moment, and renders and counts
with the model's own template. Knows no Converse: `text` makes the answers.

Options: `threads` and `batch_threads` (default: half the cores, and all), `slots` (16 requests at once),
`cache_tokens` (tokens the key-value cache holds for all of them), `embedding` (true for an embedding model), `pooling`
(`mean`, `cls` or `last`, where the file does not say), and those of `text.request`.
"""

import asyncio
import logging
import os
import secrets
import tempfile
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import xllamacpp

from craton.engines.base import Embeddings, Engine, Event, Mark, ModelSpec, Turn, no_classifier
from craton.engines.loopback import Loopback, RefusedError
from craton.engines.room import Room, Share
from craton.engines.slots import Slots
from craton.engines.text import conversation
from craton.engines.text.calls import MARKS
from craton.engines.text.model import Finish, LogProb, Message, Piece, Prompt
from craton.engines.text.request import too_long
from craton.errors import ApiError, ModelErrorException, ModelNotReadyException, ValidationException

logger = logging.getLogger(__name__)

# Tokens of a batch: a long prompt is read in such pieces, between which the other streams go on and a cancelled one
# ends.
_BATCH = 128
# Bytes up to which a prompt is not counted before it is admitted.
_SHORT = 1024
# Tokens by which an answer without a limit takes more of the cache.
_STEP = 256
# The types of llama.cpp's errors that the caller can do something about.
_MENDABLE = ("invalid_request_error", "exceed_context_size_error")
# What is read of the last chunk, which would otherwise hold the whole prompt.
_FIELDS = ["content", "stop", "stop_type", "tokens_predicted", "tokens_evaluated", "completion_probabilities"]


class _Timings(msgspec.Struct, frozen=True):
    cache_n: int = 0


class _Error(msgspec.Struct):
    message: str
    type: str = ""
    n_prompt_tokens: int = 0


class _Chunk(msgspec.Struct):
    content: str = ""
    stop: bool = False
    stop_type: str = ""
    tokens_predicted: int = 0
    tokens_evaluated: int = 0
    timings: _Timings = _Timings()
    completion_probabilities: list[dict[str, Any]] = []
    error: _Error | None = None


class _Refused(msgspec.Struct):
    error: _Error | None = None


class _Props(msgspec.Struct):
    chat_template: str = ""


class _Rendered(msgspec.Struct):
    prompt: str


class _Tokens(msgspec.Struct):
    tokens: list[int]


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
    loopback = Loopback(str(path), key)
    props = msgspec.json.decode(await loopback.get("/props"), type=_Props)
    return LlamaCpp(spec, server, loopback, props.chat_template)


class LlamaCpp:
    """A GGUF model loaded by llama.cpp: an engine, and a `TextModel`."""

    alternatives = True

    def __init__(self, spec: ModelSpec, server: Any, loopback: Loopback, template: str) -> None:
        self._spec = spec
        self._server = server
        self._loopback = loopback
        self._room = Room(_slots(spec), _cache_tokens(spec))
        self._slots = Slots(_slots(spec))
        self.template = template
        self.context_length = spec.context_length

    def figures(self) -> dict[str, int]:
        return {"cache_tokens": self._room.tokens, "cache_tokens_held": self._room.held}

    def converse(self, turn: Turn) -> AsyncGenerator[Event, None]:
        self._refuse_unless(embedding=False)
        return conversation.converse(self, self._spec, turn)

    async def count_tokens(self, turn: Turn) -> int:
        return await conversation.count_tokens(self, self._spec, turn)

    async def embed(self, texts: Sequence[str]) -> Embeddings:
        self._refuse_unless(embedding=True)
        body = await self._post("/v1/embeddings", {"input": list(texts)})
        answer = msgspec.json.decode(body, type=_Embeddings)
        return Embeddings([item.embedding for item in answer.data], answer.usage.prompt_tokens)

    async def classify(self, items: Sequence[str | bytes]) -> Sequence[Sequence[Mark]]:
        raise no_classifier(self._spec.id)

    async def close(self) -> None:
        del self._server

    async def render(self, messages: Sequence[Message]) -> str:
        return msgspec.json.decode(await self._post("/apply-template", {"messages": messages}), type=_Rendered).prompt

    async def count(self, text: str) -> int:
        body = await self._post("/tokenize", {"content": text, "add_special": True, "parse_special": True})
        return len(msgspec.json.decode(body, type=_Tokens).tokens)

    @asynccontextmanager
    async def seat(self, prompt: str, max_tokens: int | None, limit: int) -> AsyncIterator["_Seat"]:
        tokens = await self._bound(prompt, max_tokens or 0)
        limit = min(self._spec.context_length - tokens, limit)
        share = await self._room.enter(tokens + (limit if max_tokens else min(limit, _STEP)))
        seat = _Seat(self, share, self._slots.take(prompt), limit)
        try:
            yield seat
        finally:
            self._slots.give_back(seat.slot, seat.text)
            share.leave()

    async def generate(self, prompt: Prompt, slot: int, limit: int) -> AsyncGenerator[_Chunk, None]:
        """llama.cpp's chunks, the last of which says why it stopped."""
        body = {
            "prompt": prompt.text,
            "n_predict": limit,
            "id_slot": slot,
            "stream": True,
            "timings_per_token": prompt.cache,
            "response_fields": _FIELDS,
            "preserved_tokens": MARKS,
            **_sampling(prompt),
        }
        try:
            async with aclosing(self._loopback.stream("/completion", body)) as chunks:
                async for data in chunks:
                    chunk = _chunk.decode(data)
                    if chunk.error:
                        raise self._refusal(chunk.error)
                    yield chunk
        except RefusedError as refused:
            raise self._refusal(_error(refused)) from refused
        except (ConnectionError, asyncio.IncompleteReadError) as error:
            raise ModelErrorException(
                f"llama.cpp gave up the answer of the model {self._spec.id!r}: try again."
            ) from error

    async def _bound(self, prompt: str, max_tokens: int) -> int:
        """The prompt's tokens, or where it is short a bound that costs nothing: no tokenizer makes more tokens than
        bytes, and one that begins the text.

        Raises ValidationException where the prompt leaves no room for an answer.
        """
        bound = len(prompt.encode()) + 1
        if bound <= _SHORT and bound + max_tokens <= self._spec.context_length:
            return bound
        tokens = await self.count(prompt)
        if tokens >= self._spec.context_length:
            raise too_long(tokens, self._spec)
        return tokens

    async def _post(self, target: str, body: object) -> bytes:
        try:
            return await self._loopback.post(target, body)
        except RefusedError as refused:
            raise self._refusal(_error(refused)) from refused

    def _refusal(self, error: _Error | None) -> ApiError:
        """llama.cpp's error as the caller is told of it."""
        if error is None or error.type not in _MENDABLE:
            return ModelErrorException(
                f"The model {self._spec.id!r} failed: {error.message if error else 'no reason given'}."
            )
        if error.n_prompt_tokens:
            return too_long(error.n_prompt_tokens, self._spec)
        return ValidationException(f"The model {self._spec.id!r} cannot take this request: {error.message}.")

    def _refuse_unless(self, *, embedding: bool) -> None:
        if bool(self._spec.options.get("embedding")) != embedding:
            does = "makes text, not embeddings" if embedding else "makes embeddings, not text"
            raise ValidationException(f"The model {self._spec.id!r} {does}: choose another model.")


class _Seat:
    """A slot of llama.cpp, whose cache holds what was read so far, and a share of the room."""

    def __init__(self, model: LlamaCpp, share: Share, slot: int, limit: int) -> None:
        self._model = model
        self._share = share
        self.slot = slot
        self.limit = limit
        self.text = ""

    async def generate(self, prompt: Prompt) -> AsyncGenerator[Piece, None]:
        """How far the cache reaches is watched here, by the count that comes with each token."""
        limit = prompt.limit
        if self.text:  # what was begun since is not bounded by the answer's limit
            limit = min(limit, self._model.context_length - await self._model.count(prompt.text))
            if limit <= 0:
                yield Piece("", 0, "length")
                return
        self.text = prompt.text
        made = 0
        async with aclosing(self._model.generate(prompt, self.slot, limit)) as chunks:
            async for chunk in chunks:
                tokens, made = chunk.tokens_predicted - made, chunk.tokens_predicted
                self.text += chunk.content
                finish: Finish | None = None
                if chunk.stop:
                    finish = "length" if chunk.stop_type == "limit" else "stop"
                elif made < limit and chunk.tokens_evaluated + made >= self._share.tokens:
                    finish = None if self._share.grow(_STEP) else "length"
                logprobs = _logprobs(chunk, prompt.logprobs or 0) if chunk.completion_probabilities else ()
                yield Piece(chunk.content, tokens, finish, logprobs, chunk.tokens_evaluated, chunk.timings.cache_n)
                if finish:
                    return


def _logprobs(chunk: _Chunk, alternatives: int) -> list[LogProb]:
    """Without llama.cpp's own ids, and without the token that ends the answer, which has no text."""
    return [
        _entry(item) | {"top_logprobs": [_entry(other) for other in item["top_logprobs"][:alternatives]]}
        for item in chunk.completion_probabilities
        if item["bytes"]
    ]


def _entry(item: dict[str, Any]) -> dict[str, Any]:
    return {name: item[name] for name in ("token", "logprob", "bytes")}


def _error(refused: RefusedError) -> _Error | None:
    return msgspec.json.decode(refused.body, type=_Refused).error


def _sampling(prompt: Prompt) -> dict[str, Any]:
    settings = msgspec.structs.asdict(prompt.sampling)
    if settings["seed"] is None:
        del settings["seed"]
    if prompt.grammar is not None:
        settings["grammar"] = prompt.grammar
    if prompt.logprobs is not None:
        settings["n_probs"] = max(prompt.logprobs, 1)
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
