"""What operators and tests ask of the server itself, outside any AWS service. Knows no operation or caller."""

from collections.abc import Awaitable, Callable, Mapping

import msgspec

from craton.doors.asgi import Receive, Scope, Send, send_response
from craton.wire.message import Response

Page = Callable[[Scope], Awaitable[Response]]


class OpsDoor:
    """`pages` maps (method, path) to what answers it; no other path is this door's."""

    def __init__(self, pages: Mapping[tuple[str, str], Page]) -> None:
        self._pages = pages

    def has(self, scope: Scope) -> bool:
        return (scope["method"], scope["path"]) in self._pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send_response(send, await self._pages[scope["method"], scope["path"]](scope))


def json(body: object, status: int = 200) -> Response:
    headers = [("Content-Type", "application/json"), ("Cache-Control", "no-store")]
    return Response(status, headers, msgspec.json.encode(body))
