import re

from hypothesis import given, settings
from hypothesis import strategies as st

from craton.engines.grammar.texts import languages
from craton.engines.grammar.texts.languages import accepts
from craton.engines.grammar.texts.patterns import language_of

SIMPLE = st.recursive(
    st.sampled_from(["a", "b", "[ab]", "."]),
    lambda inner: (
        st.builds("(?:{}|{})".format, inner, inner)
        | st.builds("{}{}".format, inner, inner)
        | st.builds("(?:{})*".format, inner)
        | st.builds("(?:{}){{1,2}}".format, inner)
    ),
    max_leaves=6,
)
TEXTS = st.text("abc", max_size=6)


@settings(max_examples=300, deadline=None)
@given(SIMPLE, SIMPLE, TEXTS, st.integers(0, 4), st.integers(0, 4))
def test_sets_of_texts_are_combined_exactly(left: str, right: str, text: str, least: int, more: int) -> None:
    first, second = language_of(f"^(?:{left})$"), language_of(f"^(?:{right})$")
    in_first, in_second = (re.fullmatch(pattern, text) is not None for pattern in (left, right))
    assert accepts(first, text) == in_first
    assert accepts(languages.intersection(first, second), text) == (in_first and in_second)
    assert accepts(languages.difference(first, second), text) == (in_first and not in_second)
    assert accepts(languages.complement(first), text) == (not in_first)
    bounded = languages.intersection(first, languages.of_length(least, least + more))
    assert accepts(bounded, text) == (in_first and least <= len(text) <= least + more)
    low, high = languages.lengths(first)
    assert not in_first or low <= len(text) <= (len(text) if high is None else high)


def test_lengths_of_one_repetition_cost_no_states() -> None:
    assert languages.intersection(language_of("^[a-z][a-z0-9]*$"), languages.of_length(0, 5000)).plain
