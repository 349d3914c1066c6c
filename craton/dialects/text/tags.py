"""Reasoning that stands in tags at the beginning of a text, as some families have it. Knows no family's tags."""

import re
from collections.abc import Iterator

from craton.dialects.converse import Block

# A piece of the answer: whether it is reasoning, and its text.
Piece = tuple[bool, str]


class Splitter:
    """Cuts a text that comes in pieces into reasoning and answer; white space around the tags is no part of either."""

    def __init__(self, opening: str, closing: str) -> None:
        self._opening = opening
        self._closing = closing
        self._held = ""
        # None until it is known whether the text begins with the tag.
        self._reasoning: bool | None = None
        self._trim = False

    def feed(self, text: str) -> Iterator[Piece]:
        self._held += text
        if self._reasoning is None:
            start = self._held.lstrip()
            if self._opening.startswith(start) and start != self._opening:
                return
            self._reasoning = self._trim = start.startswith(self._opening)
            if self._reasoning:
                self._held = start.removeprefix(self._opening)
        if self._reasoning:
            before, closed, after = self._held.partition(self._closing)
            if not closed:
                yield from self._say(self._complete())
                return
            yield from self._say(before.rstrip(), held=after)
            self._reasoning, self._trim = False, True
        yield from self._say(self._held)

    def end(self) -> Iterator[Piece]:
        """What was held back, at the end of the text."""
        self._reasoning = bool(self._reasoning)
        yield from self._say(self._held)

    def _complete(self) -> str:
        """What of the held text cannot be the beginning of the closing tag or the white space before it."""
        for length in range(min(len(self._closing) - 1, len(self._held)), 0, -1):
            if self._held.endswith(self._closing[:length]):
                return self._held[:-length].rstrip()
        return self._held.rstrip()

    def _say(self, text: str, held: str | None = None) -> Iterator[Piece]:
        self._held = self._held[len(text) :] if held is None else held
        if self._trim:
            text = text.lstrip()
        if text:
            self._trim = False
            yield bool(self._reasoning), text


def split(text: str, opening: str, closing: str) -> list[Block]:
    """The content blocks of a whole text: reasoning, where there is any, and text."""
    splitter = Splitter(opening, closing)
    told = {True: "", False: ""}
    for reasoning, piece in (*splitter.feed(text), *splitter.end()):
        told[reasoning] += piece
    thought: list[Block] = [{"reasoningContent": {"reasoningText": {"text": told[True]}}}] if told[True] else []
    return [*thought, {"text": told[False]}] if told[False] or not thought else thought


def tagged(content: list[Block], opening: str, closing: str) -> str:
    """The text of content blocks, the reasoning among them in tags."""
    texts: list[str] = []
    for block in content:
        match block:
            case {"reasoningContent": {"reasoningText": {"text": text}}}:
                texts.append(f"{opening}{text}{closing}")
            case {"text": text}:
                texts.append(text)
    return "".join(texts)


def opened(prompt: str, opening: str) -> bool:
    """Whether a raw prompt ends with the tag, so that the answer goes on inside it."""
    return bool(re.search(rf"{re.escape(opening)}\s*$", prompt))
