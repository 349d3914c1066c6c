from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from craton.engines.remote.calls.sse import EventTooLongError, ServerSentEvents


def events(*parts: bytes) -> list[bytes]:
    lines = ServerSentEvents()
    return [*(event for part in parts for event in lines.feed(part)), *lines.end()]


def test_fields_comments_and_line_ends() -> None:
    assert events(b": hello\nevent: x\nid: 1\ndata: a\n\n") == [b"a"]
    assert events(b"data:a\ndata:  b\n\n\n\ndata: c\r\n\r\ndata: d\r\r") == [b"a\n b", b"c", b"d"]
    assert events(b'error: {"code": 1}\n\n') == [b'{"code": 1}']
    assert events(b"data\n\n") == [b""]


def test_an_event_without_its_empty_line_counts_a_line_without_its_end_does_not() -> None:
    assert events(b"data: a\n\ndata: b\n") == [b"a", b"b"]
    assert events(b"data: a\n\ndata: b") == [b"a"]


def test_what_is_too_long_is_refused() -> None:
    for data in b"x" * 101, b"data: " + b"x" * 101 + b"\n", b"data: xxxxxxxxx\n" * 12:
        with pytest.raises(EventTooLongError):
            list(ServerSentEvents(longest=100).feed(data))


TEXT = "data: Grüße\n\n: c\n\ndata: one\ndata: two\n\nevent: e\ndata: 🙂\n\n"


@given(st.lists(st.integers(0, len(TEXT.encode()) + 12), max_size=20), st.sampled_from(["\n", "\r\n", "\r"]))
def test_however_it_is_cut_it_is_the_same(cuts: list[int], line_end: str) -> None:
    data = TEXT.replace("\n", line_end).encode()
    parts = [data[start:end] for start, end in pairwise([0, *sorted(cuts), max(len(data), *cuts, 0)])]
    assert events(*parts) == ["Grüße".encode(), b"one\ntwo", "🙂".encode()]
