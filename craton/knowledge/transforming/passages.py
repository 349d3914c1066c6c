"""Chunks as they are transformed: their text and what is told of them. Knows no function and no model."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from craton.knowledge.chunking.pieces import Piece
from craton.knowledge.records import HIDDEN, PAGE_NUMBER, RESERVED
from craton.store.vectors.records import Value

# What a number of an attribute may be.
LARGEST = sys.float_info.max


class TransformationFailure(Exception):
    """The chunks of a document could not be transformed. The message is a full sentence."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece with attributes of its own, which stand in the place of the document's of the same name.

    `added` are words beside those of its text by which it is found.
    """

    piece: Piece
    metadata: Mapping[str, Value] = field(default_factory=dict)
    added: str = ""


@dataclass(frozen=True, slots=True)
class Original:
    """The document whose chunks they are. `metadata` are its attributes, `location` a RetrievalResultLocation."""

    uri: str
    location: Mapping[str, object]
    metadata: Mapping[str, Value]


def told(metadata: Mapping[str, Value]) -> dict[str, Value]:
    """What of the attributes others may see, and the page."""
    return {
        key: value for key, value in metadata.items() if key == PAGE_NUMBER or not key.startswith((RESERVED, HIDDEN))
    }


def value(written: object, key: str) -> Value:
    """An attribute's value as JSON has it. Raises TransformationFailure."""
    match written:
        case bool() | str():
            return written
        case int() | float() if -LARGEST <= written <= LARGEST:
            return float(written)
        case list() if _strings(written):
            return [str(each) for each in written]
    raise TransformationFailure(
        f"The function gave the attribute {key!r} the value {written!r}. A value is a string, a number, a boolean or a "
        "list of strings."
    )


def _strings(items: Sequence[object]) -> bool:
    return all(isinstance(item, str) for item in items)
