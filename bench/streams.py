"""Streams through a running Craton, against the bare engine and against llama.cpp's own server on the same file.

Rounds of the contenders alternate in one run, so that whatever else the machine does falls on all of them. The client
is as light as can be, since it shares the cores with what it measures.
"""

import asyncio
import json
import os
import re
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from bench.engines import TOKENS, Load, Round, bare, median, messages, round_of, spec
from tests.serving import ACCESS_KEY_ID, MODEL, REGION, SECRET_ACCESS_KEY, Server, free_port

JSON = {"Content-Type": "application/json"}
# Measures one round.
Measure = Callable[[Load], Awaitable[Round]]


class Answer(asyncio.Protocol):
    """One request and its answer, kept as it comes: all that is looked for meanwhile is the mark of the first token."""

    def __init__(self, request: bytes, mark: bytes) -> None:
        self._request = request
        self._mark = mark
        self.first = 0.0
        self.received = bytearray()
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        self.received += data
        if not self.first and self._mark in self.received:
            self.first = time.perf_counter()

    def connection_lost(self, exc: Exception | None) -> None:
        self.ended.set_result(None)


@dataclass(frozen=True, slots=True)
class Contender:
    """A server asked over HTTP: its requests on the wire, and what in an answer marks the first token and the count."""

    port: int
    request: Callable[[Load, int], bytes]
    mark: bytes
    tokens: re.Pattern[bytes]

    async def measure(self, load: Load) -> Round:
        requests = [self.request(load, stream) for stream in range(load.streams)]
        started = time.perf_counter()
        answers = await asyncio.gather(*(self._ask(request) for request in requests))
        seconds = time.perf_counter() - started
        return round_of(
            load.streams, [answer.first - started for answer in answers], list(map(self._count, answers)), seconds
        )

    async def _ask(self, request: bytes) -> Answer:
        loop = asyncio.get_running_loop()
        _, answer = await loop.create_connection(lambda: Answer(request, self.mark), "127.0.0.1", self.port)
        await answer.ended
        return answer

    def _count(self, answer: Answer) -> int:
        counts = self.tokens.findall(answer.received)
        if not counts or not answer.first:
            raise RuntimeError(f"the server answered {answer.received.decode(errors='replace')}")
        return int(counts[-1])


def craton(server: Server) -> Contender:
    """ConverseStream over HTTP/1.1, signed."""
    url = f"{server.endpoint}/model/{MODEL.replace(':', '%3A')}/converse-stream"

    def request(load: Load, stream: int) -> bytes:
        system, user = messages(load, stream)
        body = {
            "system": [{"text": system["content"]}],
            "messages": [{"role": "user", "content": [{"text": user["content"]}]}],
            "inferenceConfig": {"maxTokens": TOKENS, "temperature": 0},
        }
        return post(url, signed(url, body), body)

    return Contender(server.port, request, b"contentBlockDelta", re.compile(rb'"outputTokens":(\d+)'))


def openai_door(server: Server) -> Contender:
    """Chat completions from Craton, signed."""
    url = f"{server.endpoint}/openai/v1/chat/completions"

    def request(load: Load, stream: int) -> bytes:
        body = chat(load, stream) | {"model": MODEL}
        return post(url, signed(url, body), body)

    return Contender(server.port, request, b'"content":"', re.compile(rb'"completion_tokens":(\d+)'))


def llama_server(port: int) -> Contender:
    """llama.cpp's own server, in its own dialect."""
    url = f"http://127.0.0.1:{port}/v1/chat/completions"

    def request(load: Load, stream: int) -> bytes:
        return post(url, JSON, chat(load, stream))

    return Contender(port, request, b'"delta":{"content"', re.compile(rb'"completion_tokens":(\d+)'))


def chat(load: Load, stream: int) -> dict[str, object]:
    """A body of chat completions."""
    return {
        "messages": messages(load, stream),
        "max_tokens": TOKENS,
        "temperature": 0,
        "stream": True,
        "stream_options": {"include_usage": True},
    }


def signed(url: str, body: object) -> dict[str, str]:
    """The headers of a signed POST."""
    request = AWSRequest("POST", url, data=json.dumps(body).encode(), headers=JSON)
    SigV4Auth(Credentials(ACCESS_KEY_ID, SECRET_ACCESS_KEY), "bedrock", REGION).add_auth(request)
    return dict(request.headers.items())


def post(url: str, headers: dict[str, str], content: object) -> bytes:
    body = json.dumps(content).encode()
    host, _, path = url.removeprefix("http://").partition("/")
    lines = [f"POST /{path} HTTP/1.1", f"Host: {host}", f"Content-Length: {len(body)}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in headers.items() if name.lower() not in ("host", "content-length")]
    return "\r\n".join([*lines, "", ""]).encode() + body


@asynccontextmanager
async def llama_process(model: Path) -> AsyncIterator[int]:
    """llama.cpp's server in a process of its own, with the settings that Craton's engine gives it; its port."""
    port = free_port()
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.streams", str(model), str(port)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={**os.environ, "OMP_WAIT_POLICY": "passive"},
    )
    assert child.stdin
    assert child.stdout
    await child.stdout.readline()
    try:
        yield port
    finally:
        child.stdin.close()
        await child.wait()


async def alternate(contenders: Sequence[Measure], streams: int, rounds: int, *, shared: bool = False) -> list[Round]:
    """The median round of each, in turn; the first round, which warms them up, is thrown away."""
    found: list[list[Round]] = [[] for _ in contenders]
    for number in range(rounds + 1):
        for place, measure in enumerate(contenders):
            found[place].append(await measure(Load(streams, number * len(contenders) + place, shared)))
    return [median(results[1:]) for results in found]


@asynccontextmanager
async def contenders(engine: str, model: Path, server: Server) -> AsyncIterator[dict[str, Measure]]:
    """What is measured side by side for one engine, by name: the bare engine first, Craton second, its
    OpenAI door third.
    """
    async with bare(spec(engine, model)) as ask:
        measures: dict[str, Measure] = {
            "bare engine": ask,
            "Craton": craton(server).measure,
            "its OpenAI door": openai_door(server).measure,
        }
        if engine != "llamacpp":
            yield measures
            return
        async with llama_process(model) as port:
            yield measures | {"llama.cpp's server": llama_server(port).measure}


def _serve_llama(model: str, port: str) -> None:
    import xllamacpp  # noqa: PLC0415 - the parent must not load it

    from craton.engines import llamacpp  # noqa: PLC0415

    params = llamacpp.parameters(spec("llamacpp", Path(model)))
    params.hostnames, params.port = ["127.0.0.1"], int(port)
    server = xllamacpp.Server(params)
    print("ready", flush=True)
    sys.stdin.read()
    del server
    os._exit(0)


if __name__ == "__main__":
    _serve_llama(*sys.argv[1:])
