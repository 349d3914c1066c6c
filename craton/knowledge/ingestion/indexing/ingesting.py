"""A document's bytes to the chunks that an index holds: text, pieces, attributes, words and vectors.

Knows neither where documents come from nor what becomes of the chunks.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

from craton.documents.formats import EXTENSIONS, FORMATS, format_of
from craton.documents.parser import Parser
from craton.documents.plain import DocumentError
from craton.errors import ValidationException
from craton.knowledge.access.lists import attributes
from craton.knowledge.chunking.chunking import plan
from craton.knowledge.chunking.pieces import MOST, PAGE_BREAK, Chunking, Piece, TooManyChunks
from craton.knowledge.ingestion.indexing.vectors import Vector, Vectors
from craton.knowledge.ingestion.indexing.work import Work
from craton.knowledge.ingestion.metadata.metadata import Metadata
from craton.knowledge.ingestion.metadata.rows import RowsError, rows
from craton.knowledge.language.words import words
from craton.knowledge.records import CHUNK_ID, PAGE_NUMBER, SOURCE_ID, SOURCE_URI, Source
from craton.knowledge.transforming.passages import Passage, TransformationFailure
from craton.knowledge.transforming.transforming import Transforming
from craton.store.records import Record
from craton.store.vectors.records import Chunk, Value

CSV, PDF = (FORMATS[name].media_type for name in ("csv", "pdf"))


class Unusable(Exception):
    """A document that cannot be ingested. The message is a full sentence.

    `ignored`: it is none that is read at all. `unread`: it could not be had now, so nothing new is known of it.
    """

    def __init__(self, message: str, *, ignored: bool = False, unread: bool = False) -> None:
        super().__init__(message)
        self.ignored = ignored
        self.unread = unread


@dataclass(frozen=True, slots=True)
class Given:
    """A document whose text is known; `id` is that of its record, `vectors` the name of those that are kept of it."""

    id: str
    uri: str
    location: Mapping[str, Any]
    text: str
    media_type: str
    metadata: Metadata
    vectors: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A passage with the attributes that are its own. `parent` is its number among all parts of the document."""

    passage: Passage
    parent: int | None
    attributes: Mapping[str, Value] = field(default_factory=dict)

    @property
    def compared(self) -> str:
        """What it is found by."""
        piece = self.passage.piece
        return "\n".join(text for text in (piece.heading, piece.text, self.passage.added) if text)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document in parts."""

    given: Given
    parts: Sequence[Part]

    @property
    def found(self) -> list[Part]:
        """The parts that can be found, rather than be read in the place of others."""
        return [part for part in self.parts if not part.passage.piece.is_parent]


@dataclass(frozen=True, slots=True)
class Chunked:
    """A document's chunks, and the name of its vectors as they are kept."""

    chunks: Sequence[Chunk]
    vectors: str


