"""One model of one provider: requests with timeouts, retries and a circuit breaker, answers as events or values.

Knows no API: an engine gives it requests, and a `Reader` that makes events of an answer's bytes.
"""

import asyncio
import contextlib
import itertools
import logging
import random
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

import aiohttp
import msgspec

from craton.engines.base import Event
from craton.engines.remote.calls.breaker import Breaker
from craton.engines.remote.calls.credentials import Added, Signer
from craton.engines.remote.calls.exchange import Exchange, Request
from craton.engines.remote.calls.failures import Failure, Interrupted, Origin
from craton.engines.remote.calls.settings import Settings
from craton.engines.remote.state import State
from craton.engines.remote.via import traceparent
from craton.errors import (
    AccessDeniedException,
    ApiError,
    ModelErrorException,
    ModelStreamErrorException,
    ModelTimeoutException,
    ServiceUnavailableException,
    ThrottlingException,
)

logger = logging.getLogger(__name__)
T = TypeVar("T")

# Full jitter: a random wait up to this many seconds, doubled with each attempt (the AWS Architecture Blog's
# "Exponential Backoff And Jitter").
_FIRST_BACKOFF = 0.25
_LONGEST_BACKOFF = 8.0
# A provider that asks for a longer wait is not waited for: the caller may have somewhere else to go.
_LONGEST_WAIT = 10.0


class Reader(Protocol):
    """Makes events of one answer's bytes, however they are cut.

    Its iterators raise ApiError or Failure where the bytes mean one, and KeyError, TypeError, AttributeError,
    IndexError, ValueError or RecursionError where they mean nothing.
    """

    @property
    def ended(self) -> bool:
        """All has been said, though the connection may not have ended."""
        ...

    @property
    def usage(self) -> Mapping[str, int]:
        """What has been told so far of tokens."""
        ...

    def read(self, data: bytes) -> Iterator[Event]: ...

    def end(self) -> Iterator[Event]:
        """What is left to tell at the end of the stream; raises where it ended too early."""
        ...


@dataclass(frozen=True, slots=True)
class Reply(Generic[T]):
    """An answer that is no stream."""

    value: T
    headers: Mapping[str, str]


