"""The check of a query that a model wrote: it is read, every name in it found, and written anew from what was read.

What runs is never the model's text. It is one SELECT of parts that are on a list, with each table replaced by a
subquery of its permitted columns; so nothing else can be reached, whatever a name may stand for in the database. Knows
no model and no database.
"""

import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sqlglot import exp, parse
from sqlglot.errors import ErrorLevel, OptimizeError, SqlglotError
from sqlglot.optimizer.qualify_columns import qualify_columns, quote_identifiers, validate_qualify_columns
from sqlglot.optimizer.qualify_tables import qualify_tables
from sqlglot.optimizer.scope import traverse_scope
from sqlglot.schema import MappingSchema

from craton.knowledge.structured.checking.allowed import NAMES, NODES, TYPES
from craton.knowledge.structured.checking.names import Names
from craton.knowledge.structured.checking.query import Query, UncheckedQuery
from craton.knowledge.structured.schema import Schema, Table

# Of a query that a person would write, many times over.
LONGEST = 8_000
MOST_NODES = 2_000
MOST_TABLES = 16
# What a table in a query may say beside its name.
_TABLE = {"this", "db", "catalog", "alias", "joins"}
# What the parser itself may stumble over in a text that is no SQL.
_BROKEN = (SqlglotError, RecursionError, ValueError, LookupError, AttributeError, TypeError)

_UNRESOLVED = re.compile("Column '(.+?)' could not be resolved")
# The schema that a table needs not be named with.
_USUAL = {"sqlite": "main", "postgres": "public"}
# How the catalogs of the databases begin: no WITH clause may be called so.
_CATALOGS = ("pg_", "sqlite_", "information_schema")

logging.getLogger("sqlglot").setLevel(logging.CRITICAL)  # it would log what people and models write


def checked(sql: str, schema: Schema, database: str, most: int) -> Query:
    """The query, which answers `most` rows at most. `database` is the name it has for its users.

    Raises UncheckedQuery for all that is not one SELECT over the tables and columns of the schema.
    """
    names, dialect = Names(schema, database), schema.dialect
    with _understood(schema):
        tree = _one(sql, dialect)
        _check_parts(tree, dialect)
        names.spell(tree)
        places = _place_tables(tree, names)
        shown = _shown(tree, dialect)
        tree = qualify_tables(tree, dialect=dialect)
        tree = qualify_columns(tree, schema=_mapping(schema, names), dialect=dialect)
        validate_qualify_columns(tree)
        _check_parts(tree, dialect)  # with what has only now turned out to be a whole row
        _limit(tree, most)
        quote_identifiers(tree, dialect=dialect)
        columns = tree.named_selects
        run = _written(_projected(tree, places, names), dialect)
        _check_again(run, dialect)
    return Query(shown, run, columns)


@contextmanager
def _understood(schema: Schema) -> Iterator[None]:
    try:
        yield
    except _BROKEN as error:
        if isinstance(error, OptimizeError) and (found := _UNRESOLVED.search(str(error))):
            raise UncheckedQuery(_homes(found[1], schema)) from error
        told = (str(error).strip() or type(error).__name__).splitlines()[0][:300]
        raise UncheckedQuery(f"The query cannot be read: {told.rstrip('.')}.") from error


def _homes(column: str, schema: Schema) -> str:
    """Where a column is that was not found, or was found more than once."""
    homes = [
        table.name
        for table in schema.tables
        if any(each.name.casefold() == column.casefold() for each in table.columns)
    ]
    if not homes:
        return f"No table has a column {column!r}. Use the columns that there are."
    return f"The column {column!r} belongs to {' and to '.join(homes)}. Name it with its table, and read that table."


def _one(sql: str, dialect: str, *, whole: bool = True) -> exp.Query:
    """The one query of a text."""
    if whole and len(sql) > LONGEST:
        raise UncheckedQuery(f"The query is longer than {LONGEST} characters. Write a shorter one.")
    if "\0" in sql:
        raise UncheckedQuery("The query holds a character that is no text. Write it without.")
    statements = [each for each in parse(sql, read=dialect) if each is not None]
    if len(statements) != 1:
        raise UncheckedQuery(f"There are {len(statements)} statements. Write one SELECT.")
    tree = statements[0].unnest()
    if not isinstance(tree, exp.Select | exp.SetOperation):
        raise UncheckedQuery(f"A statement {tree.key.upper()!r} is not permitted. Write one SELECT.")
    return tree


