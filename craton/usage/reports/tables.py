"""What an export is made of: named columns, each a function of what a row is about; and CSV that no spreadsheet runs.

A cell that a spreadsheet would take for a formula begins with an apostrophe: it stands before `=`, `+`, `-`, `@`, a tab
and a line's end, in texts alone (https://owasp.org/www-community/attacks/CSV_Injection). Knows no export's columns.
"""

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import TypeVar

from craton.usage.money import UNIT

Cell = str | int | Decimal | None
Thing = TypeVar("Thing")
Columns = Mapping[str, Callable[[Thing], Cell]]

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def header(columns: Columns[Thing]) -> str:
    return written([list(columns)])


def body(columns: Columns[Thing], things: Iterable[Thing]) -> str:
    return written([cell(thing) for cell in columns.values()] for thing in things)


def written(rows: Iterable[Iterable[Cell]]) -> str:
    """The rows as CSV (RFC 4180, with plain line ends)."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([safe(cell) for cell in row] for row in rows)
    return text.getvalue()


def safe(cell: Cell) -> str:
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(_FORMULA) else cell
    return "" if cell is None else str(cell) if isinstance(cell, int) else f"{cell:f}"


def amount(billionths: int) -> Decimal:
    """Money as a number: exact, without needless digits."""
    return plain(Decimal(billionths) / UNIT)


def plain(number: Decimal) -> Decimal:
    """Without zeros at its end."""
    return number.quantize(Decimal(1)) if number == number.to_integral_value() else number.normalize()
