"""Which phase follows which: thoughts, then text or a call or a structured answer, as the turn asks.

With tools and a structured answer both, the model begins as it likes: with a call, or else what it began is dropped
and it answers in that form. Knows no engine.
"""

from dataclasses import dataclass, field

from craton.engines.text.events import Blocks
from craton.engines.text.phases.constrained import Arguments, Choose, Structured
from craton.engines.text.phases.free import Free
from craton.engines.text.phases.step import Ending, Step
from craton.engines.text.phases.thinking import THINK, THOUGHT, Opening, Think
from craton.engines.text.request import Request
from craton.engines.text.syntax import Form

# What stands between thoughts and the answer, as templates write it.
_GAP = "\n\n"
_CLOSED = f"\n{THOUGHT}{_GAP}"


@dataclass(slots=True)
class Plan:
    """The order of one answer's phases."""

    request: Request
    blocks: Blocks = field(default_factory=Blocks)
    called: bool = False

    def first(self, prompt: str) -> Step:
        """How the answer to a rendered prompt begins."""
        request = self.request
        begun = request.transcript.begun
        if not request.thinks:
            return self.main(begun)
        opened = prompt.rstrip().endswith(THINK)
        open_ = "" if opened else f"{THINK}\n"
        if begun or (request.thinking and request.thinking.type == "disabled"):
            return self.main(f"{open_}{_CLOSED}{begun}")
        if request.thinking:
            return Step(Think(self, request.thinking.budget_tokens), open_)
        return Step(Think(self) if opened else Opening(self))

    def main(self, begun: str, rest: str | None = None, *, thought: bool = False) -> Step:
        tools, form = self.request.tools, self.request.syntax.form
        if not self.request.answer and (not tools or tools.choice == "auto"):
            return Step(Free(self, lead=thought), begun + ("" if rest is not None or not thought else _GAP), rest)
        begun += _GAP if thought else ""
        if tools and tools.choice != "auto":
            return self.choose(form, form.opening, begun)
        return Step(Free(self, mute=True) if tools else Structured(self), begun)

    def choose(self, form: Form, opening: str, begun: str) -> Step:
        assert self.request.tools
        callable_ = self.request.tools.callable
        if len(callable_) > 1:
            return Step(Choose(self, form), begun + opening)
        (name,) = callable_
        return self.call(name, form, f"{begun}{opening}{name}{form.named}{form.key}")

    def call(self, name: str, form: Form, begun: str) -> Step:
        assert self.request.tools
        return Step(Arguments(self, self.request.tools.callable[name], form), begun)

    def after_call(self, form: Form, begun: str) -> Step:
        """More calls, if the model makes them of itself; text only where it was free to answer in text."""
        tools = self.request.tools
        assert tools
        self.called = True
        if tools.choice == "tool" or not self.request.parallel:
            return Step(reason="tool_use")
        mute = tools.choice == "any" or self.request.answer is not None
        return Step(Free(self, after=form, mute=mute), begun, done=True)

    def without_call(self, ending: Ending) -> Step:
        """What comes of a model that might have called a tool, and did not."""
        if self.called:
            return self.ended("stop")
        return Step(Structured(self)) if self.request.answer and ending != "length" else self.ended(ending)

    def ended(self, ending: Ending) -> Step:
        if ending == "length":
            return Step(reason="max_tokens")
        return Step(reason="tool_use" if self.called else "end_turn")
