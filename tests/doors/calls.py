"""Requests signed as botocore signs them, and sent straight into the ASGI application: no socket, no server."""

import asyncio
import json
from dataclasses import dataclass, replace
from importlib import resources
from typing import Any
from urllib.parse import unquote

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.loaders import Loader
from botocore.model import OperationModel, ServiceModel

from craton.doors.asgi import Asgi
from craton.wire.message import Request
from craton.wire.spec import Operation
from tests.serving import ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY

HOST = "localhost"
ADMIN_MODELS = str(resources.files("craton.admin") / "data")

_loader = Loader(extra_search_paths=[ADMIN_MODELS])
_models: dict[str, ServiceModel] = {}


def operation_model(operation: Operation) -> OperationModel:
    """botocore's view of an operation, Craton's own among them."""
    name = operation.service.name
    if name not in _models:
        _models[name] = ServiceModel(_loader.load_service_model(name, "service-2"), name)
    return _models[name].operation_model(operation.name)


def sign(
    request: Request, signing_name: str = "bedrock", credentials: Credentials | None = None, host: str = HOST
) -> Request:
    """The request with the headers that SigV4 adds, by default those of the default account's root."""
    url = f"http://{host}{request.path}" + (f"?{request.query}" if request.query else "")
    unsigned = AWSRequest(method=request.method, url=url, headers=dict(request.headers), data=request.body)
    SigV4Auth(credentials or Credentials(ACCESS_KEY_ID, SECRET_ACCESS_KEY), signing_name, REGION).add_auth(unsigned)
    headers = [("host", host), *((name.lower(), value) for name, value in unsigned.headers.items())]
    return replace(request, headers=tuple(headers))


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: dict[str, str]  # names in lower case
    body: bytes

    @property
    def error(self) -> str:
        """The error's code, as the header tells it."""
        return self.headers.get("x-amzn-errortype", "").partition(":")[0]

    @property
    def json(self) -> Any:
        return json.loads(self.body)


async def call(asgi: Asgi, request: Request) -> Reply:
    """Send the request and wait for the whole answer."""
    messages = [{"type": "http.request", "body": request.body, "more_body": False}]
    ended = asyncio.Event()
    started: dict[str, Any] = {}
    body = bytearray()

    async def receive() -> dict[str, Any]:
        if messages:
            return messages.pop()
        await ended.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            assert not started, "the response started twice"
            started.update(message)
        else:
            assert started, "a body came before the response started"
            body.extend(message.get("body", b""))

    await asgi(scope(request), receive, send)
    ended.set()
    assert started, "the application ended without an answer"
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in started["headers"]}
    return Reply(started["status"], headers, bytes(body))


def scope(request: Request) -> dict[str, Any]:
    """What a server tells of the request; in HTTP/1.1 a body comes announced."""
    announced = [("content-length", str(len(request.body)))] if request.body else []
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": "http",
        "path": unquote(request.path, errors="replace"),
        "raw_path": request.path.encode("latin-1"),
        "query_string": request.query.encode("latin-1"),
        "root_path": "",
        "headers": [
            (name.encode("latin-1"), value.encode("latin-1")) for name, value in (*request.headers, *announced)
        ],
        "client": ("127.0.0.1", 1),
        "server": (HOST, 80),
    }
