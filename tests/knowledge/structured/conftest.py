"""A server with a scripted model and the shop's database, once in SQLite and once in PostgreSQL."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import postgres, scripted
from tests.fronts import Account
from tests.knowledge.house import VECTORS, House
from tests.knowledge.structured import shop as shops
from tests.knowledge.structured.shop import CLUSTER, DATABASE, WORKGROUP, WRITER, Shop
from tests.serving import Server

PROVISIONED = {
    "type": "PROVISIONED",
    "provisionedConfiguration": {"clusterIdentifier": CLUSTER, "authConfiguration": {"type": "IAM"}},
}
SERVERLESS = {
    "type": "SERVERLESS",
    "serverlessConfiguration": {"workgroupArn": WORKGROUP, "authConfiguration": {"type": "IAM"}},
}


@pytest.fixture(scope="session")
def shop_postgres() -> str:
    return shops.write_postgres(postgres.address())


@pytest.fixture(scope="session")
def shop_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home: Path = tmp_path_factory.mktemp("shop") / "home"
    scripted.install(home, WRITER, script={"rules": shops.rules()})
    scripted.install(home, VECTORS, output="EMBEDDING", dimensions=64)
    shops.write_sqlite(home / "shop.db")
    address = home / "postgres.address"
    named = {f"{CLUSTER}/{DATABASE}": '"sqlite:///shop.db"', f"{WORKGROUP}/{DATABASE}": f"{{file = '{address}'}}"}
    places = "".join(f"{json.dumps(key)} = {place}\n" for key, place in named.items())
    (home / "craton.toml").write_text(f'default_model = "{WRITER}"\n[knowledge.databases]\n{places}')
    with Server(home) as running:
        yield running


@pytest.fixture(scope="session")
def sqlite_shop(shop_server: Server) -> Shop:
    return Shop(House(Account(shop_server)), "sqlite", PROVISIONED)


@pytest.fixture(scope="session", params=["sqlite", "postgres"])
def shop(request: pytest.FixtureRequest, shop_server: Server) -> Shop:
    if request.param == "postgres":
        (shop_server.home / "postgres.address").write_text(request.getfixturevalue("shop_postgres"))
        return Shop(House(Account(shop_server)), "postgres", SERVERLESS)
    return Shop(House(Account(shop_server)), "sqlite", PROVISIONED)


@pytest.fixture(scope="session")
def base(shop: Shop) -> str:
    """A knowledge base that most tests ask."""
    return shop.base()
