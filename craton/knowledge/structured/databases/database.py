"""What a database does for a structured knowledge base: it tells its tables, and answers checked queries.

Knows no database: each adapter opens its own for reading alone, whatever the check of a query may have missed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Final, Literal, Protocol

import msgspec

from craton.knowledge.structured.checking.query import Query
from craton.knowledge.structured.schema import Column, Schema, Table

# What one answer may hold, in bytes: one value, and all.
VALUE_BYTES: Final = 1 << 20
ANSWER_BYTES: Final = 4 << 20
# A column whose values are so few, and so short, is told to the model with all of them.
FEW: Final = 12
SHORT: Final = 40
# Rows of a table that are looked into for that, and seconds that it may take.
LOOKED_AT: Final = 20_000
LOOKING_SECONDS: Final = 5

Kind = Literal["BLOB", "BOOLEAN", "DOUBLE", "NULL", "LONG", "STRING"]


class DatabaseFailure(Exception):
    """The database is not to be had, or not in this way. The message is a sentence for the caller."""


class RefusedQuery(Exception):
    """The database did not take the query as it stands. The message is what it says."""


@dataclass(frozen=True, slots=True)
class Value:
    """A value as RetrievalResultContentColumn tells it; None is a NULL."""

    kind: Kind
    text: str | None


@dataclass(frozen=True, slots=True)
class Rows:
    columns: Sequence[str]
    rows: Sequence[Sequence[Value]]


class Database(Protocol):
    """All methods raise DatabaseFailure."""

    async def schema(self) -> Schema:
        """All its tables, without samples, but for those of the database itself."""
        ...

    async def samples(self, table: Table, column: Column) -> Sequence[str]:
        """All values of a column of few short texts; none of any other."""
        ...

    async def explain(self, query: Query, schema: Schema) -> None:
        """Have it planned, and not run. Raises RefusedQuery."""
        ...

    async def rows(self, query: Query, schema: Schema, seconds: float) -> Rows:
        """What a query answers that was checked for this schema, in so many seconds. Raises RefusedQuery."""
        ...

    async def close(self) -> None: ...


def value(given: object) -> Value:
    """As the service tells it: numbers that no LONG or DOUBLE holds exactly are strings, and so are times."""
    match given:
        case None:
            return Value("NULL", None)
        case bool():
            return Value("BOOLEAN", "true" if given else "false")
        case int():
            return Value("LONG" if -(2**63) <= given < 2**63 else "STRING", str(given))
        case float():
            return Value("DOUBLE", repr(given))
        case bytes() | memoryview():
            return Value("BLOB", bytes(given).hex())
        case datetime():
            return Value("STRING", given.isoformat(sep=" "))
        case date() | time():
            return Value("STRING", given.isoformat())
        case Decimal():
            return Value("STRING", format(given, "f"))
        case dict() | list():  # of JSON, and of arrays
            return Value("STRING", msgspec.json.encode(given, enc_hook=str).decode())
        case _:
            return Value("STRING", str(given))


class Answer:
    """Rows as they come, within bounds."""

    def __init__(self, columns: Sequence[str]) -> None:
        self._columns = columns
        self._rows: list[Sequence[Value]] = []
        self._bytes = 0

    def add(self, row: Sequence[object]) -> None:
        """Raises DatabaseFailure for more than an answer may hold."""
        values = [value(each) for each in row]
        sizes = [len(each.text or "") for each in values]
        self._bytes += sum(sizes)
        if self._bytes > ANSWER_BYTES or max(sizes, default=0) > 2 * VALUE_BYTES:
            raise too_large()
        self._rows.append(values)

    def rows(self) -> Rows:
        return Rows(self._columns, self._rows)


def too_large() -> DatabaseFailure:
    return DatabaseFailure(
        f"The answer of the database is larger than {ANSWER_BYTES >> 20} MiB, or one value than {VALUE_BYTES >> 20} "
        "MiB. Ask for less."
    )


def too_slow(seconds: float) -> DatabaseFailure:
    return DatabaseFailure(
        f"The query took longer than {seconds:g} seconds and was ended. Ask for less, or make a knowledge base with a "
        "larger 'executionTimeoutSeconds'."
    )
