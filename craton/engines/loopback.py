"""HTTP/1.1 requests over a Unix socket to a server in this very process. Knows only what such a server sends: JSON, or
a stream of server-sent events in chunked encoding.
"""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass

import msgspec


class RefusedError(Exception):
    """The server answered with an error status; `body` is what it said."""

    def __init__(self, status: int, body: bytes) -> None:
        super().__init__(f"status {status}: {body.decode(errors='replace')}")
        self.status = status
        self.body = body


@dataclass(frozen=True, slots=True)
class Loopback:
    """One connection per request: to close it is to cancel the request."""

    path: str
    key: str

    async def get(self, target: str) -> bytes:
        """The whole answer. Raises RefusedError."""
        async with self._sent("GET", target) as reader:
            return await reader.read()

    async def post(self, target: str, body: object) -> bytes:
        """The whole answer. Raises RefusedError."""
        async with self._sent("POST", target, body) as reader:
            return await reader.read()

    async def stream(self, target: str, body: object) -> AsyncGenerator[bytes, None]:
        """The `data` of each event up to `[DONE]`. Raises RefusedError before the first."""
        async with self._sent("POST", target, body) as reader:
            while size := int(await reader.readline(), 16):
                chunk = await reader.readexactly(size + 2)
                for line in chunk.splitlines():
                    if line == b"data: [DONE]":
                        return
                    if line.startswith((b"data: ", b"error: ")):
                        yield line[line.index(b" ") + 1 :]

    @contextlib.asynccontextmanager
    async def _sent(self, method: str, target: str, body: object = None) -> AsyncIterator[asyncio.StreamReader]:
        data = msgspec.json.encode(body) if body is not None else b""
        reader, writer = await asyncio.open_unix_connection(self.path)
        try:
            head = (
                f"{method} {target} HTTP/1.1\r\nHost: loopback\r\nConnection: close\r\n"
                f"Authorization: Bearer {self.key}\r\n"
            )
            writer.write(f"{head}Content-Type: application/json\r\nContent-Length: {len(data)}\r\n\r\n".encode() + data)
            answer = await reader.readuntil(b"\r\n\r\n")
            status = int(answer.split(b" ", 2)[1])
            if status != 200:
                raise RefusedError(status, await reader.read())
            yield reader
        finally:
            writer.transport.abort()
