"""What the robots.txt of each site allows, as RFC 9309 says, and how fast. Knows no page."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from protego import Protego

from craton.knowledge.acquiring.web.addresses import address_of
from craton.knowledge.acquiring.web.fetching import Fetching, TooLarge, Unreachable

_BYTES = 512 << 10  # RFC 9309, 2.5: at least 500 kibibytes
_REDIRECTS = 5  # RFC 9309, 2.3.1.2
_SLOWEST = 60.0  # seconds between two pages, whatever a site asks for

_NOTHING = Protego.parse("User-agent: *\nDisallow: /")
_EVERYTHING = Protego.parse("")


@dataclass(frozen=True, slots=True)
class Rules:
    """Of one site. `reachable` False: nobody knows what it allows, so nothing is."""

    parsed: Protego
    reachable: bool = True

    def allow(self, address: str, agent: str) -> bool:
        return self.parsed.can_fetch(address, agent)

    def delay(self, agent: str) -> float:
        asked = self.parsed.crawl_delay(agent) or 0.0
        rate = self.parsed.request_rate(agent)
        return min(max(asked, rate.seconds / rate.requests if rate and rate.requests else 0.0), _SLOWEST)

    def sitemaps(self) -> Sequence[str]:
        return [address for listed in self.parsed.sitemaps if (address := address_of(listed))]


class Robots:
    """The rules of all sites of a crawl, each fetched once."""

    def __init__(self, fetching: Fetching) -> None:
        self._fetching = fetching
        self._rules: dict[str, asyncio.Task[Rules]] = {}

    async def rules(self, address: str) -> Rules:
        parts = urlsplit(address)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._rules:
            self._rules[origin] = asyncio.create_task(self._fetched(f"{origin}/robots.txt"))
        return await asyncio.shield(self._rules[origin])

    async def close(self) -> None:
        for task in self._rules.values():
            task.cancel()
        await asyncio.gather(*self._rules.values(), return_exceptions=True)

    async def _fetched(self, address: str) -> Rules:
        for _ in range(_REDIRECTS + 1):
            try:
                answer = await self._fetching.get(address, _BYTES)
            except TooLarge:
                return Rules(_NOTHING)
            except Unreachable:
                return Rules(_NOTHING, reachable=False)
            onward = address_of(answer.headers.get("Location", ""), address) if 300 <= answer.status < 400 else None
            if onward is None:
                break
            address = onward
        else:
            return Rules(_EVERYTHING)
        if answer.status == 200:
            return Rules(await asyncio.to_thread(Protego.parse, answer.text))
        return Rules(_NOTHING, reachable=False) if answer.status >= 500 or answer.status == 429 else Rules(_EVERYTHING)


class Pace:
    """Requests to each host one after another, so many seconds apart, in the order in which they are asked for."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._next: dict[str, float] = {}

    async def wait(self, host: str, seconds: float) -> None:
        now = self._clock()
        turn = max(now, self._next.get(host, now))
        self._next[host] = turn + seconds
        await asyncio.sleep(turn - now)
