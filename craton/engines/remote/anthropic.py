"""Claude behind Anthropic's own API, and servers that speak it. Knows nothing of Claude behind Bedrock.

Source: https://docs.anthropic.com/en/api/messages, .../api/messages-count-tokens, .../api/models-list
"""

from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import aclosing
from urllib.parse import quote

import msgspec

from craton.dialects.anthropic.messages import EventReader, write_request
from craton.dialects.converse import Block, Event, Turn
from craton.engines.base import Embeddings, Mark, ModelSpec, no_classifier
from craton.engines.remote.calls import settings as options
from craton.engines.remote.calls.credentials import Keyed
from craton.engines.remote.calls.exchange import JSON, Request
from craton.engines.remote.calls.sessions import Sessions
from craton.engines.remote.calls.settings import Settings
from craton.engines.remote.calls.sse import ServerSentEvents
from craton.engines.remote.calls.upstream import Upstream
from craton.engines.remote.state import Offered, State
from craton.errors import ModelStreamErrorException, ValidationException

DEFAULT_URL = "https://api.anthropic.com"
VERSION = "2023-06-01"
EVENTS = "text/event-stream"
# What Anthropic demands and Converse leaves open, where the operator has not said how much the model can make.
MAX_TOKENS = 4096
# The members of a request that count as input; the API refuses the others where it only counts.
COUNTED = ("messages", "system", "tools", "tool_choice", "thinking", "output_config")


class _Count(msgspec.Struct):
    input_tokens: int


class _Model(msgspec.Struct):
    id: str
    display_name: str | None = None


class _Page(msgspec.Struct):
    data: list[_Model]
    has_more: bool = False
    last_id: str | None = None


async def load(spec: ModelSpec, sessions: Sessions) -> "Anthropic":
    """Raises ModelNotReadyException where the options are not right."""
    settings = options.read(spec)
    url = options.base_url(settings, DEFAULT_URL)
    return Anthropic(settings, url, Upstream(settings, sessions.of(settings), Keyed(settings, "x-api-key")))


class Anthropic:
    """One model of Anthropic's."""

    def __init__(self, settings: Settings, url: str, upstream: Upstream) -> None:
        self._settings = settings
        self._url = url
        self._upstream = upstream

    async def converse(self, turn: Turn) -> AsyncGenerator[Event, None]:
        body = {
            "max_tokens": self._settings.max_output_tokens or MAX_TOKENS,
            **write_request(turn),
            "model": self._settings.model,
            "stream": True,
        }
        async with aclosing(self._upstream.stream(self._request("/v1/messages", body, EVENTS), Messages)) as events:
            async for event in events:
                yield event

    async def count_tokens(self, turn: Turn) -> int:
        body = write_request(turn)
        asked = {name: body[name] for name in (*COUNTED, "anthropic_beta") if name in body}
        request = self._request("/v1/messages/count_tokens", {**asked, "model": self._settings.model})
        return (await self._upstream.call(request, _Count)).value.input_tokens

    async def embed(self, texts: Sequence[str]) -> Embeddings:
        raise ValidationException(
            f"The provider {self._settings.provider!r} makes no embeddings. Ask for a model that does."
        )

    async def classify(self, items: Sequence[str | bytes]) -> Sequence[Sequence[Mark]]:
        raise no_classifier(self._settings.model)

    async def models(self) -> list[Offered]:
        """What the provider offers. Raises ApiError."""
        found: list[_Model] = []
        after = ""
        while True:
            url = f"{self._url}/v1/models?limit=1000{after}"
            request = Request("GET", url, headers={"anthropic-version": VERSION})
            page = (await self._upstream.call(request, _Page)).value
            found += page.data
            if not page.has_more or not page.last_id:
                return [Offered(model.id, model.display_name) for model in found]
            after = f"&after_id={quote(page.last_id, safe='')}"

    def state(self) -> State:
        return self._upstream.state()

    async def close(self) -> None:
        """Its connections belong to all models of the provider."""

    def _request(self, path: str, body: Block, accept: str = JSON) -> Request:
        # Bedrock's bodies name betas in a member, Anthropic's API in a header.
        betas = body.pop("anthropic_beta", ())
        headers = {"Content-Type": JSON, "anthropic-version": VERSION}
        headers |= {"anthropic-beta": ",".join(betas)} if betas else {}
        return Request("POST", self._url + path, msgspec.json.encode(body), accept, headers)


class Messages:
    """The bytes of a streamed message -> events."""

    def __init__(self) -> None:
        self._lines = ServerSentEvents()
        self._events = EventReader()
        self.ended = False
        self.usage: Mapping[str, int] = {}

    def read(self, data: bytes) -> Iterator[Event]:
        for payload in self._lines.feed(data):
            if self.ended:
                return
            chunk = msgspec.json.decode(payload)
            if chunk["type"] == "message_start":
                self.usage = _input(chunk["message"]["usage"])
            for event in self._events.read(chunk):
                self.ended = "metadata" in event
                yield event

    def end(self) -> Iterator[Event]:
        if not self.ended:
            raise ModelStreamErrorException(
                "The model's stream ended in the middle of its answer; send the request again."
            )
        yield from ()


def _input(usage: Block) -> Mapping[str, int]:
    """What is known of the input when an answer begins; of the output only the end tells."""
    told = {
        "inputTokens": usage["input_tokens"],
        "cacheReadInputTokens": usage.get("cache_read_input_tokens"),
        "cacheWriteInputTokens": usage.get("cache_creation_input_tokens"),
    }
    return {name: count for name, count in told.items() if count is not None}
