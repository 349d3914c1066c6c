"""How fast the models of this machine answer: what their last answers took. Knows no engine, and makes no answer.

A rate is that of one stream between its first token and its last, as its caller had it: it is lower while others are
answered too. What was measured on another machine does not count here.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median
from typing import Any

from craton.store.documents import Documents
from craton.store.records import NOBODY
from craton.store.transaction import Transaction
from craton.usage.records import OK, Used

SPEED = "model-speed"
# The operation that asks a model for nothing but its speed.
MEASURING = "craton.MeasureModel"
# How many of its last answers count.
ANSWERS = 20
# Shorter ones tell little: tokens, and milliseconds.
LEAST_TOKENS = 16
LEAST_TIME = 50
# Seconds after which news are written down.
_PAUSE = 5.0


@dataclass(frozen=True, slots=True)
class Speed:
    """Medians of the last answers: tokens per second of one stream, and milliseconds to its first token. `asked`: at
    least one was an answer to somebody, and not made for measuring.
    """

    rate: float
    first_token: float
    answers: int
    asked: bool
    at: datetime


@dataclass(slots=True)
class _Seen:
    """The last answers of a model: tokens per second, milliseconds to the first token, and whether they were asked
    for.
    """

    answers: deque[tuple[float, int, bool]]
    at: datetime
    written: bool = True


class Speeds:
    """`machine` names what computes; asked once, when it is first needed."""

    def __init__(self, documents: Documents, machine: Callable[[], str]) -> None:
        self._documents = documents
        self._ask_machine = machine
        self._machine = ""
        self._seen: dict[str, _Seen | None] = {}
        self._writing: asyncio.Task[None] | None = None
        self._closing = asyncio.Event()

    def used(self, used: Used) -> None:
        """A watcher of the meter."""
        took = used.latency - used.first_token
        known = used.status == OK and not used.estimated and used.first_token > 0
        if not known or used.counts.output_tokens < LEAST_TOKENS or took < LEAST_TIME:
            return
        rate = (used.counts.output_tokens - 1) * 1000 / took
        seen = self._of(used.model) or _Seen(deque(maxlen=ANSWERS), datetime.now(UTC))
        seen.answers.append((rate, used.first_token, used.operation != MEASURING))
        seen.at, seen.written = datetime.now(UTC), False
        self._seen[used.model] = seen
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_soon())

    def of(self, model: str) -> Speed | None:
        """None where nothing that tells enough was answered on this machine."""
        if not (seen := self._of(model)) or not seen.answers:
            return None
        rates, first, asked = zip(*seen.answers, strict=True)
        return Speed(median(rates), median(first), len(seen.answers), any(asked), seen.at)

    async def close(self) -> None:
        self._closing.set()
        if self._writing:
            await self._writing
        await self._write()

    def _of(self, model: str) -> _Seen | None:
        if model not in self._seen:
            document = self._documents.look(lambda view: view.find(NOBODY, SPEED, model))
            self._seen[model] = self._read(document.body) if document else None
        return self._seen[model]

    def _read(self, body: dict[str, Any]) -> _Seen | None:
        if body["machine"] != self._here():
            return None
        answers = deque(((rate, first, asked) for rate, first, asked in body["answers"]), maxlen=ANSWERS)
        return _Seen(answers, body["at"])

    def _here(self) -> str:
        self._machine = self._machine or self._ask_machine()
        return self._machine

    async def _write_soon(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_PAUSE):
                await self._closing.wait()
        await self._write()

    async def _write(self) -> None:
        news = {model: seen for model, seen in self._seen.items() if seen and not seen.written}
        bodies = {
            model: {"machine": self._here(), "answers": [list(answer) for answer in seen.answers], "at": seen.at}
            for model, seen in news.items()
        }

        def write(t: Transaction) -> None:
            for model, body in bodies.items():
                t.put(NOBODY, SPEED, model, body)

        if bodies:
            await self._documents.transaction(write)
        for model, seen in news.items():
            seen.written = seen.at == bodies[model]["at"]  # or more was answered meanwhile
