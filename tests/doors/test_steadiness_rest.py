"""What vanishes or ends in the middle of an answer of the OpenAI and Anthropic doors, and what many of them leave."""

import asyncio
import contextlib
import json
import resource
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from craton.wire.message import Request
from tests import scripted
from tests.doors.test_steadiness import (
    check_that_it_stops,
    eventually,
    http_1,
    http_2,
    own_server,
    waiting_at,
    workers,
)
from tests.doors.wires import PATIENCE, connection, converse, exchange, head, post, reply, signed
from tests.fronts import key_of
from tests.serving import Server

__all__ = ["own_server"]  # a fixture

SINGLE = "craton.single-file-v1:0"  # answers one request at a time, so that the next one waits for it
DOORS = {
    "chat": "/v1/chat/completions",
    "messages": "/v1/messages",
    "responses": "/v1/responses",
}
# How each stream ends where it ends well.
LAST = {
    "chat": b"data: [DONE]\n\n",
    "messages": b'event: message_stop\ndata: {"type":"message_stop"}\n\n',
    "responses": b'"type":"response.completed"',
}
# What stands for one word of the answer.
DELTA = {"chat": b'"delta":{"content":"tick', "messages": b'"text_delta"', "responses": b'"response.output_text.delta"'}


def ask(server: Server, door: str, text: str, model: str = scripted.MODEL, **more: Any) -> Request:
    body: dict[str, Any] = {"model": model, "stream": True, **more}
    if door == "responses":
        body |= {"input": text, "store": False}
    else:
        body |= {"messages": [{"role": "user", "content": text}]} | ({"max_tokens": 8000} if door == "messages" else {})
    return signed(server, post(DOORS[door], body))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("steady") / "home"
    scripted.install(home)
    scripted.install(home, SINGLE, slots=1)
    with Server(home) as running:
        yield running


