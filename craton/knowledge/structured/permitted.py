"""What of a database may be read: the tables and columns that the generationContext leaves. Knows no database.

Where tables are included, all others are out; where columns of a table are, all others of that table are out; what is
excluded is out in any case.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from craton.knowledge.structured.asked import Note, TableNote
from craton.knowledge.structured.schema import Column, Reference, Schema, Table


class UnknownNameError(Exception):
    """The context names what the database does not have. The message is a sentence for the owner."""


def permitted(schema: Schema, notes: Sequence[TableNote]) -> Schema:
    """The schema without what may not be read, with the owner's descriptions.

    Raises UnknownNameError: an exclusion with a slip of the pen would leave open what it was to close.
    """
    told = {_table(schema, note): note for note in notes}
    chosen = any(note.note.included for note in told.values())
    tables = [each for table in schema.tables if (each := _left(table, told.get(_place(table)), chosen))]
    places = {_place(table): table for table in tables}
    return replace(schema, tables=[replace(table, references=_references(table, places)) for table in tables])


def _left(table: Table, told: TableNote | None, chosen: bool) -> Table | None:
    if told is None:
        return None if chosen else table
    if told.note.included is False or (chosen and not told.note.included):
        return None
    notes = {_column(table, name).name: note for name, note in told.columns.items()}
    some = any(note.included for note in notes.values())
    columns = [
        replace(column, description=note.description or column.description)
        for column in table.columns
        if _open(note := notes.get(column.name, Note()), some)
    ]
    names = {column.name for column in columns}
    key = table.key if names.issuperset(table.key) else ()
    description = told.note.description or table.description
    return replace(table, columns=columns, key=key, description=description) if columns else None


def _open(note: Note, some: bool) -> bool:
    return note.included is not False and (not some or note.included is True)


def _references(table: Table, places: Mapping[tuple[str, str], Table]) -> list[Reference]:
    """Those that lead from permitted columns to permitted columns."""
    own = {column.name for column in table.columns}
    return [
        each
        for each in table.references
        if own.issuperset(each.columns)
        and (to := places.get((each.schema, each.table)))
        and {column.name for column in to.columns}.issuperset(each.to)
    ]


def _place(table: Table) -> tuple[str, str]:
    return table.schema, table.name


def _table(schema: Schema, note: TableNote) -> tuple[str, str]:
    """The place of the table that is meant: by its very name, or by its only one that differs in case alone."""
    places = [_place(table) for table in schema.tables]
    if note.place in places:
        return note.place
    folded = [each for each in places if _folded(each) == _folded(note.place)]
    if len(folded) != 1:
        raise UnknownNameError(
            f"The generationContext names the table {'.'.join(note.place)!r}, which the database does not have. Make a "
            "knowledge base that names it as the database does."
        )
    return folded[0]


def _column(table: Table, name: str) -> Column:
    """Likewise."""
    exactly = [each for each in table.columns if each.name == name]
    folded = [each for each in table.columns if each.name.casefold() == name.casefold()]
    for found in (exactly, folded):
        if len(found) == 1:
            return found[0]
    raise UnknownNameError(
        f"The generationContext names the column {name!r} of the table {table.name!r}, which the database does not "
        "have. Make a knowledge base that names it as the database does."
    )


def _folded(place: tuple[str, str]) -> tuple[str, str]:
    return place[0].casefold(), place[1].casefold()
