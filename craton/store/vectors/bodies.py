"""A chunk as bytes, without its vector: what a database keeps beside what it searches. Knows no database."""

import json
from typing import Any

import msgspec

from craton.store.vectors.records import Chunk


def written(chunk: Chunk) -> bytes:
    """A JSON array. Halves of surrogate pairs and infinities, which neither JSON nor UTF-8 has, come back, too."""
    members = [chunk.id, chunk.document, chunk.text, chunk.words, dict(chunk.attributes), dict(chunk.extra)]
    return json.dumps(members, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def read(body: bytes) -> Chunk:
    members: list[Any]
    try:
        members = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):  # it is three times as fast, and takes only what JSON has
        members = json.loads(body.decode("utf-8", "surrogatepass"))
    identifier, document, text, words, attributes, extra = members
    return Chunk(identifier, document, text, words, None, attributes, extra)
