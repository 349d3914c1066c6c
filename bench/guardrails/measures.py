"""Counts and curves: what was to be found and was, what was found and was not to be. Knows no policy."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(slots=True)
class Count:
    """`found` of `wanted`; `wrong` are findings that were not wanted, among so many `innocent` texts."""

    wanted: int = 0
    found: int = 0
    wrong: int = 0
    innocent: int = 0

    def add(self, other: "Count") -> None:
        self.wanted += other.wanted
        self.found += other.found
        self.wrong += other.wrong
        self.innocent += other.innocent

    @property
    def recall(self) -> str:
        return _share(self.found, self.wanted)

    @property
    def precision(self) -> str:
        return _share(self.found, self.found + self.wrong)

    @property
    def false_positives(self) -> str:
        return _share(self.wrong, self.innocent)


def auroc(good: Sequence[float], bad: Sequence[float]) -> float:
    """How probable it is that a good one scores higher than a bad one."""
    pairs = [(one > other) + 0.5 * (one == other) for one in good for other in bad]
    return sum(pairs) / len(pairs)


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.2f}" if whole else "-"
