"""Cuts and windows depend on the text, never on its pieces; they cover it, and nothing waits longer than is stated."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from craton.guardrails.assessing.segments import CONTEXT, LONGEST, REACH, Segment, Segments

PARTS = ["word ", "Satz. ", "x" * 50, "Zeile\n", "e\u0301", "👩‍👩‍👧", "。", "  "]
TEXTS = st.builds(
    lambda parts, times: "".join(parts) * times,
    st.lists(st.sampled_from(PARTS), min_size=1, max_size=30),
    st.integers(1, 60),
)


def cut(*pieces: str) -> list[Segment]:
    segments = Segments()
    made = [segment for piece in pieces for segment in segments.feed(piece)]
    last = segments.end()
    return [*made, last] if last else made


@given(TEXTS, st.lists(st.integers(0, 5000), max_size=40))
def test_segments_are_those_of_the_text_in_whatever_pieces_it_comes(text: str, at: list[int]) -> None:
    cuts = [0, *sorted(at), len(text)]
    assert cut(*(text[a:b] for a, b in pairwise(cuts))) == cut(text)


@given(TEXTS)
def test_segments_cover_the_text_once_each_within_what_surrounds_it(text: str) -> None:
    at = 0
    for segment in cut(text):
        assert segment.start == at
        assert 0 < segment.end - segment.start <= LONGEST + (REACH if segment.end == len(text) else 0)
        window = segment.window
        assert window.offset == max(segment.start - CONTEXT, 0)
        assert window.offset + window.fresh == segment.start
        assert window.text == text[window.offset : segment.end + REACH]
        at = segment.end
    assert at == len(text)


@given(TEXTS)
def test_no_character_waits_for_more_than_a_segment_and_what_is_ahead_of_it(text: str) -> None:
    segments, settled = Segments(), 0
    for arrived, character in enumerate(text, start=1):
        for segment in segments.feed(character):
            settled = segment.end
        assert arrived - settled <= LONGEST + REACH


def test_cuts_stand_where_sentences_end() -> None:
    text = "A sentence of some words, as they are written. " * 40
    assert all(text[: segment.end].endswith(". ") for segment in cut(text))


def test_without_sentences_cuts_stand_where_words_end() -> None:
    text = "word " * 400
    assert all(text[: segment.end].endswith(" ") for segment in cut(text))


def test_a_text_that_is_there_at_once_is_cut_in_time_that_grows_as_it_does() -> None:
    text = "word " * 200_000
    assert cut(text)[-1].end == len(text)


def test_an_empty_text_has_no_segment() -> None:
    assert cut("") == []
