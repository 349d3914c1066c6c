"""What the families of plain completion share: a prompt in, a text out. Knows no family's field names.

Their bodies have room for text alone: reasoning is left out of the answer, and tools cannot be asked for.
"""

from collections.abc import Mapping
from typing import Any

from craton.dialects.converse import Answer, Block, Event, Stamp


def text_of(answer: Answer) -> str:
    return "".join(block["text"] for block in answer["output"]["message"]["content"] if "text" in block)


class TextWriter:
    """Converse events -> one chunk for each piece of text, and a last chunk once the usage is known.

    A family's `EventWriter` says what the chunks look like.
    """

    def __init__(self, stamp: Stamp) -> None:
        self.stamp = stamp
        self._first = True
        self._stop_reason = "end_turn"

    def write(self, event: Event) -> list[Block]:
        match event:
            case {"contentBlockDelta": {"delta": {"text": text}}}:
                first, self._first = self._first, False
                return [self.piece(text, first)]
            case {"messageStop": {"stopReason": reason}}:
                self._stop_reason = reason
            case {"metadata": {"usage": usage}}:
                return [self.last(self._stop_reason, usage)]
        return []

    def piece(self, text: str, first: bool) -> Block:
        raise NotImplementedError

    def last(self, stop_reason: str, usage: Mapping[str, Any]) -> Block:
        raise NotImplementedError
