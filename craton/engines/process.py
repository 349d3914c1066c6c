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

import msgspec

from craton import errors
from craton.engines.base import Embeddings, Event, Mark, ModelSpec, Turn
from craton.engines.frames import FrameError, Frames, Message, encode
from craton.engines.pulse import CHECK_SECONDS, Pulse
from craton.errors import ApiError, ModelErrorException, ValidationException

logger = logging.getLogger(__name__)
# How often a reader gives the worker leave to send more; the worker's own window is larger.
_CREDIT = 128
_LOG_LINES = 40
_SOON = 0.5  # seconds
# Of the messages that belong to no request.
_NOBODY = 0


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
        self._last = _NOBODY
        self._loaded = False
        self._pulse: Pulse
        self._check: asyncio.TimerHandle | None = None
        self._asked = False
        self._given_up: str | None = None
        self.figures: dict[str, int] = {}
        self.answered = 0  # requests, to their end
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
            process._loaded = True
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
                    self.answered += 1
                    return
                if kind != "event":
                    raise self._nonsense(kind)
                read += 1
                if read % _CREDIT == 0:
                    self._send((number, "credit", _CREDIT))
                yield value

    async def count_tokens(self, turn: Turn) -> int:
        tokens = await self._call("count_tokens", turn)
        if not isinstance(tokens, int):
            raise self._nonsense(tokens)
        return tokens

    async def embed(self, texts: Sequence[str]) -> Embeddings:
        match await self._call("embed", texts):
            case [list(vectors), int(input_tokens)] if len(vectors) == len(texts):
                return Embeddings(vectors, input_tokens)
            case other:
                raise self._nonsense(other)

    async def classify(self, items: Sequence[str | bytes]) -> Sequence[Sequence[Mark]]:
        answer = await self._call("classify", items)
        try:
            marks = msgspec.convert(answer, list[list[Mark]])
        except msgspec.ValidationError:
            raise self._nonsense(answer) from None
        if len(marks) != len(items):
            raise self._nonsense(answer)
        return marks

    async def ask(self) -> None:
        """Learn how the engine does, where it tells and answers soon: its `figures`."""
        with contextlib.suppress(ApiError, TimeoutError):
            async with asyncio.timeout(_SOON):
                with self._request("figures", None) as (_, answer):
                    _, told = await answer.next()
                    self.figures = told if isinstance(told, dict) else {}

    async def close(self) -> None:
        """End the worker, whatever it is doing, and wait until it is gone."""
        self._transport.abort()
        self._kill()
        await asyncio.shield(self._watcher)  # who waits may be cancelled, and then others wait on

    async def _call(self, verb: str, value: object) -> Any:
        with self._request(verb, value) as (_, answer):
            kind, result = await answer.next()
            if kind != "result":
                raise self._nonsense(kind)
            self.answered += self._loaded  # what was told of loading proves nothing
            return result

    @contextlib.contextmanager
    def _request(self, verb: str, value: object) -> Iterator[tuple[int, Answer]]:
        if not self.alive:
            raise self._failure()
        self._last = number = self._last + 1
        answer = Answer()
        self._send((number, verb, value))
        self._answers[number] = answer
        if self._check is None:
            self._pulse.heard()
            self._watch_over()
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

    def _watch_over(self) -> None:
        """See to it, as long as somebody waits for an answer, that there is a process to give it."""
        self._check = asyncio.get_running_loop().call_later(CHECK_SECONDS, self._feel)

    def _feel(self) -> None:
        self._check = None
        if not self._answers or not self.alive:
            return
        if reason := self._pulse.hung(broken_off=self._frames.partial, loading=not self._loaded):
            self._give_up(reason)
            return
        if self._pulse.quiet and not self._asked:
            self._asked = True
            self._send((_NOBODY, "ping", None))
        self._watch_over()

    def _give_up(self, reason: str) -> None:
        """End a process that is of no use any more; `_watch` tells the callers."""
        logger.error("the process of %s is ended: %s", self.spec.id, reason)
        self._given_up = self._given_up or reason
        self._kill()

    def _nonsense(self, said: object) -> ApiError:
        self._give_up(f"it answered {str(said)[:50]!r}, which is no answer to what it was asked")
        return self._failure()

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
        self._pulse = Pulse(self.pid)
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
        reason = self._given_up or self.exited.result()
        return ModelErrorException(
            f"The process that runs the model {self.spec.id!r} ended unexpectedly ({reason}). "
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
        self._asked = False
        self._pulse.heard()
        try:
            for frame in self._frames.feed(data):
                for number, kind, value in frame:
                    said = _read(kind, value)
                    if answer := self._answers.get(number):
                        answer.put(kind, said)
        except FrameError as error:
            self._give_up(f"it sent a message that cannot be read: {error}")


def _portable(spec: ModelSpec) -> dict[str, object]:
    return {
        "id": spec.id,
        "engine": spec.engine,
        "files": {name: str(path) for name, path in spec.files.items()},
        "context_length": spec.context_length,
        "options": spec.options,
    }


def _read(kind: str, value: Any) -> Any:
    """What stands in a message. Raises FrameError for what no worker says."""
    if kind == "error":
        return _error(value)
    if kind not in ("event", "end", "result", "pong") or (kind == "event" and type(value) is not dict):
        raise FrameError(f"{kind[:50]!r} with {str(value)[:50]!r}")
    return value


def _error(value: object) -> ApiError:
    match value:
        case [str(code), str(message), dict(members)] if all(isinstance(name, str) for name in members):
            found = getattr(errors, code, None)
            if isinstance(found, type) and issubclass(found, ApiError):
                return found(message, **members)
    raise FrameError(f"no error that is known: {str(value)[:50]!r}")


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
