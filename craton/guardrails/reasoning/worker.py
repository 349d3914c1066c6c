"""The work of the process that proves: reads formulas and questions, and answers.

The first line holds the declarations and the formulas, in SMT-LIB; every other one asks what holds when some of them
are assumed. Imports nothing of this package, for it runs apart from it. Knows no policy.
"""

import json
import time
from typing import BinaryIO, TypedDict

import z3

_DIGITS = 12


class Setting(TypedDict):
    declarations: str
    formulas: list[str]
    variables: list[str]


class Question(TypedDict):
    """`assume` are numbers of formulas, from 1; negative ones are denied. `spare` are left out of a core first, and
    `prefer` are assumed where that is possible.
    """

    assume: list[int]
    spare: list[int]
    prefer: list[int]


class Prover:
    """Formulas, of which any may be assumed; those that are not have no part in an answer, however hard they are."""

    def __init__(self, setting: Setting, milliseconds: int) -> None:
        script = setting["declarations"] + "".join(f"(assert {formula})" for formula in setting["formulas"])
        # A variable is found again by an equation with itself, for a parsed script tells no names.
        script += "".join(f"(assert (= {name} {name}))" for name in setting["variables"])
        parsed = list(z3.parse_smt2_string(script))
        count = len(setting["formulas"])
        self._formulas = parsed[:count]
        self._named = [equation.arg(0) for equation in parsed[count:]]
        self._names = setting["variables"]
        self._milliseconds = milliseconds
        self._solver = z3.Solver()
        self._kept: z3.Solver | None = None
        self._base: list[int] = []

    def answer(self, question: Question) -> dict[str, object]:
        until = time.monotonic() + self._milliseconds / 1000
        assumed = question["assume"]
        verdict = z3.unknown
        if question["prefer"]:
            verdict = self._check([*assumed, *question["prefer"]], (time.monotonic() + until) / 2)
        if verdict != z3.sat:
            verdict = self._check(assumed, until)
        if verdict == z3.sat:
            return {"verdict": "sat", "model": self._model()}
        if verdict == z3.unsat:
            return {"verdict": "unsat", "core": self._least(assumed, question["spare"], until)}
        return {"verdict": "unknown", "reason": self._solver.reason_unknown()}

    def _check(self, assumed: list[int], until: float) -> z3.CheckSatResult:
        left = int((until - time.monotonic()) * 1000)
        if left <= 0:
            return z3.unknown
        numbers = list(dict.fromkeys(assumed))
        self._solver = self._begun(numbers[:-1])
        self._solver.set("timeout", left)
        self._assume(numbers[-1:])
        return self._solver.check()

    def _begun(self, numbers: list[int]) -> z3.Solver:
        """A solver that assumes these. Where it is asked for them again, it is one that remembers what it learnt; a
        new one does better at a single question.
        """
        again, self._base = numbers == self._base, numbers
        if again and self._kept is not None:
            self._kept.pop()
        else:
            self._solver, self._kept = z3.Solver(), None
            self._assume(numbers)
            if not again:
                return self._solver
            self._kept = self._solver
        self._kept.push()
        return self._kept

    def _assume(self, numbers: list[int]) -> None:
        for number in numbers:
            formula = self._formulas[abs(number) - 1]
            self._solver.assert_and_track(formula if number > 0 else z3.Not(formula), str(number))

    def _least(self, assumed: list[int], spare: list[int], until: float) -> list[int]:
        """A core of which none can be spared: first of the spare beside all others, then of these beside the rest.

        Where time runs out it is larger than it must be.
        """
        core = self._core(assumed)
        fixed = [number for number in assumed if number not in spare]
        core = self._without(core, [number for number in core if number in spare], fixed, until)
        return self._without(core, [number for number in core if number not in spare], [], until)

    def _without(self, core: list[int], doubtful: list[int], beside: list[int], until: float) -> list[int]:
        kept = list(dict.fromkeys([*beside, *core]))
        for number in doubtful:
            rest = [each for each in kept if each != number]
            if number in kept and self._check(rest, until) == z3.unsat:
                kept = [*beside, *(each for each in self._core(rest) if each not in beside)]
        return kept

    def _core(self, assumed: list[int]) -> list[int]:
        found = {str(literal) for literal in self._solver.unsat_core()}
        return [number for number in assumed if str(number) in found]

    def _model(self) -> dict[str, object]:
        model = self._solver.model()
        return {
            name: _value(model.eval(term, model_completion=True))
            for name, term in zip(self._names, self._named, strict=True)
        }


def _value(value: z3.ExprRef) -> object:
    if z3.is_bool(value):
        return bool(z3.is_true(value))
    if isinstance(value, z3.IntNumRef | z3.RatNumRef):
        return str(value.as_fraction()) if isinstance(value, z3.RatNumRef) else value.as_string()
    if isinstance(value, z3.AlgebraicNumRef):  # a root, say: near enough to be shown
        return str(value.approx(_DIGITS).as_fraction())
    return f"value {value}"


def work(questions: BinaryIO, answers: BinaryIO, milliseconds: str) -> None:
    """Each question may take so many milliseconds."""
    prover = None
    for line in questions:
        try:
            if prover is None:
                prover = Prover(json.loads(line), int(milliseconds))
                continue
            answer = prover.answer(json.loads(line))
        except (z3.Z3Exception, MemoryError) as error:
            answer = {"verdict": "unknown", "reason": str(error)}
        answers.write(json.dumps(answer).encode() + b"\n")
        answers.flush()
