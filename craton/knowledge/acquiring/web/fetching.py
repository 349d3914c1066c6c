"""One request for one page: no redirect followed, no more read than may be, no internal address reached.

Knows no robots and no crawl.
"""

import asyncio
import codecs
import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from craton.knowledge.acquiring.web.network import GUARDED, Internal

_TIMES = aiohttp.ClientTimeout(total=120, connect=15, sock_read=30)
_BLOCK = 1 << 16
_ACCEPT = "text/html,application/xhtml+xml,application/pdf,text/plain,text/markdown,text/csv,*/*;q=0.5"
_CHARSET = re.compile(r"charset=[\"']?([\w.:-]{1,40})", re.IGNORECASE)


class Unreachable(Exception):
    """No answer was had, or no whole one. The message is a clause."""


class Forbidden(Unreachable):
    """It is no address of the public internet, and none that is allowed."""


class TooLarge(Unreachable):
    """The answer is larger than may be read."""


@dataclass(frozen=True, slots=True)
class Answer:
    """`data` is empty where the answer was not to be read."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    data: bytes = field(default=b"", repr=False)

    @property
    def media_type(self) -> str:
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower()

    @property
    def charset(self) -> str | None:
        """As the header tells it, where it tells one that is known."""
        said = _CHARSET.search(self.headers.get("Content-Type", ""))
        try:
            return codecs.lookup(said[1]).name if said else None
        except LookupError:
            return None

    @property
    def text(self) -> str:
        return self.data.decode(self.charset or "utf-8", "replace")


class Fetching:
    """Connections to sites, kept while a crawl goes on. `resolver` None is that of the system."""

    def __init__(self, agent: str, internal: Internal, resolver: AbstractResolver | None = None) -> None:
        self._agent, self._internal, self._resolver = agent, internal, resolver
        self._sessions: dict[bool, aiohttp.ClientSession] = {}

    async def get(self, address: str, limit: int, headers: Mapping[str, str] | None = None) -> Answer:
        """Raises Unreachable, or one of its kinds."""
        url = URL(address, encoded=True)
        try:
            session = self._session(self._internal.names(url.host or ""))
            async with session.get(url, headers=headers, allow_redirects=False) as response:
                data = await _read(response, limit) if response.status == 200 else b""
                return Answer(response.status, response.headers, data)
        except aiohttp.ClientConnectorError as error:
            if GUARDED in str(error.os_error):
                raise Forbidden(f"its {GUARDED}, and not allowed by `internal` of [knowledge]") from None
            raise Unreachable(f"no connection could be made ({error.os_error.strerror or error.os_error})") from None
        except TimeoutError:
            raise Unreachable("its host did not answer in time") from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise Unreachable(f"its host did not answer as HTTP asks ({type(error).__name__})") from None

    async def close(self) -> None:
        sessions = list(self._sessions.values())
        self._sessions.clear()
        await asyncio.gather(*(session.close() for session in sessions))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def _session(self, allowed: bool) -> aiohttp.ClientSession:
        """Those for hosts that are allowed by their names have no guard at their sockets."""
        if allowed not in self._sessions:
            connector = aiohttp.TCPConnector(
                limit_per_host=2,
                resolver=self._resolver,
                socket_factory=_unguarded if allowed else self._internal.open,
            )
            self._sessions[allowed] = aiohttp.ClientSession(
                connector=connector,
                connector_owner=True,
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self._agent, "Accept": _ACCEPT, "Accept-Encoding": "gzip, deflate"},
                timeout=_TIMES,
                trust_env=False,
            )
        return self._sessions[allowed]


async def _read(response: aiohttp.ClientResponse, limit: int) -> bytes:
    data = bytearray()
    if (response.content_length or 0) > limit:
        raise TooLarge(f"it is larger than {limit} bytes, the most that is read")
    async for block in response.content.iter_chunked(_BLOCK):
        data += block
        if len(data) > limit:
            raise TooLarge(f"it is larger than {limit} bytes, the most that is read")
    return bytes(data)


def _unguarded(info: aiohttp.AddrInfoType) -> socket.socket:
    return socket.socket(*info[:3])
