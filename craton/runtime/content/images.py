"""How large an image is and which format it has, from its first bytes. Decodes nothing.

Knows PNG, JPEG, GIF and WebP, which are those of Converse.
"""

import struct

from craton.dialects.media import BEGINNINGS

# Markers of JPEG that begin a frame, whose header holds the size: all of 0xC0 to 0xCF but tables and an extension.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})


def is_format(data: bytes, format: str) -> bool:
    beginning = BEGINNINGS.get(format)
    return beginning is None or beginning.match(data) is not None


def size(data: bytes, format: str) -> tuple[int, int] | None:
    """Width and height in pixels; None where the bytes do not tell."""
    try:
        return _READERS[format](data)
    except (struct.error, IndexError):
        return None


def _png(data: bytes) -> tuple[int, int]:
    width, height = struct.unpack_from(">II", data, 16)
    return width, height


def _gif(data: bytes) -> tuple[int, int]:
    width, height = struct.unpack_from("<HH", data, 6)
    return width, height


def _jpeg(data: bytes) -> tuple[int, int] | None:
    at = 2
    while data[at] == 0xFF:
        marker = data[at + 1]
        if marker in _FRAMES:
            height, width = struct.unpack_from(">HH", data, at + 5)
            return width, height
        at += 1 if marker == 0xFF else 2 if marker in _ALONE else 2 + struct.unpack_from(">H", data, at + 2)[0]
    return None


def _webp(data: bytes) -> tuple[int, int] | None:
    match data[12:16]:
        case b"VP8 ":
            width, height = struct.unpack_from("<HH", data, 26)
            return width & 0x3FFF, height & 0x3FFF
        case b"VP8L":
            bits = struct.unpack_from("<I", data, 21)[0]
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8X":
            return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
    return None


_READERS = {"png": _png, "jpeg": _jpeg, "gif": _gif, "webp": _webp}
