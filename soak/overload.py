"""Ten times as many requests as a model can answer: it goes on answering what it can, and refuses the rest at once."""

from pathlib import Path

from craton.engines.memory import resident
from soak.clients import Load, asking, eventually, flood, pace, run
from soak.figures import Figure, exactly, least, most, percentile, told
from tests import scripted
from tests.serving import Server

BUSY = "craton.busy-v1:0"
SLOTS = 8
ANSWER_SECONDS = 0.2
TIMES = 10
RULES = {"rules": [{"text": scripted.ANSWER, "delay": ANSWER_SECONDS}]}
MEMORY = 64 << 20


def install(home: Path) -> None:
    scripted.install(home, BUSY, slots=SLOTS, max_requests=2 * SLOTS, script=RULES)


def trial(server: Server, seconds: float) -> list[Figure]:
    peak = run(lambda: _peak(server, min(seconds, 5.0)))
    before = resident(server.process.pid)
    load = run(lambda: pace(server, asking(server, model=BUSY), TIMES * SLOTS / ANSWER_SECONDS, seconds, lines=128))
    grown = resident(server.process.pid) - before
    recovered = eventually(lambda: run(lambda: _alone(server)), "the server answers at once again", 30)
    answered = len(load.of(200)) / load.seconds
    return [
        told(f"requests offered at {TIMES} times the capacity", sum(map(len, load.taken.values()))),
        told("answers a second at the peak", len(peak.of(200)) / peak.seconds),
        least("answers a second under overload, to the peak", answered / (len(peak.of(200)) / peak.seconds), 0.9),
        most("a refusal, p99", 1000 * percentile(load.of(429) + load.of(503), 99), 50, "ms"),
        exactly("other answers than 200, 429 and 503", sorted(set(load.taken) - {200, 429, 503}), []),
        most("memory grown", grown / 1e6, MEMORY / 1e6, "MB"),
        most("until it answered at once again", recovered, 5, "s"),
    ]


async def _peak(server: Server, seconds: float) -> Load:
    await flood(server, asking(server, model=BUSY), 1, 0.1)  # the model is loaded
    return await flood(server, asking(server, model=BUSY), SLOTS, seconds)


async def _alone(server: Server) -> bool:
    load = await flood(server, asking(server, model=BUSY), 1, 0.01)
    return max(load.of(200), default=99.0) < ANSWER_SECONDS + 0.2
