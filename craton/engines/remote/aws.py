"""AWS's side of HTTP: whose credentials sign, where a region answers, and what a stream of events says.

Knows no event by its members: which of them are blobs or errors the service model says.
"""

import asyncio
import base64
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials, RefreshableCredentials
from botocore.eventstream import EventStreamBuffer, EventStreamMessage, ParserError
from botocore.exceptions import BotoCoreError
from botocore.model import Shape
from botocore.session import Session

from craton import errors
from craton.engines.remote.calls.failures import clean
from craton.engines.remote.calls.settings import Settings
from craton.errors import ApiError, ModelErrorException, ModelNotReadyException

SIGNING_NAME = "bedrock"
# Members of a tree of blobs: the blob itself, or the members that lead to one.
Blobs = Mapping[str, Any]


class Signed:
    """Signature version 4 with the credentials of AWS's usual chain: environment, profile, container, instance."""

    def __init__(self, credentials: Credentials, region: str, provider: str) -> None:
        self._credentials = credentials
        self._region = region
        self._provider = provider

    @classmethod
    async def of(cls, settings: Settings, region: str) -> "Signed":
        """Raises ModelNotReadyException where there are no credentials."""
        try:
            found = await asyncio.to_thread(Session(profile=settings.profile).get_credentials)
        except BotoCoreError as error:
            raise without_credentials(settings.provider, str(error)) from None
        if found is None:
            where = "the environment, a profile or the machine's role"
            raise without_credentials(settings.provider, f"there are none in {where}")
        return cls(found, region, settings.provider)

    async def sign(self, method: str, url: str, body: bytes) -> Mapping[str, str]:
        credentials = self._credentials
        try:
            # A refresh asks AWS, and waits for it.
            if isinstance(credentials, RefreshableCredentials) and credentials.refresh_needed():
                frozen = await asyncio.to_thread(credentials.get_frozen_credentials)
            else:
                frozen = credentials.get_frozen_credentials()
        except BotoCoreError as error:
            raise without_credentials(self._provider, type(error).__name__) from None
        request = AWSRequest(method, url, data=body)
        SigV4Auth(frozen, SIGNING_NAME, self._region).add_auth(request)
        return dict(request.headers.items())

    def redact(self, text: str) -> str:
        return text.replace(self._credentials.secret_key, "***") if self._credentials.secret_key else text


def without_credentials(provider: str, reason: str) -> ModelNotReadyException:
    return ModelNotReadyException(
        f"The provider {provider!r} has no AWS credentials to sign with: {reason}. "
        "The server's operator has to provide them."
    )


def endpoint(session: Session, service: str, region: str) -> str:
    """Where a region answers, whatever partition it is in. Raises ModelNotReadyException where there is none such."""
    try:
        partition = session.get_partition_for_region(region)
    except BotoCoreError as error:
        raise ModelNotReadyException(
            f"There is no AWS region {region!r}: {error} The server's operator has to name another."
        ) from None
    suffixes = {each["id"]: each["outputs"]["dnsSuffix"] for each in session.get_data("partitions")["partitions"]}
    return f"https://{service}.{region}.{suffixes[partition]}"


class EventDecoder:
    """The bytes of an event stream -> events, with their blobs as bytes. An exception event is raised."""

    def __init__(self, provider: str, stream: Shape) -> None:
        self._provider = provider
        self._buffer = EventStreamBuffer()
        found = blobs(stream)
        self._blobs: Blobs = found if isinstance(found, Mapping) else {}
        self._names = {name: shape.name for name, shape in getattr(stream, "members", {}).items()}

    def feed(self, data: bytes) -> Iterator[dict[str, Any]]:
        """Raises ValueError for what is no event stream, ApiError for an error in it."""
        self._buffer.add_data(data)
        try:
            for message in self._buffer:
                yield self._event(message)
        except ParserError as error:
            raise ValueError(str(error)) from error

    def _event(self, message: EventStreamMessage) -> dict[str, Any]:
        headers: Mapping[str, str] = message.to_response_dict()["headers"]
        if headers[":message-type"] != "event":
            raise self._error(headers, message.payload)
        kind = headers[":event-type"]
        body = msgspec.json.decode(message.payload)
        # Padding of random length, which hides how long a token is.
        body.pop("p", None)
        event = {kind: body}
        decode_blobs(event, self._blobs)
        return event

    def _error(self, headers: Mapping[str, str], payload: bytes) -> ApiError:
        if headers[":message-type"] == "exception":
            name = headers[":exception-type"]
            said = msgspec.json.decode(payload).get("message") or ""
        else:
            name, said = headers[":error-code"], headers.get(":error-message", "")
        kind = getattr(errors, self._names.get(name, name), ModelErrorException)
        # Its internal error is not one of this server.
        kind = ModelErrorException if kind is errors.InternalServerException else kind
        raised: ApiError = kind(f"The provider {self._provider!r} failed: {clean(said)!r}. Send the request again.")
        return raised


def blobs(shape: Shape, seen: frozenset[str] = frozenset()) -> Blobs | bool:
    """Where in a structure blobs are; False where there are none."""
    if shape.type_name == "blob":
        return True
    if shape.type_name != "structure" or shape.name in seen:
        return False
    members: Mapping[str, Shape] = getattr(shape, "members", {})
    return {name: found for name, member in members.items() if (found := blobs(member, seen | {shape.name}))}


def decode_blobs(value: dict[str, Any], tree: Blobs) -> None:
    """Base64 text to bytes, in place."""
    for name, below in tree.items():
        if name in value:
            if below is True:
                value[name] = base64.b64decode(value[name])
            else:
                decode_blobs(value[name], below)
