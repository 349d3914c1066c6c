"""Pages of a site, brought into a knowledge base by jobs."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests import scripted
from tests.fronts import Account
from tests.knowledge.house import VECTORS, House, until
from tests.knowledge.ingestion.folder import ENDED, counts
from tests.serving import Server


class Site:
    """Pages by their paths, and how often each was sent."""

    def __init__(self) -> None:
        self.pages: dict[str, str] = {}
        self.sent: list[str] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                page = site.pages.get(self.path)
                tag = f'"{hash(page)}"'
                known = page is not None and self.headers.get("If-None-Match") == tag
                self.send_response(304 if known else 200 if page is not None else 404)
                self.send_header("ETag", tag)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                body = b"" if known or page is None else page.encode()
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
                if body:
                    site.sent.append(self.path)

            def log_message(self, *given: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever)

    def __enter__(self) -> "Site":
        self._thread.start()
        return self

    def __exit__(self, *raised: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    home = tmp_path / "home"
    scripted.install(home, VECTORS, output="EMBEDDING", dimensions=64)
    (home / "craton.toml").write_text('[knowledge]\ninternal = ["127.0.0.0/8"]\n')
    with Server(home) as server:
        yield House(Account(server))


def page(text: str, *links: str) -> str:
    anchors = "".join(f'<a href="{link}">{link}</a>' for link in links)
    return f"<html><head><title>A page</title></head><body><p>{text}</p>{anchors}</body></html>"


def run(house: House, place: dict[str, str]) -> dict[str, Any]:
    name = house.agent.start_ingestion_job(**place)["ingestionJob"]["ingestionJobId"]

    def ended() -> dict[str, Any] | None:
        job: dict[str, Any] = house.agent.get_ingestion_job(**place, ingestionJobId=name)["ingestionJob"]
        return job if job["status"] in ENDED else None

    return until(ended, 60)


def test_a_site_is_ingested_and_kept_up_to_date(house: House) -> None:
    with Site() as site:
        site.pages = {"/": page("The first page.", "/a", "/b"), "/a": page("The page of a."), "/b": page("Page b.")}
        crawling = {"sourceConfiguration": {"urlConfiguration": {"seedUrls": [{"url": f"{site.address}/"}]}}}
        base = house.base()["knowledgeBaseId"]
        source = house.source(base, {"type": "WEB", "webConfiguration": crawling})["dataSourceId"]
        place = {"knowledgeBaseId": base, "dataSourceId": source}
        job = run(house, place)
        assert counts(job) == {"scanned": 3, "new": 3}, job
        assert sorted(site.sent) == ["/", "/a", "/b"]
        [found] = [each for each in house.found(base, "page") if "page of a" in each["content"]["text"]]
        assert found["location"] == {"type": "WEB", "webLocation": {"url": f"{site.address}/a"}}
        site.sent.clear()
        assert counts(run(house, place)) == {"scanned": 3}
        assert site.sent == []
        site.pages["/a"] = page("The other page of a.")
        del site.pages["/b"]
        assert counts(run(house, place)) == {"scanned": 2, "modified": 1, "deleted": 1}
        assert site.sent == ["/a"]
        texts = " ".join(each["content"]["text"] for each in house.found(base, "page"))
        assert "The other page of a." in texts
        assert "Page b." not in texts
        listed = house.agent.list_knowledge_base_documents(**place)["documentDetails"]
        assert {each["identifier"]["custom"]["id"] for each in listed} == {f"{site.address}/", f"{site.address}/a"}
    job = run(house, place)
    assert job["status"] == "FAILED" or counts(job).get("failed")
    assert house.found(base, "page")
