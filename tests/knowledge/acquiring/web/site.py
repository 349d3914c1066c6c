"""A web site on loopback, which remembers what it was asked."""

from collections.abc import Awaitable, Callable, Mapping
from types import TracebackType
from typing import Self

from aiohttp import web

Page = str | bytes | int | web.Response | Callable[[web.Request], Awaitable[web.Response] | web.Response]


class Site:
    """Its pages by path and query: HTML as a string, a status as a number, or what makes an answer."""

    def __init__(self, pages: Mapping[str, Page] | None = None) -> None:
        self.pages: dict[str, Page] = dict(pages or {})
        self.asked: list[str] = []
        self.headers: list[Mapping[str, str]] = []
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def crawled(self) -> list[str]:
        return [path for path in self.asked if path != "/robots.txt"]

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._answer)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.Response:
        self.asked.append(request.path_qs)
        self.headers.append(request.headers)
        page = self.pages.get(request.path_qs, 404)
        if callable(page) and not isinstance(page, web.Response):
            made = page(request)
            page = made if isinstance(made, web.Response) else await made
        match page:
            case int():
                return web.Response(status=page)
            case str():
                return web.Response(
                    text=page, content_type="text/html" if "robots" not in request.path else "text/plain"
                )
            case bytes():
                return web.Response(body=page, content_type="application/octet-stream")
        assert isinstance(page, web.Response)
        return page
