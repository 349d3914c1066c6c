"""Asks z3, in a process of its own that has little memory and little time, whether formulas can hold together.

A hostile or a hard policy breaks or outlasts that process, and nothing else. Knows no policy and no operation.
"""

import asyncio
import contextlib
import importlib.util
import json
import os
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from craton.confined.process import Confinement, confined
from craton.guardrails.reasoning.logic.terms import Model, Term
from craton.guardrails.reasoning.script import Script

_WORKER = Path(__file__).with_name("worker.py")
_LINE = 8 << 20


class TooComplex(Exception):
    """What the solver could not decide within its limits. The message is a sentence."""


class SolverMissing(Exception):
    """z3 is not installed. The message is a sentence that says how to install it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What the questions about one text or policy may take: bytes of memory, seconds of processor and of waiting, and
    milliseconds for each question.
    """

    memory: int = 1 << 30
    processor_seconds: int = 20
    seconds: float = 30.0
    question_milliseconds: int = 3000


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether the formulas can hold together: how (`model`), or else which of them cannot (`core`)."""

    model: Model | None
    core: frozenset[int] = frozenset()

    @property
    def possible(self) -> bool:
        return self.model is not None


class Session:
    """Formulas of one process, by the number from 1 that `Solver.session` was given them in."""

    def __init__(self, worker: asyncio.subprocess.Process, script: Script, until: float) -> None:
        self._worker, self._script, self._until = worker, script, until

    async def ask(self, assume: Iterable[int], *, spare: Iterable[int] = (), prefer: Iterable[int] = ()) -> Answer:
        """Whether these formulas hold together; negative numbers deny them.

        A core leaves out what is `spare` first, and no formula of it is one too many. A model makes true what is
        preferred, where all of it can be. Raises TooComplex.
        """
        question = {"assume": list(assume), "spare": list(spare), "prefer": list(prefer)}
        answer = await self._exchanged(json.dumps(question))
        match answer["verdict"]:
            case "sat":
                return Answer(self._script.model(cast("Mapping[str, bool | str]", answer["model"])))
            case "unsat":
                return Answer(None, frozenset(cast("Sequence[int]", answer["core"])))
            case _:
                raise TooComplex("The solver did not decide in time; simplify the policy or the text.")

    async def _exchanged(self, line: str) -> Mapping[str, object]:
        assert self._worker.stdin
        assert self._worker.stdout
        try:
            async with asyncio.timeout_at(self._until):
                self._worker.stdin.write(line.encode() + b"\n")
                await self._worker.stdin.drain()
                answer = await self._worker.stdout.readline()
        except (TimeoutError, ConnectionError, ValueError):
            answer = b""
        if not answer.endswith(b"\n"):
            raise TooComplex("The solver ended without an answer; the policy or the text takes too much to decide.")
        return cast("Mapping[str, object]", json.loads(answer))


class Solver:
    """Proves, for as many at a time as are allowed; others wait their turn."""

    def __init__(self, limits: Limits | None = None, concurrency: int | None = None) -> None:
        self._limits = limits or Limits()
        self._turns = asyncio.Semaphore(concurrency or min(4, os.cpu_count() or 1))

    @asynccontextmanager
    async def session(self, formulas: Sequence[Term]) -> AsyncIterator[Session]:
        """A process that knows these formulas. Raises SolverMissing."""
        if importlib.util.find_spec("z3") is None:
            raise SolverMissing(
                "Automated reasoning checks need the solver z3, which is not installed. Install it with "
                "`pip install craton[reasoning]`."
            )
        script = Script(formulas)
        limits = self._limits
        confinement = Confinement(limits.memory, limits.processor_seconds)
        milliseconds = str(limits.question_milliseconds)
        async with self._turns, confined(_WORKER, milliseconds, confinement=confinement, line=_LINE) as worker:
            assert worker.stdin
            with contextlib.suppress(ConnectionError):  # a worker that ended is found to have, when asked
                worker.stdin.write(json.dumps(script.setting()).encode() + b"\n")
            yield Session(worker, script, asyncio.get_running_loop().time() + limits.seconds)
