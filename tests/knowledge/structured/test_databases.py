"""What the databases themselves keep from happening, whatever reaches them: here nothing is checked before."""

import sqlite3
import time
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from craton.knowledge.structured.checking.query import Query
from craton.knowledge.structured.databases import postgres, sqlite
from craton.knowledge.structured.databases.database import Database, DatabaseFailure, RefusedQuery, Value, value
from craton.knowledge.structured.schema import Column, Dialect, Schema, Table
from tests.knowledge.structured import shop as shops

DIALECTS: list[Dialect] = ["sqlite", "postgres"]
SUM = " + ".join(f"o{number}.total" for number in range(12))
CROSS = ", ".join(f"orders AS o{number}" for number in range(12))


@pytest.fixture(scope="module", params=DIALECTS)
def dialect(request: pytest.FixtureRequest) -> Dialect:
    found: Dialect = request.param
    return found


@pytest.fixture
def address(dialect: Dialect, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if dialect == "postgres":
        return str(request.getfixturevalue("shop_postgres"))
    shops.write_sqlite(tmp_path / "shop.db")
    return str(tmp_path / "shop.db")


@pytest.fixture
async def database(dialect: Dialect, address: str) -> Database:
    return await (sqlite.load(address) if dialect == "sqlite" else postgres.load(address))


def query(sql: str, *columns: str) -> Query:
    return Query(sql, sql, columns)


async def test_it_tells_its_tables(database: Database, dialect: Dialect) -> None:
    tables = {table.name: table for table in (await database.schema()).tables}
    assert [*tables] == ["big_orders", "customers", "orders", "salaries"]
    orders = tables["orders"]
    assert [column.name for column in orders.columns] == ["id", "customer", "state", "total", "note"]
    assert list(orders.key) == ["id"] and tables["big_orders"].view and not orders.view
    (reference,) = orders.references
    assert (list(reference.columns), reference.table, list(reference.to)) == (["customer"], "customers", ["id"])
    if dialect == "postgres":
        assert orders.description == "What was bought." and orders.columns[2].description == "How far it is."


async def test_values_of_few_texts_are_told(database: Database) -> None:
    tables = {table.name: table for table in (await database.schema()).tables}
    columns = {column.name: column for column in tables["orders"].columns}
    assert list(await database.samples(tables["orders"], columns["state"])) == ["open", "paid", "sent"]
    assert not await database.samples(tables["orders"], columns["total"])


WRITES = [
    "INSERT INTO orders (id) VALUES (77)",
    "UPDATE orders SET total = 0",
    "DELETE FROM orders",
    "DROP TABLE orders",
    "CREATE TABLE stolen AS SELECT * FROM customers",
]


@pytest.mark.parametrize(
    "sql",
    [
        *WRITES,
        "SELECT 1; DELETE FROM orders",
        "COMMIT; DELETE FROM orders",
        "SELECT 1) AS answer(c0); DELETE FROM orders; --",
    ],
)
async def test_nothing_is_written(database: Database, dialect: Dialect, sql: str) -> None:
    schema = shops.schema(dialect)
    with pytest.raises(RefusedQuery):
        await database.rows(query(sql, "c"), schema, 5)
    with pytest.raises(RefusedQuery):
        await database.explain(query(f"SELECT 1; {sql}"), schema)
    rows = await database.rows(query("SELECT count(*) FROM " + _orders(dialect), "n"), schema, 5)
    assert [list(row) for row in rows.rows] == [[Value("LONG", "4")]]


def _orders(dialect: Dialect) -> str:
    return f"{shops.SCHEMA[dialect]}.orders"


async def test_what_takes_too_long_is_ended(database: Database, dialect: Dialect) -> None:
    sql = f"SELECT count(*) FROM {CROSS.replace('orders', _orders(dialect))} WHERE {SUM} < 0"
    began = time.monotonic()
    with pytest.raises(DatabaseFailure, match=r"longer than 0\.5 seconds"):
        await database.rows(query(sql, "n"), shops.schema(dialect), 0.5)
    assert time.monotonic() - began < 20


async def test_an_answer_has_bounds(database: Database, dialect: Dialect) -> None:
    long = "'" + "x" * 2000 + "'"
    joined = {"sqlite": f"group_concat({long})", "postgres": f"string_agg({long}, '')"}[dialect]
    cross = ", ".join(f"{_orders(dialect)} AS o{number}" for number in range(6))
    with pytest.raises(DatabaseFailure, match="larger than"):
        await database.rows(query(f"SELECT {joined} FROM {cross}", "c"), shops.schema(dialect), 30)
    with pytest.raises(DatabaseFailure, match="larger than"):
        await database.rows(query(f"SELECT {long} AS c FROM {cross}", "c"), shops.schema(dialect), 30)


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that may read what the shop's schema names."""
    shops.write_sqlite(tmp_path / "guarded.db")
    connection = sqlite3.connect(tmp_path / "guarded.db")
    schema = shops.schema("sqlite")
    view = Table("main", "big_orders", [Column("id", "")], view=True)
    connection.set_authorizer(sqlite.Reading(Schema("sqlite", [*schema.tables, view])))
    yield connection
    connection.close()


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT password FROM customers",
        "SELECT * FROM customers",
        "SELECT name FROM customers ORDER BY password",
        "SELECT count(*) FROM customers WHERE password LIKE 'pw%'",
        "SELECT amount FROM salaries",
        "SELECT count(*) FROM salaries",
        "SELECT sql FROM sqlite_master",
        "SELECT * FROM pragma_table_info('salaries')",
        "SELECT load_extension('x')",
        "SELECT hex(randomblob(9))",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT * FROM n",
        "WITH orders AS (SELECT amount FROM salaries) SELECT amount FROM orders",
        "ATTACH ':memory:' AS x",
        "PRAGMA query_only = OFF",
        "DELETE FROM orders",
    ],
)
def test_sqlite_is_asked_of_every_column(guarded: sqlite3.Connection, sql: str) -> None:
    with pytest.raises(sqlite3.DatabaseError, match=r"prohibited|not authorized"):
        guarded.execute(sql).fetchall()


