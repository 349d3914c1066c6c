"""How each quota or budget stands: what is kept of it in memory, for each value that it counts apart.

Knows neither what is kept nor what is allowed.
"""

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Generic, TypeVar

from craton.store.documents import Document, Documents
from craton.usage.ledger import Ledger
from craton.usage.limits.definitions import Definition, Definitions
from craton.usage.limits.ledger import Total, totals
from craton.usage.limits.subject import EVERY_ACCOUNT, Facts, Subject
from craton.usage.limits.sums import Sum

Place = tuple[str, ...]
Name = tuple[str, str]  # the owner's account, and the name there
Made = TypeVar("Made", bound=Definition)
Kept = TypeVar("Kept")

_MOST_KNOWN = 10_000
_AT_ONCE = 256  # sums of the ledger that are sorted before others get their turn
_READ_AGAIN = 5.0  # seconds until the ledger is asked again what other processes have used


class Standings(Generic[Made, Kept]):
    """`fresh` makes what is kept where nothing has been used yet."""

    def __init__(
        self, documents: Documents, kind: str, read: Callable[[Document], Made], fresh: Callable[[], Kept]
    ) -> None:
        self.definitions = Definitions(documents, kind, read, self._changed)
        self._fresh = fresh
        self._kept: dict[Name, dict[Place, Kept]] = {}
        self._subjects: dict[Name, Subject] = {}
        self._of_account: dict[str, list[Made]] = {}
        self._known: dict[Facts, Sequence[tuple[Made, Kept]]] = {}
        self._one_reads = asyncio.Lock()
        self._due = 0.0

    def about(self, facts: Facts) -> Sequence[tuple[Made, Kept]]:
        """All that this is about, and how they stand."""
        known = self._known.get(facts)
        return self._match(facts) if known is None else known

    def uses(self, made: Made) -> Mapping[Place, Kept]:
        """How one stands, for each value that is counted apart and was met yet."""
        kept = self._kept.get((made.owner, made.name), {})
        if not kept and not made.subject.apart:
            kept[()] = self._fresh()
        return kept

    def __iter__(self) -> Iterator[tuple[Made, Place, Kept]]:
        for made in self.definitions.all:
            for place, kept in self.uses(made).items():
                yield made, place, kept

    def forget(self, idle: Callable[[Made, Kept], bool]) -> None:
        """Let go of what is as if it were fresh."""
        self._known.clear()
        for made, place, kept in list(self):
            if idle(made, kept):
                del self._kept[made.owner, made.name][place]

    async def reread(
        self,
        ledger: Ledger,
        since: float,
        amount: Callable[[Made, Total], int | None],
        sum_of: Callable[[Kept], Sum],
    ) -> None:
        """Set the sums of the period that began at `since` to what the ledger holds; None is nothing to count."""
        async with self._one_reads:  # or two would take the same mark off
            started = time.monotonic()
            marks = {id(kept): sum_of(kept).mark() for _, _, kept in self}
            read: dict[int, int] = {}
            for number, total in enumerate(await totals(ledger, since)):
                for made, kept in self.about(total.facts):
                    if (more := amount(made, total)) is not None:
                        read[id(kept)] = read.get(id(kept), 0) + more
                if number % _AT_ONCE == _AT_ONCE - 1:
                    await asyncio.sleep(0)
            for _, _, kept in self:
                sum_of(kept).read(since, read.get(id(kept), 0), marks.get(id(kept), (0.0, 0)))
            self._due = time.monotonic() + max(_READ_AGAIN, 10 * (time.monotonic() - started))

    def due(self) -> bool:
        """Whether the ledger is to be read again: seldom where that takes long."""
        return time.monotonic() >= self._due

    def _match(self, facts: Facts) -> Sequence[tuple[Made, Kept]]:
        if len(self._known) >= _MOST_KNOWN:
            self._known.clear()
        found: list[tuple[Made, Kept]] = []
        for made in [*self._of_account.get(EVERY_ACCOUNT, ()), *self._of_account.get(facts.account, ())]:
            if made.subject.fits(facts):
                places = self._kept[made.owner, made.name]
                place = made.subject.place(facts)
                if place not in places:
                    places[place] = self._fresh()
                found.append((made, places[place]))
        self._known[facts] = found
        return found

    def _changed(self) -> None:
        """Go on counting for those that are about the same as before."""
        before, kept = self._subjects, self._kept
        self._subjects = {(made.owner, made.name): made.subject for made in self.definitions.all}
        self._kept = {
            name: kept[name] if subject.continues(before.get(name)) else {} for name, subject in self._subjects.items()
        }
        self._of_account = {}
        for made in self.definitions.all:
            self._of_account.setdefault(made.subject.account, []).append(made)
        self._known.clear()
