"""HTTP connections to providers: one pool per provider, kept alive, closed with the server. Knows no API.

No cookies, no redirects, TLS verified, and no proxy unless the operator asks for the environment's.
"""

import asyncio
import errno
import socket
import ssl
from typing import NamedTuple

import aiohttp

from craton import __version__, config
from craton.engines.remote.calls.settings import Settings
from craton.engines.remote.via import VIA
from craton.errors import ModelNotReadyException

# Longer than most servers keep an idle connection: it is they who end it.
KEEP_ALIVE = 60.0


class Key(NamedTuple):
    """What two models must agree on to share connections."""

    provider: str
    base_url: str | None
    ca_file: str | None
    environment_proxy: bool
    no_link_local: bool


class Sessions:
    """The pools, made when first asked for."""

    def __init__(self) -> None:
        self._sessions: dict[Key, aiohttp.ClientSession] = {}

    def of(self, settings: Settings) -> aiohttp.ClientSession:
        """Raises ModelNotReadyException where the file of authorities cannot be used."""
        key = Key(
            settings.provider,
            settings.base_url,
            settings.ca_file,
            settings.environment_proxy,
            settings.no_link_local,
        )
        if key not in self._sessions:
            self._sessions[key] = _session(key)
        return self._sessions[key]

    async def close(self) -> None:
        sessions = list(self._sessions.values())
        self._sessions.clear()
        await asyncio.gather(*(session.close() for session in sessions))


def _session(key: Key) -> aiohttp.ClientSession:
    connector = aiohttp.TCPConnector(
        limit=0,
        keepalive_timeout=KEEP_ALIVE,
        ssl=_trust(key),
        socket_factory=_guarded if key.no_link_local else None,
    )
    return aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        # A compressed stream would come in blocks, not as it is made.
        headers={"User-Agent": f"craton/{__version__}", "Accept-Encoding": "identity", "Via": VIA},
        timeout=aiohttp.ClientTimeout(total=None),
        trust_env=key.environment_proxy,
    )


def _trust(key: Key) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=key.ca_file)
    except OSError as error:
        raise ModelNotReadyException(
            f"The ca_file {key.ca_file!r} of the provider {key.provider!r} cannot be used ({error.strerror}). "
            "The server's operator has to mend it."
        ) from None


def _guarded(info: aiohttp.AddrInfoType) -> socket.socket:
    """A socket for an address found by DNS or given as it is, unless a provider of a caller's may not reach it."""
    family, kind, protocol, _, address = info
    if config.link_local(str(address[0])):
        raise OSError(errno.EACCES, "its address is link-local, where no provider is")
    return socket.socket(family, kind, protocol)
