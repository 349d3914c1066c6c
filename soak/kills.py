"""Kill -9 of a server that many write to: what it acknowledged is there when it is back."""

import contextlib
import random
import sqlite3
import threading
import time
from pathlib import Path

from soak.clients import Stopwatch
from soak.figures import Figure, exactly, most, percentile, told
from tests import scripted
from tests.doors.wires import exchange, post, signed
from tests.serving import REGION, Server

WRITERS = 8
BACK_SECONDS = 5.0
MODEL_ARN = f"arn:aws:bedrock:{REGION}::foundation-model/{scripted.MODEL}"


def trial(home: Path, times: int) -> list[Figure]:
    """`home` is one that does not exist yet."""
    scripted.install(home)
    chance = random.Random(9)
    acknowledged: list[str] = []
    starts: list[float] = []
    broken = 0
    for number in range(times):
        started = Stopwatch()
        with Server(home) as server:
            starts.append(started())
            _write_until_killed(server, f"{number}", acknowledged, chance.uniform(0.1, 0.6))
        broken += _integrity(home) != "ok"
    with Server(home) as server:
        pages = server.client("bedrock").get_paginator("list_inference_profiles").paginate(typeEquals="APPLICATION")
        kept = {each["inferenceProfileArn"] for page in pages for each in page["inferenceProfileSummaries"]}
    return [
        told("servers killed with -9 under eight writers", times),
        told("writes acknowledged", len(acknowledged)),
        exactly("of them lost", len(set(acknowledged) - kept), 0),
        exactly("databases that were not whole", broken, 0),
        most("until it answered again, p99", percentile(starts, 99), BACK_SECONDS, "s"),
    ]


def _write_until_killed(server: Server, name: str, acknowledged: list[str], seconds: float) -> None:
    def write(writer: int) -> None:
        with contextlib.suppress(OSError, ValueError, AssertionError):  # the server's end, in whatever it was doing
            for number in range(10_000):
                body = {"inferenceProfileName": f"p {name} {writer} {number}", "modelSource": {"copyFrom": MODEL_ARN}}
                answer = exchange(server, signed(server, post("/inference-profiles", body)))
                if answer.status == 201:
                    acknowledged.append(answer.json["inferenceProfileArn"])

    writers = [threading.Thread(target=write, args=(writer,)) for writer in range(WRITERS)]
    for writer in writers:
        writer.start()
    time.sleep(seconds)
    server.kill()
    for writer in writers:
        writer.join()


def _integrity(home: Path) -> str:
    with contextlib.closing(sqlite3.connect(home / "craton.db")) as database:
        answer: str = database.execute("PRAGMA integrity_check").fetchone()[0]
    return answer
