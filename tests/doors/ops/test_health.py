"""Whether the server should be sent requests, and what is in its way."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from craton.doors.ops import health
from craton.doors.ops.health import Health
from craton.engines.supervisor import Engines
from craton.store.documents import Documents
from craton.wire.message import Response
from tests.serving import Server


@pytest.fixture
async def engines() -> AsyncIterator[Engines]:
    made = Engines()
    yield made
    await made.close()


@pytest.fixture
async def documents(tmp_path: Path) -> AsyncIterator[Documents]:
    opened = Documents.open(tmp_path)
    yield opened
    await opened.close()


@pytest.fixture
def healthy(tmp_path: Path, documents: Documents, engines: Engines) -> Health:
    return Health(tmp_path, documents, engines)


def read(response: Response) -> tuple[int, Any]:
    assert isinstance(response.body, bytes)
    return response.status, json.loads(response.body)


def test_a_running_server_is_ready(scripted_server: Server) -> None:
    reply = httpx.get(f"{scripted_server.endpoint}/readyz")
    assert (reply.status_code, reply.json()) == (200, {"ready": True, "reasons": [], "failingModels": []})
    assert httpx.get(f"{scripted_server.endpoint}/healthz").status_code == 200


async def test_one_that_is_shutting_down_is_not(healthy: Health) -> None:
    status, body = read(await healthy.readyz({"craton.draining": True}))
    assert (status, body["reasons"]) == (503, ["The server is shutting down."])
    assert read(await healthy.healthz({}))[0] == 200


async def test_one_without_engines_is_not(healthy: Health, engines: Engines) -> None:
    await engines.close()
    status, body = read(await healthy.readyz({}))
    assert (status, body["reasons"]) == (503, ["The engines are closed."])


async def test_one_whose_home_is_gone_is_not(documents: Documents, engines: Engines, tmp_path: Path) -> None:
    status, body = read(await Health(tmp_path / "gone", documents, engines).readyz({}))
    assert status == 503
    assert "cannot be written" in body["reasons"][0]


async def test_one_on_a_full_disk_is_not(healthy: Health, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "LEAST_FREE", 1 << 60)
    status, body = read(await healthy.readyz({}))
    assert status == 503
    assert "MB are free" in body["reasons"][0]


async def test_one_whose_store_takes_no_writes_is_not(
    healthy: Health, documents: Documents, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "_PATIENCE", 0.05)
    release = threading.Event()
    task = asyncio.ensure_future(documents.transaction(lambda t: release.wait(10)))
    status, body = read(await healthy.readyz({}))
    release.set()
    await task
    assert status == 503
    assert "more than 0.05 seconds" in body["reasons"][0]