class Upstream:
    """The way to one model of a provider."""

    def __init__(self, settings: Settings, session: aiohttp.ClientSession, signer: Signer) -> None:
        self._settings = settings
        self._session = session
        self._signer = Added(settings, signer)
        self._origin = Origin(settings.provider, settings.model)
        self._timeout = aiohttp.ClientTimeout(
            total=None, connect=settings.connect_timeout, sock_connect=settings.connect_timeout
        )
        self._breaker = Breaker()
        self._in_flight = 0
        self._attempts = 0
        self._retries = 0

    def state(self) -> State:
        wait = self._breaker.wait
        return State(
            provider=self._origin.provider,
            model=self._origin.model,
            in_flight=self._in_flight,
            attempts=self._attempts,
            retries=self._retries,
            failures=self._breaker.failures,
            open_until=time.time() + wait if wait else None,
        )

    async def stream(self, request: Request, reading: Callable[[], Reader]) -> AsyncGenerator[Event, None]:
        """The events of an answer. Nothing is passed on before its first content, so that until then another attempt
        can be made.

        Raises ApiError before the first event, `Interrupted` after it.
        """

        async def begin(exchange: Exchange) -> tuple[Reader, list[Event], AsyncGenerator[Event, None]]:
            reader = reading()
            events = self._events(exchange, reader)
            return reader, [await anext(events), await anext(events)], events

        with self._entered():
            exchange, (reader, head, rest) = await self._open(request, begin)
            exchange.idle = self._settings.idle_timeout
            count = _Count(reader)
            try:
                async with aclosing(rest):
                    for event in head:
                        yield count.told(event)
                    async for event in rest:
                        yield count.told(event)
                self._breaker.succeeded()
            except Failure as failure:
                self._note(failure)
                message = self._signer.redact(failure.error.message)
                raise Interrupted(message, count.usage) from failure
            finally:
                exchange.close()

    async def call(self, request: Request, kind: type[T]) -> Reply[T]:
        """The JSON of an answer as `kind`. Raises ApiError."""

        async def begin(exchange: Exchange) -> T:
            body = await exchange.body()
            try:
                return msgspec.json.decode(body, type=kind)
            except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
                raise Failure(
                    ModelErrorException(f"{self._origin} answered with what cannot be read ({error}).")
                ) from None

        with self._entered():
            exchange, value = await self._open(request, begin)
            exchange.close()
            self._breaker.succeeded()
            return Reply(value, exchange.headers)

    @contextlib.contextmanager
    def _entered(self) -> Iterator[None]:
        if self._in_flight >= self._settings.max_requests:
            raise ThrottlingException(
                f"{self._origin} already has {self._in_flight} requests of this server for the model "
                f"{self._origin.model!r} under way. Try again shortly."
            )
        self._in_flight += 1
        try:
            yield
        finally:
            self._in_flight -= 1

    async def _open(self, request: Request, begin: Callable[[Exchange], Awaitable[T]]) -> tuple[Exchange, T]:
        """The exchange of the first attempt that began well, which the caller closes, and what `begin` made of it."""
        for tried in itertools.count():
            self._admit()
            note = self._breaker.released
            try:
                opened = await self._attempt(request, begin)
                note = self._breaker.begun
                return opened
            except Failure as failure:
                note = self._breaker.released
                self._note(failure)
                wait = self._wait(failure, tried)
                error = self._redacted(failure.error)
                if wait is None:
                    raise error from failure
                logger.info("%s is asked again in %.2f s: %s", self._origin, wait, error.code)
            finally:
                note()
            self._retries += 1
            await asyncio.sleep(wait)
        raise AssertionError("there is always another attempt or an error")

    async def _attempt(self, request: Request, begin: Callable[[Exchange], Awaitable[T]]) -> tuple[Exchange, T]:
        limit = self._settings.first_token_timeout
        self._attempts += 1
        try:
            with contextlib.ExitStack() as undo:
                async with asyncio.timeout(limit):
                    exchange = await self._send(request)
                    undo.callback(exchange.close)
                    begun = await begin(exchange)
                undo.pop_all()
                return exchange, begun
        except TimeoutError:
            raise Failure(
                ModelTimeoutException(
                    f"{self._origin} sent no token within {limit:g} s. Send the request again, or a shorter one."
                )
            ) from None

    async def _send(self, request: Request) -> Exchange:
        if self._session.closed:
            raise Failure(
                ServiceUnavailableException("The server is shutting down. Send the request to another server.")
            )
        signed = await self._signer.sign(request.method, request.url, request.body)
        parent = traceparent.get()
        traced = {"traceparent": parent} if parent else {}
        headers = {"Accept": request.accept, **request.headers, **traced, **signed}
        redact = self._signer.redact
        return await Exchange.send(self._session, request, headers, self._timeout, self._origin, redact)

    async def _events(self, exchange: Exchange, reader: Reader) -> AsyncGenerator[Event, None]:
        while not reader.ended and (data := await exchange.chunk()):
            for event in self._understood(reader.read(data)):
                yield event
        for event in self._understood(reader.end(), cut=True):
            yield event
        await exchange.farewell()

    def _understood(self, events: Iterator[Event], *, cut: bool = False) -> Iterator[Event]:
        """`cut`: the stream is over, so that an error means that it ended too early."""
        try:
            yield from events
        except (ThrottlingException, ServiceUnavailableException) as error:
            raise Failure(error, again=True, healthy=None) from error
        except ApiError as error:
            raise Failure(error, again=cut) from error
        except (KeyError, TypeError, AttributeError, IndexError, ValueError, RecursionError) as error:
            raise Failure(
                ModelStreamErrorException(
                    f"{self._origin} sent a stream that cannot be understood ({type(error).__name__}). "
                    "Send the request again."
                )
            ) from error

    def _admit(self) -> None:
        if not self._breaker.admit():
            wait = self._breaker.wait
            when = f"in {wait:.1f} s" if wait else "at this moment, by another request"
            raise ServiceUnavailableException(
                f"{self._origin} failed {self._breaker.failures} times in a row for the model {self._origin.model!r}. "
                f"It is tried again {when}: send the request then, or ask for another model."
            )

    def _note(self, failure: Failure) -> None:
        if failure.healthy is False:
            self._breaker.failed()
        elif failure.healthy:
            self._breaker.succeeded()
        if isinstance(failure.error, AccessDeniedException):
            logger.error("%s refused the credentials: %s", self._origin, failure.words)

    def _redacted(self, error: ApiError) -> ApiError:
        message = self._signer.redact(error.message)
        if message == error.message:
            return error
        return type(error)(message, retry_after=error.retry_after, **error.members)

    def _wait(self, failure: Failure, tried: int) -> float | None:
        """Seconds until the next attempt; None where there is none."""
        after = failure.after or 0.0
        if not failure.again or tried >= self._settings.retries or self._breaker.open or after > _LONGEST_WAIT:
            return None
        return after + random.uniform(0, min(_FIRST_BACKOFF * 2**tried, _LONGEST_BACKOFF))


class _Count:
    """What an answer has used by now: what the provider told of it, and where it told no output tokens, one for each
    delta, which holds one or more.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._deltas = 0

    @property
    def usage(self) -> Mapping[str, int]:
        told = self._reader.usage
        return told if "outputTokens" in told else {**self._counted(), **told}

    def told(self, event: Event) -> Event:
        """The event, with what is known when it is passed on."""
        if "contentBlockDelta" in event:
            self._deltas += 1
            event["usage"] = self._counted()
        elif "messageStart" in event and self._reader.usage:
            event["usage"] = dict(self._reader.usage)
        return event

    def _counted(self) -> Mapping[str, int]:
        return {"outputTokens": self._deltas, "estimated": True}
