"""Event-stream frames against botocore's reader, the published examples, recorded streams and hostile bytes."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from struct import pack
from typing import Any
from uuid import UUID
from zlib import crc32

import pytest
from botocore.eventstream import EventStreamBuffer
from hypothesis import given, settings
from hypothesis import strategies as st

from craton.errors import SerializationException
from craton.wire import events
from craton.wire.events import Byte, Decoder, HeaderValue, Long, Message, Short

MOMENT = datetime(2026, 1, 2, 3, 4, 5, 678000, tzinfo=UTC)
ALL_TYPES: list[tuple[str, HeaderValue]] = [
    ("yes", True),
    ("no", False),
    ("byte", Byte(-7)),
    ("short", Short(-32768)),
    ("int", 2**31 - 1),
    ("long", Long(-(2**63))),
    ("bytes", b"\x00\xff"),
    ("text", "naïve €"),
    ("moment", MOMENT),
    ("id", UUID("12345678-1234-5678-1234-567812345678")),
]


def decode(data: bytes) -> list[Message]:
    decoder = Decoder()
    messages = list(decoder.feed(data))
    decoder.finish()
    return messages


def read_with_botocore(data: bytes) -> list[Any]:
    buffer = EventStreamBuffer()
    buffer.add_data(data)
    return list(buffer)


def raw_frame(block: bytes, payload: bytes = b"", *, total: int | None = None, headers: int | None = None) -> bytes:
    """A frame whose checksums hold, whatever its lengths and its header block say."""
    true_total = 16 + len(block) + len(payload)
    prelude = pack(">II", true_total if total is None else total, len(block) if headers is None else headers)
    head = prelude + pack(">I", crc32(prelude)) + block + payload
    return head + pack(">I", crc32(head))


class TestEncode:
    @pytest.mark.parametrize(
        ("headers", "payload", "frame"),
        [
            ([], b"", b"\x00\x00\x00\x10\x00\x00\x00\x00\x05\xc2H\xeb}\x98\xc8\xff"),
            (
                [("event-id", 0x0000A00C)],
                b"{'foo':'bar'}",
                b"\x00\x00\x00+\x00\x00\x00\x0e4\x8b\xec{\x08event-id\x04\x00\x00\xa0\x0c{'foo':'bar'}\xd3\x89\x02\x85",
            ),
        ],
    )
    def test_writes_the_published_examples(
        self, headers: list[tuple[str, HeaderValue]], payload: bytes, frame: bytes
    ) -> None:
        assert events.encode(headers, payload) == frame
        assert decode(frame) == [Message(dict(headers), payload)]

    def test_botocore_reads_every_header_type(self) -> None:
        (message,) = read_with_botocore(events.encode(ALL_TYPES, b"payload"))
        as_botocore = {
            "moment": int(MOMENT.timestamp() * 1000),
            "id": UUID("12345678-1234-5678-1234-567812345678").bytes,
        }
        assert message.headers == {**dict(ALL_TYPES), **as_botocore}
        assert message.payload == b"payload"

    def test_types_survive_the_round_trip(self) -> None:
        (message,) = decode(events.encode(ALL_TYPES, b""))
        assert list(message.headers.items()) == ALL_TYPES
        assert [type(value) for value in message.headers.values()] == [type(value) for _, value in ALL_TYPES]


HEADER_VALUES = st.one_of(
    st.booleans(),
    st.integers(-(2**7), 2**7 - 1).map(Byte),
    st.integers(-(2**15), 2**15 - 1).map(Short),
    st.integers(-(2**31), 2**31 - 1),
    st.integers(-(2**63), 2**63 - 1).map(Long),
    st.binary(max_size=40),
    st.text(max_size=20),
    st.datetimes(timezones=st.just(UTC)).map(
        lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    ),
    st.uuids(),
)
HEADERS = st.dictionaries(st.text(min_size=1, max_size=20), HEADER_VALUES, max_size=6)
MESSAGES = st.lists(st.builds(Message, HEADERS, st.binary(max_size=300)), max_size=5)


class TestDecoder:
    @settings(max_examples=100)
    @given(messages=MESSAGES, data=st.data())
    def test_reads_what_was_written_however_it_is_split(self, messages: list[Message], data: st.DataObject) -> None:
        stream = b"".join(events.encode(list(message.headers.items()), message.payload) for message in messages)
        cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
        decoder = Decoder()
        read = [
            message
            for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True)
            for message in decoder.feed(stream[start:end])
        ]
        decoder.finish()
        assert read == messages

    def test_byte_by_byte_gives_each_message_with_its_last_byte(self) -> None:
        frame = events.event("chunk", b"{}")
        decoder = Decoder()
        assert [len(list(decoder.feed(frame[at : at + 1]))) for at in range(len(frame))] == [0] * (len(frame) - 1) + [1]

    def test_messages_before_a_malformed_one_are_delivered(self) -> None:
        messages = Decoder().feed(events.event("chunk", b"1") + b"\x00" * 12)
        assert next(messages).payload == b"1"
        with pytest.raises(SerializationException, match="prelude"):
            next(messages)

    def test_stays_refusing_after_a_malformed_frame(self) -> None:
        decoder = Decoder()
        for data in (b"\xff" * 12, events.event("chunk", b"{}")):
            with pytest.raises(SerializationException):
                list(decoder.feed(data))

    @settings(max_examples=100)
    @given(st.binary(max_size=200))
    def test_garbage_is_refused_or_waited_for(self, garbage: bytes) -> None:
        decoder = Decoder()
        try:
            assert list(decoder.feed(garbage)) == [] or crc32(garbage[:8]) == int.from_bytes(garbage[8:12])
        except SerializationException:
            return

    @settings(max_examples=100)
    @given(st.binary(max_size=60))
    def test_header_blocks_of_garbage_never_fail_otherwise(self, block: bytes) -> None:
        try:
            (message,) = decode(raw_frame(block, b"x"))
        except SerializationException:
            return
        assert events.encode_headers(message.headers.items()) == block

    def test_every_changed_byte_is_noticed(self) -> None:
        frame = events.encode(ALL_TYPES, b'{"text":"hello"}')
        for at in range(len(frame)):
            changed = bytearray(frame)
            changed[at] ^= 0x41
            with pytest.raises(SerializationException):
                decode(bytes(changed))

    @pytest.mark.parametrize(
        ("data", "complaint"),
        [
            (events.event("chunk", b"{}")[:-1], "ended inside a frame"),
            (events.event("chunk", b"{}")[:5], "ended inside a frame"),
            (raw_frame(b"", total=15), "a length of 15 bytes"),
            (raw_frame(b"", total=0), "a length of 0 bytes"),
            (raw_frame(b"", total=16, headers=1), "a length of 16 bytes"),
            (raw_frame(b"", total=events.MAX_MESSAGE + 1), "a length of 25165825 bytes"),
            (raw_frame(b"", total=2**32 - 1), "a length of 4294967295 bytes"),
            (raw_frame(b"", total=2**20, headers=events.MAX_HEADERS + 1), "bytes of headers"),
            (raw_frame(b"\x00\x00"), "name of a header"),
            (raw_frame(b"\x05ab"), "name of a header"),
            (raw_frame(b"\x01a"), "name of a header"),
            (raw_frame(b"\x01a\x0a"), "unknown type 10"),
            (raw_frame(b"\x01a\x07\x00"), "runs past the header block"),
            (raw_frame(b"\x01a\x07\x00\x05hell"), "runs past the header block"),
            (raw_frame(b"\x01a\x06\xff\xff"), "runs past the header block"),
            (raw_frame(b"\x01a\x04\x00\x00"), "runs past the header block"),
            (raw_frame(b"\x01a\x00\x01a\x01"), "twice"),
            (raw_frame(b"\x01\xff\x00"), "not UTF-8"),
            (raw_frame(b"\x01a\x07\x00\x01\xff"), "not UTF-8"),
            (raw_frame(b"\x01a\x08" + b"\x7f" * 8), "not a date"),
        ],
    )
    def test_refuses_malformed_frames(self, data: bytes, complaint: str) -> None:
        with pytest.raises(SerializationException, match=complaint):
            decode(data)

    def test_a_stated_length_is_judged_before_the_frame_is_awaited(self) -> None:
        with pytest.raises(SerializationException):
            list(Decoder().feed(raw_frame(b"", total=2**31)[:12]))


class TestEvents:
    def test_headers_are_in_the_order_of_the_service(self) -> None:
        (message,) = read_with_botocore(events.event("contentBlockDelta", b"{}"))
        assert list(message.headers.items()) == [
            (":event-type", "contentBlockDelta"),
            (":content-type", "application/json"),
            (":message-type", "event"),
        ]

    def test_members_may_travel_as_headers_and_bytes(self) -> None:
        frame = events.event("part", b"\x00", "application/octet-stream", headers=[("index", 3)])
        assert decode(frame) == [
            Message(
                {
                    ":event-type": "part",
                    ":content-type": "application/octet-stream",
                    ":message-type": "event",
                    "index": 3,
                },
                b"\x00",
            )
        ]

    def test_botocore_sees_an_exception_as_an_error(self) -> None:
        (message,) = read_with_botocore(events.exception("throttlingException", b'{"message":"Slow down."}'))
        assert list(message.headers) == [":exception-type", ":content-type", ":message-type"]
        response = message.to_response_dict()
        assert response["status_code"] == 400
        assert response["headers"][":exception-type"] == "throttlingException"

    def test_padding_hides_lengths(self) -> None:
        drawn = {events.padding() for _ in range(5000)}
        assert {len(padding) for padding in drawn} == set(range(2, 62))
        assert max(drawn, key=len).startswith(min(drawn, key=len))


def recorded_streams(folder: Path, operation: str) -> Iterator[list[dict[str, Any]]]:
    for line in (folder / "golden" / f"bedrock-runtime.{operation}.jsonl").read_text().splitlines():
        body = json.loads(line)["response"]["body"]
        if body["kind"] == "eventstream":
            yield body["events"]


@pytest.mark.parametrize("streaming", ["ConverseStream", "InvokeModelWithResponseStream"])
def test_frames_agree_with_recorded_ones(shared_data: Path, streaming: str) -> None:
    frames = [frame for stream in recorded_streams(shared_data, streaming) for frame in stream]
    assert len(frames) > 500
    for frame in frames:
        payload = json.dumps(frame["payload"], separators=(",", ":")).encode()
        (ours,) = read_with_botocore(events.event(frame["headers"][":event-type"], payload))
        assert list(ours.headers.items()) == [(name, frame["headers"][name]) for name in frame["header_order"]]
        assert frame["payload_keys"] == sorted(frame["payload_keys"])


@pytest.mark.parametrize("streaming", ["ConverseStream", "InvokeModelWithResponseStream"])
def test_padding_agrees_with_recorded_padding(shared_data: Path, streaming: str) -> None:
    longest = max((events.padding() for _ in range(5000)), key=len)
    padded = [[frame["payload"].get("p") for frame in stream] for stream in recorded_streams(shared_data, streaming)]
    # Streams recorded before the service began to pad have none at all.
    recorded = [padding for stream in padded if stream[0] is not None for padding in stream]
    assert streaming in events.PADDED
    assert recorded
    assert all(2 <= len(padding) <= len(longest) and longest.startswith(padding) for padding in recorded)
