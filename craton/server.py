"""The server around the application: its address, its TLS, its signals and its end. Knows no request."""

import asyncio
import contextlib
import resource
import signal
import socket
from collections.abc import Callable, Coroutine
from importlib import import_module
from ipaddress import ip_address
from typing import TYPE_CHECKING

import structlog
from granian.constants import HTTPModes, Interfaces, SSLProtocols
from granian.http import HTTP2Settings
from granian.server.embed import Server

from craton.app.ground import CannotServe
from craton.config import Config
from craton.doors.asgi import Asgi, Running

if TYPE_CHECKING:
    from craton.tls import Proof

log = structlog.get_logger("craton.server")

Ready = Callable[[], Coroutine[None, None, None]]

# Of the grace, for telling those who are still being answered that they will not be.
_LAST_WORDS_SECONDS = 3.0
# Until a connection on which nothing was asked is waited for no longer.
_IDLE_SECONDS = 2.0
_RENEWAL_SECONDS = 60.0
_OVERLAP_SECONDS = 0.5  # of the listener with an old certificate and the one with a new one
_MOST_CONNECTIONS = 16384
_OTHER_FILES = 512  # of the database, the workers, the providers


def check_address(config: Config) -> None:
    """Raises CannotServe where the address cannot be had, or only with TLS, before anything is loaded."""
    try:
        found = socket.getaddrinfo(config.host, config.port, type=socket.SOCK_STREAM)
        with socket.socket(found[0][0]) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((config.host, config.port))
    except (OSError, OverflowError) as error:
        raise CannotServe(
            f"Cannot listen on {config.host} port {config.port}: {error}. Choose others with --host and --port."
        ) from None
    local = all(ip_address(str(address[0]).partition("%")[0]).is_loopback for *_, address in found)
    if not (local or config.tls or config.insecure):
        raise CannotServe(
            f"At {config.host} other machines reach this server, and without TLS anybody between could read and change "
            "what they send. Give --tls-cert and --tls-key, or --tls-self-signed; or, where a proxy or a container's "
            "own network protects it, say --insecure."
        )


def proof(config: Config) -> "Proof | None":
    """What the server proves itself with; None without TLS. Raises CannotServe."""
    if not config.tls:
        return None
    tls = import_module("craton.tls")
    try:
        proof: Proof = tls.proof(config)
    except tls.TlsError as error:
        raise CannotServe(str(error)) from None
    if proof.expired:
        log.warning("the certificate has expired", certificate=str(proof.cert), until=proof.until.isoformat())
    return proof


async def serve(config: Config, asgi: Asgi, ready: Ready | None = None) -> None:
    """Serve until SIGTERM or SIGINT, then let running answers end within `config.grace_seconds`; what is not done then
    is told so, as it is when a second signal comes. Runs `ready` once connections are accepted.

    A certificate that was replaced is taken into use within a minute, and at once at SIGHUP.
    """
    running = Running(asgi)
    server = Server(
        running,
        address=config.host,
        port=config.port,
        interface=Interfaces.ASGINL,
        http=HTTPModes.auto,
        http2_settings=HTTP2Settings(max_headers_size=64 * 1024),
        backlog=1024,
        backpressure=_connections(),
        websockets=False,
        log_enabled=False,
    )
    server.respawn_interval = _OVERLAP_SECONDS
    secured = _Secured(config, server)
    end: Callable[[], None] = server.stop  # untyped
    stopping = asyncio.Event()

    def stop() -> None:
        if stopping.is_set():
            running.end()
        running.draining = True
        stopping.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        _hear(number, stop)
    _hear(signal.SIGHUP, secured.renew)
    renewing = asyncio.create_task(secured.keep())
    serving = asyncio.create_task(server.serve())
    readying = asyncio.create_task(_when_listening(config, ready)) if ready else None
    await _either(serving, asyncio.create_task(stopping.wait()))
    end()
    await _ended(serving, running, config.grace_seconds)
    renewing.cancel()
    if readying:
        readying.cancel()


def _hear(number: signal.Signals, call: Callable[[], None]) -> None:
    """Have the loop call it at a signal.

    asyncio by itself would lose one that comes as many clients leave: it is told through a pipe, which they fill. So
    the pipe only wakes the loop, and what was heard is told by Python's own handler.
    """
    loop = asyncio.get_running_loop()

    def heard(*_: object) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed, and the server ended
            loop.call_soon_threadsafe(call)

    loop.add_signal_handler(number, lambda: None)
    signal.signal(number, heard)


class _Secured:
    """What the server proves itself with, as it is now."""

    def __init__(self, config: Config, server: Server) -> None:
        self._config = config
        self._server = server
        self._proof: Proof | None = None
        self._use(proof(config))

    def _use(self, found: "Proof | None") -> bool:
        """Whether it is another one than before; those who connect from now on are shown it."""
        if found is None or found == self._proof:
            return False
        self._server.build_ssl_context(found.cert, found.key, None, SSLProtocols.tls12, None, [], False)
        self._proof = found
        return True

    def renew(self) -> None:
        reload: Callable[[], None] = self._server.reload  # untyped
        try:
            if self._use(proof(self._config)) and self._proof:
                log.info("the certificate was renewed", fingerprint=self._proof.fingerprint)
                reload()
        except CannotServe as error:
            log.error("the certificate was not renewed", reason=str(error))

    async def keep(self) -> None:
        while self._config.tls:
            await asyncio.sleep(_RENEWAL_SECONDS)
            self.renew()


def _connections() -> int:
    """How many connections are accepted at once: few less than this process may hold files."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MOST_CONNECTIONS + _OTHER_FILES
    files = wanted if most == resource.RLIM_INFINITY else min(most, wanted)
    with contextlib.suppress(ValueError, OSError):  # macOS has a limit below the one it tells
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(files, resource.getrlimit(resource.RLIMIT_NOFILE)[0]), most))
    return max(128, min(resource.getrlimit(resource.RLIMIT_NOFILE)[0] - _OTHER_FILES, _MOST_CONNECTIONS))


async def _ended(serving: asyncio.Task[None], running: Running, grace: float) -> None:
    """Wait until all is answered and sent, as long as that may take."""
    loop = asyncio.get_running_loop()
    last_words = min(_LAST_WORDS_SECONDS, grace / 3)
    deadline = loop.time() + grace - last_words
    idle_since = loop.time()
    while loop.time() < deadline and not serving.done():
        if running:
            idle_since = loop.time()
        elif loop.time() - idle_since > _IDLE_SECONDS:
            break
        await asyncio.wait({serving}, timeout=0.05)
    if running:
        log.warning("answers are ended, for the time to end is over", answers=len(running))
        running.end()
        await asyncio.wait({serving}, timeout=last_words / 2)  # the rest is for closing what stands behind
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)


async def _either(*tasks: asyncio.Task[object]) -> None:
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)


async def _when_listening(config: Config, ready: Ready) -> None:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(config.host, config.host)
    while True:
        try:
            _, writer = await asyncio.open_connection(host, config.port)
        except ConnectionRefusedError:
            await asyncio.sleep(0.01)
        else:
            writer.close()
            return await ready()
