"""What a phase is, how it goes on, and what the phases of one answer share. Knows no phase by name."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from craton.engines.text.events import Blocks
from craton.engines.text.model import LogProb
from craton.engines.text.request import Request
from craton.engines.text.syntax import Form

# How what came of a prompt ended: the model was done, no tokens were left, those of the phase were used up, or the
# phase wanted no more.
Ending = Literal["stop", "length", "budget", "cut"]


class Phase(Protocol):
    @property
    def grammar(self) -> str | None: ...

    @property
    def budget(self) -> int | None:
        """Tokens it may take, where it has a bound of its own."""
        ...

    @property
    def over(self) -> bool:
        """Whether it wants no more."""
        ...

    def open(self) -> None:
        """Its prompt is about to be sent, or the first of it has come."""
        ...

    def feed(self, text: str, logprobs: Sequence[LogProb] = ()) -> None: ...

    def end(self, ending: Ending) -> "Step": ...


@dataclass(frozen=True, slots=True)
class Step:
    """How to go on: with `phase`, after `begun` is added to the answer; or not at all, for a `reason`.

    `rest` is text the model has made already, which the phase takes from the same prompt; None begins a new one. With
    `done` the answer would be whole without the phase.
    """

    phase: Phase | None = None
    begun: str = ""
    rest: str | None = None
    done: bool = False
    reason: str = ""
    stop: str | None = None


class Talk(Protocol):
    """One answer, as its phases see it."""

    @property
    def request(self) -> Request: ...

    @property
    def blocks(self) -> Blocks: ...

    def main(self, begun: str, rest: str | None = None, *, thought: bool = False) -> Step:
        """What comes once nothing is left to think; `thought` where something was. Only a free phase takes `rest`."""
        ...

    def choose(self, form: Form, opening: str, begun: str) -> Step:
        """A call whose name comes after `opening`; where only one tool may be called, it is called."""
        ...

    def call(self, name: str, form: Form, begun: str) -> Step:
        """The input of a call, whose key is begun."""
        ...

    def after_call(self, form: Form, begun: str) -> Step: ...

    def without_call(self, ending: Ending) -> Step: ...

    def ended(self, ending: Ending) -> Step: ...
