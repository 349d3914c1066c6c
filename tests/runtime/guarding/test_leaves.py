"""The texts inside JSON values."""

import pytest

from craton.errors import ValidationException
from craton.runtime.guarding.leaves import replaced, texts_of


def test_texts_names_and_numbers_are_found_and_go_back() -> None:
    value = {"to": ["eve", 2, True, None], "of": {"n": 1.5}}
    assert texts_of(value) == ["to", "eve", "2", "of", "n", "1.5"]
    assert replaced(value, texts_of(value)) == value
    assert replaced(value, ["to", "{NAME}", "2", "of", "n", "{AGE}"]) == {
        "to": ["{NAME}", 2, True, None],
        "of": {"n": "{AGE}"},
    }


def test_very_many_texts_are_judged_as_one() -> None:
    value = {f"k{number}": ["eve", number, {}] for number in range(1000)}
    (text,) = texts_of(value)
    assert replaced(value, [text]) == value
    masked = replaced(value, [text.replace("eve", "{NAME}").replace("\n17\n", "\n{AGE}\n")])
    assert masked == {f"k{number}": ["{NAME}", number if number != 17 else "{AGE}", {}] for number in range(1000)}
    with pytest.raises(ValidationException, match="cannot be read"):
        replaced(value, ["{ADDRESS}"])