def test_sqlite_reads_what_is_permitted(guarded: sqlite3.Connection) -> None:
    assert guarded.execute("SELECT name FROM customers WHERE upper(city) = 'ULM' ORDER BY id").fetchall()
    assert guarded.execute("SELECT count(*) FROM orders JOIN customers ON customers.id = customer").fetchone() == (4,)
    assert guarded.execute("SELECT count(*) FROM big_orders").fetchone() == (2,)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (None, Value("NULL", None)),
        (True, Value("BOOLEAN", "true")),
        (2**40, Value("LONG", str(2**40))),
        (2**70, Value("STRING", str(2**70))),
        (0.1, Value("DOUBLE", "0.1")),
        (Decimal("1.50"), Value("STRING", "1.50")),
        (b"\x00\xff", Value("BLOB", "00ff")),
        (datetime(2024, 2, 29, 12, 30), Value("STRING", "2024-02-29 12:30:00")),
        ({"ä": [1, None]}, Value("STRING", '{"ä":[1,null]}')),
    ],
)
def test_a_value_is_told_as_the_service_tells_it(given: object, told: Value) -> None:
    assert value(given) == told


async def test_a_file_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(DatabaseFailure, match="no SQLite file"):
        await sqlite.load(str(tmp_path / "none.db"))
    assert not (tmp_path / "none.db").exists()


async def test_an_address_of_nothing_is_told_without_its_password() -> None:
    with pytest.raises(DatabaseFailure) as raised:
        await postgres.load("postgresql://user:secret@host:notaport:x/?what=1")
    assert "secret" not in str(raised.value)
    database = await postgres.load("postgresql://user:secret@127.0.0.1:9/shop")
    with pytest.raises(DatabaseFailure) as raised:
        await database.schema()
    assert "secret" not in str(raised.value)
