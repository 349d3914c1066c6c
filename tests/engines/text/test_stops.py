from hypothesis import given
from hypothesis import strategies as st

from craton.engines.text.stops import StopScanner

LETTERS = st.text("ab", max_size=12)


@given(LETTERS, st.lists(st.text("ab", min_size=1, max_size=4), max_size=3), st.integers(1, 3))
def test_text_ends_before_the_first_stop_sequence_however_it_is_cut(text: str, stops: list[str], step: int) -> None:
    scanner = StopScanner(stops)
    shown = "".join(scanner.feed(text[start : start + step]) for start in range(0, len(text), step)) + scanner.rest()
    ends = [end for end in range(len(text) + 1) if text[:end].endswith(tuple(stops))] if stops else []
    if scanner.found is None:
        assert shown == text and not ends
    else:
        assert text.startswith(shown + scanner.found)
        assert not any(stop in shown for stop in stops)


def test_nothing_that_may_become_a_stop_sequence_is_shown_early() -> None:
    scanner = StopScanner(["END"])
    assert scanner.feed("The E") == "The "
    assert scanner.feed("N") == ""
    assert scanner.feed("ough") == "ENough"
    assert scanner.feed("ENDless") == ""
    assert scanner.found == "END"
    assert scanner.feed("more") == ""
