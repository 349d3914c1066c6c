"""Databases that are not to be had, and what they cost who does not ask for them."""

import asyncio
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from craton.config import KnowledgeSettings, SecretPlace
from craton.store.vectors.index import IndexFailure
from craton.store.vectors.stores import Stores
from tests import postgres


async def refusal(home: Path, settings: KnowledgeSettings) -> str:
    stores = Stores(home, settings)
    with pytest.raises(IndexFailure) as failure:
        await stores.index("postgres", "index", 8)
    await stores.close()
    message = str(failure.value)
    assert message.endswith(".")
    return message


async def test_postgres_has_to_be_configured(tmp_path: Path) -> None:
    assert "`postgres` under `[knowledge]`" in await refusal(tmp_path, KnowledgeSettings())


async def test_an_address_that_cannot_be_read_is_not_told(tmp_path: Path) -> None:
    message = await refusal(tmp_path, KnowledgeSettings(postgres="postgresql//user:secret@host db"))
    assert "postgresql://user@host:5432/database" in message
    assert "secret" not in message


async def test_a_postgres_that_does_not_answer_is_named(tmp_path: Path) -> None:
    address = f"postgresql://user:secret@/db?host={tmp_path}"
    message = await refusal(tmp_path, KnowledgeSettings(postgres=address))
    assert "PostgreSQL did not answer" in message
    assert str(tmp_path) in message
    assert "secret" not in message


async def test_an_address_may_stand_in_a_file_or_a_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "address"
    assert repr(str(place)) in await refusal(tmp_path, KnowledgeSettings(postgres=SecretPlace(file=str(place))))
    monkeypatch.setenv("PLACE", " ")
    assert "'PLACE'" in await refusal(tmp_path, KnowledgeSettings(postgres=SecretPlace(env="PLACE")))
    place.write_text(f"{postgres.address()}\n")
    stores = Stores(tmp_path, KnowledgeSettings(postgres=SecretPlace(file=str(place))))
    assert await (await stores.index("postgres", "from-a-file", 8)).count() == 0
    await stores.drop("postgres", "from-a-file")
    await stores.close()


async def test_a_library_that_is_missing_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "craton.store.vectors.lance", None)
    with pytest.raises(IndexFailure, match="What the embedded index needs is not installed here"):
        await Stores(tmp_path, KnowledgeSettings()).index("embedded", "index", 8)


async def test_lost_connections_are_made_anew(tmp_path: Path) -> None:
    stores = Stores(tmp_path, KnowledgeSettings(postgres=postgres.address()))
    index = await stores.index("postgres", "lost", 8)
    await asyncio.gather(*(index.count() for _ in range(5)))
    with psycopg.connect(postgres.address(), autocommit=True) as connection:
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'craton'")
    assert await index.count() == 0
    await stores.drop("postgres", "lost")
    await stores.close()


def test_nothing_heavy_is_imported_before_an_index_is_asked_for() -> None:
    heavy = "lancedb", "pyarrow", "psycopg", "numpy"
    asked = f"import sys, craton.store.vectors.stores; print([each for each in {heavy} if each in sys.modules])"
    assert subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout == "[]\n"
