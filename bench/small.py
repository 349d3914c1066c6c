"""Signed GetFoundationModel requests: how many a second, how long each takes at a fixed rate; and the server's start.

The load comes from a process of its own over keep-alive connections; the requests are signed beforehand, so that the
client's work is small beside the server's.
"""

import asyncio
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from tests.serving import ACCESS_KEY_ID, MODEL, REGION, SECRET_ACCESS_KEY, Server

CONNECTIONS = 32
SECONDS = 5.0
RATE = 200


@dataclass(frozen=True, slots=True)
class Load:
    """What came of a load: answers a second, and latencies in milliseconds."""

    rate: float
    p50: float
    p99: float


def signed_request(endpoint: str) -> bytes:
    """A GetFoundationModel request as it goes over the wire; its signature holds for five minutes."""
    request = AWSRequest("GET", f"{endpoint}/foundation-models/{MODEL}", headers={"host": endpoint.split("//")[1]})
    SigV4Auth(Credentials(ACCESS_KEY_ID, SECRET_ACCESS_KEY), "bedrock", REGION).add_auth(request)
    path = f"/foundation-models/{MODEL}"
    headers = "".join(f"{name}: {value}\r\n" for name, value in request.headers.items())
    return f"GET {path} HTTP/1.1\r\n{headers}\r\n".encode()


async def ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> None:
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(f"the server answered {head.decode()}")
    length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
    await reader.readexactly(length)


async def flood(port: int, request: bytes) -> Load:
    """As many requests as the server answers."""
    latencies: list[float] = []
    end = time.perf_counter() + SECONDS

    async def one() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while (started := time.perf_counter()) < end:
            await ask(reader, writer, request)
            latencies.append(time.perf_counter() - started)
        writer.close()

    await asyncio.gather(*(one() for _ in range(CONNECTIONS)))
    return _load(latencies, SECONDS)


async def pace(port: int, request: bytes) -> Load:
    """RATE requests a second, evenly; a late answer does not delay the next request."""
    latencies: list[float] = []
    idle: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()
    for _ in range(CONNECTIONS):
        idle.put_nowait(await asyncio.open_connection("127.0.0.1", port))

    async def one(due: float) -> None:
        await asyncio.sleep(due - time.perf_counter())
        connection = await idle.get()
        await ask(*connection, request)
        latencies.append(time.perf_counter() - due)
        idle.put_nowait(connection)

    start = time.perf_counter() + 0.1
    await asyncio.gather(*(one(start + number / RATE) for number in range(int(RATE * SECONDS))))
    return _load(latencies, SECONDS)


def _load(latencies: Sequence[float], seconds: float) -> Load:
    cuts = statistics.quantiles(latencies, n=100)
    return Load(len(latencies) / seconds, cuts[49] * 1000, cuts[98] * 1000)


def start_seconds(home: Path) -> float:
    """From the start of the process to its first answer, without a model."""
    started = time.perf_counter()
    with Server(home):
        return time.perf_counter() - started


def main(port: str, request: str) -> None:
    """The load's own process: prints rate, p50 and p99 of the flood, then of the paced load."""
    raw = bytes.fromhex(request)
    for load in (flood, pace):
        result = asyncio.run(load(int(port), raw))
        print(result.rate, result.p50, result.p99)


if __name__ == "__main__":
    main(*sys.argv[1:])
