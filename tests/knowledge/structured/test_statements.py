"""The check of a query: what is let through, as what it runs, and what a refusal says."""

import pytest

from craton.knowledge.structured.checking.query import UncheckedQuery
from craton.knowledge.structured.checking.statements import checked
from craton.knowledge.structured.schema import Column, Dialect, Schema, Table
from tests.knowledge.structured import shop as shops

DIALECTS: list[Dialect] = ["sqlite", "postgres"]


def run(sql: str, dialect: Dialect = "sqlite", most: int = 10) -> str:
    return checked(sql, shops.schema(dialect), "shop", most).run


def shown(sql: str, dialect: Dialect = "sqlite") -> str:
    return checked(sql, shops.schema(dialect), "shop", 10).shown


def refusal(sql: str, dialect: Dialect = "sqlite") -> str:
    with pytest.raises(UncheckedQuery) as raised:
        run(sql, dialect)
    return str(raised.value)


def test_a_table_is_read_by_its_permitted_columns_alone() -> None:
    assert run("SELECT * FROM customers") == (
        'SELECT "customers"."id" AS "id", "customers"."name" AS "name", "customers"."city" AS "city", '
        '"customers"."since" AS "since" FROM (SELECT "id", "name", "city", "since" FROM "main"."customers") AS '
        '"customers" LIMIT 10'
    )


@pytest.mark.parametrize("dialect", DIALECTS)
def test_what_is_shown_is_what_was_written(dialect: Dialect) -> None:
    sql = "SELECT c.name FROM customers AS c JOIN orders AS o ON o.customer = c.id WHERE o.total > 5 ORDER BY c.name"
    assert shown(sql, dialect) == sql
    assert shown(f"{sql} -- and more", dialect) == sql
    assert shown(sql.replace("customers", f"shop.{shops.SCHEMA[dialect]}.Customers"), dialect) == sql


def test_the_limit_is_the_smaller_one() -> None:
    assert run("SELECT name FROM customers LIMIT 3").endswith(" LIMIT 3")
    assert run("SELECT name FROM customers LIMIT 30 OFFSET 2").endswith(" LIMIT 10 OFFSET 2")
    assert run("SELECT name FROM customers UNION SELECT state FROM orders").endswith(" LIMIT 10")
    assert "whole number" in refusal("SELECT name FROM customers LIMIT -1")
    assert "whole number" in refusal("SELECT name FROM customers LIMIT (SELECT 1000)")


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(
    "sql",
    [
        "SELECT city, count(*) AS n FROM customers GROUP BY city HAVING count(*) > 1 ORDER BY n DESC",
        "WITH paid AS (SELECT * FROM orders WHERE state = 'paid') SELECT sum(total) FROM paid",
        "SELECT name FROM customers WHERE id NOT IN (SELECT customer FROM orders)",
        "SELECT name, (SELECT max(total) FROM orders WHERE customer = customers.id) FROM customers",
        "SELECT name FROM customers WHERE EXISTS (SELECT 1 FROM orders WHERE customer = customers.id)",
        "SELECT name, rank() OVER (PARTITION BY city ORDER BY since) FROM customers",
        "SELECT CASE WHEN total > 9 THEN 'much' ELSE 'little' END AS what FROM orders",
        "SELECT upper(substr(name, 1, 1)) || lower(name), length(trim(name)) FROM customers",
        "SELECT coalesce(note, '-'), round(total, 1), abs(total), nullif(state, 'x') FROM orders",
        "SELECT name FROM customers EXCEPT SELECT note FROM orders",
        "SELECT cast(total AS integer) FROM orders WHERE note IS NULL AND state LIKE 'p%'",
        "SELECT DISTINCT city FROM customers WHERE city BETWEEN 'A' AND 'Z'",
        "SELECT 'DROP TABLE orders; --' AS text, 'it''s' FROM orders",
    ],
)
def test_what_people_ask_passes(dialect: Dialect, sql: str) -> None:
    again = run(sql, dialect)
    assert ";" not in again.replace("orders; --", "")


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("question", shops.FORBIDDEN)
def test_what_nobody_may_have_does_not(dialect: Dialect, question: str) -> None:
    written = shops.WRITES[question]
    assert isinstance(written, str)
    assert refusal(written, dialect).endswith(".")


def test_a_refusal_says_what_there_is() -> None:
    assert refusal("SELECT 1 FROM clients") == "There is no table 'clients'. The tables are customers, orders."
    assert refusal("SELECT nme FROM customers").startswith("No table has a column 'nme'.")
    assert refusal("SELECT total FROM customers").startswith("The column 'total' belongs to orders.")
    assert refusal("SELECT id FROM customers, orders").startswith("The column 'id' belongs to customers and to orders.")


def test_an_alias_cannot_stand_for_another_table() -> None:
    refusal("SELECT x.total FROM orders AS x, (SELECT 1 AS total) AS x")
    refusal("WITH x AS (SELECT 1 AS amount) SELECT amount FROM salaries AS x")
    refusal("WITH sqlite_master AS (SELECT 1) SELECT * FROM sqlite_master")
    refusal("SELECT (WITH pg_authid AS (SELECT 1) SELECT 1), rolname FROM pg_authid", "postgres")


def test_names_are_the_databases_own() -> None:
    tables = [Table("public", "Line", [Column("Order", "INT"), Column("Übergabe", "DATE")])]
    query = checked('SELECT "Order", übergabe FROM line', Schema("postgres", tables), "shop", 5)
    assert query.columns == ["Order", "Übergabe"]
    assert 'FROM "public"."Line"' in query.run and query.shown == 'SELECT "Order", "Übergabe" FROM "Line"'


def test_a_name_in_two_schemas_must_be_whole() -> None:
    tables = [Table(schema, "sales", [Column("id", "INT")]) for schema in ("north", "south")]
    schema = Schema("postgres", tables)
    assert '"south"."sales"' in checked("SELECT id FROM south.sales", schema, "shop", 5).run
    with pytest.raises(UncheckedQuery, match=r"north\.sales or south\.sales"):
        checked("SELECT id FROM sales", schema, "shop", 5)
