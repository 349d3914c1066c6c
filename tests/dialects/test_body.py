"""JSON texts are decoded to a depth that what reads them can follow."""

import pytest

from craton.dialects.body import DEEPEST, decode
from craton.dialects.converse import tool_input


def nested(depth: int) -> str:
    return "[" * depth + "]" * depth


def test_a_value_is_decoded_from_text_and_bytes() -> None:
    assert decode('{"a": [1, "ä"]}') == decode('{"a": [1, "ä"]}'.encode()) == {"a": [1, "ä"]}
    assert decode("[" + ",".join(["[{}]"] * 1000) + "]") == [[{}]] * 1000


@pytest.mark.parametrize("depth", [DEEPEST + 1, 500, 980, 100_000])
def test_what_is_too_deep_is_refused(depth: int) -> None:
    decode(nested(DEEPEST))
    with pytest.raises(ValueError, match="nested more than 100 levels deep"):
        decode(nested(depth))
    with pytest.raises(ValueError, match="nested more than 100 levels deep"):
        decode(nested(depth).encode())


@pytest.mark.parametrize("text", ["", "{", "NaN", '"\\ud800"', "\ud800", b"\xff", b'"\xff"', "9" * 5000])
def test_what_is_no_json_is_refused(text: str | bytes) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        decode(text)


def test_the_input_of_a_tool_that_is_no_object_stays_a_text() -> None:
    assert tool_input("") == {}
    assert tool_input('{"a": 1}') == {"a": 1}
    for text in ("[1]", '{"a": ', "\ud800", f'{{"a": {nested(1000)}}}', f'{{"a": {nested(100_000)}}}'):
        assert tool_input(text) == text
