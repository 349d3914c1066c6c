"""What both doors of JSON routes do alike: who is let in, what is logged, and what ends when a client goes."""

import gzip
import http.client
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import httpx
import pytest

from craton.wire.message import Request
from soak.clients import eventually
from tests import scripted
from tests.doors.wires import PATIENCE, connection, head, reply
from tests.serving import Server

SINGLE = "craton.single-file-v1:0"  # answers one request at a time, so that the next one waits for it
BUSY = f'craton_engine_slots_busy{{engine="scripted",model_id="{SINGLE}"}} 1.0'

CALLS = {
    "openai.chat.completions": "/v1/chat/completions",
    "anthropic.messages": "/v1/messages",
}


def body(text: str, **more: Any) -> dict[str, Any]:
    return {"model": SINGLE, "max_tokens": 8000, "messages": [{"role": "user", "content": text}], **more}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("rest") / "home"
    scripted.install(home, SINGLE, slots=1)
    (home / "craton.toml").write_text("[limits]\nbody_bytes = 100_000\nbody_seconds = 1.0\nbody_values = 1000\n")
    with Server(home) as running:
        yield running


@pytest.fixture(scope="module")
def key(server: Server) -> str:
    command = [sys.executable, "-m", "craton", "keys", "create", "--api-key", "--json", "--home", str(server.home)]
    return str(json.loads(subprocess.run(command, capture_output=True, check=True).stdout)["apiKey"])


@pytest.fixture
def client(server: Server, key: str) -> Iterator[httpx.Client]:
    headers = {"authorization": f"Bearer {key}"}
    with httpx.Client(base_url=server.endpoint, headers=headers, timeout=PATIENCE) as client:
        yield client


def line_of(server: Server, request_id: str) -> dict[str, Any]:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        for line in server.requests_logged():
            if line["request_id"] == request_id:
                return line
        time.sleep(0.01)
    raise TimeoutError(f"the request {request_id} is not in the log")


@pytest.mark.parametrize(("operation", "path"), CALLS.items())
def test_an_answer_is_logged_under_the_id_that_the_client_has(
    server: Server, client: httpx.Client, operation: str, path: str
) -> None:
    reply = client.post(path, json=body("Hello"))
    line = line_of(server, reply.headers.get("x-request-id") or reply.headers["request-id"])
    assert (line["operation"], line["status"]) == (operation, 200)
    assert "user/BedrockAPIKey-" in line["caller"]


@pytest.mark.parametrize("path", CALLS.values())
def test_the_key_may_stand_in_either_header(server: Server, key: str, path: str) -> None:
    def status(**headers: str) -> int:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return httpx.post(server.endpoint + path, json=body("Hello"), headers=named, timeout=PATIENCE).status_code

    assert status(x_api_key=key) == 200
    assert status(authorization=f"Bearer {key}") == 200
    assert status(authorization="Bearer of-somebody-else", x_api_key=key) == 200
    assert status(authorization=f"Bearer {key}", x_api_key="of-somebody-else") == 401
    assert status() == 401


@pytest.mark.parametrize(("operation", "path"), CALLS.items())
@pytest.mark.parametrize("stream", [True, False])
def test_a_client_that_goes_away_stops_its_generation(
    server: Server, client: httpx.Client, operation: str, path: str, stream: bool
) -> None:
    gone = sum(line["status"] == 499 for line in server.requests_logged())
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
    sent = json.dumps(body("talk forever", stream=stream))
    connection.request("POST", path, sent, {"authorization": client.headers["authorization"]})
    if stream:
        connection.getresponse().read(1)
    else:
        eventually(lambda: BUSY in client.get("/metrics").text, "the model is at work", PATIENCE)
    connection.close()
    # The model takes one at a time: this one is answered once the other has ended.
    assert client.post(path, json=body("Hello")).status_code == 200
    deadline = time.monotonic() + PATIENCE
    while sum(line["status"] == 499 for line in server.requests_logged()) == gone:
        assert time.monotonic() < deadline, "the log does not tell of the client that went"
        time.sleep(0.01)


@pytest.mark.parametrize("path", CALLS.values())
def test_a_body_that_is_too_large_is_refused(client: httpx.Client, path: str) -> None:
    reply = client.post(path, json=body("x" * 100_001))
    assert reply.status_code == 413
    assert "100000 bytes" in reply.json()["error"]["message"]


@pytest.mark.parametrize("path", CALLS.values())
def test_a_body_that_stalls_is_given_up(server: Server, path: str) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)) as connection:
        connection.putrequest("POST", path)
        connection.putheader("content-length", "10")
        connection.endheaders()
        reply = connection.getresponse()
        assert reply.status == 408
        assert "within 1 seconds" in json.loads(reply.read())["error"]["message"]


@pytest.mark.parametrize("path", CALLS.values())
def test_a_body_that_holds_too_much_is_refused(client: httpx.Client, path: str) -> None:
    reply = client.post(path, json=body("x", metadata=[[]] * 1001))
    assert reply.status_code == 413
    assert "more than the 1000 JSON arrays and objects" in reply.json()["error"]["message"]


@pytest.mark.parametrize("path", CALLS.values())
def test_a_body_that_is_packed_is_refused(client: httpx.Client, path: str) -> None:
    reply = client.post(path, content=gzip.compress(b"{}"), headers={"content-encoding": "gzip"})
    assert reply.status_code == 415
    assert "encoded as 'gzip'" in reply.json()["error"]["message"]


@pytest.mark.parametrize("path", [*CALLS.values(), f"/model/{SINGLE}/converse"])
@pytest.mark.parametrize("sent", [b"zz\r\n{}\r\n0\r\n\r\n", b"2\r\n{}\r\nzz\r\n\r\n", b"5\r\n{}"])
def test_a_body_that_breaks_off_is_refused_in_the_words_of_the_api(server: Server, path: str, sent: bytes) -> None:
    """Framed wrongly, or without an end: the server that Craton runs in says only that nothing more comes."""
    request = Request("POST", path, headers=(("host", "localhost"),))
    with connection(server) as line:
        line.sendall(head(request, {"transfer-encoding": "chunked"}) + sent)
        line.shutdown(socket.SHUT_WR)
        answer = reply(line)
    assert answer.status == 400
    assert "broke off" in (answer.json.get("error") or answer.json)["message"]


@pytest.mark.parametrize(("path", "last"), [(CALLS["openai.chat.completions"], "data"), ("/v1/messages", "event")])
def test_a_model_that_breaks_off_ends_the_stream_with_an_error(client: httpx.Client, path: str, last: str) -> None:
    with client.stream("POST", path, json=body("fail after", stream=True)) as reply:
        lines = [line for line in reply.iter_lines() if line]
    told = json.loads(lines[-1].removeprefix("data: "))
    assert told["error"]["message"] == "The script broke off."
    assert lines[-2].startswith(last)


def test_what_is_neither_door_s_goes_to_the_aws_door(client: httpx.Client) -> None:
    assert "x-amzn-errortype" in client.get("/v2/models").headers
    assert "x-amzn-errortype" in client.get("/openai").headers
    assert "x-amzn-errortype" not in client.get("/v1/nothing").headers
