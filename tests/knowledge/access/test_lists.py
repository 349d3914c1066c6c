"""Access control lists: who may see what, and that chunks and their filter agree with it."""

from typing import Any

import pytest

from craton.errors import ValidationException
from craton.knowledge.access.lists import Entry, allows, attributes, filter_of, read, told
from craton.store.vectors.filters import holds

ADA, BOB = {"userId": "ada@example.com"}, {"userId": "bob@example.com"}


def entry(name: str, access: str = "ALLOW") -> Entry:
    return Entry(name=name, type="USER", access=access)


@pytest.mark.parametrize(
    ("entries", "user", "sees"),
    [
        (None, None, True),
        (None, ADA, True),
        ([], None, False),
        ([], ADA, False),
        ([entry("ada@example.com")], ADA, True),
        ([entry("ada@example.com")], BOB, False),
        ([entry("ada@example.com")], None, False),
        ([entry("ada@example.com"), entry("ada@example.com", "DENY")], ADA, False),
        ([entry("bob@example.com", "DENY")], ADA, False),
        ([entry(" Ada@Example.COM ")], ADA, True),
        ([entry("Ada@example.com"), entry("ada@EXAMPLE.com", "DENY")], ADA, False),
        ([entry("ada@example.com.evil.org")], ADA, False),
        ([entry("x-ada@example.com")], ADA, False),
        ([entry(" ")], {"userId": " "}, False),
        ([entry("ÄDA@example.com")], {"userId": "äda@example.com"}, True),
        ([entry("strasse@example.com")], {"userId": "straße@example.com"}, False),
        ([entry("sam@example.com")], {"userId": "ſam@example.com"}, False),
        ([entry("kim@example.com")], {"userId": "\N{KELVIN SIGN}im@example.com"}, False),
        ([entry("ida@example.com")], {"userId": "\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}da@example.com"}, False),
    ],
)
def test_who_sees_a_document(entries: list[Entry] | None, user: dict[str, str] | None, sees: bool) -> None:
    assert allows(entries, user) is sees
    assert holds(filter_of(user), attributes(entries)) is sees


def test_what_a_document_says_of_itself_changes_nothing() -> None:
    """A user's name among a document's own attributes is no allowance."""
    mine = attributes([entry("bob@example.com")]) | {"allowed": ["ada@example.com"]}
    assert not holds(filter_of(ADA), mine)


def test_what_nothing_is_said_of_is_nobodys() -> None:
    for user in (None, ADA):
        assert not holds(filter_of(user), {})


def test_read_from_a_metadata_file() -> None:
    written = [{"Name": "ada@example.com", "Type": "USER", "Access": "ALLOW"}]
    assert read(written, "a.pdf.metadata.json") == [entry("ada@example.com")]


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        ["ada@example.com"],
        [{"name": "ada@example.com", "type": "USER", "access": "ALLOW"}],
        [{"Name": "ada@example.com", "Type": "GROUP", "Access": "ALLOW"}],
        [{"Name": "ada@example.com", "Type": "USER", "Access": "allow"}],
        [{"Name": " ", "Type": "USER", "Access": "ALLOW"}],
        [{"Name": 1, "Type": "USER", "Access": "ALLOW"}],
    ],
)
def test_a_list_that_cannot_be_read_names_its_file(wrong: Any) -> None:
    with pytest.raises(ValidationException, match=r"a\.pdf\.metadata\.json"):
        read(wrong, "a.pdf.metadata.json")


def test_told_with_both_lists() -> None:
    shown = told([entry("b@x.org"), entry("a@x.org"), entry("c@x.org", "DENY")])
    users = {name: each["conditions"][0]["users"] for name, each in shown.items()}
    assert [user["id"] for user in users["allowList"]] == ["a@x.org", "b@x.org"]
    assert [user["id"] for user in users["denyList"]] == ["c@x.org"]
    assert told(None) == {}
