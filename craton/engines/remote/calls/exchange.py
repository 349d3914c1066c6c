"""One request to a provider and its answer, as bytes: connection errors and refusals become `Failure`s here.

Knows no retry and no API.
"""

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import aiohttp
from yarl import URL

from craton.engines.remote.calls.failures import Failure, Origin, read_words, refusal
from craton.errors import (
    ApiError,
    ModelErrorException,
    ModelNotReadyException,
    ModelTimeoutException,
    ServiceUnavailableException,
)

JSON = "application/json"
# Of an error's body, and of an answer that is no stream.
_LONGEST_WORDS = 64 * 1024
_LONGEST_BODY = 256 * 1024 * 1024
# Seconds for a stream that has said all to end, so that its connection can be used again.
_FAREWELL = 0.1


@dataclass(frozen=True, slots=True)
class Request:
    """`accept` is the content type of the answer; any other is refused."""

    method: str
    url: str
    body: bytes = b""
    accept: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)


class Exchange:
    """A request that was answered with success. `idle` bounds each wait for more of the answer, in seconds."""

    def __init__(self, response: aiohttp.ClientResponse, origin: Origin) -> None:
        self._response = response
        self._origin = origin
        self.idle: float | None = None

    @classmethod
    async def send(
        cls,
        session: aiohttp.ClientSession,
        request: Request,
        headers: Mapping[str, str],
        limits: aiohttp.ClientTimeout,
        origin: Origin,
        redact: Callable[[str], str],
    ) -> "Exchange":
        """Raises Failure where there is no answer, a refusal, or an answer of another content type."""
        try:
            response = await session.request(
                request.method,
                URL(request.url, encoded=True),
                data=request.body or None,
                headers=headers,
                allow_redirects=False,
                timeout=limits,
            )
        except (aiohttp.ClientError, ValueError) as error:
            raise _unreached(error, origin) from None
        with contextlib.ExitStack() as undo:
            undo.callback(response.close)
            if not response.ok or response.status >= 300:
                raise await _refused(response, origin, redact)
            if not _fits(response.content_type, request.accept):
                raise await _unfit(response, request.accept, origin, redact)
            undo.pop_all()
        return cls(response, origin)

    @property
    def headers(self) -> Mapping[str, str]:
        return self._response.headers

    async def chunk(self) -> bytes:
        """What has arrived of the answer, at least a byte; nothing at its end. Raises Failure."""
        try:
            async with asyncio.timeout(self.idle):
                return await self._response.content.readany()
        except TimeoutError:
            raise Failure(
                ModelTimeoutException(
                    f"{self._origin} sent nothing more of its answer for {self.idle:g} s. Send the request again."
                )
            ) from None
        # A RuntimeError is what reading over a connection gives that this server has closed to end.
        except (aiohttp.ClientError, RuntimeError):
            raise Failure(
                ModelErrorException(f"{self._origin} broke off its answer. Send the request again."), again=True
            ) from None

    async def body(self) -> bytes:
        """The whole of an answer that is no stream. Raises Failure."""
        parts, size = [], 0
        while part := await self.chunk():
            parts.append(part)
            size += len(part)
            if size > _LONGEST_BODY:
                raise Failure(ModelErrorException(f"{self._origin} sent an answer of more than {_LONGEST_BODY} bytes."))
        return b"".join(parts)

    async def farewell(self) -> None:
        """Wait a moment for the end of a stream that has said all, lest its connection be lost."""
        with contextlib.suppress(TimeoutError, aiohttp.ClientError):
            async with asyncio.timeout(_FAREWELL):
                while await self._response.content.readany():
                    pass

    def close(self) -> None:
        """End it, and the connection with it unless the answer was read to its end."""
        self._response.close()


def _fits(content_type: str, accept: str) -> bool:
    # What a server does not name, aiohttp calls an octet stream.
    return content_type in (accept, "application/octet-stream")


async def _refused(response: aiohttp.ClientResponse, origin: Origin, redact: Callable[[str], str]) -> Failure:
    words, code = read_words(await _beginning(response))
    return refusal(origin, response.status, response.headers, redact(words), code)


async def _unfit(
    response: aiohttp.ClientResponse, accept: str, origin: Origin, redact: Callable[[str], str]
) -> Failure:
    words, _ = read_words(await _beginning(response))
    said = f": {redact(words)!r}" if words else ""
    return Failure(
        ModelErrorException(
            f"{origin} answered with {response.content_type!r} where {accept!r} was expected{said}. "
            "The server's operator should see whether its base_url is right.",
            originalStatusCode=response.status,
        )
    )


async def _beginning(response: aiohttp.ClientResponse) -> bytes:
    """Enough of an error's body to know what it says."""
    read = b""
    with contextlib.suppress(aiohttp.ClientError):
        while len(read) < _LONGEST_WORDS and (part := await response.content.readany()):
            read += part
    return read


def _unreached(error: Exception, origin: Origin) -> Failure:
    """What became of a request that got no answer at all."""
    match error:
        case aiohttp.ConnectionTimeoutError():
            return _unavailable(f"{origin} could not be reached in time. Try again shortly.")
        case aiohttp.ClientSSLError():
            return _unavailable(
                f"{origin} shows no certificate that this server trusts. The server's operator has to mend that.",
                again=False,
            )
        case aiohttp.ClientConnectorError(os_error=reason):
            return _unavailable(f"{origin} cannot be reached ({reason.strerror or reason}). Try again shortly.")
        case aiohttp.ClientConnectionError():
            return _unavailable(f"{origin} closed the connection before it answered. Send the request again.")
        case aiohttp.ClientResponseError():
            refused: ApiError = ModelErrorException(f"{origin} answered with something that is not HTTP.")
            return Failure(refused)
    return Failure(
        ModelNotReadyException(
            f"{origin} cannot be asked with the URL and headers that are configured. The server's operator has to "
            "mend them."
        )
    )


def _unavailable(message: str, *, again: bool = True) -> Failure:
    return Failure(ServiceUnavailableException(message), again=again)
