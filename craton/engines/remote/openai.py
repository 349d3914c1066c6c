"""Models behind any OpenAI-compatible endpoint: vLLM, SGLang, Ollama, llama-server, OpenAI, Mistral and their kin.

Chat completions are always streamed. Servers differ in what they refuse, so what one refused once is not sent to it
again. Usage is what the server tells, wherever in the stream it tells it; a server that tells none is asked
to count with its own tokenizer, and where it has none the answer ends in an error, for nothing here is estimated.
Source: https://platform.openai.com/docs/api-reference
"""

from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import aclosing

import msgspec

from craton.dialects.converse import Block, Event, Turn
from craton.dialects.openai.chat import EventReader, write_request
from craton.engines.base import Embeddings, Mark, ModelSpec, no_classifier
from craton.engines.remote.calls import settings as options
from craton.engines.remote.calls.credentials import Keyed
from craton.engines.remote.calls.exchange import JSON, Request
from craton.engines.remote.calls.failures import Failure, Origin, clean, refusal, words_of
from craton.engines.remote.calls.sessions import Sessions
from craton.engines.remote.calls.settings import Settings
from craton.engines.remote.calls.sse import ServerSentEvents
from craton.engines.remote.calls.upstream import Upstream
from craton.engines.remote.state import Offered, State
from craton.engines.remote.tokenizer import Tokenizer
from craton.errors import ModelErrorException, ModelStreamErrorException, ValidationException

DEFAULT_URL = "https://api.openai.com/v1"
EVENTS = "text/event-stream"
SENT = {"Content-Type": JSON}
# What a server may refuse, as its refusal names it: the member of the request, and its name there, if any.
ADAPTATIONS: Mapping[str, tuple[str, str | None]] = {
    "max_completion_tokens": ("max_tokens", "max_completion_tokens"),
    "stream_options": ("stream_options", None),
}


class _Model(msgspec.Struct):
    id: str
    # vLLM's name for the context length.
    max_model_len: int | None = None


class _Models(msgspec.Struct):
    data: list[_Model]


class _Vector(msgspec.Struct):
    index: int
    embedding: list[float]


class _Usage(msgspec.Struct):
    prompt_tokens: int


class _Vectors(msgspec.Struct):
    data: list[_Vector]
    usage: _Usage | None = None


async def load(spec: ModelSpec, sessions: Sessions) -> "OpenAI":
    """Raises ModelNotReadyException where the options are not right."""
    settings = options.read(spec)
    url = options.base_url(settings, DEFAULT_URL)
    upstream = Upstream(settings, sessions.of(settings), Keyed(settings, "Authorization", "Bearer "))
    return OpenAI(settings, url, upstream)


