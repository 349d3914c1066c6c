"""Chunks of sentences that are about the same, as their vectors tell. Knows no model and no configuration.

As https://docs.aws.amazon.com/bedrock/latest/userguide/kb-chunking.html describes it: each sentence is compared
together with its neighbours, and where two that follow each other differ most, a chunk ends.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import mul

from craton.knowledge.chunking.pieces import MOST, Piece, TooManyChunks, Vectors, pages
from craton.knowledge.chunking.splitting import Outline, split


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
            starts = outline.sentences()
            groups = [page[slice(*span)].strip() for span in self._groups(starts, len(page))]
            breaks = await asyncio.to_thread(self._breaks, await vectors(groups) if len(groups) > 1 else [])
            cuts = [0, *(starts[place] for place in breaks), len(page)]
            spans = (span for begin, end in pairwise(cuts) for span in split(outline, self.most, 0, begin, end))
            made += [Piece(page[span].strip(), number, heading=outline.above(span.start)) for span in spans]
            if len(made) > MOST:
                raise TooManyChunks
        return made

    def _groups(self, starts: Sequence[int], end: int) -> list[tuple[int, int]]:
        """From where to where each sentence reaches with its neighbours."""
        ends = [*starts[1:], end]
        last = len(starts) - 1
        return [
            (starts[max(place - self.buffer, 0)], ends[min(place + self.buffer, last)]) for place in range(len(starts))
        ]

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
