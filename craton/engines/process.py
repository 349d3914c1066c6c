"""One worker process seen from the server: its start, the requests running in it, and its end.

Knows one model. Which models run at all, and when they start again, is the supervisor's matter.
"""

import asyncio
import contextlib
import logging
import os
import signal
import socket
import sys
from collections import deque
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from tempfile import TemporaryDirectory
from typing import Any

from craton import errors
from craton.engines.base import Embeddings, Event, ModelSpec, Turn
from craton.engines.frames import FrameError, Frames, Message, encode
from craton.errors import ApiError, ModelErrorException, ValidationException

logger = logging.getLogger(__name__)
# How often a reader gives the worker leave to send more; the worker's own window is larger.
_CREDIT = 128
_LOG_LINES = 40


class Answer:
    """What has arrived for one request and was not yet read; the worker sends no more than its window of events
    unread.
    """

    def __init__(self) -> None:
        self._items: asyncio.Queue[tuple[str, Any]] = asyncio.Queue()
        self.ended = False

    def put(self, kind: str, value: Any) -> None:
        self._items.put_nowait((kind, value))
        self.ended = kind != "event"

    async def next(self) -> tuple[str, Any]:
        """The next item that is no error. Raises the ApiError the request ended with."""
        kind, value = await self._items.get()
        if kind == "error":
            raise value
        return kind, value


class Process(asyncio.Protocol):
    """A running worker. It is the engine that callers use: its methods are those of `Engine`."""

    def __init__(self, spec: ModelSpec) -> None:
        self.spec = spec
        self.exited: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._frames = Frames[list[Message]](list[Message])
        self._answers: dict[int, Answer] = {}
        self._last = 0
        self._lines: deque[str] = deque(maxlen=_LOG_LINES)
        self._transport: asyncio.WriteTransport
        self._folder: TemporaryDirectory[str]
        self._child: asyncio.subprocess.Process
        self._watcher: asyncio.Task[None]

    @classmethod
    async def start(cls, spec: ModelSpec, spawned: Callable[[int], None] = lambda pid: None) -> "Process":
        """Spawn a worker, tell its process id, and load the model in it.

        Raises ApiError when that fails; the worker is gone then.
        """
        process = cls(spec)
        await process._spawn()
        spawned(process.pid)
        try:
            await process._call("load", _portable(spec))
        except BaseException as error:
            await process.close()
            if isinstance(error, ApiError):
                logger.error(
                    "%s could not be loaded: %s; its process wrote last:\n%s",
                    spec.id,
                    error,
                    "\n".join(process.log_lines),
                )
            raise
        return process

    @property
    def pid(self) -> int:
        return self._child.pid

    @property
    def alive(self) -> bool:
        return not self.exited.done()

    @property
    def log_lines(self) -> Sequence[str]:
        """The last lines the worker wrote, oldest first."""
        return tuple(self._lines)

    async def converse(self, turn: Turn) -> AsyncGenerator[Event, None]:
        read = 0
        with self._request("converse", turn) as (number, answer):
            while True:
                kind, value = await answer.next()
                if kind == "end":
                    return
                read += 1
                if read % _CREDIT == 0:
                    self._send((number, "credit", _CREDIT))
                yield value

    async def count_tokens(self, turn: Turn) -> int:
        return int(await self._call("count_tokens", turn))

    async def embed(self, texts: Sequence[str]) -> Embeddings:
        vectors, input_tokens = await self._call("embed", texts)
        return Embeddings(vectors, input_tokens)

    async def close(self) -> None:
        """End the worker, whatever it is doing, and wait until it is gone."""
        self._transport.abort()
        self._kill()
        await self._watcher

    async def _call(self, verb: str, value: object) -> Any:
        with self._request(verb, value) as (_, answer):
            _, result = await answer.next()
            return result

    @contextlib.contextmanager
    def _request(self, verb: str, value: object) -> Iterator[tuple[int, Answer]]:
        if not self.alive:
            raise self._failure()
        self._last = number = self._last + 1
        answer = Answer()
        self._send((number, verb, value))
        self._answers[number] = answer
        try:
            yield number, answer
        finally:
            del self._answers[number]
            if not answer.ended:
                self._send((number, "cancel", None))

    def _send(self, message: Message) -> None:
        try:
            frame = encode(message)
        except FrameError as error:
            raise ValidationException(f"The request holds a value that no model can be given: {error}.") from error
        self._transport.write(frame)

    async def _spawn(self) -> None:
        ours, theirs = socket.socketpair()
        self._folder = TemporaryDirectory(prefix="craton-")
        try:
            with theirs:
                self._child = await asyncio.create_subprocess_exec(
                    *(sys.executable, "-m", "craton.engines.worker", str(theirs.fileno()), str(os.getpid())),
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=asyncio.subprocess.PIPE,
                    stderr=asyncio.subprocess.STDOUT,
                    pass_fds=[theirs.fileno()],
                    env=_environment(self.spec) | {"TMPDIR": self._folder.name},
                )
        except BaseException:
            ours.close()
            self._folder.cleanup()
            raise
        self._watcher = asyncio.create_task(self._watch())
        try:
            await asyncio.get_running_loop().create_unix_connection(lambda: self, sock=ours)
        except BaseException:
            ours.close()
            self._kill()
            await self._watcher
            raise

    async def _watch(self) -> None:
        """Keep the worker's last lines, and tell everyone who waits when it ends."""
        output = self._child.stdout
        assert output is not None
        while block := await output.read(65536):
            for line in block.decode(errors="replace").splitlines():
                self._lines.append(line)
                logger.debug("%s[%d] %s", self.spec.id, self.pid, line)
        status = await self._child.wait()
        reason = f"signal {-status}" if status < 0 else f"exit status {status}"
        self._folder.cleanup()
        self.exited.set_result(reason)
        for answer in self._answers.values():
            if not answer.ended:
                answer.put("error", self._failure())

    def _failure(self) -> ApiError:
        return ModelErrorException(
            f"The process that runs the model {self.spec.id!r} ended unexpectedly ({self.exited.result()}). "
            "It is started again by the next request: try again."
        )

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        # A worker that closed its socket is of no use any more, and `_watch` tells the callers.
        self._kill()

    def _kill(self) -> None:
        # Not through the child's own method, which would take its exit status away from the watcher.
        if self._child.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)

    def data_received(self, data: bytes) -> None:
        try:
            for frame in self._frames.feed(data):
                for number, kind, value in frame:
                    if answer := self._answers.get(number):
                        answer.put(kind, _error(value) if kind == "error" else value)
        except FrameError as error:
            logger.error("the worker of %s sent a frame that cannot be read: %s", self.spec.id, error)
            self._transport.abort()


def _portable(spec: ModelSpec) -> dict[str, object]:
    return {
        "id": spec.id,
        "engine": spec.engine,
        "files": {name: str(path) for name, path in spec.files.items()},
        "context_length": spec.context_length,
        "options": spec.options,
    }


def _error(value: tuple[str, str, dict[str, object]]) -> ApiError:
    code, message, members = value
    kind: type[ApiError] = getattr(errors, code)
    return kind(message, **members)


def _environment(spec: ModelSpec) -> dict[str, str]:
    """The server's environment less its secrets. OpenMP reads its policy when it is loaded, so it is set here.

    Spinning threads are a little faster on an idle machine and many times slower beside anything else that computes;
    those of OpenBLAS, which only the embedding model uses, always spin.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "CRATON_"))}
    return kept | {
        "OMP_WAIT_POLICY": "active" if spec.options.get("spin") else "passive",
        "OPENBLAS_NUM_THREADS": "1",
    }
