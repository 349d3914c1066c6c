"""The console's door: which file it sends in which form, and what it lets no page do."""

import gzip
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from craton.doors.console import ConsoleDoor

PAGE = b"<!doctype html><title>Craton</title>"
SCRIPT = b"console.log('a script that is long enough to be worth compressing')" * 20


@pytest.fixture
def built(tmp_path: Path) -> Path:
    folder = tmp_path / "console"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_bytes(PAGE)
    (folder / "coverage.json").write_bytes(b"[]")
    (folder / "notes.txt").write_bytes(b"of a type that no page has")
    (folder / "assets" / "index-1.js").write_bytes(SCRIPT)
    (folder / "assets" / "index-1.js.gz").write_bytes(gzip.compress(SCRIPT))
    (folder / "assets" / "index-1.js.br").write_bytes(b"as brotli")
    (tmp_path / "secret.json").write_bytes(b'"beside the folder"')
    return folder


def asking(folder: Path) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=ConsoleDoor(folder))  # type: ignore[arg-type]
    return httpx.AsyncClient(transport=transport, base_url="http://craton")


@pytest.fixture
async def client(built: Path) -> AsyncIterator[httpx.AsyncClient]:
    async with asking(built) as client:
        yield client


def test_it_has_its_paths_and_no_other() -> None:
    door = ConsoleDoor()
    assert all(door.has({"path": path}) for path in ("/console", "/console/", "/console/models/a.b-v1:0"))
    assert not any(door.has({"path": path}) for path in ("/consoles", "/model/console/converse"))


async def test_a_browser_that_opens_the_address_is_led_there(client: httpx.AsyncClient) -> None:
    browser = [(b"accept", b"text/html,application/xhtml+xml,*/*;q=0.8")]
    answer = await client.get("/", headers={"Accept": browser[0][1].decode()})
    assert (answer.status_code, answer.headers["location"]) == (302, "/console")
    door = ConsoleDoor()
    assert door.has({"path": "/", "method": "GET", "headers": browser})
    assert not door.has({"path": "/", "method": "POST", "headers": browser})
    assert not door.has({"path": "/", "method": "GET", "headers": [(b"accept", b"*/*")]})


@pytest.mark.parametrize("path", ["/console", "/console/", "/console/playground", "/console/models/a.b-v1%3A0"])
async def test_every_address_within_gets_the_page(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    assert (answer.status_code, answer.content) == (200, PAGE)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"


async def test_hashed_files_are_kept_forever(client: httpx.AsyncClient) -> None:
    answer = await client.get("/console/assets/index-1.js", headers={"Accept-Encoding": "identity"})
    assert answer.content == SCRIPT
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert "content-encoding" not in answer.headers


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("*", "br"),
        ("*;q=0", None),
        ("deflate", None),
        ("BR", "br"),
    ],
)
async def test_what_the_client_takes(built: Path, accepted: str, encoding: str | None) -> None:
    async with (
        asking(built) as client,
        client.stream("GET", "/console/assets/index-1.js", headers={"Accept-Encoding": accepted}) as answer,
    ):
        sent = b"".join([part async for part in answer.aiter_raw()])
    assert answer.headers.get("content-encoding") == encoding
    assert answer.headers["vary"] == "Accept-Encoding"
    assert sent == {"br": b"as brotli", "gzip": gzip.compress(SCRIPT), None: SCRIPT}[encoding]


async def test_what_is_known_is_not_sent_again(client: httpx.AsyncClient) -> None:
    first = await client.get("/console/")
    again = await client.get("/console/", headers={"If-None-Match": f'"other", W/{first.headers["etag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]


async def test_no_page_may_do_more_than_it_must(client: httpx.AsyncClient) -> None:
    for path in ("/console/", "/console/assets/index-1.js", "/console/assets/gone.js"):
        headers = (await client.get(path)).headers
        policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
        assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
        assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("path", ["/console/../secret.json", "/console/%2e%2e/secret.json", "/console/notes.txt"])
async def test_nothing_else_is_a_file(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).content in (PAGE, b"")


async def test_a_file_of_another_build_is_gone(client: httpx.AsyncClient) -> None:
    answer = await client.get("/console/assets/index-0.js")
    assert (answer.status_code, answer.headers["cache-control"]) == (404, "no-store")
    assert "Load the page again" in answer.text


async def test_pages_are_only_read(client: httpx.AsyncClient) -> None:
    answer = await client.post("/console/", content=b"x")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
    head = await client.head("/console/coverage.json")
    assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", "2")


async def test_where_it_was_not_built_the_page_says_how(tmp_path: Path) -> None:
    async with asking(tmp_path / "nothing") as client:
        answer = await client.get("/console/")
    assert answer.status_code == 503
    assert "make ui" in answer.text
    assert "Konsole" in answer.text
