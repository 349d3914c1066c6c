"""How `craton usage` shows groups of invocations on a terminal. Knows no ledger."""

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from craton.usage.reports.report import Group
from craton.usage.reports.tables import amount

NOTHING = "Nothing was used in this time."
HEADINGS = ("invocations", "input", "output", "cached", "cost", "kWh", "errors", "first token", "p50", "p99")
# Of a line that is not on a terminal: wide enough to cut nothing.
_WIDE = 240


def show_table(groups: Sequence[Group], dimensions: Sequence[str]) -> None:
    """Tokens and money by group, and in all; latencies in milliseconds. Ids are folded, never cut."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=_WIDE)
    if not groups:
        console.print(NOTHING)
        return
    several = len(groups) > 1
    table = Table(box=None, pad_edge=False, header_style="bold", footer_style="bold", show_footer=several)
    for number, name in enumerate(dimensions):
        table.add_column(escape(name), "in all" if number == 0 else "", overflow="fold")
    for name, total in zip(HEADINGS, _totals(groups), strict=True):
        table.add_column(name, total, justify="right", no_wrap=True)
    for group in groups:
        table.add_row(*(escape(value or "-") for value in group.values), *_cells(group))
    console.print(table)


def _cells(group: Group) -> list[str]:
    counts, latency = group.counts, group.latency
    return [
        f"{group.invocations:,}",
        f"{counts.input_tokens:,}",
        f"{counts.output_tokens:,}",
        f"{counts.cache_read_tokens + counts.cache_write_tokens:,}",
        _money(group.cost, group.currency),
        f"{group.energy:.4f}",
        f"{group.errors:,}",
        "-" if group.first_token is None else f"{group.first_token:,.0f}",
        f"{latency.p50:,}" if latency else "-",
        f"{latency.p99:,}" if latency else "-",
    ]


def _totals(groups: Sequence[Group]) -> list[str]:
    """What can be added up; money of each currency for itself."""
    costs: dict[str, int] = {}
    for group in groups:
        costs[group.currency] = costs.get(group.currency, 0) + group.cost
    return [
        f"{sum(group.invocations for group in groups):,}",
        f"{sum(group.counts.input_tokens for group in groups):,}",
        f"{sum(group.counts.output_tokens for group in groups):,}",
        f"{sum(group.counts.cache_read_tokens + group.counts.cache_write_tokens for group in groups):,}",
        "\n".join(_money(cost, currency) for currency, cost in costs.items()),
        f"{sum(group.energy for group in groups):.4f}",
        f"{sum(group.errors for group in groups):,}",
        "",
        "",
        "",
    ]


def _money(billionths: int, currency: str) -> str:
    """With as many digits as tell something."""
    whole = amount(billionths)
    return f"{whole:,.2f} {currency}" if abs(whole) >= 1 or not whole else f"{whole:.6f} {currency}"
