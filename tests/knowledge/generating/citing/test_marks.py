"""Marks that a model writes for its sources."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from craton.knowledge.generating.citing.marks import Mark, Marks

TEXT = "Blue %[1]%. Green%[2][3]% is 50 % of <it>.<sources><source>2</source>\n<source>1</source></sources> End %["


def read(*pieces: str, most: int = 3, parts: bool = False) -> list[str | Mark]:
    marks = Marks(most, parts=parts)
    found = [each for piece in pieces for each in marks.feed(piece)] + marks.rest()
    joined: list[str | Mark] = []
    for each in found:
        if isinstance(each, str) and joined and isinstance(joined[-1], str):
            joined[-1] += each
        else:
            joined.append(each)
    return joined


def test_marks_go_and_tell_their_numbers() -> None:
    assert read(TEXT) == [
        "Blue",
        Mark((1,)),
        ". Green",
        Mark((2, 3)),
        " is 50 % of <it>.",
        Mark((2, 1)),
        " End %[",
    ]


@pytest.mark.parametrize("text", ["See %[4]%.", "See %[0]%.", "<sources>9</sources>", "a[1] %d% <source>1</source>"])
def test_what_names_no_search_result_is_text(text: str) -> None:
    assert read(text) == [text]


@given(st.lists(st.integers(0, len(TEXT)), max_size=8))
def test_the_pieces_in_which_a_text_comes_do_not_matter(places: list[int]) -> None:
    borders = sorted({0, len(TEXT), *places})
    assert read(*(TEXT[start:end] for start, end in itertools.pairwise(borders))) == read(TEXT)


def test_the_tags_of_an_answer_in_parts_go_where_it_has_parts() -> None:
    text = "<answer>\n<answer_part>\n<text>One.</text>\n<sources><source>1</source></sources></answer_part></answer>"
    assert read(text, parts=True) == ["One.", Mark((1,)), Mark(ends=True)]
    assert read(text)[0] == "<answer>\n<answer_part>\n<text>One.</text>"


def test_text_that_cannot_become_a_mark_goes_out_at_once() -> None:
    marks = Marks(1)
    assert marks.feed("50 %") == ["50"]
    assert marks.feed(" of it") == [" % of it"]
