"""What a trial found, and whether that is what was promised. Knows no trial."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the report: what was counted or timed, and the promise it is held against."""

    what: str
    measured: str
    promised: str
    kept: bool
    timed: bool = False  # which a machine that is busy with something else may break


def most(what: str, measured: float, limit: float, unit: str = "") -> Figure:
    """A figure that may be `limit` at most."""
    return Figure(what, _text(measured, unit), f"at most {_text(limit, unit)}", measured <= limit, unit in ("s", "ms"))


def least(what: str, measured: float, limit: float, unit: str = "") -> Figure:
    return Figure(what, _text(measured, unit), f"at least {_text(limit, unit)}", measured >= limit, True)


def exactly(what: str, measured: object, expected: object) -> Figure:
    return Figure(what, str(measured), str(expected), measured == expected)


def told(what: str, measured: float, unit: str = "") -> Figure:
    """A figure that nothing was promised of."""
    return Figure(what, _text(measured, unit), "", True)


def percentile(values: Sequence[float], percent: int) -> float:
    """Of few values, the largest of so many; 0 of none."""
    if len(values) < 2:
        return values[0] if values else 0.0
    return min(statistics.quantiles(values, n=100, method="inclusive")[percent - 1], max(values))


class Broken(AssertionError):
    """Promises that were not kept; `timed` where none but those that a busy machine may break."""

    def __init__(self, figures: Sequence[Figure]) -> None:
        super().__init__("; ".join(f"{each.what}: {each.measured}, promised {each.promised}" for each in figures))
        self.timed = all(figure.timed for figure in figures)


def check(trial: Callable[[], Sequence[Figure]], tries: int = 3) -> None:
    """Raises Broken: what is counted must hold in each try, what is timed in one of them."""
    while broken := [figure for figure in trial() if not figure.kept]:
        tries -= 1
        if not tries or not all(figure.timed for figure in broken):
            raise Broken(broken)


def _text(value: float, unit: str) -> str:
    number = f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.2f}"
    return f"{number} {unit}".strip()
