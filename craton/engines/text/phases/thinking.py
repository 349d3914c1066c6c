"""Thoughts before an answer, between the marks that models put around them."""

from collections.abc import Sequence

from craton.engines.text.model import LogProb
from craton.engines.text.phases.step import Ending, Step, Talk
from craton.engines.text.stops import StopScanner

THINK, THOUGHT = "<think>", "</think>"


class Opening:
    """The first characters of a model that may think: its thoughts, or already the answer."""

    grammar = None
    budget = None

    def __init__(self, talk: Talk) -> None:
        self._talk = talk
        self._raw = ""
        self.over = False

    def open(self) -> None:
        pass

    def feed(self, text: str, logprobs: Sequence[LogProb] = ()) -> None:
        self._raw += text
        start = self._raw.lstrip()
        self.over = not THINK.startswith(start) or start == THINK

    def end(self, ending: Ending) -> Step:
        start = self._raw.lstrip()
        if start.startswith(THINK):
            rest = start.removeprefix(THINK)
            return Step(Think(self._talk), self._raw[: len(self._raw) - len(rest)], rest)
        return self._talk.main("", self._raw)


class Think:
    """Thoughts, up to their end mark."""

    grammar = None

    def __init__(self, talk: Talk, budget: int | None = None) -> None:
        self._talk = talk
        self._scanner = StopScanner([THOUGHT])
        self._raw = ""
        self._blank = ""
        self._begun = False
        self.budget = budget
        self.over = False

    def open(self) -> None:
        pass

    def feed(self, text: str, logprobs: Sequence[LogProb] = ()) -> None:
        self._raw += text
        self._write(self._scanner.feed(text))
        self.over = self._scanner.found is not None

    def end(self, ending: Ending) -> Step:
        if ending == "budget":
            self._write(self._scanner.rest())
            return self._talk.main(f"{self._raw}\n{THOUGHT}", thought=True)
        if self._scanner.found is None:
            self._write(self._scanner.rest())
            return self._talk.ended(ending)
        thought, _, rest = self._raw.partition(THOUGHT)
        # What the prompt may still make is bounded by the budget, so the answer gets one of its own.
        return self._talk.main(thought + THOUGHT, None if self.budget else rest, thought=True)

    def _write(self, text: str) -> None:
        """White space around the thoughts is no part of them."""
        text = self._blank + text if self._begun else text.lstrip()
        shown = text.rstrip()
        self._blank = text[len(shown) :]
        if shown:
            self._begun = True
            self._talk.blocks.reasoning(shown)
