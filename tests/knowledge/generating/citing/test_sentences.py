"""Sentences of a text that is still being written."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from craton.knowledge.generating.citing.sentences import Sentences

TEXT = (
    "Am 14. Mai eröffnete Dr. Vogt das Werk (z. B. für Pumpen). Wie hoch ist es? 41 Metres!\n"
    '- "Erste Zeile." Danach mehr\n\n2. Zweite Zeile\n  Ende ohne Punkt  '
)
PARTS = [
    "Am 14. Mai eröffnete Dr. Vogt das Werk (z. B. für Pumpen).",
    "Wie hoch ist es?",
    "41 Metres!",
    '- "Erste Zeile."',
    "Danach mehr",
    "2. Zweite Zeile",
    "Ende ohne Punkt",
]


def cut(*pieces: str) -> list[tuple[str, int, int]]:
    sentences = Sentences()
    found = [sentence for piece in pieces for sentence in sentences.feed(piece)] + sentences.rest()
    return [(each.text, each.start, each.end) for each in found]


def test_sentences_are_cut_where_they_end_and_nowhere_else() -> None:
    assert [text for text, _, _ in cut(TEXT)] == PARTS


def test_places_are_those_of_the_whole_text() -> None:
    assert all(TEXT[start:end] == text for text, start, end in cut(TEXT))


@given(st.lists(st.integers(0, len(TEXT)), max_size=8))
def test_the_pieces_in_which_a_text_comes_do_not_matter(places: list[int]) -> None:
    borders = sorted({0, len(TEXT), *places})
    pieces = [TEXT[start:end] for start, end in itertools.pairwise(borders)]
    assert cut(*pieces) == cut(TEXT)


def test_a_sentence_is_told_as_soon_as_the_next_one_begins() -> None:
    sentences = Sentences()
    assert not sentences.feed("One. ")
    assert [each.text for each in sentences.feed("T")] == ["One."]


def test_what_is_to_stay_whole_is_cut_where_that_is_asked_for() -> None:
    sentences = Sentences(uncut=True)
    assert not sentences.feed("One. Two.\nThree. ")
    assert [each.text for each in sentences.rest()] == ["One. Two.\nThree."]
    assert [(each.text, each.start) for each in [*sentences.feed("Four."), *sentences.rest()]] == [("Four.", 17)]
