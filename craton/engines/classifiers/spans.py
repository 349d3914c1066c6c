"""Where in a text something may hide that the whole text dilutes: its sentences, what is encoded in it, itself read
backwards.

The cuts are those of the package securevector-guardian-model 1.4.0 (Apache-2.0), whose model was fitted to them. All of
it is bounded, so that no text takes long. Knows no model.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from itertools import chain, islice
from urllib.parse import unquote

MOST_SPANS = 300
# Words of a span, and how many further the next one begins.
WORDS = 24
STRIDE = 12
# Characters of a text that is read backwards too.
SHORT = 400
MOST_DECODED = 20
MOST_DECODED_BYTES = 4096
DEEPEST = 3

_BREAK = re.compile(r"(?<=[.!?])\s+|[\n\r]+|<!--|-->")
_BASE64 = re.compile(r"[A-Za-z0-9+/]{16,}={0,2}")
_HEX = re.compile(r"(?:[0-9a-fA-F]{2}){8,}")
_PERCENT = re.compile(r"%[0-9A-Fa-f]{2}")


def spans(text: str) -> Iterator[str]:
    """What is to be judged beside the whole text."""
    decoded = islice(_decoded(text), MOST_DECODED)
    if "\n" in text or len(text.split()) > WORDS:
        return chain(islice(_parts(text), MOST_SPANS), decoded)
    return chain(decoded, [text[::-1]] if len(text) <= SHORT else [])


def _parts(text: str) -> Iterator[str]:
    """Sentences and lines; of a long one, windows of words."""
    for sentence in map(str.strip, _BREAK.split(text)):
        words = sentence.split()
        if 0 < len(words) <= WORDS:
            yield sentence
            continue
        for start in range(0, max(len(words) - WORDS + STRIDE, 0), STRIDE):
            yield " ".join(words[start : start + WORDS])


def _decoded(text: str) -> Iterator[str]:
    plain = unquote(text) if _PERCENT.search(text) else text
    if plain != text and _is_text(plain):
        yield plain
        yield from _unpacked(plain, 1)
    yield from _unpacked(text, 1)


def _unpacked(text: str, depth: int) -> Iterator[str]:
    """The texts that stand in base64 or hex, and in these again."""
    for packed in chain(map(_of_base64, _BASE64.findall(text)), map(_of_hex, _HEX.findall(text))):
        plain = packed[:MOST_DECODED_BYTES].decode(errors="replace")
        if "\ufffd" not in plain and _is_text(plain):
            yield plain
            if depth < DEEPEST:
                yield from _unpacked(plain, depth + 1)


def _of_base64(packed: str) -> bytes:
    try:
        return base64.b64decode(packed + "=" * (-len(packed) % 4))
    except binascii.Error:
        return b""


def _of_hex(packed: str) -> bytes:
    return bytes.fromhex(packed)


def _is_text(text: str) -> bool:
    printable = sum(character.isprintable() or character.isspace() for character in text)
    return len(text) >= 6 and printable / len(text) > 0.85 and any(map(str.isalpha, text))
