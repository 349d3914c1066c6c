"""A table whose rows are documents of their own: one column is read, others are attributes of what it holds.

The table is as RFC 4180 has it, its columns named in its first row. Knows no metadata file and no chunk.
https://docs.aws.amazon.com/bedrock/latest/userguide/kb-metadata.html
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

from craton.knowledge.records import HIDDEN, RESERVED
from craton.store.records import Record

# How the names of attributes begin that nobody may give.
TAKEN = (RESERVED, HIDDEN)


class RowsError(Exception):
    """A table that is not what was said of it. The message is a full sentence."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column holds the text, and which are attributes: those to `include`, or else all, without what to
    `exclude`.
    """

    content: str
    include: Sequence[str] = ()
    exclude: Sequence[str] = ()

    @property
    def kept(self) -> Record:
        return asdict(self)

    @classmethod
    def again(cls, kept: Mapping[str, Any]) -> Self:
        return cls(**kept)


def rows(text: str, columns: Columns) -> Iterator[tuple[str, dict[str, str]]]:
    """The text of each row and its attributes, all of them strings; rows without a text are left out. Raises
    RowsError.
    """
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(reader, [])
        for name in (columns.content, *columns.include, *columns.exclude):
            if header.count(name) != 1:
                raise RowsError(f"The table must have one column of the name {name!r}; its first row names {header!r}.")
        if taken := [name for name in header if name.startswith(TAKEN) and _told(name, columns)]:
            raise RowsError(f"The column {taken[0]!r} is called as what is given to chunks by the service; rename it.")
        content = header.index(columns.content)
        told = [number for number, name in enumerate(header) if _told(name, columns)]
        for row in reader:
            if len(row) > content and row[content].strip():
                yield (
                    row[content],
                    {header[number]: row[number] for number in told if number < len(row) and row[number]},
                )
    except csv.Error as error:
        raise RowsError(f"The table is no CSV after its line {reader.line_num}: {error}.") from None


def _told(name: str, columns: Columns) -> bool:
    if not name or name == columns.content or name in columns.exclude:
        return False
    return not columns.include or name in columns.include
