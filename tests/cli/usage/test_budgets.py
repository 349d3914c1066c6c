"""`craton budgets` on a home without a server."""

import json
from pathlib import Path

import pytest

from tests.command import craton


def test_they_are_set_listed_and_removed(tmp_path: Path) -> None:
    home = ("--home", str(tmp_path))
    done = craton("budgets", "set", "blue", "12.50", "EUR", "--threshold", "80", "--model", "up.*", *home)
    assert (done.returncode, done.stdout) == (0, "blue is set.\n"), done.stderr
    (listed,) = json.loads(craton("budgets", "list", "--json", *home).stdout)
    assert (listed["amount"], listed["currency"], listed["thresholds"]) == ("12.50", "EUR", [80.0])
    assert listed["use"] == [
        {"countedFor": {}, "spent": "0.00", "reserved": "0.00", "left": "12.50", "forecast": "0.00"}
    ]
    shown = craton("budgets", "list", *home).stdout.splitlines()
    assert shown[1].split() == ["blue", "123456789012", "12.50", "EUR", "0.00", "0.00", "123456789012", "up.*"]
    assert craton("budgets", "remove", "blue", *home).stdout == "blue is removed.\n"
    assert json.loads(craton("budgets", "list", "--json", *home).stdout) == []


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("set", "b", "much", "EUR"), "'much' is no amount of money"),
        (("set", "b", "1e400", "EUR"), "no amount of money"),
        (("set", "b", "1", "euro"), "'euro' is no currency"),
        (("set", "a b", "1", "EUR"), "'a b' is not valid"),
        (("remove", "b"), "does not exist"),
    ],
)
def test_what_cannot_be_done_is_said(tmp_path: Path, words: tuple[str, ...], told: str) -> None:
    done = craton("budgets", *words, "--home", str(tmp_path))
    assert done.returncode == 1 and told in done.stderr
    assert json.loads(craton("budgets", "list", "--json", "--home", str(tmp_path)).stdout) == []
