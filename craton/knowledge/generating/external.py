"""Documents that come with the request: read, cut into chunks, and the best of these found. Knows no model of text.

Source: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent-runtime_ExternalSource.html
"""

import asyncio
import math
from collections import Counter
from collections.abc import Sequence

from craton.core.context import Context
from craton.dialects.body import Json
from craton.dialects.converse import Block
from craton.documents.formats import format_of
from craton.documents.plain import DocumentError
from craton.errors import ValidationException
from craton.guardrails.findings import Undecided
from craton.guardrails.grounding.source import dot
from craton.knowledge.chunking.chunking import plan
from craton.knowledge.generating.citing.attribution import Vectors
from craton.knowledge.generating.evidence import Evidence
from craton.knowledge.language.words import words
from craton.runtime.content.content import Parser, api_error
from craton.store.blobs import BlobError, Blobs

MOST_BYTES = 10 << 20  # of an object, as of a document in the request
# Chunks that are compared with the question by their vectors: those that share most words with it, and the first.
COMPARED = 200
# How much rank in either list counts: https://dl.acm.org/doi/10.1145/1571941.1572114
_RANK = 60


async def read(ctx: Context, source: Json, blobs: Blobs, parser: Parser) -> list[Evidence]:
    """The chunks of a document in its order. Raises ValidationException, AccessDeniedException and the like."""
    kind = source["sourceType"]
    member = {"S3": "s3Location", "BYTE_CONTENT": "byteContent"}[kind]
    if member not in source:
        raise ValidationException(f"A source of the type {kind!r} has no {member!r}. Add it.")
    given = source[member]
    if kind == "S3":
        name, mime, data = given["uri"], None, await _fetched(ctx, given["uri"], blobs)
        location: Block = {"type": "S3", "s3Location": {"uri": name}}
    else:
        name, mime, data = given["identifier"], given["contentType"], bytes(given["data"])
        location = {"type": "CUSTOM", "customDocumentLocation": {"id": name}}
    text = await _text(data, name, mime, parser)
    pieces = await plan({}).chunks(text, _no_vectors)
    return [Evidence(piece.text, location, content={"text": piece.text}) for piece in pieces]


async def ranked(question: str, evidence: Sequence[Evidence], model: Vectors) -> list[Evidence]:
    """Those that answer the question best first: by words, and by vectors where there is a model for them."""
    by_words = await asyncio.to_thread(_by_words, question, [each.text for each in evidence])
    compared = list(dict.fromkeys([*by_words[:COMPARED], *range(min(COMPARED, len(evidence)))]))[:COMPARED]
    try:
        asked, *vectors = await model.vectors([question, *(evidence[place].text for place in compared)])
    except Undecided:
        return [evidence[place] for place in by_words]
    likeness = {place: dot(asked, vector) for place, vector in zip(compared, vectors, strict=True)}
    by_vectors = sorted(likeness, key=lambda place: -likeness[place])
    scores = dict.fromkeys(by_words, 0.0)
    for order in (by_words, by_vectors):
        for rank, place in enumerate(order):
            scores[place] += 1 / (_RANK + rank)
    return [evidence[place] for place in sorted(scores, key=lambda place: (-scores[place], place))]


def _by_words(question: str, texts: Sequence[str]) -> list[int]:
    """By BM25 of the question's words; what shares none stays in its order, at the end."""
    documents = [Counter(words(text)) for text in texts]
    lengths = [sum(document.values()) for document in documents]
    mean = sum(lengths) / len(lengths) if lengths else 1.0
    asked = {*words(question)}
    rarity = {word: _rarity(sum(word in document for document in documents), len(documents)) for word in asked}
    scores = [
        sum(
            rarity[word] * document[word] * 2.2 / (document[word] + 1.2 * (0.25 + 0.75 * length / mean))
            for word in asked
            if word in document
        )
        for document, length in zip(documents, lengths, strict=True)
    ]
    return sorted(range(len(texts)), key=lambda place: (-scores[place], place))


def _rarity(having: int, all: int) -> float:
    return math.log(1 + (all - having + 0.5) / (having + 0.5))


async def _fetched(ctx: Context, uri: str, blobs: Blobs) -> bytes:
    try:
        return await blobs.read(uri, account=ctx.account, limit=MOST_BYTES)
    except BlobError as error:
        raise api_error(error) from error


async def _text(data: bytes, name: str, mime: str | None, parser: Parser) -> str:
    kind = await asyncio.to_thread(format_of, name, mime, data)
    if kind is None:
        raise ValidationException(
            f"The document {name!r} has a format that is not known. Send a document of text, with the contentType of "
            "it, such as 'text/plain' or 'application/pdf'."
        )
    try:
        return await parser.parse(data, kind, name)
    except DocumentError as error:
        raise ValidationException(str(error)) from None


async def _no_vectors(texts: Sequence[str]) -> Sequence[Sequence[float]]:
    raise AssertionError("default chunks are cut without vectors")
