import pytest
from hypothesis import given
from hypothesis import strategies as st

from craton.engines.frames import FrameError, Frames, Message, encode

VALUES = st.recursive(st.none() | st.booleans() | st.text() | st.binary(), lambda inner: st.lists(inner, max_size=3))


@given(st.lists(st.tuples(st.integers(0, 2**32), st.text(), VALUES), max_size=5), st.integers(1, 7))
def test_frames_survive_any_cut_of_the_stream(messages: list[Message], step: int) -> None:
    data = b"".join(encode(message) for message in messages)
    frames = Frames[Message](Message)
    read = [frame for start in range(0, len(data), step) for frame in frames.feed(data[start : start + step])]
    assert read == messages


@pytest.mark.parametrize(
    "data",
    [
        (1 << 31).to_bytes(4, "little"),
        encode("not a message"),
        encode((1, 2, 3)),
        encode((1, "converse")),
        (3).to_bytes(4, "little") + b"\xc1\xc1\xc1",
        (4).to_bytes(4, "little") + b"\x93\x01\xa1\xff",
        (0).to_bytes(4, "little"),
        (4000).to_bytes(4, "little") + b"\x91" * 4000,
    ],
    ids=["huge", "wrong type", "wrong item", "too short", "not msgpack", "not utf-8", "empty", "deeply nested"],
)
def test_hostile_frames_are_refused(data: bytes) -> None:
    with pytest.raises(FrameError):
        list(Frames[Message](Message).feed(data))


def test_a_value_msgpack_cannot_hold_is_refused() -> None:
    with pytest.raises(FrameError):
        encode((1, "converse", {"seed": 2**70}))
