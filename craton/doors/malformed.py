"""What a dialect's refusal of a body says: where, what, and of which kind. Knows no API's words for it.

The dialects refuse in the words of Bedrock, at a JSON Pointer; other APIs name the parameter in their own way.
"""

import re
from dataclasses import dataclass
from typing import Literal

_MALFORMED = re.compile(
    r"Malformed input request: #(?P<at>\S*): (?P<reason>.*), please reformat your input and try again\.", re.DOTALL
)
_KEYED = re.compile(r"(?P<kind>extraneous|required) key \[(?P<key>.*?)\] (?:is not permitted|not found)")


@dataclass(frozen=True, slots=True)
class Malformed:
    """`path` leads to the value that is wrong: names of members and numbers of elements."""

    path: tuple[str, ...]
    reason: str
    kind: Literal["unknown", "missing", "invalid"]


def read(message: str) -> Malformed | None:
    """None where the message is no refusal of a body."""
    if not (found := _MALFORMED.fullmatch(message)):
        return None
    path, reason = tuple(filter(None, found["at"].split("/"))), found["reason"]
    if keyed := _KEYED.match(reason):
        return Malformed((*path, keyed["key"]), reason, "unknown" if keyed["kind"] == "extraneous" else "missing")
    return Malformed(path, reason, "invalid")
