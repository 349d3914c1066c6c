"""An answer as it is written, with the evidence that supports each of its sentences. Knows no knowledge base.

What comes out are the events of RetrieveAndGenerateStream: the text, and behind each sentence its citation. Spans are
told as the service tells them: in characters, with both ends in the span.
"""

from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from craton.dialects.converse import Block
from craton.knowledge.generating.citing.attribution import Attribution, Vectors
from craton.knowledge.generating.citing.marks import PARTS, Mark, Marks
from craton.knowledge.generating.citing.sentences import Sentence, Sentences
from craton.knowledge.generating.evidence import Evidence
from craton.runtime.generation import Generation

# What the service answers where there is nothing to answer from.
REFUSAL = "Sorry, I am unable to assist you with this request."

# What is told of a guardrail that changed something.
INTERVENED = "INTERVENED"

Events = AsyncGenerator[Block, None]


@dataclass(frozen=True, slots=True)
class Cited:
    """A sentence that is out, with the numbers, from 0, of the evidence that supports it."""

    sentence: Sentence
    numbers: Sequence[int] = ()


class Answer:
    """One answer under way. `text` is what was said so far."""

    def __init__(self, most: int, template: str, *, cites: bool) -> None:
        """`most` is how much evidence there is. `template` may ask for marks, which go; without `cites` the whole
        answer is one part without references.
        """
        self._cites = cites
        self._in_parts = PARTS in template
        self._marks = Marks(most, parts=self._in_parts)
        self._sentences = Sentences(uncut=self._in_parts or not cites)
        self._told = 0  # characters that went out
        self._numbers: list[int] = []  # marks of the sentence that is not cut yet
        self._glued = False  # whether a part has just ended

    @property
    def text(self) -> str:
        return self._sentences.text

    async def parts(
        self, generation: Generation, evidence: Sequence[str], model: Vectors, *, whole: bool = False
    ) -> AsyncGenerator[str | Cited, None]:
        """Texts, and behind each sentence what supports it. `whole` as `Generation.events` has it."""
        async with (
            Attribution(evidence if self._cites else [], model) as attribution,
            aclosing(generation.events(whole=whole)) as events,
        ):
            async for event in events:
                delta = event.get("contentBlockDelta", {}).get("delta", {})
                if "text" in delta:
                    for each in self._read(self._marks.feed(delta["text"])):
                        yield each if isinstance(each, str) else await self._cited(each, attribution)
            for each in [*self._read(self._marks.rest()), *self._sentences.rest()]:
                yield each if isinstance(each, str) else await self._cited(each, attribution)

    def _read(self, written: Sequence[str | Mark]) -> Iterator[str | Sentence]:
        """The texts, and each sentence behind its last character."""
        for piece in written:
            if isinstance(piece, Mark):
                self._numbers += [number - 1 for number in piece.numbers]
                if piece.ends:
                    self._glued = True
                    yield from self._sentences.rest()
                continue
            text = f" {piece}" if self._glued and not piece[:1].isspace() else piece
            self._glued = False
            for sentence in self._sentences.feed(text):
                yield from self._output(sentence.end)
                yield sentence
            yield from self._output(len(self.text))

    def _output(self, end: int) -> Iterator[str]:
        if text := self.text[self._told : end]:
            self._told = end
            yield text

    async def _cited(self, sentence: Sentence, attribution: Attribution) -> Cited:
        numbers, self._numbers = list(dict.fromkeys(self._numbers)), []
        if not self._cites:
            return Cited(sentence)
        return Cited(sentence, numbers or await attribution.supporting(sentence.text))


async def told(parts: AsyncGenerator[str | Cited, None], evidence: Sequence[Evidence]) -> Events:
    """The parts as events of a stream."""
    async with aclosing(parts):
        async for part in parts:
            if isinstance(part, Cited):
                yield citation(part.sentence, [evidence[number] for number in part.numbers])
            else:
                yield {"output": {"text": part}}


def citation(sentence: Sentence, evidence: Sequence[Evidence]) -> Block:
    """CitationEvent: the same told twice, as the service does for clients of both ages."""
    span = {"start": sentence.start, "end": sentence.end - 1}
    said = {
        "generatedResponsePart": {"textResponsePart": {"text": sentence.text, "span": span}},
        "retrievedReferences": [each.reference() for each in evidence],
    }
    return {"citation": {"citation": said, **said}}


def refused() -> Iterator[Block]:
    """The answer where nothing was found."""
    yield {"output": {"text": REFUSAL}}
    yield citation(Sentence(REFUSAL, 0, len(REFUSAL)), [])


class Fold:
    """The plain answer, from the events of the stream."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._citations: list[Block] = []
        self._action: str | None = None

    def add(self, event: Mapping[str, Block]) -> None:
        match event:
            case {"output": {"text": text}}:
                self._texts.append(text)
            case {"citation": {"citation": told}}:
                self._citations.append(told)
            case {"guardrail": {"action": action}}:
                self._action = action
            case _:
                raise ValueError(f"{event!r} is no event of an answer")

    def answer(self) -> Block:
        told: Block = {"output": {"text": "".join(self._texts)}, "citations": self._citations}
        return told | ({"guardrailAction": self._action} if self._action else {})
