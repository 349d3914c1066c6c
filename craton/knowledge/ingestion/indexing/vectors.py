"""The vectors of documents: kept beside their texts, so that a model is asked once for each text. Knows no index."""

import asyncio
import hashlib
import sys
from array import array
from collections.abc import Sequence
from functools import partial

from craton.knowledge.embedding import AT_ONCE, Embedder
from craton.knowledge.ingestion.contents import Contents, MissingContent
from craton.knowledge.ingestion.indexing.work import Work

Vector = Sequence[float]

_DIGEST = 32


class Vectors:
    def __init__(self, embedder: Embedder, contents: Contents) -> None:
        self._embedder = embedder
        self._contents = contents

    async def made(self, work: Work, texts: Sequence[str]) -> list[Vector]:
        """By the model, in single precision, as they are kept."""
        made: list[Vector] = []
        for start in range(0, len(texts), AT_ONCE):
            some = texts[start : start + AT_ONCE]
            step = partial(self._embedder.vectors, work.ctx, work.source.base, some, "document")
            made += [array("f", vector) for vector in await work.patience.until_done(step)]
        return made

    async def known(self, work: Work, document: str, name: str | None, texts: Sequence[str]) -> list[Vector] | None:
        """Those that are kept of a document under this name, where they are of these very texts."""
        if name is None:
            return None
        try:
            data = await self._contents.read(work.source.base.scope, document, name)
        except MissingContent:
            return None
        return await asyncio.to_thread(_unpacked, data, work, texts)

    async def keep(self, work: Work, document: str, texts: Sequence[str], vectors: Sequence[Vector]) -> str:
        """The name they are kept by."""
        packed = await asyncio.to_thread(_packed, work, texts, vectors)
        return await self._contents.keep(work.source.base.scope, document, packed)


def _packed(work: Work, texts: Sequence[str], vectors: Sequence[Vector]) -> bytes:
    numbers = array("f")
    for vector in vectors:
        numbers.extend(vector)
    if sys.byteorder == "big":
        numbers.byteswap()
    return _digest(work, texts) + numbers.tobytes()


def _unpacked(data: bytes, work: Work, texts: Sequence[str]) -> list[Vector] | None:
    width = work.source.base.embedding.dimensions
    numbers = array("f", data[_DIGEST:])
    if data[:_DIGEST] != _digest(work, texts) or len(numbers) != width * len(texts):
        return None
    if sys.byteorder == "big":
        numbers.byteswap()
    return [numbers[start : start + width] for start in range(0, len(numbers), width)]


def _digest(work: Work, texts: Sequence[str]) -> bytes:
    """Of all that vectors depend on: the model, and the texts."""
    model = work.source.base.embedding
    told = hashlib.sha256(f"{model.id} {model.dimensions}".encode())
    for text in texts:
        told.update(hashlib.sha256(text.encode()).digest())
    return told.digest()