@pytest.fixture(scope="module")
def front(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose provider is the other one, behind each of its doors."""
    home = tmp_path_factory.mktemp("front") / "home"
    scripted.install(home)
    (home / "key").write_text(key_of(server))
    kinds = {"openai": f"{server.endpoint}/v1", "anthropic": server.endpoint, "bedrock": server.endpoint}
    (home / "craton.toml").write_text(
        "".join(
            f'[providers.{kind}]\nkind = "{kind}"\nbase_url = "{url}"\nsecret_file = "key"\n'
            f'models = [{{ model = "{SINGLE}", id = "{kind}.single" }}]\n'
            + ('region = "us-east-1"\n' if kind == "bedrock" else "")
            for kind, url in kinds.items()
        )
    )
    with Server(home) as running:
        yield running


# --- clients that vanish ------------------------------------------------------------------------------------


@pytest.mark.parametrize("connect", [http_1, http_2])
@pytest.mark.parametrize(
    ("door", "more"),
    [
        ("chat", {}),
        ("messages", {}),
        ("responses", {}),
        ("chat", {"n": 4}),
        ("chat", {"n": 4, "stream": False}),
        ("messages", {"stream": False}),
        ("responses", {"stream": False}),
    ],
    ids=str,
)
def test_a_client_that_vanishes_stops_its_generations(
    server: Server, connect: Any, door: str, more: dict[str, Any]
) -> None:
    """The model answers one at a time: the next answer shows when all four of a request, say, have let go of it."""
    hello = signed(server, converse("Hello.", model=SINGLE))
    exchange(server, hello)  # the model is loaded
    check_that_it_stops(server, connect, ask(server, door, "Please talk forever.", SINGLE, **more), server, hello)


@pytest.mark.parametrize("provider", ["openai", "anthropic", "bedrock"])
@pytest.mark.parametrize("door", ["chat", "messages"])
def test_a_client_that_vanishes_stops_its_generation_at_the_provider(
    server: Server, front: Server, door: str, provider: str
) -> None:
    hello = signed(server, converse("Hello.", model=SINGLE))
    exchange(server, hello)
    endless = ask(front, door, "Please talk forever.", f"{provider}.single")
    check_that_it_stops(front, http_1, endless, server, hello)
    assert exchange(front, ask(front, door, "Hello.", f"{provider}.single")).status == 200


def test_a_client_that_vanishes_while_it_waits_leaves_the_queue(server: Server) -> None:
    hello = signed(server, converse("Hello.", model=SINGLE))
    exchange(server, hello)
    with http_1(server, ask(server, "chat", "Please talk forever.", SINGLE)) as vanish:
        for door in DOORS:
            with waiting_at(server, ask(server, door, "Please talk forever.", SINGLE)):
                pass
        with waiting_at(server, hello) as waiting:
            vanish()
            assert reply(waiting).status == 200


# --- a server that ends -------------------------------------------------------------------------------------


def test_sigterm_cuts_no_stream_short(own_server: Server) -> None:
    exchange(own_server, signed(own_server, converse("Hello.")))
    with contextlib.ExitStack() as stack:
        lines = [(door, stack.enter_context(connection(own_server))) for door in DOORS for _ in range(3)]
        for door, line in lines:
            request = ask(own_server, door, "Please talk for a second.")
            line.sendall(head(request, {"content-length": str(len(request.body))}) + request.body)
        for _, line in lines:
            assert line.recv(1, socket.MSG_PEEK)
        own_server.process.send_signal(signal.SIGTERM)
        for door, line in lines:
            answer = reply(line)
            assert answer.status == 200
            assert answer.body.count(DELTA[door]) == 100
            assert LAST[door] in answer.body[-2000 if door == "responses" else -len(LAST[door]) :]
    assert own_server.process.wait(PATIENCE) == 0


# --- many ---------------------------------------------------------------------------------------------------


def test_thousands_of_streams_leave_no_memory_and_no_files_behind(own_server: Server) -> None:
    asking = [ask(own_server, door, "Hello.", **more) for door, more in (("chat", {"n": 2}), ("messages", {}))]
    asking.append(ask(own_server, "responses", "Hello."))

    async def connection_of(count: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", own_server.port)
        for number in range(count):
            request = asking[number % len(asking)]
            writer.write(head(request, {"content-length": str(len(request.body))}) + request.body)
            assert (await reader.readline()).startswith(b"HTTP/1.1 200")
            await reader.readuntil(b"\r\n0\r\n\r\n")
        writer.close()
        await writer.wait_closed()

    async def streams(count: int) -> None:
        await asyncio.gather(*(connection_of(count // 8) for _ in range(8)))

    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
        runner.run(streams(1200))
        before, files = _memory(own_server), _files(own_server)
        runner.run(streams(3000))
    assert _memory(own_server) - before < 8 << 20
    eventually(lambda: _files(own_server) <= files, "the connections are closed")
    assert len(workers(own_server)) == 1


def _memory(server: Server) -> int:
    pages = int(Path(f"/proc/{server.process.pid}/statm").read_text().split()[1])
    return pages * resource.getpagesize()


def _files(server: Server) -> int:
    return len(list(Path(f"/proc/{server.process.pid}/fd").iterdir()))


def test_clients_that_vanish_at_any_moment_leave_nothing_behind(server: Server) -> None:
    """Some while the request is read, some while it waits, some in mid-answer."""
    requests = [ask(server, door, "Please talk for a second.", n=3) for door in ("chat",)]
    requests += [ask(server, door, "Please talk for a second.") for door in DOORS]
    exchange(server, signed(server, converse("Hello.")))
    files = _files(server)
    for number in range(60):
        request = requests[number % len(requests)]
        data = head(request, {"content-length": str(len(request.body))}) + request.body
        with connection(server) as line:
            line.sendall(data[: len(data) * (number % 10) // 8])
            line.settimeout(0.005 * (number % 7))
            with contextlib.suppress(TimeoutError, BlockingIOError):
                line.recv(1 + number * 10)
    eventually(lambda: _files(server) <= files, "the connections are closed")
    answer = exchange(server, ask(server, "chat", "Hello.", stream=False))
    assert json.loads(answer.body)["choices"][0]["message"]["content"] == scripted.ANSWER
