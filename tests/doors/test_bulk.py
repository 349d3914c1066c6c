"""What a body holds is counted before it is parsed; braces within texts are no objects."""

import time

import pytest

from craton.config import Limits
from craton.doors import bulk
from craton.errors import RequestEntityTooLargeException

LIMITS = Limits(body_values=10)


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 11,
        b'{"a": [' + b"{}," * 10 + b"{}]}",
        b'["a", {}' + b", []" * 10,
        rb'["\"", "[\\", [], [], [], [], [], [], [], [], [], [], []]',
    ],
)
def test_more_than_that_is_refused(body: bytes) -> None:
    with pytest.raises(RequestEntityTooLargeException, match="more than the 10 JSON arrays and objects"):
        bulk.check(body, LIMITS)


@pytest.mark.parametrize(
    "body",
    [
        b"[[], [], [], {}, {}, {}, [], [], []]",
        b'{"code": "' + b"{[" * 1000 + b'"}',
        rb'{"code": "a \" {{{{{{{{{{{{{{{{{ \\", "b": "[[[[[[[[[[[[[\\\""}',
        b'["' + b"[" * 1000,  # what is no JSON the reader refuses
        b"",
    ],
)
def test_texts_may_hold_what_they_like(body: bytes) -> None:
    bulk.check(body, LIMITS)


@pytest.mark.parametrize("part", [b'"', b"\\", b'\\"', b'"\\', b'{"a":"', b"[]"])
def test_it_is_counted_in_one_go(part: bytes) -> None:
    body = b"[" * 11 + part * (2_000_000 // len(part))
    started = time.process_time()
    with pytest.raises(RequestEntityTooLargeException):
        bulk.check(body, LIMITS)
    assert time.process_time() - started < 2
