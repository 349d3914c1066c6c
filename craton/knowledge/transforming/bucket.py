"""One bucket of this home, lent to a function over the protocol of S3 while it runs: objects are read and written.

Functions that were written for AWS reach it with any S3 client, unchanged: `AWS_ENDPOINT_URL_S3` leads there. Who has
not the access key that was made for the call is refused. Knows no function.
"""

import asyncio
import contextlib
import secrets
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import unquote, urlsplit

from craton.store.blobs import BlobError, Blobs, MissingBlob

# Bytes of an object that a function writes.
LARGEST = 256 << 20


@contextlib.contextmanager
def lent(blobs: Blobs, account: str, bucket: str) -> Iterator[dict[str, str]]:
    """The environment by which a process finds the bucket. The running loop serves it."""
    key = secrets.token_hex(16)
    loop = asyncio.get_running_loop()
    bound = type("Bound", (_Requests,), {"shelf": _Shelf(blobs, account, bucket, key, loop)})
    server = ThreadingHTTPServer(("127.0.0.1", 0), bound)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield {
            "AWS_ENDPOINT_URL_S3": f"http://127.0.0.1:{server.server_address[1]}",
            "AWS_ACCESS_KEY_ID": key,
            "AWS_SECRET_ACCESS_KEY": secrets.token_hex(16),
            "AWS_DEFAULT_REGION": "us-east-1",
        }
    finally:
        # Its thread may wait for the loop, so the loop must not wait for it.
        Thread(target=_end, args=(server,), daemon=True).start()


def _end(server: ThreadingHTTPServer) -> None:
    server.shutdown()
    server.server_close()


class _Shelf:
    """The objects, as threads reach them."""

    def __init__(self, blobs: Blobs, account: str, bucket: str, key: str, loop: asyncio.AbstractEventLoop) -> None:
        self._blobs = blobs
        self._account = account
        self._loop = loop
        self.bucket = bucket
        self.key = key

    def read(self, name: str) -> bytes:
        reading = self._blobs.read(self._address(name), account=self._account, limit=LARGEST)
        answer: Future[bytes] = asyncio.run_coroutine_threadsafe(reading, self._loop)
        return answer.result()

    def write(self, name: str, data: bytes) -> None:
        writing = self._blobs.write(self._address(name), data, account=self._account)
        asyncio.run_coroutine_threadsafe(writing, self._loop).result()

    def _address(self, name: str) -> str:
        return f"s3://{self.bucket}/{name}"


class _Requests(BaseHTTPRequestHandler):
    """GetObject, HeadObject and PutObject, by addresses with the bucket in their path."""

    protocol_version = "HTTP/1.1"
    shelf: _Shelf

    def do_GET(self) -> None:
        self._serve(self.shelf.read)

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_PUT(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length > LARGEST:
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "EntityTooLarge")
            return
        body = self.rfile.read(length)
        if "aws-chunked" in self.headers.get("Content-Encoding", ""):
            body = _joined(body)
        self._serve(lambda name: self.shelf.write(name, body))

    def log_message(self, format: str, *args: object) -> None:
        return

    def _serve(self, act: Callable[[str], bytes | None]) -> None:
        bucket, _, name = unquote(urlsplit(self.path).path).lstrip("/").partition("/")
        if self.shelf.key not in self.headers.get("Authorization", ""):
            self._refuse(HTTPStatus.FORBIDDEN, "InvalidAccessKeyId")
        elif bucket != self.shelf.bucket or not name:
            self._refuse(HTTPStatus.NOT_FOUND, "NoSuchBucket")
        else:
            try:
                body = act(name) or b""
            except MissingBlob:
                self._refuse(HTTPStatus.NOT_FOUND, "NoSuchKey")
            except BlobError:
                self._refuse(HTTPStatus.BAD_REQUEST, "InvalidRequest")
            else:
                self._answer(HTTPStatus.OK, body)

    def _refuse(self, status: HTTPStatus, code: str) -> None:
        self.close_connection = True
        self._answer(status, f"<Error><Code>{code}</Code><Message>{status.phrase}</Message></Error>".encode())

    def _answer(self, status: HTTPStatus, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def _joined(body: bytes) -> bytes:
    """A body without the sizes and signatures of its chunks."""
    joined = bytearray()
    while body:
        head, _, rest = body.partition(b"\r\n")
        size = int(head.partition(b";")[0] or b"0", 16)
        if not size:
            break
        joined += rest[:size]
        body = rest[size + 2 :]
    return bytes(joined)
