"""A turn as its guardrails let it through to a model. Knows no policy, no model and no engine.

A document is judged as its text. Where something in it is masked the model gets that text, else the document itself.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

from craton.dialects.converse import Block, Turn
from craton.errors import ValidationException
from craton.guardrails.assessing.assess import Content
from craton.guardrails.findings import Answered
from craton.guardrails.grounding import exceeded
from craton.runtime.guarding.applied import Applied
from craton.runtime.guarding.scope import (
    READ_FROM,
    Spot,
    counted,
    images_of,
    judged,
    spots_of,
    with_texts,
    without_tags,
)
from craton.runtime.guarding.seams import seams_of
from craton.runtime.guarding.tags import GROUNDING_SOURCE, QUERY

_MEDIA = ("document", "image")


class Reading(Protocol):
    """What is not a text in the turn itself, made readable. Both raise ApiError."""

    async def fetched(self, block: Block) -> Block:
        """A document or picture with the bytes of what its source names."""
        ...

    async def text_of(self, document: Block) -> str:
        """The text of one that was fetched."""
        ...


class Input:
    """One turn; it is judged once, whoever answers it. `turn` is what a model would be asked without guardrails."""

    def __init__(self, turn: Turn, suffix: str, applied: Sequence[Applied], reading: Reading) -> None:
        """`suffix` is that of the tags in the texts, or empty. Raises ValidationException for tags that do not pair."""
        self.turn = without_tags(turn, suffix)
        self._given = turn
        self._suffix = suffix
        self._applied = applied
        self._reading = reading
        self._judged: tuple[Turn, Applied | None] | None = None

    async def judged(self) -> tuple[Turn, Applied | None]:
        """The turn for a model, and the guardrail that lets nothing through to one. Raises ApiError."""
        if self._judged is None:
            self._judged = await self._judge()
        return self._judged

    async def _judge(self) -> tuple[Turn, Applied | None]:
        turn = await self._readable()
        spots = spots_of(turn, self._suffix)
        texts = [spot.text for spot in spots]
        for each in self._applied:
            places = judged(spots, each.reach)
            each.sources = [texts[place] for place in _qualified(spots, GROUNDING_SOURCE)]
            each.query = "\n".join(texts[place] for place in _qualified(spots, QUERY))
            _check(each)
            others = [place for place in range(len(spots)) if place not in {*places} and counted(spots[place])]
            contents = [Content(texts[place]) for place in places]
            contents += [Content(texts[place], guarded=False) for place in others]
            verdict = await each.judge_input(contents, images_of(turn, spots, each.reach))
            if verdict.blocked:
                return self.turn, each
            for place, text in zip(places, verdict.outputs, strict=False):  # there are none where nothing was masked
                texts[place] = text
            if each.reach.messages and await _across(each, spots, texts):
                return self.turn, each
        if turn is self._given and texts == [spot.text for spot in spots]:
            return self.turn, None  # else what was fetched is what was judged, and no later version of it
        return with_texts(turn, self._suffix, texts), None

    async def _readable(self) -> Turn:
        """The turn with what its documents say beside what they were read from."""
        if not any(kind in _MEDIA or kind == "toolResult" for kind in _kinds(self._given)):
            return self._given
        messages = [
            {**message, "content": [await self._block(block) for block in message["content"]]}
            for message in self._given["messages"]
        ]
        return {**self._given, "messages": messages}

    async def _block(self, block: Block) -> Block:
        ((kind, value),) = block.items()
        if kind == "toolResult":
            return {kind: {**value, "content": [await self._block(part) for part in value["content"]]}}
        if kind not in _MEDIA:
            return block
        fetched = await self._reading.fetched(value)
        source: Mapping[str, object] = fetched["source"]
        if kind == "document" and "bytes" in source:
            text = await self._reading.text_of(fetched)
            return {kind: {**fetched, "source": {"text": text, READ_FROM: source}}}
        return {kind: fetched}


async def _across(applied: Applied, spots: Sequence[Spot], texts: list[str]) -> bool:
    """Judge what stands where texts meet, and mask it; whether it is blocked."""
    if not (seams := seams_of(spots, texts)):
        return False
    verdict = await applied.judge_input([Content(seam.text) for seam in seams], [])
    if not verdict.intervened:
        applied.inputs.pop()  # all of it was judged, and is told of, before
    elif not applied.inputs[0].intervened:
        applied.inputs.reverse()  # the trace tells of the first
    if not verdict.blocked:
        for seam, text in zip(seams, verdict.outputs, strict=False):
            if text != seam.text:
                seam.put(text, spots, texts)
    return verdict.blocked


def _check(applied: Applied) -> None:
    """Raises ValidationException for sources or a question that no answer could be compared with."""
    compares = "contextualGroundingPolicy" in applied.guard.body and applied.sources
    if compares and (sentence := exceeded(Answered("", applied.sources, applied.query))):
        raise ValidationException(sentence)


def _kinds(turn: Turn) -> set[str]:
    return {kind for message in turn["messages"] for block in message["content"] for kind in block}


def _qualified(spots: Sequence[Spot], qualifier: str) -> list[int]:
    return [place for place, spot in enumerate(spots) if qualifier in spot.qualifiers]
