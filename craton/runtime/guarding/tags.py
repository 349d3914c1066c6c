"""The tags that a native body puts around what a guardrail is to judge: they leave the text, and say what they held.

Source: https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-tagging.html and
guardrails-contextual-grounding-check.html. Knows no turn.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from craton.errors import ValidationException

GUARD_CONTENT = "guard_content"
GROUNDING_SOURCE = "grounding_source"
QUERY = "query"

_PREFIX = "amazon-bedrock-guardrails-"
_QUALIFIERS = {"guardContent": GUARD_CONTENT, "groundingSource": GROUNDING_SOURCE, "query": QUERY}


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text; without qualifiers no tag holds it."""

    text: str
    qualifiers: frozenset[str] = frozenset()


def pieces(text: str, suffix: str) -> list[Piece]:
    """The text without the tags of this suffix, cut where they stood. Tags may stand within others.

    Raises ValidationException for one that is not closed, or not opened: what it held would not be judged.
    """
    if not suffix or _PREFIX not in text:
        return [Piece(text)]
    return list(_pieces(text, suffix))


def _pieces(text: str, suffix: str) -> Iterator[Piece]:
    tag = re.compile(rf"<(/?){_PREFIX}({'|'.join(_QUALIFIERS)})_{re.escape(suffix)}>")
    open_: list[str] = []
    at = 0
    for found in tag.finditer(text):
        if found.start() > at:
            yield Piece(text[at : found.start()], frozenset(open_))
        at = found.end()
        qualifier = _QUALIFIERS[found[2]]
        if not found[1]:
            open_.append(qualifier)
        elif open_ and open_[-1] == qualifier:
            open_.pop()
        else:
            raise ValidationException(f"The text has {found[0]!r} without the tag that opens it. Tag what is judged.")
    if open_:
        raise ValidationException(f"The text opens a guardrail's tag ({open_[-1]}) that it does not close. Close it.")
    if at < len(text):
        yield Piece(text[at:])
