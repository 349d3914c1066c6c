"""Models of Amazon Bedrock itself, or of another Craton: Converse goes over as it is.

Knows nothing of other providers; what a body of InvokeModel looks like, `invoke_embeddings` knows.
Source: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html
"""

import asyncio
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import aclosing
from functools import partial
from urllib.parse import quote

import msgspec
from botocore.exceptions import BotoCoreError
from botocore.model import Shape
from botocore.session import Session

from craton.dialects.converse import Block, Event, Turn
from craton.engines.base import Embeddings, Mark, ModelSpec, no_classifier
from craton.engines.remote import aws, invoke_embeddings
from craton.engines.remote.calls import settings as options
from craton.engines.remote.calls.credentials import Keyed, Signer
from craton.engines.remote.calls.exchange import JSON, Request
from craton.engines.remote.calls.sessions import Sessions
from craton.engines.remote.calls.settings import Settings
from craton.engines.remote.calls.upstream import Upstream
from craton.engines.remote.invoke_embeddings import Form
from craton.engines.remote.state import Offered, State
from craton.errors import ModelNotReadyException, ModelStreamErrorException

EVENTS = "application/vnd.amazon.eventstream"
RUNTIME, CONTROL = "bedrock-runtime", "bedrock"
# What models tell beyond Converse is returned only where it is asked for; where it leads nowhere it does no harm.
RESPONSE_FIELDS = ["/stop_sequence"]
# What counts as input, of the members of a turn.
COUNTED = ("messages", "system", "toolConfig", "additionalModelRequestFields")
_PARALLEL = 8


class _Count(msgspec.Struct):
    inputTokens: int  # noqa: N815


class _Model(msgspec.Struct):
    modelId: str  # noqa: N815
    modelName: str | None = None  # noqa: N815


class _Models(msgspec.Struct):
    modelSummaries: list[_Model]  # noqa: N815


async def load(spec: ModelSpec, sessions: Sessions) -> "Bedrock":
    """Raises ModelNotReadyException where options or credentials are not right."""
    settings = options.read(spec)
    # It reads the service model from disk.
    region, urls, stream = await asyncio.to_thread(_botocore, settings)
    signer: Signer = (
        Keyed(settings, "Authorization", "Bearer ") if settings.secret else await aws.Signed.of(settings, region)
    )
    return Bedrock(settings, urls, stream, Upstream(settings, sessions.of(settings), signer))


def _botocore(settings: Settings) -> tuple[str, Mapping[str, str], Shape]:
    """The region, where it answers, and the shape of a stream."""
    session = Session(profile=settings.profile)
    try:
        region = settings.region or session.get_config_variable("region")
    except BotoCoreError as error:
        raise aws.without_credentials(settings.provider, str(error)) from None
    if not region:
        raise ModelNotReadyException(
            f"The provider {settings.provider!r} names no AWS region. The server's operator has to set one."
        )
    urls = {
        service: options.base_url(settings, None if settings.base_url else aws.endpoint(session, service, region))
        for service in (RUNTIME, CONTROL)
    }
    operation = session.get_service_model(RUNTIME).operation_model("ConverseStream")
    assert operation.output_shape is not None
    return region, urls, operation.output_shape.members["stream"]


class Bedrock:
    """One model of Amazon Bedrock."""

    def __init__(self, settings: Settings, urls: Mapping[str, str], stream: Shape, upstream: Upstream) -> None:
        self._settings = settings
        self._urls = urls
        self._stream = stream
        self._upstream = upstream

    async def converse(self, turn: Turn) -> AsyncGenerator[Event, None]:
        body = {"additionalModelResponseFieldPaths": RESPONSE_FIELDS, **turn}
        request = self._request("converse-stream", body, EVENTS)
        reading = partial(ConverseEvents, self._settings.provider, self._stream)
        async with aclosing(self._upstream.stream(request, reading)) as events:
            async for event in events:
                yield event

    async def count_tokens(self, turn: Turn) -> int:
        converse = {member: turn[member] for member in COUNTED if member in turn}
        request = self._request("count-tokens", {"input": {"converse": converse}})
        return (await self._upstream.call(request, _Count)).value.inputTokens

    async def embed(self, texts: Sequence[str]) -> Embeddings:
        form = invoke_embeddings.of(self._settings.model)
        batches = [texts[start : start + form.batch] for start in range(0, len(texts), form.batch)]
        free = asyncio.Semaphore(_PARALLEL)

        async def one(batch: Sequence[str]) -> Embeddings:
            async with free:
                return await self._embedded(form, batch)

        found = await asyncio.gather(*map(one, batches))
        return Embeddings(
            [vector for each in found for vector in each.vectors], sum(each.input_tokens for each in found)
        )

    async def classify(self, items: Sequence[str | bytes]) -> Sequence[Sequence[Mark]]:
        raise no_classifier(self._settings.model)

    async def models(self) -> list[Offered]:
        """What the region offers. Raises ApiError."""
        url = f"{self._urls[CONTROL]}/foundation-models"
        found = (await self._upstream.call(Request("GET", url), _Models)).value
        return [Offered(model.modelId, model.modelName) for model in found.modelSummaries]

    def state(self) -> State:
        return self._upstream.state()

    async def close(self) -> None:
        """Its connections belong to all models of the provider."""

    async def _embedded(self, form: Form, texts: Sequence[str]) -> Embeddings:
        reply = await self._upstream.call(self._request("invoke", form.write(texts)), dict)
        return form.read(reply.value, reply.headers)

    def _request(self, action: str, body: Block, accept: str = JSON) -> Request:
        url = f"{self._urls[RUNTIME]}/model/{quote(self._settings.model, safe='')}/{action}"
        return Request("POST", url, msgspec.json.encode(body), accept, {"Content-Type": JSON})


class ConverseEvents:
    """The bytes of a ConverseStream -> its events, in which usage is all that is metadata: latency is told anew."""

    def __init__(self, provider: str, stream: Shape) -> None:
        self._decoder = aws.EventDecoder(provider, stream)
        self._last = ""
        self.ended = False
        self.usage: Mapping[str, int] = {}

    def read(self, data: bytes) -> Iterator[Event]:
        for event in self._decoder.feed(data):
            ((self._last, body),) = event.items()
            if self._last == "metadata":
                self.ended = True
                body.pop("metrics", None)
            yield event

    def end(self) -> Iterator[Event]:
        if self._last != "metadata":
            raise ModelStreamErrorException(
                "The model's stream ended in the middle of its answer; send the request again."
            )
        yield from ()
