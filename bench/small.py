"""Small signed requests: how many a second, how long each takes at a fixed rate; and the server's start.

The load comes from a process of its own over keep-alive connections; the requests are signed beforehand, so that the
client's work is small beside the server's.
"""

import asyncio
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from tests.serving import ACCESS_KEY_ID, MODEL, REGION, SECRET_ACCESS_KEY, Server

ROOT = Path(__file__).resolve().parents[1]
EMBEDDING_MODEL = "google.use-multilingual-v3:0"
CONNECTIONS = 32
SECONDS = 5.0
RATE = 200


@dataclass(frozen=True, slots=True)
class Load:
    """What came of a load: answers a second, and latencies in milliseconds."""

    rate: float
    p50: float
    p99: float


def foundation_model(endpoint: str) -> bytes:
    """GetFoundationModel as it goes over the wire; a signature holds for five minutes."""
    return _signed("GET", f"{endpoint}/foundation-models/{MODEL}")


def embedding(endpoint: str) -> bytes:
    """InvokeModel of a sentence's vector."""
    body = b'{"inputText": "Der schnelle braune Fuchs springt heute wieder einmal \u00fcber den faulen Hund."}'
    return _signed("POST", f"{endpoint}/model/{EMBEDDING_MODEL.replace(':', '%3A')}/invoke", body)


def _signed(method: str, url: str, body: bytes = b"") -> bytes:
    host, _, path = url.removeprefix("http://").partition("/")
    sent = (
        {"host": host, "content-length": str(len(body)), "content-type": "application/json"} if body else {"host": host}
    )
    request = AWSRequest(method, url, data=body or None, headers=sent)
    SigV4Auth(Credentials(ACCESS_KEY_ID, SECRET_ACCESS_KEY), "bedrock", REGION).add_auth(request)
    headers = "".join(f"{name}: {value}\r\n" for name, value in request.headers.items())
    return f"{method} /{path} HTTP/1.1\r\n{headers}\r\n".encode() + body


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


def measured(port: int, request: bytes, *loads: str) -> list[Load]:
    """What comes of these loads (`flood`, `pace`), made by a process of their own."""
    command = [sys.executable, "-m", "bench.small", str(port), request.hex(), *loads]
    output = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout
    return [Load(*map(float, line.split())) for line in output.splitlines()]


def main(port: str, request: str, *loads: str) -> None:
    """The load's own process: prints rate, p50 and p99 of each."""
    for name in loads:
        result = asyncio.run({"flood": flood, "pace": pace}[name](int(port), bytes.fromhex(request)))
        print(result.rate, result.p50, result.p99)


if __name__ == "__main__":
    main(*sys.argv[1:])
