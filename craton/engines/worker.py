"""The main of a worker process: loads one model and serves requests over the socket it was started with.

Knows no other model, no budget and no client. It ends when its socket closes, so it never outlives the server.
"""

import asyncio
import ctypes
import gc
import logging
import os
import signal
import socket
import sys
from collections.abc import Callable, Coroutine, Mapping
from contextlib import aclosing
from pathlib import Path
from typing import Any

from craton.engines.base import Engine, ModelSpec
from craton.engines.frames import FrameError, Frames, Message, encode
from craton.engines.registry import factory
from craton.errors import ApiError, ModelErrorException, ModelNotReadyException

logger = logging.getLogger(__name__)
# Events a stream may send before its reader has taken any: what bounds memory when a client is slow.
WINDOW = 4096


class Worker(asyncio.Protocol):
    """The socket's protocol: one task per request, answers of one loop turn in one frame."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._frames = Frames[Message](Message)
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._credits: dict[int, Credit] = {}
        self._pending: list[Message] = []
        self._transport: asyncio.WriteTransport
        self._engine: Engine
        self._verbs: dict[str, Callable[[int, Any], Coroutine[Any, Any, None]]] = {
            "load": self._load,
            "converse": self._converse,
            "count_tokens": self._count_tokens,
            "embed": self._embed,
            "classify": self._classify,
            "figures": self._figures,
        }

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        # Native threads may be deep in a computation; nothing here is worth waiting for.
        os._exit(0)

    def data_received(self, data: bytes) -> None:
        try:
            for number, verb, value in self._frames.feed(data):
                self._receive(number, verb, value)
        except FrameError:
            logger.exception("the server sent a frame that cannot be read")
            os._exit(2)

    def _receive(self, id: int, verb: str, value: Any) -> None:
        if verb == "ping":
            self._send(id, "pong", None)
        elif verb == "cancel":
            if task := self._tasks.get(id):
                task.cancel()
        elif verb == "credit":
            if credit := self._credits.get(id):
                credit.add(value)
        elif verb in self._verbs:
            self._tasks[id] = self._loop.create_task(self._answer(id, verb, value))
        else:
            raise FrameError(f"unknown verb {verb!r}")

    async def _answer(self, id: int, verb: str, value: Any) -> None:
        try:
            await self._verbs[verb](id, value)
        except ApiError as error:
            self._send(id, "error", (error.code, error.message, error.members))
        except Exception as error:
            logger.exception("%s failed", verb)
            failure = ModelErrorException(f"The model failed with {type(error).__name__}: {error}")
            self._send(id, "error", (failure.code, failure.message, failure.members))
        finally:
            del self._tasks[id]

    async def _load(self, id: int, value: Any) -> None:
        files = {name: Path(path) for name, path in value["files"].items()}
        spec = ModelSpec(value["id"], value["engine"], files, value["context_length"], value["options"])
        try:
            self._engine = await factory(spec.engine)(spec)
        except ImportError as error:
            raise ModelNotReadyException(
                f"The model {spec.id!r} needs the engine {spec.engine!r}, whose package {error.name!r} "
                "is not installed on this server."
            ) from error
        gc.freeze()  # what loading made stays: later collections need not walk it
        self._send(id, "result", None)

    async def _converse(self, id: int, turn: Any) -> None:
        credit = self._credits[id] = Credit(WINDOW)
        try:
            async with aclosing(self._engine.converse(turn)) as events:
                async for event in events:
                    self._send(id, "event", event)
                    if not credit.take():
                        await credit.more()
        finally:
            del self._credits[id]
        self._send(id, "end", None)

    async def _count_tokens(self, id: int, turn: Any) -> None:
        self._send(id, "result", await self._engine.count_tokens(turn))

    async def _embed(self, id: int, texts: Any) -> None:
        embeddings = await self._engine.embed(texts)
        self._send(id, "result", (embeddings.vectors, embeddings.input_tokens))

    async def _classify(self, id: int, items: Any) -> None:
        self._send(id, "result", await self._engine.classify(items))

    async def _figures(self, id: int, _: Any) -> None:
        tell: Callable[[], Mapping[str, int]] | None = getattr(self._engine, "figures", None)
        self._send(id, "result", tell() if tell else {})

    def _send(self, id: int, kind: str, value: Any) -> None:
        if not self._pending:
            self._loop.call_soon(self._flush)
        self._pending.append((id, kind, value))

    def _flush(self) -> None:
        pending, self._pending = self._pending, []
        self._transport.write(encode(pending))


class Credit:
    """How many events a stream may still send."""

    def __init__(self, events: int) -> None:
        self._events = events
        self._waiter: asyncio.Future[None] | None = None

    def take(self) -> bool:
        """Use one; False when it was the last."""
        self._events -= 1
        return self._events > 0

    def add(self, events: int) -> None:
        self._events += events
        if self._waiter and not self._waiter.done():
            self._waiter.set_result(None)

    async def more(self) -> None:
        while self._events <= 0:
            self._waiter = asyncio.get_running_loop().create_future()
            await self._waiter


def _die_with(parent: int) -> None:
    """Have Linux kill this process when its parent dies, whatever native code it is in. Elsewhere the closed socket
    must do.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
        if os.getppid() != parent:
            os._exit(0)


async def _serve(connection: socket.socket) -> None:
    await asyncio.get_running_loop().create_unix_connection(Worker, sock=connection)
    await asyncio.Event().wait()


def main() -> None:
    """Arguments: the number of the inherited socket, and the process id of the server."""
    descriptor, parent = int(sys.argv[1]), int(sys.argv[2])
    _die_with(parent)
    # The server decides when its workers end: a Ctrl-C or a stop of the whole group must cut no stream short.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    asyncio.run(_serve(socket.socket(fileno=descriptor)))


if __name__ == "__main__":
    main()
