"""Tokens are counted by a rule that anybody can repeat."""

import tracemalloc

import pytest

from craton.knowledge.chunking.tokens import Tokens, count


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("", 0),
        ("  \n", 0),
        ("Haus", 1),
        ("Versicherung", 2),
        ("2024", 2),
        ("東京都", 3),
        ("a_b", 3),
        ("---", 1),
        ("?!", 2),
    ],
)
def test_count(text: str, number: int) -> None:
    assert count(text) == number


def test_a_text_cut_where_a_token_begins_has_as_many_in_its_parts() -> None:
    text = "Krankenversicherungsbeitrag, 12345 x_y 東京"
    tokens = Tokens.of(text)
    for number in range(len(tokens.starts) + 1):
        place = tokens.place(number)
        assert count(text[:place]) == number
        assert count(text[place:]) == len(tokens.starts) - number


def test_no_more_is_held_than_where_each_begins() -> None:
    tracemalloc.start()
    found = Tokens.of("a " * 200_000)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 2 * found.starts.itemsize * len(found.starts)
