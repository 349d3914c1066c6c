"""A crawl: the pages of a WEB data source, in the order in which their links are met. Knows no HTTP and no HTML.

What is still to be visited is a list of addresses and how many of them are done, so a crawl can go on where it stood.
Several are fetched at a time, but their results are taken in the order of the list: the crawl of a site that does not
change is always the same.
"""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import aclosing
from typing import Any

from aiohttp.abc import AbstractResolver

from craton.knowledge.acquiring.found import FILE_BYTES, Content, Found, Known, SourceFailure
from craton.knowledge.acquiring.web.addresses import Asked
from craton.knowledge.acquiring.web.fetching import Fetching, Unreachable
from craton.knowledge.acquiring.web.network import Internal
from craton.knowledge.acquiring.web.visiting import Visit, Visiting

_AT_ONCE = 8
_MOST_HOPS = 10
_MOST_ADDRESSES = 20  # for each page that may be crawled

_Ahead = deque[tuple[str, asyncio.Task[Visit]]]


class Pages:
    """The pages that a WebDataSourceConfiguration asks for. `source` is the ARN or the id of the data source."""

    def __init__(
        self,
        configuration: Mapping[str, Any],
        source: str,
        internal: Iterable[str] = (),
        resolver: AbstractResolver | None = None,
    ) -> None:
        self._asked = Asked(configuration, source)
        self._fetching = Fetching(self._asked.agent, Internal(internal), resolver)
        self._visiting = Visiting(self._asked, self._fetching)
        self._listed: list[str] = []
        self._met: set[str] = set()
        self._done = self._pages = 0
        self._hops: dict[str, int] = {}
        self._found: dict[str, None] = {}
        self._reached = False

    async def listing(
        self, *, known: Known | None = None, state: Mapping[str, Any] | None = None
    ) -> AsyncGenerator[Found, None]:
        """Pages that cannot be had now are told as failed, those that may not be read as ignored."""
        if state:
            self._resume(state)
        else:
            await self._begin()
        async with aclosing(self._visits(known or {})) as visits:
            async for address, visit in visits:
                found = self._taken(address, visit)
                self._done += 1
                if found is not None:
                    yield found
        if not self._reached:
            raise SourceFailure(
                "No page of the data source could be reached; check its seed URLs, the robots.txt of their sites and, "
                "for hosts of this house, `internal` of [knowledge]."
            )

    def state(self) -> Mapping[str, Any]:
        return {
            "listed": self._listed.copy(),
            "done": self._done,
            "pages": self._pages,
            "hops": self._hops.copy(),
            "found": list(self._found),
            "reached": self._reached,
        }

    async def read(self, found: Found) -> Content:
        if found.content is not None:
            return found.content
        try:
            answer = await self._fetching.get(found.uri, FILE_BYTES)
        except Unreachable as error:
            raise SourceFailure(f"The page {found.uri!r} could not be fetched: {error}.") from None
        if answer.status != 200:
            raise SourceFailure(f"The page {found.uri!r} could not be fetched: its site answers {answer.status}.")
        return Content(answer.data, answer.media_type or None)

    async def metadata(self, found: Found) -> bytes | None:
        return None

    async def close(self) -> None:
        await self._visiting.close()
        await self._fetching.close()

    def _resume(self, state: Mapping[str, Any]) -> None:
        self._listed, self._met = list(state["listed"]), set(state["listed"])
        self._done, self._pages = state["done"], state["pages"]
        self._hops, self._found = dict(state["hops"]), dict.fromkeys(state["found"])
        self._reached = state["reached"]

    async def _begin(self) -> None:
        """With the seeds, and the sitemaps of their sites."""
        for seed in self._asked.seeds:
            self._meet(seed)
        named = await asyncio.gather(*(self._visiting.sitemaps(seed) for seed in self._asked.seeds))
        for sitemap in [address for addresses in named for address in addresses]:
            self._meet(sitemap)

    def _meet(self, address: str) -> None:
        if address in self._met:
            return
        if len(self._listed) >= _MOST_ADDRESSES * max(self._asked.most_pages, 100):
            raise SourceFailure(
                f"The crawl has met {len(self._listed)} addresses, far more than the {self._asked.most_pages} pages of "
                "maxPages; narrow the scope or the filters of the data source."
            )
        self._met.add(address)
        self._listed.append(address)

    async def _visits(self, known: Known) -> AsyncGenerator[tuple[str, Visit], None]:
        """The visits in the order of the list, which grows meanwhile."""
        ahead: _Ahead = deque()
        begun = self._done
        try:
            while ahead or begun < len(self._listed):
                while begun < len(self._listed) and len(ahead) < _AT_ONCE:
                    address = self._listed[begun]
                    ahead.append((address, asyncio.create_task(self._visit(address, known))))
                    begun += 1
                address, task = ahead.popleft()
                yield address, await task
        finally:
            for _, task in ahead:
                task.cancel()
            await asyncio.gather(*(task for _, task in ahead), return_exceptions=True)

    async def _visit(self, address: str, known: Known) -> Visit:
        if address in self._found:  # another page named this one as its canonical address
            return Visit()
        return await self._visiting.visit(address, known.get(address))

    def _taken(self, address: str, visit: Visit) -> Found | None:
        """The document to tell of, if any, once all that the visit leads to is listed."""
        self._reached |= visit.reached
        hops = self._hops.pop(address, 0)
        if visit.redirect and hops < _MOST_HOPS and self._leads(address, visit.redirect):
            if visit.redirect not in self._met:
                self._hops[visit.redirect] = hops + 1
            self._meet(visit.redirect)
        for link in visit.links:
            self._meet(link)
        found = visit.found
        if found is None or found.identifier in self._found or not self._asked.reads(address):
            return None
        self._found[found.identifier] = None
        if found.ignored is None and found.failed is None:
            self._count()
        return found

    def _leads(self, address: str, redirect: str) -> bool:
        """Documents out of scope may redirect to where they lie, as those in it."""
        return self._asked.follows(redirect) or (not self._asked.scopes(address) and self._asked.reads(redirect))

    def _count(self) -> None:
        self._pages += 1
        if self._pages > self._asked.most_pages:
            raise SourceFailure(
                f"The data source has more than {self._asked.most_pages} pages, which is its maxPages; raise it, or "
                "narrow the scope or the filters. No page is ingested."
            )
