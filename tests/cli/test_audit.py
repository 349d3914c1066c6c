"""`craton audit` on a home: what was changed, and whether the trail of it is whole."""

import json
import sqlite3
from pathlib import Path

import pytest

from tests.command import craton


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home in which four keys were made."""
    for _ in range(4):  # the first makes the account, too
        assert craton("keys", "create", "--home", str(tmp_path)).returncode == 0
    return tmp_path


def audit(home: Path, *arguments: str) -> tuple[int, str, str]:
    done = craton("audit", *arguments, "--home", str(home))
    return done.returncode, done.stdout, done.stderr


def tamper(home: Path, script: str) -> None:
    with sqlite3.connect(home / "craton.db") as connection:
        connection.executescript(script)
    connection.close()


def test_a_whole_trail(home: Path) -> None:
    _, head, _ = audit(home, "head")
    code, told, _ = audit(home, "verify", "--head", head.strip())
    assert code == 0
    assert "records follow from one another" in told
    assert head.strip() in told
    verdict = json.loads(audit(home, "verify", "--json")[1])
    assert verdict["events"] >= 4
    assert (verdict["valid"], verdict["head"]) == (True, head.strip())


def test_a_changed_record(home: Path) -> None:
    tamper(home, "UPDATE chain SET record = x'7b7d' WHERE sequence = 2")
    code, _, told = audit(home, "verify")
    assert code == 1
    assert "record 2" in told


def test_a_cut_tail(home: Path) -> None:
    _, head, _ = audit(home, "head")
    tamper(home, "DELETE FROM chain WHERE sequence = (SELECT max(sequence) FROM chain)")
    assert audit(home, "verify")[0] == 0
    code, _, told = audit(home, "verify", "--head", head.strip())
    assert code == 1
    assert "cut off" in told


def test_a_trail_that_was_emptied(home: Path) -> None:
    tamper(home, "DELETE FROM chain")
    code, _, says = audit(home, "verify")
    assert code == 1
    assert "no record at all" in says


def test_the_list(home: Path) -> None:
    _, told, _ = audit(home, "list")
    heading, *rows = told.splitlines()
    assert heading.split() == ["TIME", "EVENT", "WHO", "ERROR", "REQUEST", "HASH"]
    assert len(rows) >= 4
    assert all("craton keys create" in row for row in rows)
    _, told, _ = audit(home, "list", "--json", "--most", "2")
    assert [json.loads(line)["eventName"] for line in told.splitlines()] == ["craton keys create"] * 2
    assert audit(home, "list", "--account", "111122223333")[1].split() == heading.split()


def test_secrets_among_the_arguments_are_hidden(tmp_path: Path) -> None:
    craton("keys", "create", "--secret", "hunter2", "--secret=hunter2", "--home", str(tmp_path))
    craton("keys", "create", "--home", str(tmp_path))
    assert "hunter2" not in audit(tmp_path, "list", "--json")[1]


def test_a_home_that_is_not_there(tmp_path: Path) -> None:
    code, _, told = audit(tmp_path / "nowhere", "verify")
    assert code == 1
    assert "There is no home" in told
    assert not (tmp_path / "nowhere").exists()
