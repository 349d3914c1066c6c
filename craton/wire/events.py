"""Frames of `application/vnd.amazon.eventstream`: encoding, incremental decoding, the frames of events and exceptions.

The format is https://smithy.io/2.0/aws/amazon-eventstream.html. Knows nothing of shapes: the writer brings an event's
payload as bytes.
"""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from struct import Struct
from uuid import UUID
from zlib import crc32

from craton.errors import SerializationException

MAX_MESSAGE = 24 * 1024 * 1024
"""Bytes of a whole frame that clients accept, botocore's limit among them."""
MAX_HEADERS = 128 * 1024

JSON = "application/json"
EVENT_STREAM_TYPE = "application/vnd.amazon.eventstream"

PADDED = frozenset({"ConverseStream", "InvokeModelWithResponseStream", "InvokeModelWithBidirectionalStream"})
"""Operations whose events carry the padding string `p` (see `padding`) among their members; the others' do not."""

_PADDING = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
_PRELUDE = Struct(">II")
_CHECKED_PRELUDE = Struct(">III")
_OVERHEAD = _CHECKED_PRELUDE.size + 4
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


class Byte(int):
    """A header of one signed byte."""


class Short(int):
    """A header of two signed bytes."""


class Long(int):
    """A header of eight signed bytes."""


HeaderValue = str | bool | int | bytes | datetime | UUID
"""A plain `int` is a header of four signed bytes; a datetime is in UTC and precise to the millisecond."""

_INTEGERS: dict[type[int], tuple[int, int]] = {Byte: (2, 1), Short: (3, 2), int: (4, 4), Long: (5, 8)}
_FIXED = {0: 0, 1: 0, 2: 1, 3: 2, 4: 4, 5: 8, 8: 8, 9: 16}
"""Bytes of each header type whose size its code tells; 6 (bytes) and 7 (string) state theirs."""


@dataclass(frozen=True, slots=True)
class Message:
    headers: dict[str, HeaderValue]
    payload: bytes


def encode(headers: Sequence[tuple[str, HeaderValue]], payload: bytes) -> bytes:
    return _frame(encode_headers(headers), payload)


def encode_headers(headers: Iterable[tuple[str, HeaderValue]]) -> bytes:
    return b"".join([_encode_header(name, value) for name, value in headers])


def event(
    name: str, payload: bytes, content_type: str = JSON, headers: Sequence[tuple[str, HeaderValue]] = ()
) -> bytes:
    """The frame of one event; `headers` are its members that the model marks `eventheader`."""
    block = _leading_headers(":event-type", name, content_type, "event")
    return _frame(block + encode_headers(headers) if headers else block, payload)


def exception(name: str, payload: bytes) -> bytes:
    """The frame that ends a stream with an error; `name` is the member of the union, such as `throttlingException`."""
    return _frame(_leading_headers(":exception-type", name, JSON, "exception"), payload)


def padding() -> str:
    """A string of random length, 2 to 61 characters, that hides from an eavesdropper how long the text beside it is."""
    return _PADDING[: 2 + int(random.random() * 60)]


