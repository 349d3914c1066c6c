"""A new home, an older home and a home from the future."""

from pathlib import Path

import pytest
from sqlalchemy import Connection, inspect, text

from craton.store import sqlite
from craton.store.migrations import MIGRATIONS, migrate


def add_colour(connection: Connection) -> None:
    connection.execute(text("ALTER TABLE documents ADD COLUMN colour VARCHAR"))


def test_a_new_home_needs_no_steps(tmp_path: Path) -> None:
    _, writing = sqlite.engines(tmp_path)
    with writing.begin() as connection:
        secret = migrate(connection, [*MIGRATIONS, add_colour])
        assert "colour" not in [column["name"] for column in inspect(connection).get_columns("documents")]
    with writing.begin() as connection:
        assert migrate(connection, [*MIGRATIONS, add_colour]) == secret
        assert len(secret) == 32
    writing.dispose()


def test_an_older_home_takes_each_missing_step_once(tmp_path: Path) -> None:
    _, writing = sqlite.engines(tmp_path)
    with writing.begin() as connection:
        secret = migrate(connection)
    for _ in range(2):
        with writing.begin() as connection:
            assert migrate(connection, [*MIGRATIONS, add_colour]) == secret
            assert "colour" in [column["name"] for column in inspect(connection).get_columns("documents")]
    writing.dispose()


def test_a_failing_step_changes_nothing(tmp_path: Path) -> None:
    _, writing = sqlite.engines(tmp_path)
    with writing.begin() as connection:
        migrate(connection)

    def fail(connection: Connection) -> None:
        add_colour(connection)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), writing.begin() as connection:
        migrate(connection, [*MIGRATIONS, fail])
    with writing.begin() as connection:
        assert "colour" not in [column["name"] for column in inspect(connection).get_columns("documents")]
    writing.dispose()


def test_a_home_of_a_newer_craton_is_left_alone(tmp_path: Path) -> None:
    _, writing = sqlite.engines(tmp_path)
    with writing.begin() as connection:
        migrate(connection, [*MIGRATIONS, add_colour])
    with (
        pytest.raises(RuntimeError, match=r"newer Craton made this home \(it has add_colour\)"),
        writing.begin() as connection,
    ):
        migrate(connection)
    writing.dispose()
