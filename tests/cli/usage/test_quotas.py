"""`craton quotas` on a home without a server."""

import json
from pathlib import Path

import pytest

from tests.command import craton


def test_they_are_set_listed_replaced_and_removed(tmp_path: Path) -> None:
    home = ("--home", str(tmp_path))
    set_ = craton("quotas", "set", "blue", "--tokens-per-minute", "5000", "--tag", "team=blue", "--per", "key", *home)
    assert (set_.returncode, set_.stdout) == (0, "blue is set.\n"), set_.stderr
    craton("quotas", "set", "all", "--account", "*", "--requests-per-minute", "9", "--output-token-rate", "2.5", *home)
    listed = json.loads(craton("quotas", "list", "--json", *home).stdout)
    assert [(each["quotaName"], each["owner"]) for each in listed] == [
        ("blue", "123456789012"),
        ("all", "123456789012"),
    ]
    blue = {"account": "123456789012", "tags": [{"key": "team", "value": "blue"}]}
    assert (listed[0]["appliesTo"], listed[0]["countedPer"], listed[0]["tokensPerMinute"]) == (blue, ["KEY"], 5000)
    assert (listed[1]["appliesTo"], listed[1]["outputTokenRate"]) == ({"account": "*"}, 2.5)
    shown = craton("quotas", "list", *home).stdout.splitlines()
    assert shown[0].split() == ["QUOTA", "SET", "BY", "REQUESTS/MIN", "TOKENS/MIN", "TOKENS/DAY", "AT", "ONCE", "ABOUT"]
    assert "5000" in shown[1] and "team=blue, for each key" in shown[1]
    craton("quotas", "set", "blue", "--concurrent-requests", "2", *home)
    assert craton("quotas", "remove", "all", *home).stdout == "all is removed.\n"
    (left,) = json.loads(craton("quotas", "list", "--json", *home).stdout)
    assert left["concurrentRequests"] == 2 and "tokensPerMinute" not in left


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("set", "q"), "limits nothing"),
        (("set", "a/b", "--requests-per-minute", "1"), "'a/b' is not valid"),
        (("set", "q", "--requests-per-minute", "1", "--account", "me"), "'me' is not valid"),
        (("set", "q", "--requests-per-minute", "1", "--tag", "team"), "key=value"),
        (("remove", "q"), "does not exist"),
        (("remove", "q", "--owner", "111122223333"), "does not exist"),
    ],
)
def test_what_cannot_be_done_is_said(tmp_path: Path, words: tuple[str, ...], told: str) -> None:
    done = craton("quotas", *words, "--home", str(tmp_path))
    assert done.returncode == 1 and told in done.stderr
