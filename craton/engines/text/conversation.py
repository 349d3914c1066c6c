"""The machine that makes a Converse answer of a text model: phase after phase, until one says why to stop.

Knows no engine. The path of a plain text is one loop over the model's pieces.
"""

from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing

from craton.engines.base import Event, ModelSpec, Turn
from craton.engines.text import request as requests
from craton.engines.text.events import start, stop, usage
from craton.engines.text.model import Piece, Prompt, TextModel
from craton.engines.text.phases.step import Ending, Step
from craton.engines.text.plan import Plan
from craton.engines.text.request import Request


async def converse(model: TextModel, spec: ModelSpec, turn: Turn) -> AsyncGenerator[Event, None]:
    """The events of the answer. Raises ApiError before the first where the turn cannot be served."""
    request = requests.read(turn, spec, model)
    course = await _begin(model, request)
    async with model.seat(course.text, request.max_tokens, request.limit) as seat:
        marked = await _marked(model, request, course.text)
        while prompt := course.prompt(seat.limit):
            for event in course.events():
                yield event
            async with aclosing(seat.generate(prompt)) as pieces:
                async for piece in pieces:
                    if not course.begun:
                        yield start(piece.prompt_tokens, piece.cached, marked)
                    over = course.take(piece)
                    for event in course.events():
                        yield event
                    if over:
                        break
    course.blocks.end()
    for event in course.events():
        yield event
    yield stop(course.step.reason, course.step.stop)
    yield usage(course.prompt_tokens, course.made, course.cached, marked)


async def count_tokens(model: TextModel, spec: ModelSpec, turn: Turn) -> int:
    """The input tokens that `converse` would report."""
    return await model.count((await _begin(model, requests.read(turn, spec, model))).text)


class Course:
    """Where an answer stands: `text` is the prompt with all that is begun, `made` the tokens the model has made."""

    def __init__(self, request: Request, rendered: str) -> None:
        self._request = request
        plan = Plan(request)
        self.blocks = plan.blocks
        self.step: Step = plan.first(rendered)
        self.text = rendered + self.step.begun
        self.begun = False
        self.made = 0
        self.prompt_tokens = 0
        self.cached = 0
        self._made_before = 0

    def prompt(self, limit: int) -> Prompt | None:
        """What the model is to go on with; None when the answer has ended."""
        phase = self.step.phase
        if phase is None:
            return None
        left = limit - self.made
        if left <= 0:
            self.step = Step(reason="tool_use" if self.step.done else "max_tokens")
            return None
        self._made_before = self.made
        if self.begun:
            phase.open()
        return Prompt(
            text=self.text,
            sampling=self._request.sampling,
            limit=left if phase.budget is None else min(left, phase.budget),
            grammar=phase.grammar,
            logprobs=self._request.logprobs,
            cache=self._request.transcript.marked is not None,
        )

    def take(self, piece: Piece) -> bool:
        """Whether the model need not go on with this prompt."""
        phase = self.step.phase
        assert phase
        if not self.begun:
            self.begun = True
            self.prompt_tokens, self.cached = piece.prompt_tokens, piece.cached
            phase.open()
        self.made += piece.tokens
        phase.feed(piece.text, piece.logprobs)
        if piece.finish:
            spent = phase.budget is not None and self.made - self._made_before >= phase.budget
            return self._end("budget" if spent and piece.finish == "length" else piece.finish)
        return phase.over and self._end("cut")

    def events(self) -> Iterator[Event]:
        """Those made since, of which deltas tell how many tokens the model has made."""
        for event in self.blocks.take():
            if "contentBlockDelta" in event:
                event["usage"] = {"outputTokens": self.made}
            yield event

    def _end(self, ending: Ending) -> bool:
        """End the phase, and those that take what is left of its text."""
        assert self.step.phase
        self.step = self.step.phase.end(ending)
        self.text += self.step.begun
        while self.step.phase and self.step.rest is not None:
            self.step.phase.feed(self.step.rest)
            if ending == "cut" and not self.step.phase.over:
                return False
            self.step = self.step.phase.end(ending)
            self.text += self.step.begun
        return True


async def _begin(model: TextModel, request: Request) -> Course:
    return Course(request, await model.render(request.transcript.messages))


async def _marked(model: TextModel, request: Request, prompt: str) -> int | None:
    """The tokens up to the last cachePoint, where there is one."""
    if request.transcript.marked is None:
        return None
    end = 0
    for content in request.transcript.marked:
        place = prompt.find(content.strip(), end)
        end = place + len(content.strip()) if place >= 0 else end
    return await model.count(prompt[:end])
