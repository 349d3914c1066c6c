"""The sizes and formats of images, by their first bytes."""

import struct

import pytest

from craton.runtime.content.images import is_format, size

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 640, 480) + b"\x08\x02"
GIF = b"GIF89a" + struct.pack("<HH", 640, 480)
JPEG = (
    b"\xff\xd8\xff\xe0\0\x10JFIF\0" + bytes(9) + b"\xff\xff\xdb\0\x04\1\2"
    b"\xff\xc2\0\x11\x08" + struct.pack(">HH", 480, 640)
)
LOSSY = b"RIFF\0\0\0\0WEBPVP8 " + bytes(10) + struct.pack("<HH", 640, 480)
LOSSLESS = b"RIFF\0\0\0\0WEBPVP8L" + bytes(4) + b"\x2f" + struct.pack("<I", 639 | 479 << 14)
EXTENDED = b"RIFF\0\0\0\0WEBPVP8X" + bytes(8) + (639).to_bytes(3, "little") + (479).to_bytes(3, "little")
ALL = [("png", PNG), ("gif", GIF), ("jpeg", JPEG), ("webp", LOSSY), ("webp", LOSSLESS), ("webp", EXTENDED)]


@pytest.mark.parametrize(("format", "data"), ALL)
def test_sizes(format: str, data: bytes) -> None:
    assert is_format(data, format)
    assert size(data, format) == (640, 480)


@pytest.mark.parametrize(("format", "data"), ALL)
def test_what_is_cut_short_has_no_size(format: str, data: bytes) -> None:
    for end in range(len(data)):
        found = size(data[:end], format)
        assert found in (None, (640, 480)) or format == "webp"


def test_formats_are_told_apart() -> None:
    for name, data in ALL:
        assert [other for other in ("png", "gif", "jpeg", "webp") if is_format(data, other)] == [name]
