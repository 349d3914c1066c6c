"""Length-prefixed msgpack frames: how the supervisor and a worker process talk.

A request frame is `(id, verb, value)`, an answer frame a list of `(id, kind, value)`: all that one engine step
produced travels in one write. Knows no engine and no process.
"""

from collections.abc import Iterator
from typing import Any, Generic, TypeVar

import msgspec

Message = tuple[int, str, Any]
T = TypeVar("T")

MAX_FRAME = 256 * 1024 * 1024
_LENGTH = 4
_encoder = msgspec.msgpack.Encoder()


class FrameError(Exception):
    """The other side does not speak this protocol."""


def encode(value: object) -> bytes:
    """One frame. Raises FrameError for what msgpack cannot hold, such as integers beyond 64 bits."""
    frame = bytearray(_LENGTH)
    try:
        _encoder.encode_into(value, frame, _LENGTH)
    except (OverflowError, TypeError, ValueError) as error:
        raise FrameError(str(error)) from error
    frame[:_LENGTH] = (len(frame) - _LENGTH).to_bytes(_LENGTH, "little")
    return bytes(frame)


class Frames(Generic[T]):
    """Cuts a byte stream into decoded frames of one type."""

    def __init__(self, type: Any, limit: int = MAX_FRAME) -> None:
        self._decoder: msgspec.msgpack.Decoder[T] = msgspec.msgpack.Decoder(type)
        self._limit = limit
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[T]:
        """Every frame that `data` completes. Raises FrameError for an oversized or malformed frame."""
        buffer = self._buffer
        buffer += data
        start = 0
        try:
            while len(buffer) - start >= _LENGTH:
                length = int.from_bytes(buffer[start : start + _LENGTH], "little")
                if length > self._limit:
                    raise FrameError(f"a frame of {length} bytes exceeds the limit of {self._limit}")
                end = start + _LENGTH + length
                if len(buffer) < end:
                    break
                with memoryview(buffer) as view, view[start + _LENGTH : end] as body:
                    frame = self._decode(body)
                start = end
                yield frame
        finally:
            del buffer[:start]

    @property
    def partial(self) -> bool:
        """Whether a frame has begun that has not ended."""
        return bool(self._buffer)

    def _decode(self, body: memoryview) -> T:
        try:
            return self._decoder.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise FrameError(str(error)) from error