class OpenAI:
    """One model of an OpenAI-compatible server."""

    def __init__(self, settings: Settings, url: str, upstream: Upstream) -> None:
        self._settings = settings
        self._url = url
        self._upstream = upstream
        self._origin = Origin(settings.provider, settings.model)
        self._tokenizer = Tokenizer(upstream, url, settings.model)
        # Members that this server wants under another name, or not at all.
        self._renamed: dict[str, str | None] = {}

    async def converse(self, turn: Turn) -> AsyncGenerator[Event, None]:
        body = {
            **write_request(turn),
            "model": self._settings.model,
            "stream": True,
            "stream_options": {"include_usage": True},
        }
        while True:
            sent = self._adapted(body)
            try:
                async with aclosing(self._answer(sent)) as events:
                    async for event in events:
                        yield event
                return
            except ValidationException as error:
                if not self._adapt(sent, error):
                    raise

    async def count_tokens(self, turn: Turn) -> int:
        """As the server's own tokenizer counts. Raises ValidationException where it has none that it shows."""
        body = write_request(turn)
        count = await self._tokenizer.of_request(body)
        if count is None:
            raise ValidationException(
                f"{self._origin} has no way to count tokens before an answer, so tokens of the model "
                f"{self._origin.model!r} cannot be counted. Read the usage that its answers tell instead."
            )
        return count

    async def embed(self, texts: Sequence[str]) -> Embeddings:
        vectors: list[list[float]] = []
        tokens = 0
        for start in range(0, len(texts), self._settings.batch):
            batch = list(texts[start : start + self._settings.batch])
            reply = (await self._upstream.call(self._embedding(batch), _Vectors)).value
            if sorted(vector.index for vector in reply.data) != list(range(len(batch))):
                raise ModelErrorException(
                    f"{self._origin} answered {len(batch)} texts with {len(reply.data)} vectors. Send them again."
                )
            vectors += [vector.embedding for vector in sorted(reply.data, key=lambda vector: vector.index)]
            tokens += reply.usage.prompt_tokens if reply.usage else await self._counted(batch)
        return Embeddings(vectors, tokens)

    async def classify(self, items: Sequence[str | bytes]) -> Sequence[Sequence[Mark]]:
        raise no_classifier(self._settings.model)

    async def models(self) -> list[Offered]:
        """What the server offers. Raises ApiError."""
        found = (await self._upstream.call(Request("GET", f"{self._url}/models"), _Models)).value
        return [Offered(model.id, context_length=model.max_model_len) for model in found.data]

    def state(self) -> State:
        return self._upstream.state()

    async def close(self) -> None:
        """Its connections belong to all models of the provider."""

    async def _answer(self, body: Block) -> AsyncGenerator[Event, None]:
        reader = ChunkReader(self._origin)

        def reading() -> ChunkReader:
            nonlocal reader
            reader = ChunkReader(self._origin)
            return reader

        url = f"{self._url}/chat/completions"
        request = Request("POST", url, msgspec.json.encode(body), accept=EVENTS, headers=SENT)
        async with aclosing(self._upstream.stream(request, reading)) as events:
            async for event in events:
                yield event
        if not reader.usage:
            yield {"metadata": {"usage": await self._usage(body, reader.text)}}

    async def _usage(self, body: Block, text: str) -> Mapping[str, int]:
        """The tokens of an answer of which the server told none, as its own tokenizer counts them."""
        given, made = await self._tokenizer.of_request(body), await self._tokenizer.of_text(text)
        if given is None or made is None:
            raise ModelStreamErrorException(
                f"{self._origin} told no usage of its answer and has no tokenizer to count it with, so it cannot be "
                "metered. Ask for another model; the server's operator should have the provider tell its usage."
            )
        return {"inputTokens": given, "outputTokens": made, "totalTokens": given + made}

    async def _counted(self, texts: Sequence[str]) -> int:
        counts = [await self._tokenizer.of_text(text) for text in texts]
        if None in counts:
            raise ModelErrorException(
                f"{self._origin} told no usage of its embeddings and has no tokenizer to count with, so they cannot be "
                "metered. Ask for another model."
            )
        return sum(count for count in counts if count is not None)

    def _embedding(self, texts: list[str]) -> Request:
        body = {"model": self._settings.model, "input": texts, "encoding_format": "float"}
        return Request("POST", f"{self._url}/embeddings", msgspec.json.encode(body), headers=SENT)

    def _adapted(self, body: Block) -> Block:
        for member, name in self._renamed.items():
            if member in body:
                rest = {key: value for key, value in body.items() if key != member}
                body = rest | ({name: body[member]} if name else {})
        return body

    def _adapt(self, sent: Block, error: ValidationException) -> bool:
        """Learn from a refusal what to send otherwise; whether there was something to learn."""
        for mark, (member, name) in ADAPTATIONS.items():
            if mark in error.message and member in sent:
                self._renamed[member] = name
                return True
        return False


class ChunkReader:
    """The bytes of a streamed chat completion -> events."""

    def __init__(self, origin: Origin) -> None:
        self._origin = origin
        self._lines = ServerSentEvents()
        self._chunks = EventReader()
        self._deltas: list[Block] = []
        self._told: Block = {}
        self._stopped = False
        self.ended = False
        self.usage: Mapping[str, int] = {}

    @property
    def text(self) -> str:
        """All that was said, as one text: what there is to count."""
        return "".join(map(_text, self._deltas))

    def read(self, data: bytes) -> Iterator[Event]:
        for payload in self._lines.feed(data):
            yield from self._payload(payload)

    def end(self) -> Iterator[Event]:
        for payload in self._lines.end():
            yield from self._payload(payload)
        if self._stopped and not self._told:
            return
        # Some tell usage before they say why they stopped, some several times: the last word counts, in the last place.
        if self._stopped:
            for event in self._chunks.read({"choices": [], "usage": self._told}):
                self.usage = event["metadata"]["usage"]
                yield event
        self._chunks.end()

    def _payload(self, payload: bytes) -> Iterator[Event]:
        if self.ended or payload == b"[DONE]":
            self.ended = True
            return
        chunk = msgspec.json.decode(payload)
        if error := chunk.get("error") or ("choices" not in chunk and "message" in chunk and chunk):
            raise self._failure(error)
        self._told = chunk.pop("usage", None) or self._told
        for event in self._chunks.read(chunk):
            if delta := event.get("contentBlockDelta"):
                self._deltas.append(delta["delta"])
            elif "messageStop" in event:
                self._stopped = True
            yield event

    def _failure(self, error: object) -> Failure:
        """An error that comes where a chunk was due, with the status that some servers give it."""
        words, code = words_of(error)
        status = error.get("code") if isinstance(error, dict) else None
        if isinstance(status, int) and 400 <= status < 600:
            return refusal(self._origin, status, {}, words, code)
        return Failure(ModelStreamErrorException(f"{self._origin} failed: {clean(words)!r}. Send the request again."))


def _text(delta: Block) -> str:
    match delta:
        case {"text": str(text)} | {"reasoningContent": {"text": str(text)}} | {"toolUse": {"input": str(text)}}:
            return text
    return ""