def _check_parts(tree: exp.Expr, dialect: str) -> None:
    """Raises UncheckedQuery for a part that is not on the list."""
    tables = 0
    for number, node in enumerate(tree.walk()):
        if number > MOST_NODES:
            raise UncheckedQuery("The query has too many parts. Write a simpler one.")
        kind = type(node).__name__
        if isinstance(node, exp.Anonymous):
            if node.name.casefold() not in NAMES[dialect]:
                raise UncheckedQuery(f"The function {node.name!r} is not permitted. Write the query without it.")
        elif kind not in NODES:
            what = node.sql_name() if isinstance(node, exp.Func) else node.key.upper()
            raise UncheckedQuery(f"{what} is not permitted. Write the query without it.")
        elif isinstance(node, exp.DataType):
            if not isinstance(node.this, exp.DType) or node.this.value not in TYPES:
                raise UncheckedQuery(f"The type {node.sql(dialect)!r} is not permitted. Use another.")
        elif isinstance(node, exp.With) and node.args.get("recursive"):
            raise UncheckedQuery("WITH RECURSIVE is not permitted. Write the query without recursion.")
        elif isinstance(node, exp.Table):
            tables += 1
            _check_table(node)
    if tables > MOST_TABLES:
        raise UncheckedQuery(f"The query reads {tables} tables, and may read {MOST_TABLES}. Write a simpler one.")


def _check_table(node: exp.Table) -> None:
    said = {member for member, value in node.args.items() if value}
    renamed = node.args["alias"].columns if said & {"alias"} else ()
    if not isinstance(node.this, exp.Identifier) or said - _TABLE or renamed:
        raise UncheckedQuery(f"{node.sql()!r} is no plain table. Name a table, and nothing else of it.")


def _shown(tree: exp.Query, dialect: str) -> str:
    shown = tree.copy()
    for node in shown.find_all(exp.Table):
        if node.db == _USUAL[dialect]:
            node.set("db", None)
    return _written(shown, dialect)


def _written(tree: exp.Query, dialect: str) -> str:
    return tree.sql(dialect, comments=False, unsupported_level=ErrorLevel.RAISE)


def _check_again(run: str, dialect: str) -> None:
    """Whether what the database will read is what was meant."""
    tree = _one(run, dialect, whole=False)
    _check_parts(tree, dialect)
    named = {each.alias for each in tree.find_all(exp.CTE)}
    assert all(node.db or node.name in named for node in tree.find_all(exp.Table)), "every table has its schema"


def _place_tables(tree: exp.Query, names: Names) -> dict[tuple[str, str], Table]:
    """Every table under its whole name, and what it is by that."""
    _check_shadows(tree, names)
    places: dict[tuple[str, str], Table] = {}
    for node in _tables(tree):
        table = names.place(node)
        spelled = names.spelled(table.schema)
        node.set("catalog", None)
        node.set("db", exp.to_identifier(spelled, quoted=True))
        places[spelled, node.name] = table
    return places


def _check_shadows(tree: exp.Query, names: Names) -> None:
    """A name that is a table's and a subquery's at once is a riddle, also for those who check."""
    for each in tree.find_all(exp.CTE):
        if names.has_table(each.alias) or each.alias.casefold().startswith(_CATALOGS):
            raise UncheckedQuery(f"{each.alias!r} is a table, too. Give the WITH clause another name.")


def _tables(tree: exp.Query) -> list[exp.Table]:
    """The tables of the database, in all scopes; what is left are the names of WITH clauses."""
    found: dict[int, exp.Table] = {}
    named: set[int] = set()
    for scope in traverse_scope(tree):
        for node in scope.tables:
            if not node.db and node.name in scope.cte_sources:
                named.add(id(node))
            else:
                found[id(node)] = node
    for node in tree.find_all(exp.Table):
        if id(node) not in found and id(node) not in named:
            raise UncheckedQuery(f"{node.sql()!r} stands where no table may stand. Write a simpler query.")
    return [node for key, node in found.items() if key not in named]


def _mapping(schema: Schema, names: Names) -> MappingSchema:
    """What there is, as sqlglot takes it."""
    told: dict[str, dict[str, dict[str, str]]] = {}
    for table in schema.tables:
        columns = {names.spelled(column.name): "unknown" for column in table.columns}
        told.setdefault(names.spelled(table.schema), {})[names.spelled(table.name)] = columns
    return MappingSchema({**told}, dialect=schema.dialect, normalize=False)


def _limit(tree: exp.Query, most: int) -> None:
    limit = tree.args.get("limit")
    if limit is None:
        tree.limit(most, copy=False)
        return
    own = limit.expression
    if not isinstance(own, exp.Literal) or own.is_string or not own.name.isdecimal():
        raise UncheckedQuery("The LIMIT is no whole number. Write one, or leave it out.")
    if int(own.name) > most:
        tree.limit(most, copy=False)


def _projected(tree: exp.Query, places: Mapping[tuple[str, str], Table], names: Names) -> exp.Query:
    """The query with each table replaced by its permitted columns."""
    for node in [*tree.find_all(exp.Table)]:
        if not node.db:
            continue  # of a WITH clause
        table = places[node.db, node.name]
        columns = [exp.column(exp.to_identifier(names.spelled(each.name), quoted=True)) for each in table.columns]
        alias = node.args["alias"]
        node.set("alias", None)
        joins = node.args.pop("joins", None)
        inner = exp.select(*columns, copy=False).from_(node.copy(), copy=False)
        replacement = exp.Subquery(this=inner, alias=alias)
        if joins:
            replacement.set("joins", joins)
        node.replace(replacement)
    return tree
