"""Reads the metadata of a GGUF file: what the model is called, how long its context is, whether it embeds.

A reader of our own, because the file may come from anywhere: every length is bounded before it is believed, arrays are
stepped over and never held, and of the tensors only their shapes are read. (The `gguf` package maps the whole file and
believes it.)
Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md, versions 2 and 3, little-endian.
Knows no catalogue and no engine.
"""

import math
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

Value = str | int | float | bool

KEYS = 4096
KEY_BYTES = 65535
STRING_BYTES = 4 * 1024 * 1024
METADATA_BYTES = 64 * 1024 * 1024
DIMENSIONS = 4

_LETTERS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "B", 10: "Q", 11: "q", 12: "d"}
_SCALARS = {code: struct.Struct(f"<{letter}") for code, letter in _LETTERS.items()}
_BOOL, _STRING, _ARRAY = 7, 8, 9


class GgufError(Exception):
    """The file is not GGUF that we can read; the message is a clause that follows the file's name."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """The scalar and string values of a file's header. Arrays are left out.

    `parameters` are the numbers that its tensors hold; None where the list of these cannot be read.
    """

    values: dict[str, Value]
    parameters: int | None = None

    def text(self, key: str) -> str | None:
        value = self.values.get(key)
        return value if isinstance(value, str) else None

    def number(self, key: str) -> int | None:
        value = self.values.get(key)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    @property
    def architecture(self) -> str:
        return self.text("general.architecture") or ""

    @property
    def context_length(self) -> int | None:
        return self.number(f"{self.architecture}.context_length")

    @property
    def embeds(self) -> bool:
        """Encoders state how they pool their token vectors; generators do not (llama.cpp's pooling type 0 is none)."""
        return bool(self.number(f"{self.architecture}.pooling_type"))


def read(path: Path) -> Metadata:
    """The metadata of the GGUF file at `path`. Raises GgufError where it is not one, or larger than any real one."""
    with path.open("rb") as stream:
        return _Reader(stream).metadata()


class _Reader:
    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._left = METADATA_BYTES

    def metadata(self) -> Metadata:
        if self._stream.read(4) != b"GGUF":
            raise GgufError("does not begin with the letters GGUF")
        version = self._scalar(4)
        if version not in (2, 3):
            raise GgufError(f"has GGUF version {version}, and versions 2 and 3 (little-endian) can be read")
        tensors, keys = self._scalar(10), self._scalar(10)
        if not tensors:
            raise GgufError("holds no tensors, so it is a vocabulary and not a model")
        if keys > KEYS:
            raise GgufError(f"claims {keys} metadata keys, and a model has at most {KEYS}")
        values: dict[str, Value] = {}
        for _ in range(int(keys)):
            key = self._string(KEY_BYTES)
            if key in values:
                raise GgufError(f"states {key!r} twice")
            value = self._value(int(self._scalar(4)))
            if value is not None:
                values[key] = value
        return Metadata(values, self._parameters(int(tensors)))

    def _parameters(self, tensors: int) -> int | None:
        count = 0
        try:
            for _ in range(tensors):
                self._string(KEY_BYTES)
                dimensions = int(self._scalar(4))
                if dimensions > DIMENSIONS:
                    return None
                count += math.prod(int(self._scalar(10)) for _ in range(dimensions))
                self._take(12)  # its type, and where it lies
        except GgufError:
            return None
        return count

    def _take(self, count: int) -> bytes:
        self._left -= count
        if self._left < 0:
            raise GgufError(f"has more than {METADATA_BYTES} bytes of metadata")
        data = self._stream.read(count)
        if len(data) != count:
            raise GgufError("ends within its metadata")
        return data

    def _skip(self, count: int) -> None:
        while count > 0:
            step = min(count, 1 << 20)
            self._take(step)
            count -= step

    def _scalar(self, code: int) -> int | float:
        layout = _SCALARS[code]
        number: int | float = layout.unpack(self._take(layout.size))[0]
        return number

    def _string(self, limit: int) -> str:
        length = int(self._scalar(10))
        if length > limit:
            raise GgufError(f"has a string of {length} bytes where at most {limit} are allowed")
        try:
            return self._take(length).decode("utf-8")
        except UnicodeDecodeError:
            raise GgufError("has a string that is not UTF-8") from None

    def _value(self, code: int) -> Value | None:
        if code == _STRING:
            return self._string(STRING_BYTES)
        if code == _ARRAY:
            self._step_over_array()
            return None
        if code not in _SCALARS:
            raise GgufError(f"has a value of the unknown type {code}")
        value = self._scalar(code)
        return bool(value) if code == _BOOL else value

    def _step_over_array(self) -> None:
        code, count = int(self._scalar(4)), int(self._scalar(10))
        if code == _STRING:
            for _ in range(count):
                length = int(self._scalar(10))
                self._skip(length)
        elif code in _SCALARS:
            self._skip(count * _SCALARS[code].size)
        else:
            raise GgufError("has an array of arrays or of an unknown type")
