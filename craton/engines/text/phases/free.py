"""Free text, in which calls and stop sequences are watched for."""

from collections import deque
from collections.abc import Sequence

from craton.engines.text.calls import Found, Recogniser
from craton.engines.text.model import LogProb
from craton.engines.text.phases.step import Ending, Step, Talk
from craton.engines.text.stops import StopScanner
from craton.engines.text.syntax import Form


class Free:
    """Text as the model likes, up to a stop sequence or a call. With `mute` only a call counts, and no text."""

    grammar = None
    budget = None

    def __init__(self, talk: Talk, *, after: Form | None = None, lead: bool = False, mute: bool = False) -> None:
        """`after`: the form of the call that the text follows. `lead`: white space at the beginning is dropped."""
        tools = talk.request.tools
        self._talk = talk
        self._scanner = StopScanner(talk.request.stops)
        self._recogniser = Recogniser(tools.callable, after) if tools else None
        self._lead = lead
        self._mute = mute
        self._raw = ""
        self._ledger = Ledger()
        self.over = False

    def open(self) -> None:
        pass

    def feed(self, text: str, logprobs: Sequence[LogProb] = ()) -> None:
        if logprobs:
            self._ledger.add(logprobs)
        recogniser = self._recogniser
        if recogniser:
            self._raw += text
            text = recogniser.feed(text)
            self.over = recogniser.found is not None
        self._show(text)

    def end(self, ending: Ending) -> Step:
        recogniser = self._recogniser
        if recogniser and self._scanner.found is None and recogniser.found is None:
            self._show(recogniser.rest() if ending == "stop" else recogniser.flush())
        if self._scanner.found is not None:
            return Step(reason="stop_sequence", stop=self._scanner.found)
        if text := self._scanner.rest():
            self._write(text)
        if recogniser and recogniser.found:
            return self._call(recogniser.found)
        return self._talk.without_call(ending) if self._mute else self._talk.ended(ending)

    def _show(self, text: str) -> None:
        if self._mute:
            self.over = self.over or bool(text)
            return
        if self._lead:
            text = text.lstrip()
            self._lead = not text
        text = self._scanner.feed(text)
        if text:
            self._write(text)
        if self._scanner.found is not None:
            self.over = True

    def _write(self, text: str) -> None:
        position = self._recogniser.position if self._recogniser else None
        self._talk.blocks.text(text, self._ledger.shown(position, self._scanner.held))

    def _call(self, found: Found) -> Step:
        begun = self._raw[: found.cut] + found.added
        if found.name is None:
            return self._talk.choose(found.form, "", begun)
        return self._talk.call(found.name, found.form, begun)


class Ledger:
    """The log-probabilities of tokens whose text is not yet shown."""

    def __init__(self) -> None:
        self._waiting: deque[tuple[int, LogProb]] = deque()
        self._end = 0

    def add(self, logprobs: Sequence[LogProb]) -> None:
        for entry in logprobs:
            self._end += len(entry["token"])
            self._waiting.append((self._end, entry))

    def shown(self, position: int | None, held: int) -> list[LogProb]:
        """Those of the text up to `position` (None: all of it) but for `held` characters, which were not given yet."""
        if not self._waiting:
            return []
        last = (self._end if position is None else position) - held
        found = []
        while self._waiting and self._waiting[0][0] <= last:
            found.append(self._waiting.popleft()[1])
        return found
