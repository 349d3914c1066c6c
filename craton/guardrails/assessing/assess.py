"""Whole contents under one guardrail: texts, each by itself, pictures, and what they are compared with.

Knows no operation: `Content` is what every body that can be guarded comes down to.
"""

import asyncio
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from craton.core.trace import Trace
from craton.guardrails.assessing.evidence import Evidence
from craton.guardrails.assessing.judging import concerned, of_images, of_whole
from craton.guardrails.assessing.screening import Screening
from craton.guardrails.assessing.spans import Spanning
from craton.guardrails.assessing.verdict import Terms, Verdict, decide
from craton.guardrails.findings import Answered, Image, Source
from craton.guardrails.guard import Guard, Judges

_AT_ONCE = 8  # texts
_PIECE = 10_000  # characters of a text that are cut into segments at once
_FEW = 1000  # findings that are weighed while other requests wait


@dataclass(frozen=True, slots=True)
class Content:
    """A text, and what it is for: to be guarded, or to compare with what is (a source, the question), or both."""

    text: str
    guarded: bool = True
    source: bool = False
    query: bool = False

    @classmethod
    def of(cls, text: str, qualifiers: Iterable[str] = ()) -> Self:
        """Qualifiers as requests have them; what has none is guarded.

        https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-contextual-grounding-check.html
        """
        given = {*qualifiers}
        return cls(text, not given or "guard_content" in given, "grounding_source" in given, "query" in given)


def answered(contents: Sequence[Content]) -> Answered:
    """What is guarded, as one answer, with what it is compared with."""
    return Answered(
        "\n".join(content.text for content in contents if content.guarded),
        [content.text for content in contents if content.source],
        "\n".join(content.text for content in contents if content.query),
    )


async def assess(
    guard: Guard,
    source: Source,
    judges: Judges,
    contents: Sequence[Content],
    images: Sequence[Image],
    terms: Terms,
    *,
    trace: Trace | None = None,
) -> Verdict:
    """The verdict on all of it; its outputs are the guarded texts, in their order, where any of them was masked."""
    began = time.perf_counter()
    windowed, pictured = Judges(judges.windowed), judges.images if images else ()
    guarded = [content.text for content in contents if content.guarded]
    compared = answered(contents)
    whole = concerned(judges.whole, compared.sources) if guarded else ()
    with (spanning := Spanning(trace, guard, source)):
        screenings, of_pictures, of_all = await asyncio.gather(
            _all_screened([(Screening(guard, source, windowed, terms), text) for text in guarded]),
            of_images(pictured, images, terms.full),
            of_whole(whole, compared, terms.full),
        )
    latency = time.perf_counter() - began

    def weighed() -> Verdict:
        evidence = Evidence(images=len(images), guarded_images=len(images) if pictured else 0)
        for screening in screenings:
            evidence.join(screening.evidence)
        for content in contents:
            if not content.guarded:
                evidence.count(len(content.text), {judge.policy for judge in judges.windowed}, guarded=False)
        evidence.hear([*of_pictures, *of_all])
        evidence.latency = latency
        return decide(guard, source, evidence, terms, [screening.masked for screening in screenings])

    many = sum(len(screening.evidence.findings) for screening in screenings) > _FEW
    verdict = await asyncio.to_thread(weighed) if many else weighed()
    spanning.told(lambda: verdict)
    return verdict


async def _all_screened(texts: Sequence[tuple[Screening, str]]) -> list[Screening]:
    """A few at once, lest the judges that all requests share are asked for all of one request's texts first."""
    free = asyncio.Semaphore(_AT_ONCE)

    async def screened(screening: Screening, text: str) -> Screening:
        async with free:
            for at in range(0, len(text), _PIECE):
                await screening.feed(text[at : at + _PIECE])
            await screening.end()
        return screening

    return await asyncio.gather(*(screened(screening, text) for screening, text in texts))
