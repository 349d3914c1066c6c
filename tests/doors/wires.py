"""Requests over real connections: HTTP/1.1 byte by byte, and HTTP/2 with prior knowledge."""

import http.client
import json
import socket
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Any

import h2.config
import h2.connection
import h2.errors
import h2.events
import httpx

from craton.wire.events import Decoder
from craton.wire.message import Request
from tests import scripted
from tests.doors.calls import Reply, sign
from tests.serving import Server

PATIENCE = 20  # seconds until a test gives a server up


def converse(text: str, *, stream: bool = False, model: str = scripted.MODEL) -> Request:
    operation = "converse-stream" if stream else "converse"
    return post(f"/model/{model}/{operation}", {"messages": [{"role": "user", "content": [{"text": text}]}]})


def post(path: str, body: Any) -> Request:
    return Request("POST", path, "", (("content-type", "application/json"),), json.dumps(body).encode())


def signed(server: Server, request: Request, signing_name: str = "bedrock") -> Request:
    return sign(request, signing_name, host=f"127.0.0.1:{server.port}")


def exchange(server: Server, request: Request) -> Reply:
    """One request on a connection of its own, written and read as HTTP/1.1 has it."""
    with connection(server) as line:
        line.sendall(head(request, {"content-length": str(len(request.body))}) + request.body)
        return reply(line)


def head(request: Request, also: Mapping[str, str]) -> bytes:
    """The request line and the headers, to be followed by a body as `also` says."""
    target = request.path + (f"?{request.query}" if request.query else "")
    names = {name for name, _ in also.items()}
    headers = [*(pair for pair in request.headers if pair[0] not in names), *also.items()]
    lines = [f"{request.method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers)]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


@contextmanager
def connection(server: Server) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        yield line


def reply(line: socket.socket) -> Reply:
    """The next answer on the connection."""
    with closing(http.client.HTTPResponse(line)) as response:
        response.begin()
        body = response.read()
    return Reply(response.status, {name.lower(): value for name, value in response.headers.items()}, body)


@contextmanager
def h2_client(server: Server) -> Iterator[httpx.Client]:
    """A client that speaks HTTP/2 from its first byte."""
    with httpx.Client(base_url=server.endpoint, http1=False, http2=True, timeout=PATIENCE) as client:
        yield client


def h2_request(client: httpx.Client, request: Request) -> httpx.Request:
    # The connection names the host, and HTTP/2 the length.
    headers = [(name, value) for name, value in request.headers if name != "host"]
    return client.build_request(request.method, request.path, headers=headers, content=request.body)


class H2Line:
    """One HTTP/2 connection on which streams can be reset, as SDKs do; httpx cannot."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._protocol = h2.connection.H2Connection(h2.config.H2Configuration(header_encoding="utf-8"))
        self._protocol.initiate_connection()
        self._flush()

    def send(self, request: Request) -> int:
        """Begin a stream; its number."""
        stream = self._protocol.get_next_available_stream_id()
        host = next(value for name, value in request.headers if name == "host")
        pseudo = [(":method", request.method), (":scheme", "http"), (":authority", host), (":path", request.path)]
        headers = [(name, value) for name, value in request.headers if name != "host"]
        self._protocol.send_headers(stream, pseudo + headers, end_stream=not request.body)
        if request.body:
            self._protocol.send_data(stream, request.body, end_stream=True)
        self._flush()
        return stream

    def receive(self, stream: int) -> Iterator[bytes]:
        """The parts of the body as they come, to its end. Raises AssertionError where the server breaks it off."""
        while True:
            for event in self._protocol.receive_data(self._line.recv(65536)):
                assert not isinstance(event, h2.events.StreamReset | h2.events.ConnectionTerminated), event
                if isinstance(event, h2.events.DataReceived):
                    self._protocol.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
                    if event.stream_id == stream:
                        yield event.data
                elif isinstance(event, h2.events.StreamEnded) and event.stream_id == stream:
                    return
            self._flush()

    def reset(self, stream: int) -> None:
        self._protocol.reset_stream(stream, h2.errors.ErrorCodes.CANCEL)
        self._flush()

    def _flush(self) -> None:
        self._line.sendall(self._protocol.data_to_send())


def frames(parts: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """Each frame of an event stream as its headers and its payload; its end must be the end of a frame."""
    decoder = Decoder()
    for part in parts:
        for message in decoder.feed(part):
            yield {**message.headers, "payload": json.loads(message.payload)}
    decoder.finish()
