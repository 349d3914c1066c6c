"""Every table and statement is one that PostgreSQL takes as well."""

from itertools import product

import pytest
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlalchemy.sql.expression import ClauseElement

from craton.store import statements, tables

BUILT = [value for name, value in vars(statements).items() if name.isupper() and isinstance(value, ClauseElement)]
LISTINGS = [statements.listing(*options) for options in product((False, True), repeat=3)]
TABLES = [CreateTable(table) for table in tables.metadata.sorted_tables]
INDEXES = [CreateIndex(index) for table in tables.metadata.sorted_tables for index in table.indexes]


@pytest.mark.parametrize("statement", [*BUILT, *statements.EMPTY, *LISTINGS, *TABLES, *INDEXES], ids=str)
def test_a_statement_is_not_only_sqlites(statement: ClauseElement) -> None:
    assert str(statement.compile(dialect=postgresql.dialect()))
