"""The marks that a model writes for its sources, such as `[2]`, become citations: a filter of Converse's events.

What a mark follows in its sentence becomes a block of its own with the citations beside it; the marks themselves go.
A sentence is held back until it is known whether a mark follows it. The outcome depends on the text alone, never on
how it was cut into deltas. Pure; knows no model and no document beyond its passages.
"""

import re
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Any

from craton.dialects.converse import Event
from craton.errors import ApiError
from craton.runtime.content.passages import Passage

_NUMBERS = r"[0-9]{1,4}(?: ?[,;] ?[0-9]{1,4}){0,7}"
_MARK = rf"\[{_NUMBERS}\]"
# The possessive quantifiers (`++`) keep a shorter match from passing the look for a mark behind.
_END = re.compile(
    rf"(?P<marks>\s{{0,4}}+{_MARK}(?:[,;]?\s{{0,4}}+{_MARK}){{0,7}}+)(?P<close>[.,;:!?]{{0,3}}+)"
    rf"|(?:[.!?…][\"'”’»)\]]{{0,3}}+\s{{1,8}}+|\n\s{{0,8}}+)(?!{_MARK})"
)
# What could still become part of a match that ends before it.
_OPEN = re.compile(r"[\"'”’».,;:!?…)\]]{0,3}\s{0,8}(?:\[[0-9,; ]{0,62})?")
_WORD = re.compile(r"\w")  # what a statement must have, to be cited
_LONGEST_STATEMENT = 600
_LONGEST_MATCH = 700  # with what must be seen behind it


class Citing:
    """Reads the events of one answer. `passages` are those that the model was shown, numbered from 1."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._passages = passages
        self._held = ""
        self._carried: list[int] = []  # marks whose statement is still to come
        self._logprobs: list[Any] = []
        self._last = -1  # the index of the last block that was begun
        self._text: int | None = None  # the incoming block of text that is under way
        self._before = -1  # the last block before it
        self._open = False  # whether the last block takes more text without citations
        self._indices: dict[int, int] = {}  # incoming -> outgoing, of all other blocks

    def feed(self, event: Event) -> list[Event]:
        ((kind, body),) = event.items()
        if kind == "contentBlockDelta" and "text" in body["delta"]:
            return self._add(body)
        if kind not in ("contentBlockStart", "contentBlockDelta", "contentBlockStop"):
            return [*self.end(), event]
        index = body["contentBlockIndex"]
        if kind == "contentBlockStop" and index == self._text:
            events = self.end()
            if self._last == self._before:  # nothing came of it, but that it was there
                self._last += 1
                events.append({kind: {"contentBlockIndex": self._last}})
            return events
        before = self.end()
        if index not in self._indices:
            self._last += 1
            self._indices[index] = self._last
        return [*before, {kind: {**body, "contentBlockIndex": self._indices[index]}}]

    def end(self) -> list[Event]:
        """What is still held, once nothing more can follow it."""
        if self._text is None:
            return []
        events = self._statements(final=True)
        if self._carried:
            events += self._cited("")
        if self._logprobs:
            events += self._plain("")
        events += self._close()
        self._text = None
        return events

    def _add(self, body: dict[str, Any]) -> list[Event]:
        before: list[Event] = []
        if self._text != body["contentBlockIndex"]:
            before = self.end()
            self._text, self._before = body["contentBlockIndex"], self._last
        self._held += body["delta"]["text"]
        self._logprobs += body.get("logprobs", ())
        return before + self._statements(final=False)

    def _statements(self, *, final: bool) -> list[Event]:
        """Let go of every statement whose end is certain."""
        events: list[Event] = []
        while self._held:
            found = self._next_end()
            if found is None or found.start() >= _LONGEST_STATEMENT:
                if len(self._held) >= _LONGEST_STATEMENT + _LONGEST_MATCH:
                    events += self._statement(self._held[:_LONGEST_STATEMENT], [])
                    self._held = self._held[_LONGEST_STATEMENT:]
                    continue
                if not final:
                    break
            if found is None:
                events += self._statement(self._held, [])
                self._held = ""
                break
            rest = self._held[found.end() :]
            if not final and _OPEN.fullmatch(rest):
                break
            if marks := found["marks"]:
                text = self._held[: found.start()]
                if _WORD.search(text):
                    text += found["close"]
                else:
                    rest = found["close"] + rest
                events += self._statement(text, _numbers(marks))
            else:
                events += self._statement(self._held[: found.end()], [])
            self._held = rest
        return events

    def _next_end(self) -> re.Match[str] | None:
        """Where the first statement of the held text ends; a mark that names no passage is text like any other."""
        at = 0
        while found := _END.search(self._held, at):
            if not found["marks"] or all(0 < number <= len(self._passages) for number in _numbers(found["marks"])):
                return found
            at = found.end("marks")
        return None

    def _statement(self, text: str, numbers: list[int]) -> list[Event]:
        self._carried += numbers
        return self._cited(text) if self._carried and _WORD.search(text) else self._plain(text)

    def _cited(self, text: str) -> list[Event]:
        numbers, self._carried = dict.fromkeys(self._carried), []
        events = self._close()
        self._last += 1
        events.append(self._delta({"text": text}))
        for number in numbers:
            events.append(self._delta({"citation": self._passages[number - 1].citation()}))
        return [*events, {"contentBlockStop": {"contentBlockIndex": self._last}}]

    def _plain(self, text: str) -> list[Event]:
        if not text and not self._logprobs:
            return []
        if not self._open:
            self._open = True
            self._last += 1
        return [self._delta({"text": text})]

    def _close(self) -> list[Event]:
        was, self._open = self._open, False
        return [{"contentBlockStop": {"contentBlockIndex": self._last}}] if was else []

    def _delta(self, delta: dict[str, Any]) -> Event:
        logprobs, self._logprobs = self._logprobs, []
        more = {"logprobs": logprobs} if logprobs else {}
        return {"contentBlockDelta": {"contentBlockIndex": self._last, "delta": delta, **more}}


async def cited(events: AsyncGenerator[Event, None], passages: Sequence[Passage]) -> AsyncGenerator[Event, None]:
    """The events of an answer with the marks for these passages made citations."""
    citing = Citing(passages)
    async with aclosing(events):
        try:
            async for event in events:
                for each in citing.feed(event):
                    yield each
        except ApiError:
            for each in citing.end():
                yield each
            raise


def _numbers(marks: str) -> list[int]:
    return [int(number) for number in re.findall("[0-9]+", marks)]