class Decoder:
    """Turns bytes, split anywhere, into messages. Holds at most one frame besides the bytes just fed."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[Message]:
        """The messages complete by now. Raises SerializationException at a malformed frame and at every feed after."""
        self._buffer += data
        return self._messages()

    def finish(self) -> None:
        """Raises SerializationException where the input ended inside a frame."""
        if self._buffer:
            raise _malformed(f"it ended inside a frame, after {len(self._buffer)} of the frame's bytes")

    def _messages(self) -> Iterator[Message]:
        while (total := self._frame_length()) is not None:
            message = _decode_frame(bytes(memoryview(self._buffer)[:total]))
            del self._buffer[:total]
            yield message

    def _frame_length(self) -> int | None:
        """The length of the frame at the head of the buffer once all of it is there; its prelude is judged before."""
        if len(self._buffer) < _CHECKED_PRELUDE.size:
            return None
        total, headers, checksum = _CHECKED_PRELUDE.unpack_from(self._buffer)
        if checksum != crc32(self._buffer[: _PRELUDE.size]):
            raise _malformed("the checksum of a frame's prelude does not match")
        if headers > MAX_HEADERS:
            raise _malformed(f"a frame states {headers} bytes of headers, more than {MAX_HEADERS}")
        if not headers + _OVERHEAD <= total <= MAX_MESSAGE:
            raise _malformed(f"a frame states a length of {total} bytes, outside {headers + _OVERHEAD}..{MAX_MESSAGE}")
        return total if len(self._buffer) >= total else None


@lru_cache(maxsize=512)
def _leading_headers(kind: str, name: str, content_type: str, message_type: str) -> bytes:
    return encode_headers(((kind, name), (":content-type", content_type), (":message-type", message_type)))


def _frame(block: bytes, payload: bytes) -> bytes:
    prelude = _PRELUDE.pack(_OVERHEAD + len(block) + len(payload), len(block))
    head = prelude + crc32(prelude).to_bytes(4) + block
    return head + payload + crc32(payload, crc32(head)).to_bytes(4)


def _encode_header(name: str, value: HeaderValue) -> bytes:
    encoded = name.encode()
    return len(encoded).to_bytes(1) + encoded + _encode_value(value)


def _encode_value(value: HeaderValue) -> bytes:
    match value:
        case str():
            encoded = value.encode()
            return b"\x07" + len(encoded).to_bytes(2) + encoded
        case bytes():
            return b"\x06" + len(value).to_bytes(2) + value
        case bool():
            return b"\x00" if value else b"\x01"
        case int():
            code, size = _INTEGERS[type(value)]
            return code.to_bytes(1) + value.to_bytes(size, signed=True)
        case datetime():
            return b"\x08" + ((value - _EPOCH) // _MILLISECOND).to_bytes(8, signed=True)
        case UUID():
            return b"\x09" + value.bytes


def _decode_frame(frame: bytes) -> Message:
    if int.from_bytes(frame[-4:]) != crc32(memoryview(frame)[:-4]):
        raise _malformed("the checksum of a frame does not match")
    start = _CHECKED_PRELUDE.size
    end = start + int.from_bytes(frame[4:8])
    return Message(_decode_headers(frame[start:end]), frame[end:-4])


def _decode_headers(block: bytes) -> dict[str, HeaderValue]:
    headers: dict[str, HeaderValue] = {}
    at = 0
    while at < len(block):
        name_end = at + 1 + block[at]
        if name_end == at + 1 or name_end >= len(block):
            raise _malformed("the name of a header is empty or runs past the header block")
        name = _text(block[at + 1 : name_end])
        code, start = block[name_end], name_end + 1
        if (size := _FIXED.get(code)) is None:
            if code not in (6, 7):
                raise _malformed(f"the header {name!r} has the unknown type {code}")
            size = int.from_bytes(block[start : start + 2])
            start += 2
        at = start + size
        if at > len(block):
            raise _malformed(f"the value of the header {name!r} runs past the header block")
        if name in headers:
            raise _malformed(f"a frame has the header {name!r} twice")
        headers[name] = _decode_value(code, block[start:at])
    return headers


def _decode_value(code: int, data: bytes) -> HeaderValue:
    match code:
        case 7:
            return _text(data)
        case 6:
            return data
        case 0 | 1:
            return code == 0
        case 8:
            return _instant(int.from_bytes(data, signed=True))
        case 9:
            return UUID(bytes=data)
        case _:
            number = int.from_bytes(data, signed=True)
            return next(kind(number) for kind, (own, _) in _INTEGERS.items() if own == code)


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise _malformed(f"the header text {data[:64]!r} is not UTF-8") from None


def _instant(milliseconds: int) -> datetime:
    try:
        return _EPOCH + milliseconds * _MILLISECOND
    except OverflowError:
        raise _malformed(f"the header timestamp {milliseconds} is not a date of the years 1 to 9999") from None


def _malformed(what: str) -> SerializationException:
    return SerializationException(
        f"The event stream cannot be read: {what}. Send frames as application/vnd.amazon.eventstream defines them."
    )
