"""A provider hop: the provider asked directly, through Craton, and through the LiteLLM proxy where one is installed.

All are asked over the same API (OpenAI chat completions) with a key, by a load in a process of its own; the provider is
a server that does nothing but write the same answer. Contenders alternate in one run.
"""

import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from craton.config import Config
from craton.iam.keys.keys import Keys
from craton.store.documents import Documents
from tests.serving import Server, free_port

ROOT = Path(__file__).resolve().parents[1]
MODEL = "bench.model-m"
TOKENS = 20
CONNECTIONS = 32
SECONDS = 3.0
# What the slowest contender can still do, so that what is added is its work and not its queue.
RATE = 20
PACED_SECONDS = 5.0
ROUNDS = 3
# The key that everybody takes here; Craton's own is made for the run.
KEY = "sk-bench"
SAID = {"messages": [{"role": "user", "content": "Say something."}]}


@dataclass(frozen=True, slots=True)
class Contender:
    name: str
    port: int
    model: str
    key: str

    def request(self, *, stream: bool) -> bytes:
        """A chat completions request as it goes over the wire."""
        body = json.dumps({"model": self.model, **SAID, "stream": stream}).encode()
        head = [
            "POST /v1/chat/completions HTTP/1.1",
            f"Host: 127.0.0.1:{self.port}",
            f"Authorization: Bearer {self.key}",
            "Content-Type: application/json",
            f"Content-Length: {len(body)}",
        ]
        return "\r\n".join([*head, "", ""]).encode() + body


@dataclass(frozen=True, slots=True)
class Load:
    """What came of a load: answers a second, and milliseconds to the end of an answer."""

    rate: float
    p50: float
    p99: float


