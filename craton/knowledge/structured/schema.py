"""What a database holds, as it is kept when a data source is read: tables, columns, keys. Knows no database."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import msgspec

from craton.store.records import Record

Dialect = Literal["sqlite", "postgres"]


@dataclass(frozen=True, slots=True)
class Column:
    """`samples` are all the values of a column of few texts, where it was looked into."""

    name: str
    type: str
    description: str = ""
    samples: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Reference:
    """A foreign key: the columns here, the table there by its schema and name, and the columns there."""

    columns: Sequence[str]
    schema: str
    table: str
    to: Sequence[str]


@dataclass(frozen=True, slots=True)
class Table:
    """A table or a view. `key` is its primary key."""

    schema: str
    name: str
    columns: Sequence[Column]
    view: bool = False
    description: str = ""
    key: Sequence[str] = ()
    references: Sequence[Reference] = ()


@dataclass(frozen=True, slots=True)
class Schema:
    dialect: Dialect
    tables: Sequence[Table]

    @classmethod
    def read(cls, record: Record) -> "Schema":
        return msgspec.convert(record, cls)

    @property
    def record(self) -> Record:
        """As it is kept."""
        kept: Record = msgspec.to_builtins(self)
        return kept

    def names(self) -> Iterator[str]:
        """Every name of a table or a column."""
        for table in self.tables:
            yield table.name
            yield from (column.name for column in table.columns)
