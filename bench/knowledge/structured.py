"""How many questions to a database are answered rightly, by what their queries bring.

    python -m bench.knowledge.structured [--model MODEL] [--show]

A small shop in a SQLite file, with names and values in German and English, is a structured knowledge base of a running
server; the model writes the queries. A question is answered rightly where its rows are those of a query that a person
wrote: as many, each with all the values of one of those (numbers to a hundredth), whatever else the columns are.
"""

import argparse
import random
import sqlite3
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from craton.models.files.library import Library
from craton.models.files.pull import Pull
from tests.fronts import Account
from tests.knowledge.house import House
from tests.serving import Server

ROOT = Path(__file__).resolve().parents[2]
MODEL = "qwen2.5-coder-1.5b"

TABLES = """
CREATE TABLE customers (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, city TEXT NOT NULL, country TEXT NOT NULL, registered_on DATE NOT NULL
);
CREATE TABLE categories (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE products (
    id INTEGER PRIMARY KEY, category_id INTEGER NOT NULL REFERENCES categories (id), name TEXT NOT NULL,
    price REAL NOT NULL, in_stock INTEGER NOT NULL
);
CREATE TABLE orders (
    id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers (id), ordered_on DATE NOT NULL,
    status TEXT NOT NULL
);
CREATE TABLE order_items (
    order_id INTEGER NOT NULL REFERENCES orders (id), product_id INTEGER NOT NULL REFERENCES products (id),
    quantity INTEGER NOT NULL, price REAL NOT NULL, PRIMARY KEY (order_id, product_id)
);
"""
FIRST, LAST = (
    ["Anna", "Bernd", "Carla", "Deniz", "Emil", "Farah", "Greta", "Hugo"],
    ["Adler", "Braun", "Çelik", "Dietz", "Engel"],
)
CITIES = (
    ("Berlin", "Germany"),
    ("Hamburg", "Germany"),
    ("Köln", "Germany"),
    ("Vienna", "Austria"),
    ("Zurich", "Switzerland"),
)
CATEGORIES = ("Coffee", "Tea", "Chocolate", "Dishes")
STATUSES = ("open", "shipped", "delivered", "cancelled")

REVENUE = "SUM(i.quantity * i.price)"
ITEMS = "order_items i JOIN orders o ON o.id = i.order_id"


@dataclass(frozen=True)
class Question:
    language: str
    text: str
    sql: str


QUESTIONS = [
    Question(language, text, sql)
    for language, text, sql in (
        ("en", "How many customers are there?", "SELECT COUNT(*) FROM customers"),
        ("en", "Which customers live in Hamburg?", "SELECT name FROM customers WHERE city = 'Hamburg'"),
        ("en", "What is the most expensive product?", "SELECT name FROM products ORDER BY price DESC LIMIT 1"),
        ("en", "How many orders were cancelled?", "SELECT COUNT(*) FROM orders WHERE status = 'cancelled'"),
        ("en", "How many products are in each category?", "SELECT c.name, COUNT(*) FROM products p JOIN categories c ON"
         " c.id = p.category_id GROUP BY c.id"),
        ("en", "Which products are out of stock?", "SELECT name FROM products WHERE in_stock = 0"),
        ("en", "What is the average price of tea?", "SELECT AVG(price) FROM products WHERE category_id = 2"),
        ("en", "How many orders were placed in 2024?", "SELECT COUNT(*) FROM orders WHERE ordered_on LIKE '2024-%'"),
        ("en", "Which customers have never ordered anything?", "SELECT name FROM customers WHERE id NOT IN"
         " (SELECT customer_id FROM orders)"),
        ("en", "Which customer has placed the most orders, and how many?", "SELECT c.name,"
         " COUNT(*) FROM orders o JOIN customers c ON c.id = o.customer_id GROUP BY c.id ORDER BY COUNT(*) DESC, c.id"
         " LIMIT 1"),
        ("de", "Wie viele Bestellungen sind noch offen?", "SELECT COUNT(*) FROM orders WHERE status = 'open'"),
        ("de", "Welche Kunden wohnen in Köln?", "SELECT name FROM customers WHERE city = 'Köln'"),
        ("de", "Wie viele Kunden kommen aus Österreich?", "SELECT COUNT(*) FROM customers WHERE country = 'Austria'"),
        ("de", "Was kostet das billigste Produkt?", "SELECT MIN(price) FROM products"),
        ("de", "Wie hoch ist der Umsatz aller gelieferten Bestellungen?", f"SELECT {REVENUE} FROM {ITEMS} WHERE"
         " o.status = 'delivered'"),
        ("de", "Wie viele Kunden gibt es je Stadt?", "SELECT city, COUNT(*) FROM customers GROUP BY city"),
        ("de", "Welche Produkte kosten mehr als 20 Euro?", "SELECT name FROM products WHERE price > 20"),
        ("de", "Wie viele Stück wurden von der Kategorie Coffee verkauft?", "SELECT SUM(i.quantity) FROM order_items i"
         " JOIN products p ON p.id = i.product_id WHERE p.category_id = 1"),
        ("de", "Welches Produkt wurde am häufigsten bestellt, gemessen an der Stückzahl?", "SELECT p.name FROM"
         " order_items i JOIN products p ON p.id = i.product_id GROUP BY p.id ORDER BY SUM(i.quantity) DESC LIMIT 1"),
        ("de", "Wie viele Bestellungen gab es in jedem Monat des Jahres 2023?", "SELECT strftime('%Y-%m', ordered_on),"
         " COUNT(*) FROM orders WHERE ordered_on LIKE '2023-%' GROUP BY 1"),
    )
]  # fmt: skip


