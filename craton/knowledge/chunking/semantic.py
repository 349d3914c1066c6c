"""Chunks of sentences that are about the same, as their vectors tell. Knows no model and no configuration.

As https://docs.aws.amazon.com/bedrock/latest/userguide/kb-chunking.html describes it: each sentence is compared
together with its neighbours, and where two that follow each other differ most, a chunk ends.
"""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import mul

from craton.knowledge.chunking.pieces import MOST, Piece, TooManyChunks, Vectors, gathered, pages
from craton.knowledge.chunking.splitting import Outline, split

# Sentences of a page: the vectors of all of them are held at once.
MOST_SENTENCES = 100_000


@dataclass(frozen=True, slots=True)
class Semantic:
    """Chunks of at most `most` tokens.

    `buffer` sentences on both sides are compared with each; of the differences of neighbours, those above the
    percentile `threshold` of their page part chunks.
    """

    most: int
    buffer: int
    threshold: int

    async def chunks(self, text: str, vectors: Vectors) -> list[Piece]:
        made: list[Piece] = []
        for number, page in pages(text):
            outline = await asyncio.to_thread(Outline.of, page)
            starts, groups = await asyncio.to_thread(self._groups, outline)
            breaks = await asyncio.to_thread(self._breaks, await vectors(groups) if len(groups) > 1 else [])
            cuts = [0, *(starts[place] for place in breaks), len(page)]
            made += await asyncio.to_thread(gathered, self._pieces(outline, cuts, number))
            if len(made) > MOST:
                raise TooManyChunks
        return made

    def _groups(self, outline: Outline) -> tuple[Sequence[int], Sequence[str]]:
        """Where the sentences begin, and each with its neighbours. Raises TooManyChunks."""
        starts = outline.sentences()
        if len(starts) > MOST_SENTENCES:
            raise TooManyChunks(
                f"A page of the document has {len(starts)} sentences, and {MOST_SENTENCES} are the most that are "
                "compared. Split it, or use another chunking strategy than 'SEMANTIC'."
            )
        ends = [*starts[1:], len(outline.text)]
        last = len(starts) - 1
        spans = ((max(place - self.buffer, 0), min(place + self.buffer, last)) for place in range(len(starts)))
        return starts, [outline.text[starts[begin] : ends[end]].strip() for begin, end in spans]

    def _pieces(self, outline: Outline, cuts: Sequence[int], page: int | None) -> Iterator[Piece]:
        for begin, end in pairwise(cuts):
            for span in split(outline, self.most, 0, begin, end):
                yield Piece(outline.text[span].strip(), page, heading=outline.above(span.start))

    def _breaks(self, vectors: Sequence[Sequence[float]]) -> list[int]:
        """The numbers of the sentences that differ from those before them."""
        far = [1 - sum(map(mul, one, other)) for one, other in pairwise(vectors)]
        if not far:
            return []
        most = percentile(far, self.threshold)
        return [place for place, difference in enumerate(far, start=1) if difference > most]


def percentile(values: Sequence[float], percent: float) -> float:
    """Between the values that are nearest to it, as is usual."""
    ordered = sorted(values)
    place = (len(ordered) - 1) * percent / 100
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)
