"""Patterns fit the whole text, in the alphabet AWS means, and in bounded time."""

import time

import pytest

from craton.errors import ValidationException
from craton.wire.spec import Service
from craton.wire.validation.patterns import matcher


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("[a-zA-Z0-9_-]+", "my-tool", True),
        ("[a-zA-Z0-9_-]+", "my tool", False),
        ("[a-z]+", "abc\n", False),
        ("^[a-z]+$", "abc\n", False),
        (r"\d+", "١٢٣", False),
        (r"\w+", "é", False),
        (r"\p{L}+", "é", True),
        (r"[^\p{C}]*", "a\x00", False),
        ("(a|ab)", "ab", True),
    ],
)
def test_all_of_a_text_fits_or_none(pattern: str, text: str, fits: bool) -> None:
    assert matcher(pattern)(text) is fits


def test_no_pattern_of_any_service_takes_long(services: dict[str, Service]) -> None:
    """Some of them backtrack exponentially or with the third power of the length."""
    patterns = {shape.pattern for service in services.values() for shape in service.shapes.values() if shape.pattern}
    assert len(patterns) > 400
    for pattern in patterns:
        for text in ("a" * 2000 + "!", "a" + "-" * 2000 + "!", "0" * 2000 + "!", "arn:aws:bedrock:" + "a/" * 800 + " "):
            started = time.process_time()
            try:
                matcher(pattern)(text)
            except ValidationException as error:
                assert "Send a shorter or simpler value" in error.message
            assert time.process_time() - started < 1, pattern
