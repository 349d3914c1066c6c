"""A provider that answers as it is told, faults included, so that tests see what becomes of each.

An answer is a list of steps: bytes go out as they are, seconds are waited, `HANG` sends nothing more, `CUT` breaks the
connection.
"""

import asyncio
import contextlib
import json
import ssl
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Self


class End(Enum):
    HANG = "hang"
    CUT = "cut"


HANG, CUT = End.HANG, End.CUT
Step = bytes | float | End
Steps = Sequence[Step]
LAST = b"0\r\n\r\n"
EVENTS = "text/event-stream"


@dataclass(frozen=True, slots=True)
class Received:
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Faulty:
    """Each request takes the next answer, and the last one again and again; `paths` have answers of their own."""

    answers: Sequence[Steps]
    paths: Mapping[str, Steps] = field(default_factory=dict)
    requests: list[Received] = field(default_factory=list)
    connections: int = 0
    open: int = 0
    tls: ssl.SSLContext | None = None

    async def __aenter__(self) -> Self:
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = asyncio.Event()
        self._arrived = asyncio.Event()
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0, ssl=self.tls)
        port = self._server.sockets[0].getsockname()[1]
        self.url = f"https://localhost:{port}" if self.tls else f"http://127.0.0.1:{port}"
        return self

    async def __aexit__(self, *raised: object) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def arrived(self) -> None:
        """Wait until a request has come."""
        async with asyncio.timeout(5):
            await self._arrived.wait()

    async def left(self) -> None:
        """Wait until no connection is open."""
        async with asyncio.timeout(5):
            while self.open:
                self._closed.clear()
                await self._closed.wait()

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.open += 1
        try:
            with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
                while True:
                    received = await _request(reader)
                    self.requests.append(received)
                    self._arrived.set()
                    await self._play(self._answer(received), reader, writer)
        finally:
            self.open -= 1
            self._closed.set()
            writer.transport.abort()

    def _answer(self, received: Received) -> Steps:
        if received.path in self.paths:
            return self.paths[received.path]
        number = sum(request.path not in self.paths for request in self.requests)
        return self.answers[min(number, len(self.answers)) - 1]

    async def _play(self, steps: Steps, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for step in steps:
            if isinstance(step, bytes):
                writer.write(step)
                await writer.drain()
            elif isinstance(step, float):
                await asyncio.sleep(step)
            elif step is HANG:
                await reader.read(1)
                raise ConnectionError
            else:
                # What was sent before is received before.
                await asyncio.sleep(0.01)
                raise ConnectionError


async def _request(reader: asyncio.StreamReader) -> Received:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, path, _ = head[0].split(" ")
    pairs = (line.partition(":") for line in head[1:] if line)
    headers = {name.lower(): value.strip() for name, _, value in pairs}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Received(method, path, headers, body)


def head(status: int, kind: str, **headers: str) -> bytes:
    """The head of an answer whose body is chunked."""
    lines = [f"HTTP/1.1 {status} Said", f"Content-Type: {kind}", "Transfer-Encoding: chunked"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data) if data else b""


def reply(status: int, body: object, kind: str = "application/json", **headers: str) -> Steps:
    """A whole answer; a body that is no bytes is sent as JSON."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return [head(status, kind, **headers), chunk(data), LAST]


def stream(*parts: bytes, kind: str = EVENTS) -> list[Step]:
    """A whole stream, each part in a chunk of its own."""
    return [head(200, kind), *map(chunk, parts), LAST]


def said(payload: object) -> bytes:
    """One server-sent event."""
    text = payload if isinstance(payload, str) else json.dumps(payload, ensure_ascii=False)
    return f"data: {text}\n\n".encode()


def completion(*deltas: Mapping[str, Any], finish: str = "stop", usage: object = ..., done: bool = True) -> list[bytes]:
    """The events of a chat completion; `usage` None leaves its chunk out."""
    events = [said(_chunk({"role": "assistant", "content": ""}))]
    events += [said(_chunk(delta)) for delta in deltas]
    events.append(said(_chunk({}, finish)))
    if usage is ...:
        usage = {"prompt_tokens": 7, "completion_tokens": len(deltas), "total_tokens": 7 + len(deltas)}
    if usage is not None:
        events.append(said({**_chunk({}), "choices": [], "usage": usage}))
    return [*events, said("[DONE]")] if done else events


def texts(*words: str) -> Iterable[Mapping[str, Any]]:
    return [{"content": word} for word in words]


def _chunk(delta: Mapping[str, Any], finish: str | None = None) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
    return {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}


def message(*deltas: str) -> list[bytes]:
    """The events of an Anthropic message with one text block."""
    usage = {"input_tokens": 7, "output_tokens": 1, "cache_read_input_tokens": 2, "cache_creation_input_tokens": 0}
    start = {"id": "msg_1", "type": "message", "role": "assistant", "model": "m", "content": [], "usage": usage}
    payloads: list[dict[str, Any]] = [
        {"type": "message_start", "message": start},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        {"type": "ping"},
    ]
    payloads += [
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": text}} for text in deltas
    ]
    stop = {"stop_reason": "end_turn", "stop_sequence": None}
    payloads += [
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": stop, "usage": {"output_tokens": len(deltas)}},
        {"type": "message_stop"},
    ]
    return [b"event: " + payload["type"].encode() + b"\n" + said(payload) for payload in payloads]
