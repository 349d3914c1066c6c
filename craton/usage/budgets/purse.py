"""What is spent of one budget in the current month, and what those that run may spend yet. Knows no limit."""

from craton.usage.limits.sums import Sum, next_month


class Purse:
    """Months are named by when they began, in seconds since 1970; amounts are billionths of the currency."""

    __slots__ = ("reserved", "spent", "told", "told_in")

    def __init__(self) -> None:
        self.spent = Sum()
        self.reserved = 0
        self.told = 0.0  # the highest threshold that was told of, in the month `told_in`
        self.told_in = 0.0

    def passed(self, month: float, amount: int, thresholds: tuple[float, ...]) -> float | None:
        """The highest threshold (percent of `amount`) that was reached and not told of yet in this month."""
        if month != self.told_in:
            self.told, self.told_in = 0.0, month
        spent = self.spent.of(month)
        reached = [percent for percent in thresholds if percent > self.told and spent * 100 >= percent * amount]
        if not reached:
            return None
        self.told = reached[-1]
        return self.told

    def forecast(self, month: float, now: float) -> int:
        """What will be spent by the end of the month if it goes on as it went so far."""
        whole, gone = next_month(month) - month, max(now - month, 1.0)
        return int(self.spent.of(month) * max(whole / gone, 1.0))
