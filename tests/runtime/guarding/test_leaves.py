"""The texts inside JSON values."""

from craton.runtime.guarding.leaves import replaced, texts_of


def test_texts_names_and_numbers_are_found_and_go_back() -> None:
    value = {"to": ["eve", 2, True, None], "of": {"n": 1.5}}
    assert texts_of(value) == ["to", "eve", "2", "of", "n", "1.5"]
    assert replaced(value, texts_of(value)) == value
    assert replaced(value, ["to", "{NAME}", "2", "of", "n", "{AGE}"]) == {
        "to": ["{NAME}", 2, True, None],
        "of": {"n": "{AGE}"},
    }
