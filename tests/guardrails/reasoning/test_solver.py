import asyncio
import importlib.util
import os
import sys
import time
from fractions import Fraction
from pathlib import Path

import pytest

from craton.guardrails.reasoning.definition import Policy
from craton.guardrails.reasoning.logic.terms import Term
from craton.guardrails.reasoning.solver import Limits, Solver, SolverMissing, TooComplex
from tests.guardrails.reasoning.leave import DEFINITION

NUMBERS = Policy.of(
    {
        "types": [{"name": "Colour", "values": [{"value": "RED"}, {"value": "BLUE"}]}],
        "variables": [
            *({"name": name, "type": "INT", "description": ""} for name in ("a", "b", "c")),
            {"name": "r", "type": "NUMBER", "description": ""},
            {"name": "hue", "type": "Colour", "description": ""},
            {"name": "a |name) (assert false)", "type": "BOOL", "description": ""},
        ],
    }
)


def terms(*expressions: str) -> list[Term]:
    return [NUMBERS.read(each) for each in expressions]


async def test_a_model_has_values_of_every_type() -> None:
    formulas = terms("(= a 3)", "(= r (/ a 2))", "(not (= hue RED))")
    async with Solver().session([*formulas, NUMBERS.variables["a |name) (assert false)"]]) as session:
        answer = await session.ask([1, 2, 3, -4])
    assert answer.model == {"a": Fraction(3), "r": Fraction(3, 2), "hue": "BLUE", "a |name) (assert false)": False}


async def test_a_core_has_nothing_to_spare() -> None:
    async with Solver().session(terms("(> a 3)", "(< a 5)", "(= b 1)", "(> a 8)", "(< a 2)")) as session:
        answer = await session.ask([1, 2, 3, 4, 5], spare=[4, 5])
        assert len(answer.core) == 2
        assert not (await session.ask(answer.core)).possible
        assert (await session.ask([1, 2, 3])).possible
        assert (await session.ask([-1, -2])).model is None


async def test_what_is_preferred_is_chosen_where_it_can_be() -> None:
    async with Solver().session(terms("(< a 100)", "(> a 41)", "(> a 500)")) as session:
        preferred = await session.ask([1], prefer=[2])
        impossible = await session.ask([1], prefer=[3])
    assert preferred.model
    assert preferred.model["a"] in map(Fraction, range(42, 100))
    assert impossible.possible


HARD = ("(= (+ (* a a a) (* b b b) (* c c c)) 114)", "(> (* a b c) 1000000)")


async def test_what_is_too_hard_ends_in_time() -> None:
    started = time.monotonic()
    solver = Solver(Limits(question_milliseconds=300))
    with pytest.raises(TooComplex, match="simplify"):
        async with solver.session(terms(*HARD)) as session:
            await session.ask([1, 2])
    assert time.monotonic() - started < 20


async def test_a_solver_that_outlasts_its_limits_is_ended() -> None:
    solver = Solver(Limits(processor_seconds=1, seconds=3.0, question_milliseconds=600_000))
    with pytest.raises(TooComplex, match="ended without an answer"):
        async with solver.session(terms(*HARD)) as session:
            await session.ask([1, 2])


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse to limit memory")
async def test_a_solver_that_lacks_memory_is_told_as_too_complex() -> None:
    with pytest.raises(TooComplex, match="ended without an answer"):
        async with Solver(Limits(memory=32 << 20)).session(terms(*HARD)) as session:
            await session.ask([1, 2])


async def test_a_session_that_is_given_up_leaves_no_process() -> None:
    began = asyncio.Event()

    async def prove() -> None:
        async with Solver(Limits(question_milliseconds=600_000)).session(terms(*HARD)) as session:
            began.set()
            await session.ask([1, 2])

    others = children()
    task = asyncio.create_task(prove())
    await began.wait()
    workers = children() - others
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert workers
    assert not workers & children()


def children() -> set[str]:
    """Processes that this one has started."""
    mine = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
        except OSError:  # it has ended
            continue
        if parent == str(os.getpid()):
            mine.add(folder.name)
    return mine


async def test_without_z3_the_way_to_install_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SolverMissing, match=r"pip install craton\[reasoning\]"):
        async with Solver().session([Policy.of(DEFINITION).rules[0].term]):
            pass
