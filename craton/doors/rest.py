"""A door of JSON routes under a few base paths, such as OpenAI's and Anthropic's. Knows no API: it is given the routes,
and the manner in which the API words what goes wrong.
"""

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol
from urllib.parse import parse_qs, unquote

import msgspec

from craton.config import Limits
from craton.core.context import Context
from craton.dialects.body import decode
from craton.doors import asgi, bulk, exchange
from craton.doors.asgi import Receive, Scope, Send
from craton.doors.callers import Callers
from craton.doors.exchange import Call
from craton.errors import (
    ApiError,
    UnknownOperationException,
    UnsupportedMediaTypeException,
    ValidationException,
)
from craton.wire.message import Request, Response

# What SDKs sign for: the endpoints of bedrock-runtime, and those of bedrock-mantle.
SIGNING_NAMES = ("bedrock", "bedrock-mantle")
KEY_HEADER = "x-api-key"

_encode = msgspec.json.Encoder().encode


class NotAuthenticated(ApiError):
    """The request does not prove who sent it."""

    status = 401


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as a handler takes it: `labels` from the path, decoded, and the JSON object in the body."""

    labels: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, list[str]] = field(default_factory=dict)
    body: dict[str, Any] = field(default_factory=dict)
    request: Request = field(default_factory=lambda: Request("GET", "/"))


Handler = Callable[[Context, Asked], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Route:
    """`pattern` is the path below the base: `/responses/{id}/cancel`; `{id+}` takes slashes too. `name` is logged."""

    method: str
    pattern: str
    name: str
    handle: Handler


class Manner(Protocol):
    """How an API words what goes wrong, and in which header it names the request."""

    request_id_header: str

    def error(self, error: ApiError, request_id: str) -> tuple[int, dict[str, Any]]:
        """The status and the body."""
        ...

    def event(self, error: ApiError, request_id: str) -> bytes:
        """The last event of a stream that failed."""
        ...


def json_response(body: object, status: int = 200) -> Response:
    return Response(status, [("Content-Type", "application/json")], _encode(body))


class RestDoor:
    def __init__(
        self,
        routes: Iterable[Route],
        manner: Manner,
        callers: Callers,
        limits: Limits,
        *,
        bases: Iterable[str],
        has: Callable[[Scope], bool],
    ) -> None:
        """`bases` are the paths below which the routes stand; `has` tells which requests are this door's."""
        self.has = has
        self._routes = [(_compiled(route.pattern), route) for route in routes]
        self._base = re.compile("|".join(map(re.escape, sorted(bases, key=len, reverse=True))))
        self._manner = manner
        self._callers = callers
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await exchange.serve(self, scope, receive, send)

    def call(self, request_id: str) -> Call:
        return Call(request_id)

    async def answer(self, call: Call, scope: Scope, receive: Receive, watch: Callable[[], None]) -> Response:
        head = asgi.head(scope)
        route, labels = self._match(head)
        call.name = route.name
        request = replace(head, body=await asgi.body(scope, head, receive, self._limits))
        watch()
        ctx = await self._authenticate(call, request)
        bulk.check(request.body, self._limits)
        asked = Asked(labels, parse_qs(request.query, keep_blank_values=True), _object(request), request)
        response = await route.handle(ctx, asked)
        response.headers.append((self._manner.request_id_header, call.request_id))
        response.headers.extend(ctx.headers.items())
        return response

    def refuse(self, call: Call, error: ApiError) -> Response:
        status, body = self._manner.error(error, call.request_id)
        response = json_response(body, status)
        response.headers.append((self._manner.request_id_header, call.request_id))
        return response

    def break_off(self, call: Call, failure: ApiError) -> bytes:
        return self._manner.event(failure, call.request_id)

    async def _authenticate(self, call: Call, request: Request) -> Context:
        try:
            ctx = await self._callers.of(request, call.request_id, signing_names=SIGNING_NAMES, key_header=KEY_HEADER)
        except ApiError as error:
            raise NotAuthenticated(error.message) from error
        call.caller = ctx.principal
        return ctx

    def _match(self, request: Request) -> tuple[Route, dict[str, str]]:
        base = self._base.match(request.path)
        path = request.path[base.end() :] if base else request.path
        methods: list[str] = []
        for pattern, route in self._routes:
            if found := pattern.fullmatch(path):
                if route.method == request.method:
                    return route, {name: unquote(value) for name, value in found.groupdict().items()}
                methods.append(route.method)
        way = f" It takes {' and '.join(methods)}." if methods else ""
        raise UnknownOperationException(f"Nothing answers {request.method} {unquote(request.path)} here.{way}")


def _compiled(pattern: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)(\+?)\}", pattern)
    texts, names, greedy = parts[::3], parts[1::3], parts[2::3]
    labels = [f"(?P<{name}>{'.+' if more else '[^/]+'})" for name, more in zip(names, greedy, strict=True)]
    return re.compile("".join(re.escape(text) + label for text, label in zip(texts, [*labels, ""], strict=True)))


def _object(request: Request) -> dict[str, Any]:
    if not request.body:
        return {}
    if (encoding := request.header("content-encoding") or "identity") != "identity":
        raise UnsupportedMediaTypeException(f"The body of the request is encoded as {encoding!r}. Send it as it is.")
    try:
        value = decode(request.body)
    except ValueError as error:
        raise ValidationException(
            f"The body of the request is no JSON that can be read: {error}. Send a JSON object."
        ) from None
    if not isinstance(value, dict):
        raise ValidationException("The body of the request is no JSON object. Send one.")
    return value
