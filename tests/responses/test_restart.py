"""Responses made in the background by a server that is killed: the next one makes and keeps them."""

import json
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

from tests import scripted
from tests.serving import Server


def made_key(server: Server) -> str:
    command = [sys.executable, "-m", "craton", "keys", "create", "--api-key", "--json", "--home", str(server.home)]
    return str(json.loads(subprocess.run(command, capture_output=True, check=True).stdout)["apiKey"])


def ask(server: Server, key: str, method: str, path: str, body: Any = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    request = urllib.request.Request(f"{server.endpoint}/v1{path}", data=data, headers=headers, method=method)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.loads(answer.read())


def test_killed_in_mid_answer_every_response_is_made_in_the_end(tmp_path: Path) -> None:
    home = tmp_path / "home"
    scripted.install(home)
    asked = {"model": scripted.MODEL, "input": "talk for a second", "background": True}
    with Server(home) as server:
        key = made_key(server)
        made = [ask(server, key, "POST", "/responses", asked)["id"] for _ in range(5)]
        while ask(server, key, "GET", f"/responses/{made[0]}")["status"] == "queued":
            time.sleep(0.01)
        server.kill()
    with Server(home) as server:
        began = time.monotonic()
        for name in made:
            while (told := ask(server, key, "GET", f"/responses/{name}"))["status"] in ("queued", "in_progress"):
                time.sleep(0.02)
            assert told["status"] == "completed"
            assert told["output"][0]["content"][0]["text"] == "tick " * 100
        assert time.monotonic() - began < 14, "they had to wait until a lease ran out"
