"""Hostile requests while somebody else is being answered: refused or served, they are not noticed by the other."""

import base64
import io
import json
import threading
import time
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from tests import scripted
from tests.documents import makers
from tests.doors.wires import converse, exchange, frames, post, signed
from tests.serving import Server

LONGEST_SILENCE = 1.0  # seconds, of a stream whose words come every hundredth; a busy machine has pauses of its own
MEGABYTES = 4_600_000
CITED = {"citations": {"enabled": True}}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("hostile") / "home"
    scripted.install(home)
    with Server(home) as running:
        exchange(running, signed(running, converse("Hello.")))
        yield running


def zip_bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", "a" * (200 << 20))
    return file.getvalue()


def xml_bomb() -> bytes:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "lol"}">' for n in range(10))
    return makers.word(makers.paragraph("text &e9;"), f"<!DOCTYPE x [{entities}]>")


def with_javascript() -> bytes:
    return makers.pdf(["Hello"], "/OpenAction<</S/JavaScript/JS(app.launchURL('http://127.0.0.1:9/'); while(1){})>>")


DOCUMENTS: dict[str, tuple[str, bytes, dict[str, Any]]] = {
    "docx that unpacks without end": ("docx", zip_bomb(), {}),
    "docx whose entities multiply": ("docx", xml_bomb(), {}),
    "csv of a million lines": ("csv", b"a,b\n" * (MEGABYTES // 4), CITED),
    "text of a million sentences": ("txt", b"A b. " * (MEGABYTES // 5), CITED),
    "text of ends": ("txt", b'!"\'"\n ' * (MEGABYTES // 6), CITED),
    "html without a bottom": ("html", b"<div><table><tr><td>" * (MEGABYTES // 20), {}),
    "html of beginnings": ("html", b"<title><meta " * (MEGABYTES // 13), {}),
    "pdf with a program": ("pdf", with_javascript(), {}),
    "pdf of beginnings": ("pdf", b"%PDF-1.4\n" + b"1 0 obj\n<<" * (MEGABYTES // 10), {}),
}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_document_disturbs_nobody(server: Server, document: str) -> None:
    kind, data, more = DOCUMENTS[document]
    source = {"bytes": base64.b64encode(data).decode()}
    content = [{"text": "What is this?"}, {"document": {"format": kind, "name": "d", "source": source, **more}}]
    path = f"/model/{scripted.MODEL}/converse"
    request = signed(server, post(path, {"messages": [{"role": "user", "content": content}]}))
    with undisturbed(server):
        answer = exchange(server, request)
    assert answer.status == 200 or (answer.status, answer.error) == (400, "ValidationException"), answer


SAY = [{"role": "user", "content": "x"}]
MANY = 200_000
BODIES: dict[str, tuple[str, dict[str, Any]]] = {
    "messages": ("/v1/chat/completions", {"messages": SAY * MANY}),
    "tools": (
        "/v1/chat/completions",
        {"messages": SAY, "tools": [{"type": "function", "function": {"name": "a"}}] * MANY},
    ),
    "a schema": (
        "/v1/messages",
        {"messages": SAY, "max_tokens": 9, "tools": [{"name": "a", "input_schema": {"enum": [[]] * 2_000_000}}]},
    ),
    "contents": (
        f"/model/{scripted.MODEL}/converse",
        {"messages": [{"role": "user", "content": [{"text": "x"}] * MANY}]},
    ),
    "items": ("/v1/responses", {"input": SAY * MANY}),
}


@pytest.mark.parametrize("what", BODIES)
def test_a_body_that_holds_too_much_disturbs_nobody(server: Server, what: str) -> None:
    path, body = BODIES[what]
    named = {} if "/model/" in path else {"model": scripted.MODEL}
    request = signed(server, post(path, body | named))
    with undisturbed(server):
        assert exchange(server, request).status == 413


@contextmanager
def undisturbed(server: Server) -> Iterator[None]:
    """Somebody else has an answer streamed meanwhile, over and over."""
    silences: list[float] = []
    begun, enough = threading.Event(), threading.Event()

    def stream() -> None:
        request = signed(server, converse("Please talk for a second.", stream=True))
        headers = [(name, value) for name, value in request.headers if name != "host"]
        with httpx.Client(base_url=server.endpoint, timeout=30) as client:
            while not enough.is_set():
                parts = []
                with client.stream("POST", request.path, headers=headers, content=request.body) as answer:
                    last = time.monotonic()
                    for part in answer.iter_raw():
                        silences.append(time.monotonic() - last)
                        last = time.monotonic()
                        parts.append(part)
                        begun.set()
                events = list(frames(parts))
                assert "metadata" in json.dumps(events[-1])

    with ThreadPoolExecutor(1) as pool:
        streaming = pool.submit(stream)
        try:
            assert begun.wait(30)
            yield
        finally:
            enough.set()
        streaming.result()
    assert max(silences) < LONGEST_SILENCE
