"""Small chunks that are found, within large ones that are read in their place. Knows no configuration."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass

from craton.knowledge.chunking.pieces import Piece, Vectors, gathered, pages
from craton.knowledge.chunking.splitting import Outline, split


@dataclass(frozen=True, slots=True)
class Hierarchical:
    """Parents of at most `parent` tokens and their children of at most `child`.

    Each but the first repeats up to `overlap` tokens of the one before of its level; children overlap within their
    parent.
    """

    parent: int
    child: int
    overlap: int

    async def chunks(self, text: str, vectors: Vectors) -> list[Piece]:
        return await asyncio.to_thread(lambda: gathered(self._pieces(text)))

    def _pieces(self, text: str) -> Iterator[Piece]:
        place = 0
        for number, page in pages(text):
            outline = Outline.of(page)
            for around in split(outline, self.parent, self.overlap):
                parent = place
                yield Piece(page[around].strip(), number, None, True, outline.above(around.start))
                place += 1
                for span in split(outline, self.child, self.overlap, around.start, around.stop):
                    yield Piece(page[span].strip(), number, parent, False, outline.above(span.start))
                    place += 1
