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
from craton.core.rates import Rate
from craton.core.trace import Trace
from craton.dialects.body import decode
from craton.doors import asgi, bulk, exchange
from craton.doors.asgi import Receive, Scope, Send
from craton.doors.callers import Callers
from craton.doors.exchange import NOBODY, Call, Watchers
from craton.doors.logged import logged
from craton.errors import (
    ApiError,
    ServiceQuotaExceededException,
    UnknownOperationException,
    UnsupportedMediaTypeException,
    ValidationException,
)
from craton.iam.authorization.authorization import NotPermitted
from craton.iam.authorization.resources import ALL
from craton.usage.invocation_logs.logs import InvocationLogs
from craton.wire import writer
from craton.wire.message import Request, Response

# What SDKs sign for: the endpoints of bedrock-runtime, and those of bedrock-mantle.
SIGNING_NAMES = ("bedrock", "bedrock-mantle")
KEY_HEADER = "x-api-key"
# What keeps the SDKs of OpenAI and Anthropic from trying again where that cannot help.
NO_RETRY = ("x-should-retry", "false")

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
    """`pattern` is the path below the base: `/responses/{id}/cancel`; `{id+}` takes slashes too. `name` is logged.

    `invokes`: it asks a model, so accounts may have its bodies logged. `need` is an action that the caller must be
    allowed, and the resource of the caller's account, or `*`; what models need is asked where they are found.
    """

    method: str
    pattern: str
    name: str
    handle: Handler
    invokes: bool = False
    need: tuple[str, str] | None = None


@dataclass(slots=True)
class RestCall(Call):
    """A call, and what is left of its caller's quotas."""

    rates: Mapping[str, Rate] = field(default_factory=dict)


class Manner(Protocol):
    """How an API words what goes wrong, and in which headers it tells of the request and of quotas."""

    request_id_header: str

    def error(self, error: ApiError, request_id: str) -> tuple[int, dict[str, Any]]:
        """The status and the body."""
        ...

    def headers(self, rates: Mapping[str, Rate], error: ApiError | None = None) -> list[tuple[str, str]]:
        """What is left of the quotas, and of an error when to try again, where the API has headers for that."""
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
        logs: InvocationLogs,
        watchers: Watchers = NOBODY,
    ) -> None:
        """`bases` are the paths below which the routes stand; `has` tells which requests are this door's."""
        self.has = has
        self._routes = [(_compiled(route.pattern), route) for route in routes]
        self._base = re.compile("|".join(map(re.escape, sorted(bases, key=len, reverse=True))))
        self._manner = manner
        self._callers = callers
        self._limits = limits
        self.watchers = watchers
        self._logs = logs

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await exchange.serve(self, scope, receive, send)

    def call(self, request_id: str, trace: Trace) -> RestCall:
        return RestCall(request_id, trace)

    async def answer(self, call: RestCall, scope: Scope, receive: Receive, watch: Callable[[], None]) -> Response:
        head = asgi.head(scope)
        route, labels = self._match(head)
        call.name = route.name
        request = replace(head, body=await asgi.body(scope, head, receive, self._limits))
        watch()
        ctx = await self._authenticate(call, request)
        call.rates = ctx.rates
        if route.need:
            action, resource = route.need
            ctx.require(action, ALL if resource == ALL else ctx.arn(resource))
        bulk.check(request.body, self._limits)
        asked = Asked(labels, parse_qs(request.query, keep_blank_values=True), _object(request), request)
        response = await self._handled(ctx, route, asked)
        response.headers.append((self._manner.request_id_header, call.request_id))
        response.headers.extend(ctx.headers.items())
        response.headers.extend(self._manner.headers(ctx.rates))
        return response

    async def _handled(self, ctx: Context, route: Route, asked: Asked) -> Response:
        if not route.invokes:
            return await route.handle(ctx, asked)
        model = asked.body.get("model")
        return await logged(self._logs, ctx, route.name, model, asked.request, lambda: route.handle(ctx, asked))

    def refuse(self, call: RestCall, error: ApiError) -> Response:
        status, body = self._manner.error(error, call.request_id)
        response = json_response(body, status)
        response.headers.append((self._manner.request_id_header, call.request_id))
        response.headers.extend([*writer.again(error), *self._manner.headers(call.rates, error)])
        if isinstance(error, ServiceQuotaExceededException):
            response.headers.append(NO_RETRY)
        return response

    def break_off(self, call: RestCall, failure: ApiError) -> bytes:
        return self._manner.event(failure, call.request_id)

    async def _authenticate(self, call: Call, request: Request) -> Context:
        try:
            return await self._callers.of(request, call, signing_names=SIGNING_NAMES, key_header=KEY_HEADER)
        except NotPermitted:
            raise
        except ApiError as error:
            raise NotAuthenticated(error.message) from error

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
