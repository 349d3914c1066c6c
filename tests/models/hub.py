"""A Hugging Face on loopback, which can be told to misbehave."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.models.makers import sha256


class FakeHub:
    """Answers like Hugging Face: `/org/repo/resolve/rev/file` redirects to a storage path that knows ranges."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.cuts: list[int] = []  # after so many bytes the connection breaks, one entry a request
        self.ranges: list[str | None] = []  # the Range headers of the requests for content
        self.knows_ranges = True
        self.states_hash = True
        self.status: int | None = None
        self.silent = threading.Event()
        self.silent.set()
        self.url = ""

    def add(self, address: str, data: bytes) -> None:
        self.files[f"/{address}"] = data


class Handler(BaseHTTPRequestHandler):
    hub: FakeHub
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def do_GET(self) -> None:
        self._answer(body=True)

    def _answer(self, *, body: bool) -> None:
        stored = self.path.removeprefix("/storage")
        data = self.hub.files.get(stored)
        if self.hub.status or data is None:
            self._send(self.hub.status or 404, {"content-length": "0"})
        elif not self.path.startswith("/storage"):
            headers = {"location": f"/storage{self.path}", "content-length": "0"}
            if self.hub.states_hash:
                headers |= {"x-linked-etag": f'"{sha256(data)}"', "x-linked-size": str(len(data))}
            self._send(302, headers)
        elif body:
            self._content(data)
        else:
            self._send(200, {"content-length": str(len(data)), "etag": '"0123"'})

    def _content(self, data: bytes) -> None:
        wanted = self.headers.get("range")
        self.hub.ranges.append(wanted)
        start = int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted and self.hub.knows_ranges else 0
        headers = {"content-length": str(len(data) - start)}
        if start:
            headers["content-range"] = f"bytes {start}-{len(data) - 1}/{len(data)}"
        cut = self.hub.cuts.pop(0) if self.hub.cuts else None
        self._send(206 if start else 200, headers)
        self.wfile.write(data[start:] if cut is None else data[start : start + cut])
        self.wfile.flush()
        self.hub.silent.wait(30)
        self.close_connection = cut is not None

    def _send(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()


@contextmanager
def serving() -> Iterator[FakeHub]:
    fake = FakeHub()
    handler = type("FakeHandler", (Handler,), {"hub": fake})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    fake.url = f"http://127.0.0.1:{server.server_port}"
    yield fake
    fake.silent.set()
    server.shutdown()
    thread.join()
    server.server_close()
