"""Chunks of one size, and documents that are one chunk. Knows no configuration."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass

from craton.knowledge.chunking.pieces import PAGE_BREAK, Piece, Vectors, gathered, pages
from craton.knowledge.chunking.splitting import Outline, split


@dataclass(frozen=True, slots=True)
class FixedSize:
    """Chunks of at most `most` tokens, of which each repeats up to `overlap` tokens of the one before."""

    most: int
    overlap: int = 0

    async def chunks(self, text: str, vectors: Vectors) -> list[Piece]:
        return await asyncio.to_thread(lambda: gathered(self._pieces(text)))

    def _pieces(self, text: str) -> Iterator[Piece]:
        for number, page in pages(text):
            outline = Outline.of(page)
            for span in split(outline, self.most, self.overlap):
                yield Piece(page[span].strip(), number, heading=outline.above(span.start))


@dataclass(frozen=True, slots=True)
class Whole:
    """A document is a chunk, and has no page numbers."""

    async def chunks(self, text: str, vectors: Vectors) -> list[Piece]:
        whole = text.replace(PAGE_BREAK, "\n").strip()
        return [Piece(whole)] if whole else []