class Ingesting:
    def __init__(self, parser: Parser, transforming: Transforming, vectors: Vectors) -> None:
        self._parser = parser
        self._transforming = transforming
        self._vectors = vectors

    async def text(self, data: bytes, name: str, media_type: str | None) -> tuple[str, str]:
        """The text of a document and its media type. Raises Unusable."""
        kind = format_of(name.rpartition("/")[2], media_type, data)
        if kind is None:
            known = ", ".join(f".{extension}" for extension in sorted(EXTENSIONS))
            raise Unusable(
                f"The file format of {name!r} is not supported; files that are read end in {known}.", ignored=True
            )
        try:
            text = await self._parser.parse(data, kind, name)
        except DocumentError as error:
            raise Unusable(str(error)) from None
        return text, FORMATS[kind].media_type

    async def prepared(self, work: Work, given: Given) -> Prepared:
        """Raises Unusable, and ApiError as the models do that have a part in it."""
        if work.source.acl_enabled and given.metadata.acl is None:
            raise Unusable(
                f"The document {given.uri!r} has no access control list, and its data source asks for one. Give it an "
                "'accessControlList' in its metadata."
            )
        chunking = plan(work.source.ingesting)
        parts: list[Part] = []
        async with aclosing(_texts(given)) as texts:
            async for text, own in texts:
                start = len(parts)
                passages = await self._passages(work, given, chunking, text, own)
                if start + len(passages) > MOST:
                    raise Unusable(str(TooManyChunks()))
                parts += [Part(each, _after(start, each.piece.parent), own) for each in passages]
        if not parts:
            raise Unusable(f"The document {given.uri!r} holds no text.")
        return Prepared(given, parts)

    async def _passages(
        self, work: Work, given: Given, chunking: Chunking, text: str, own: Mapping[str, Value]
    ) -> list[Passage]:
        async def vectors(texts: Sequence[str]) -> Sequence[Vector]:
            return await self._vectors.made(work, texts)

        try:
            cut = await chunking.chunks(text, vectors)
            told = {**given.metadata.attributes, **own}
            return await self._transforming.transformed(
                work.ctx, work.source, work.job, given.uri, given.location, told, cut
            )
        except (TooManyChunks, TransformationFailure) as error:
            raise Unusable(str(error)) from None

    async def chunks(self, work: Work, documents: Sequence[Prepared]) -> dict[str, Chunked | Unusable]:
        """By document, its chunks or why it has none. Raises ApiError where a model does not answer at all."""
        try:
            return await self._chunks(work, documents)
        except ValidationException as error:
            if len(documents) == 1:
                return {documents[0].given.id: Unusable(error.message)}
        # One of them is what the model refuses.
        alone: dict[str, Chunked | Unusable] = {}
        for each in documents:
            alone |= await self.chunks(work, [each])
        return alone

    async def _chunks(self, work: Work, documents: Sequence[Prepared]) -> dict[str, Chunked | Unusable]:
        vectors = await self._vectors_of(work, documents)
        made: dict[str, Chunked | Unusable] = {}
        for each in documents:
            name, own = vectors[each.given.id]
            made[each.given.id] = Chunked(await asyncio.to_thread(_chunks_of, work.source, each, own), name)
        return made

    async def _vectors_of(self, work: Work, documents: Sequence[Prepared]) -> dict[str, tuple[str, Sequence[Vector]]]:
        """By document, its vectors and the name that they are kept by; those that are not kept are made together."""
        found: dict[str, tuple[str, Sequence[Vector]]] = {}
        texts: dict[str, list[str]] = {}
        for each in documents:
            given, embedded = each.given, await asyncio.to_thread(_embedded, each)
            known = await self._vectors.known(work, given.id, given.vectors, embedded)
            if known is not None and given.vectors:
                found[given.id] = given.vectors, known
            else:
                texts[given.id] = embedded
        made = iter(await self._vectors.made(work, [text for own in texts.values() for text in own]))
        for name, own in texts.items():
            vectors = [next(made) for _ in own]
            found[name] = await self._vectors.keep(work, name, own, vectors), vectors
        return found


async def _texts(given: Given) -> AsyncGenerator[tuple[str, Mapping[str, Value]], None]:
    """The texts that are chunked each by itself, with the attributes of their own."""
    columns = given.metadata.columns
    if columns is None:
        alone = given.media_type == PDF and PAGE_BREAK not in given.text  # its one page has a number, too
        yield given.text + PAGE_BREAK if alone else given.text, {}
        return
    if given.media_type != CSV:
        raise Unusable(f"The metadata of {given.uri!r} says which columns to read, and it is no CSV file.")
    try:
        for text, own in await asyncio.to_thread(lambda: list(rows(given.text, columns))):
            yield text, own
    except RowsError as error:
        raise Unusable(f"The document {given.uri!r} cannot be read by its columns: {error}") from None


def _after(start: int, parent: int | None) -> int | None:
    return None if parent is None else start + parent


def _headed(piece: Piece) -> str:
    return f"{piece.heading}\n{piece.text}" if piece.heading else piece.text


def _embedded(document: Prepared) -> list[str]:
    """The texts that the vectors of a document are made of."""
    preface = document.given.metadata.preface
    return [preface + _headed(part.passage.piece) for part in document.found]


def _chunks_of(source: Source, document: Prepared, vectors: Sequence[Vector]) -> list[Chunk]:
    own = iter(vectors)
    return [
        _chunk(source, document, number, part, None if part.passage.piece.is_parent else next(own))
        for number, part in enumerate(document.parts)
    ]


def _chunk(source: Source, document: Prepared, number: int, part: Part, vector: Vector | None) -> Chunk:
    given, piece = document.given, part.passage.piece
    name = chunk_id(given.id, number)
    own: dict[str, Value] = {SOURCE_URI: given.uri, SOURCE_ID: source.id, CHUNK_ID: name}
    if piece.page is not None:
        own[PAGE_NUMBER] = float(piece.page)
    told = {**part.attributes, **given.metadata.attributes, **part.passage.metadata, **own}
    extra: Record = {
        "location": given.location,
        "metadata": told,
        "parent": None if part.parent is None else chunk_id(given.id, part.parent),
        "page": piece.page,
    }
    return Chunk(
        id=name,
        document=given.id,
        text=piece.text,
        words="" if piece.is_parent else " ".join(words(part.compared)),
        vector=vector,
        attributes={**told, **attributes(given.metadata.acl)},
        extra=extra,
    )


def chunk_id(document: str, number: int) -> str:
    return f"{document}/{number:06d}"