class Provider(asyncio.Protocol):
    """Answers every request with the same completion, streamed or whole, in one write."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport
        self._received = b""

    def data_received(self, data: bytes) -> None:
        self._received += data
        while (end := self._received.find(b"\r\n\r\n")) >= 0:
            head = self._received[:end].lower()
            size = int(head.split(b"content-length:")[1].split(b"\r\n")[0]) if b"content-length:" in head else 0
            if len(self._received) < end + 4 + size:
                return
            body, self._received = self._received[end + 4 : end + 4 + size], self._received[end + 4 + size :]
            self._transport.write(STREAMED if b'"stream":true' in body.replace(b" ", b"") else WHOLE)


def _whole() -> bytes:
    message = {"role": "assistant", "content": "word " * TOKENS}
    usage = {"prompt_tokens": 9, "completion_tokens": TOKENS, "total_tokens": 9 + TOKENS}
    choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
    body = json.dumps(
        {"id": "c", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice], "usage": usage}
    ).encode()
    return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body) + body


def _streamed() -> bytes:
    envelope = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m"}

    def said(delta: dict[str, str], finish: str | None = None) -> dict[str, object]:
        return {**envelope, "choices": [{"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}]}

    usage = {"prompt_tokens": 9, "completion_tokens": TOKENS, "total_tokens": 9 + TOKENS}
    chunks: list[object] = [said({"role": "assistant", "content": ""})]
    chunks += [said({"content": "word "})] * TOKENS
    chunks += [said({}, "stop"), {**envelope, "choices": [], "usage": usage}]
    lines = [*(b"data: %s\n\n" % json.dumps(chunk).encode() for chunk in chunks), b"data: [DONE]\n\n"]
    parts = b"".join(b"%x\r\n%s\r\n" % (len(line), line) for line in lines)
    return (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n%s0\r\n\r\n" % parts
    )


WHOLE, STREAMED = _whole(), _streamed()


async def ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> None:
    """One request, and its answer to the end."""
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(f"the server answered {head.decode()}{await reader.read(500)!r}")
    if b"content-length:" in head.lower():
        await reader.readexactly(int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0]))
        return
    end = b""
    while not end.endswith(b"\r\n0\r\n\r\n"):
        part = await reader.read(65536)
        if not part:
            raise RuntimeError("the server broke off its answer")
        end = end[-7:] + part


async def flood(port: int, request: bytes) -> Load:
    """As many requests as are answered."""
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
    """RATE requests a second, evenly, over connections that stay open."""
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
    await asyncio.gather(*(one(start + number / RATE) for number in range(int(RATE * PACED_SECONDS))))
    return _load(latencies, PACED_SECONDS)


def _load(latencies: Sequence[float], seconds: float) -> Load:
    cuts = statistics.quantiles(latencies, n=100)
    return Load(len(latencies) / seconds, cuts[49] * 1000, cuts[98] * 1000)


@contextmanager
def provider() -> Iterator[int]:
    """The provider in a process of its own; its port."""
    port = free_port()
    with _process([sys.executable, "-m", "bench.providers", "--provide", str(port)], port, "/"):
        yield port


@contextmanager
def craton(upstream: int, home: Path) -> Iterator[Contender]:
    home.mkdir()
    (home / "craton.toml").write_text(
        f'[providers.bench]\nkind = "openai"\nbase_url = "http://127.0.0.1:{upstream}/v1"\nmodels = ["m"]\n'
    )
    key = asyncio.run(_key(home))
    with Server(home) as server:
        yield Contender("Craton", server.port, MODEL, key)


async def _key(home: Path) -> str:
    documents = Documents.open(home)
    try:
        _, token = await Keys(documents).create_api_key(Config().account)
        return token
    finally:
        await documents.close()


@contextmanager
def litellm(program: Path, upstream: int, home: Path) -> Iterator[Contender]:
    """The LiteLLM proxy as its documentation starts it, with a master key; it makes no look-ups outside."""
    port, config = free_port(), home.with_suffix(".yaml")
    params = {"model": "openai/m", "api_base": f"http://127.0.0.1:{upstream}/v1", "api_key": KEY}
    settings = {
        "model_list": [{"model_name": "m", "litellm_params": params}],
        "general_settings": {"master_key": KEY},
    }
    # JSON is YAML.
    config.write_text(json.dumps(settings))
    command = [str(program), "--config", str(config), "--host", "127.0.0.1", "--port", str(port)]
    with _process(command, port, "/health/liveliness", LITELLM_LOCAL_MODEL_COST_MAP="True", LITELLM_LOG="ERROR"):
        yield Contender("LiteLLM proxy", port, "m", KEY)


@contextmanager
def _process(command: list[str], port: int, path: str, **variables: str) -> Iterator[None]:
    """A program that serves at a port, from its first answer there on."""
    child = subprocess.Popen(
        command, cwd=ROOT, env=os.environ | variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        deadline = time.monotonic() + 120
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5).close()
                break
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                if child.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"{command[0]} does not serve") from None
                time.sleep(0.05)
        yield
    finally:
        child.terminate()
        child.wait()


def measure(contender: Contender, *, stream: bool) -> tuple[Load, Load]:
    """A flood and a paced load from a process of its own."""
    request = contender.request(stream=stream).hex()
    command = [sys.executable, "-m", "bench.providers", "--load", str(contender.port), request]
    output = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout
    loads = [Load(*map(float, line.split())) for line in output.splitlines()]
    return loads[0], loads[1]


def median(loads: Sequence[Load]) -> Load:
    return Load(*(statistics.median(getattr(load, name) for load in loads) for name in ("rate", "p50", "p99")))


def rows(program: Path | None, rounds: int = ROUNDS) -> Iterator[str]:
    """The lines of the benchmark page; `program` is the LiteLLM executable, if there is one."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        home = Path(folder) / "home"
        port = stack.enter_context(provider())
        contenders = [Contender("the provider itself", port, "m", KEY), stack.enter_context(craton(port, home))]
        if program:
            contenders.append(stack.enter_context(litellm(program, port, home)))
        yield ""
        yield "## A provider hop"
        yield ""
        yield f"Answers of {TOKENS} tokens over OpenAI chat completions with a key; {CONNECTIONS} connections for"
        yield f"requests/s, {RATE} requests/s for what is added. Median of {rounds} rounds, contenders in turn."
        yield ""
        yield "| through | plain: requests/s | added p50, p99 | streamed: requests/s | added p50, p99 |"
        yield "|---|---:|---:|---:|---:|"
        found = _alternate(contenders, rounds)
        direct = found[contenders[0].name]
        for contender in contenders:
            cells = []
            for (flooded, paced), (_, bare) in zip(found[contender.name], direct, strict=True):
                added = f"{paced.p50 - bare.p50:.1f} ms, {paced.p99 - bare.p99:.1f} ms"
                cells += [f"{flooded.rate:,.0f}", "" if contender is contenders[0] else added]
            yield f"| {contender.name} | {' | '.join(cells)} |"
        if not program:
            yield "| LiteLLM proxy | not measured | | not measured | |"
            return
        ratios = [
            ours[0].rate / theirs[0].rate
            for ours, theirs in zip(found[contenders[1].name], found[contenders[2].name], strict=True)
        ]
        yield ""
        yield f"Requests of Craton for each of LiteLLM's: {ratios[0]:.1f} plain, {ratios[1]:.1f} streamed (aim: 10)."
        yield ""


def _alternate(contenders: Sequence[Contender], rounds: int) -> dict[str, list[tuple[Load, Load]]]:
    """The median loads of each, plain and streamed; a first round, which warms them up, is thrown away."""
    found: dict[tuple[str, bool], list[tuple[Load, Load]]] = {}
    for _ in range(rounds + 1):
        for stream in (False, True):
            for contender in contenders:
                found.setdefault((contender.name, stream), []).append(measure(contender, stream=stream))
    return {
        contender.name: [
            (
                median([flooded for flooded, _ in found[contender.name, stream][1:]]),
                median([paced for _, paced in found[contender.name, stream][1:]]),
            )
            for stream in (False, True)
        ]
        for contender in contenders
    }


async def _provide(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(Provider, "127.0.0.1", port)
    await server.serve_forever()


def _send(port: int, request: bytes) -> None:
    for load in (flood, pace):
        result = asyncio.run(load(port, request))
        print(result.rate, result.p50, result.p99)


def main(*arguments: str) -> None:
    match arguments:
        case ("--provide", port):
            asyncio.run(_provide(int(port)))
        case ("--load", port, request):
            _send(int(port), bytes.fromhex(request))
        case _:
            for line in rows(Path(arguments[0]) if arguments else None):
                print(line, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
