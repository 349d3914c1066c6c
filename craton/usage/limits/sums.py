"""A sum over the current day or month that the ledger knows too, also what other processes put there. Knows no ledger.

Times are seconds since 1970; days and months are those of UTC.
"""

from datetime import UTC, datetime, timedelta

DAY = 24 * 60 * 60  # seconds; those since 1970 have no leap seconds


def day(at: float) -> float:
    """When the day of this moment began."""
    return at // DAY * DAY


def month(at: float) -> float:
    """When the month of this moment began."""
    return _first(at).timestamp()


def next_month(at: float) -> float:
    return (_first(at) + timedelta(days=32)).replace(day=1).timestamp()


def _first(at: float) -> datetime:
    return datetime.fromtimestamp(day(at), UTC).replace(day=1)


Mark = tuple[float, int]


class Sum:
    """What the ledger held when it was last read, and what was added here since. Begins anew with each period.

    A period is named by when it began.
    """

    __slots__ = ("_read", "_since", "period")

    def __init__(self) -> None:
        self.period = 0.0
        self._read = 0
        self._since = 0

    def of(self, period: float) -> int:
        """The sum, in this period. One that has passed does not come back, whatever the clock says."""
        if period > self.period:
            self.period, self._read, self._since = period, 0, 0
        return self._read + self._since

    def add(self, period: float, amount: int) -> None:
        """What belongs to a period that has passed is not counted."""
        self.of(period)
        if period >= self.period:
            self._since += amount

    def mark(self) -> Mark:
        """To be taken before the ledger is read, when all that was added here is on its way to it."""
        return self.period, self._since

    def read(self, period: float, amount: int, mark: Mark = (0.0, 0)) -> None:
        """The ledger held this much. What it took in after the mark counts twice until it is read again, never less."""
        self.of(period)
        if period == self.period:
            self._read = amount
            self._since -= mark[1] if mark[0] == period else 0
