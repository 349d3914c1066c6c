"""`craton prices`, on a home without a server."""

import json
from pathlib import Path

import pytest

from tests.command import craton


def prices(home: Path, *arguments: str) -> str:
    done = craton("prices", *arguments, "--home", str(home))
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_prices_are_set_listed_and_removed(tmp_path: Path) -> None:
    (tmp_path / "craton.toml").write_text('[prices."claude.*"]\ninput = 3\noutput = 15\n')
    prices(tmp_path, "set", "acme.large", "--input", "0.5", "--currency", "EUR")
    found = json.loads(prices(tmp_path, "list", "--json"))
    assert [(price["modelPattern"], price["source"]) for price in found] == [
        ("acme.large", "OPERATION"),
        ("claude.*", "CONFIGURATION"),
    ]
    assert (found[0]["inputPrice"], found[0]["currency"]) == (0.5, "EUR")
    (line,) = [line for line in prices(tmp_path, "list").splitlines() if line.startswith("acme.large")]
    assert line.split() == ["acme.large", "0.5", "0.0", "-", "-", "0.0", "EUR", "operation"]
    prices(tmp_path, "remove", "acme.large")
    assert "acme.large" not in prices(tmp_path, "list")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("set", "m", "--input", "-1"), "The price of 'm' is not valid"),
        (("set", "m", "--input", "much"), "The price of 'm' is not valid"),
        (("remove", "m"), "No price was set for 'm'"),
    ],
)
def test_what_cannot_be_done_is_told(tmp_path: Path, arguments: tuple[str, ...], told: str) -> None:
    done = craton("prices", *arguments, "--home", str(tmp_path))
    assert done.returncode == 1 and told in done.stderr
