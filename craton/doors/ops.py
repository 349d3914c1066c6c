"""What operators and tests ask of the server itself, outside any AWS service. Knows no operation or caller."""

from collections.abc import Awaitable, Callable

import msgspec

from craton.doors.asgi import Receive, Scope, Send, send_response
from craton.wire.message import Response

Page = Callable[[], Awaitable[dict[str, object]]]


class OpsDoor:
    """`pages` maps (method, path) to what answers it with a JSON object; no other path is this door's."""

    def __init__(self, pages: dict[tuple[str, str], Page]) -> None:
        self._pages = pages

    def has(self, scope: Scope) -> bool:
        return (scope["method"], scope["path"]) in self._pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = await self._pages[scope["method"], scope["path"]]()
        await send_response(send, Response(200, [("Content-Type", "application/json")], msgspec.json.encode(answer)))
