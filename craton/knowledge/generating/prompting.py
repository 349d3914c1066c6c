"""The turn that asks a model to answer from evidence, as much of it as the model reads. Knows no knowledge base."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from craton.core.context import Context
from craton.dialects.converse import Block, Turn
from craton.errors import ValidationException
from craton.knowledge.generating import templates
from craton.knowledge.generating.asked import Prompting
from craton.knowledge.generating.evidence import Evidence
from craton.knowledge.generating.sessions import Exchange
from craton.models.resolve import Resolved
from craton.runtime.guarding.tags import GROUNDING_SOURCE, GUARD_CONTENT, QUERY
from craton.runtime.inference import Inference

# What an answer may be long, where the request does not say: tokens, and a part of what the model reads.
LONGEST = 2048
ANSWER_PART = 4
# Tokens for marks that chats have around messages.
FRAME = 64

Fits = Callable[[Sequence[Evidence]], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a model is asked. `guarded`: the question and the evidence are marked for the guardrail of the request."""

    query: str
    prompting: Prompting
    history: Sequence[Exchange]
    guarded: bool
    instructions: str = templates.ANSWERING

    @property
    def template(self) -> str:
        return self.prompting.template or templates.GENERATION

    @property
    def cites(self) -> bool:
        """As the service has it: a template that does not ask for the output format gets no citations."""
        return templates.FORMAT in self.template

    def turn(self, evidence: Sequence[Evidence], longest: int) -> Turn:
        values = {
            templates.RESULTS: "\n\n".join(f"[{number}] {each.text}" for number, each in enumerate(evidence, 1)),
            templates.QUERY: self.query,
            templates.FORMAT: self.instructions,
            templates.NOW: templates.now(),
            templates.HISTORY: conversation(self.history),
        }
        question = self._marked(self.query, QUERY, GUARD_CONTENT) if self.guarded else {"text": self.query}
        return {
            "system": self._system(values),
            "messages": [
                *(message for exchange in self.history for message in _messages(exchange)),
                {"role": "user", "content": [question]},
            ],
            "inferenceConfig": {"temperature": 0.0, "maxTokens": longest, **self.prompting.inference},
            "additionalModelRequestFields": self.prompting.fields,
        }

    def _system(self, values: dict[str, str]) -> list[Block]:
        if not self.guarded:
            return [{"text": templates.filled(self.template, values)}]
        return [
            self._marked(text, GROUNDING_SOURCE) if name == templates.RESULTS else {"text": text}
            for name, text in templates.pieces(self.template, values)
            if text.strip()
        ]

    def _marked(self, text: str, *qualifiers: str) -> Block:
        return {"guardContent": {"text": {"text": text, "qualifiers": [*qualifiers]}}}


def conversation(history: Sequence[Exchange]) -> str:
    """As `$conversation_history$` tells it."""
    return "\n".join(f"User: {each.query}\nAssistant: {each.answer}" for each in history)


async def fitted(
    inference: Inference,
    ctx: Context,
    resolved: Resolved,
    prompt: Prompt,
    evidence: Sequence[Evidence],
    best: Callable[[], Awaitable[Sequence[Evidence]]] | None = None,
) -> tuple[Turn, Sequence[Evidence]]:
    """The turn, and the evidence in it: all, or the first of it that the model has room for beside its answer, and of
    a single one that is too long its beginning. `best` tells a better order where not all is read.

    Raises ValidationException where the question alone is too long.
    """
    context = resolved.spec.context_length
    if context <= 0:  # only its provider knows
        return prompt.turn(evidence, _longest(prompt, LONGEST)), evidence
    longest = _longest(prompt, min(LONGEST, context // ANSWER_PART))
    prompt = replace(prompt, history=_recent(prompt.history, context))  # a quarter of what it reads, or less
    room = context - min(longest, context // 2) - FRAME

    async def fits(some: Sequence[Evidence]) -> bool:
        turn = prompt.turn(some, longest)
        return len(str(turn).encode()) <= room or await inference.count(ctx, resolved, turn) <= room

    if not await fits(evidence):
        evidence = await _most(await best() if best else evidence, fits)
    return prompt.turn(evidence, longest), evidence


def _longest(prompt: Prompt, most: int) -> int:
    asked: int = prompt.prompting.inference.get("maxTokens", most)
    return asked


def _recent(history: Sequence[Exchange], characters: int) -> Sequence[Exchange]:
    """The last of it that have no more characters."""
    kept: list[Exchange] = []
    for exchange in reversed(history):
        characters -= len(exchange.query) + len(exchange.answer)
        if characters < 0:
            break
        kept.insert(0, exchange)
    return kept


async def _most(evidence: Sequence[Evidence], fits: Fits) -> Sequence[Evidence]:
    least, most = 0, len(evidence)
    while most - least > 1:
        middle = (least + most) // 2
        if await fits(evidence[:middle]):
            least = middle
        else:
            most = middle
    if least:
        return evidence[:least]
    if not await fits([]):
        raise ValidationException(
            "The prompt is too long for the model even without search results. Shorten the question or the template, "
            "or ask a model that reads more."
        )
    only = evidence[0]
    shortest, longest = 0, len(only.text)
    while longest - shortest > 1:
        middle = (shortest + longest) // 2
        if await fits([replace(only, text=only.text[:middle])]):
            shortest = middle
        else:
            longest = middle
    return [replace(only, text=only.text[:shortest])] if shortest else []


def _messages(exchange: Exchange) -> list[Block]:
    return [
        {"role": "user", "content": [{"text": exchange.query}]},
        {"role": "assistant", "content": [{"text": exchange.answer}]},
    ]