def write(path: Path) -> None:
    """The same shop each time."""
    dice = random.Random(7)
    customers = [
        (number, f"{dice.choice(FIRST)} {dice.choice(LAST)} {number}", *dice.choice(CITIES), _day(dice))
        for number in range(1, 41)
    ]
    products = [
        (
            number,
            1 + number % 4,
            f"{CATEGORIES[number % 4]} {number}",
            round(dice.uniform(2, 40), 2),
            dice.choice((0, 5, 80)),
        )
        for number in range(1, 25)
    ]
    orders = [
        (number, dice.randint(1, 34) if number > 9 else 1 + number % 3, _day(dice), dice.choice(STATUSES))
        for number in range(1, 161)
    ]
    items = [
        (order, product, dice.randint(1, 6), products[product - 1][3])
        for order, *_ in orders
        for product in dice.sample(range(1, 25), dice.randint(1, 4))
    ]
    connection = sqlite3.connect(path)
    connection.executescript(TABLES)
    connection.executemany("INSERT INTO categories VALUES (?, ?)", enumerate(CATEGORIES, 1))
    for table, rows in (("customers", customers), ("products", products), ("orders", orders), ("order_items", items)):
        marks = ", ".join("?" * len(rows[0]))
        connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
    connection.commit()
    connection.close()


def _day(dice: random.Random) -> str:
    return f"{dice.randint(2022, 2024)}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}"


def right(found: Sequence[Sequence[Any]], wanted: Sequence[Sequence[Any]]) -> bool:
    left = [{_plain(value) for value in row} for row in found]
    for row in wanted:
        values = {_plain(value) for value in row}
        match = next((each for each in left if values <= each), None)
        if match is None:
            return False
        left.remove(match)
    return not left


def _plain(value: Any) -> str:
    """Numbers as they are read by people."""
    try:
        return f"{float(value):.2f}"
    except (TypeError, ValueError):
        return str(value)


def rows(model: str, *, show: bool = False) -> Iterator[str]:
    """A line of the table for each language."""
    library = Library(ROOT / ".models")
    name = Pull(library).pull(model).id
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        home.mkdir()
        (home / "models").symlink_to(library.root)
        write(home / "shop.db")
        (home / "craton.toml").write_text(
            f'default_model = "{name}"\n[knowledge.databases]\n"bench/shop" = "sqlite:///shop.db"\n'
        )
        with Server(home) as server:
            base = _base(House(Account(server)))
            for language in ("en", "de"):
                some = [question for question in QUESTIONS if question.language == language]
                began = time.perf_counter()
                answered = [_answered(server, home, base, question, show=show) for question in some]
                seconds = (time.perf_counter() - began) / len(some)
                yield f"| {name} | {language} | {len(some)} | {sum(answered) / len(some):.2f} | {seconds:.1f} s |"


def _base(house: House) -> str:
    engine = {"clusterIdentifier": "bench", "authConfiguration": {"type": "IAM"}}
    redshift = {
        "storageConfigurations": [{"type": "REDSHIFT", "redshiftConfiguration": {"databaseName": "shop"}}],
        "queryEngineConfiguration": {"type": "PROVISIONED", "provisionedConfiguration": engine},
    }
    sql = {"type": "REDSHIFT", "redshiftConfiguration": redshift}
    base: str = house.base({"type": "SQL", "sqlKnowledgeBaseConfiguration": sql})["knowledgeBaseId"]
    source = house.source(base, {"type": "REDSHIFT_METADATA"})["dataSourceId"]
    house.synced(knowledgeBaseId=base, dataSourceId=source)
    return base


def _answered(server: Server, home: Path, base: str, question: Question, *, show: bool) -> bool:
    connection = sqlite3.connect(home / "shop.db")
    wanted = connection.execute(question.sql).fetchall()
    connection.close()
    client = server.client("bedrock-agent-runtime")
    query = ""
    try:
        asked = client.retrieve(knowledgeBaseId=base, retrievalQuery={"text": question.text})["retrievalResults"]
    except ClientError as error:
        found, query = None, error.response["Error"]["Message"]
    else:
        found = [[column.get("columnValue") for column in each["content"]["row"]] for each in asked]
        query = asked[0]["location"]["sqlLocation"]["query"] if asked else ""
    answered = found is not None and right(found, wanted)
    if show:
        print(f"{'+' if answered else '-'} {question.text}\n    {query}")
    return answered


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--model", default=MODEL)
    arguments.add_argument("--show", action="store_true")
    given = arguments.parse_args()
    print("| model | language | questions | right | a question |")
    print("|---|---|---:|---:|---:|")
    for line in rows(given.model, show=given.show):
        print(line)
