"""The event and the files by which chunks are handed to a function, and what it hands back. Knows no process.

As https://docs.aws.amazon.com/bedrock/latest/userguide/kb-custom-transformation.html has them: the event names files in
the intermediate bucket, each with `fileContents`, and the answer names the files that the function wrote there.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

import msgspec

from craton.knowledge.chunking.pieces import Piece
from craton.knowledge.records import HIDDEN, PAGE_NUMBER, RESERVED
from craton.knowledge.transforming.passages import Original, Passage, TransformationFailure, told, value
from craton.store.vectors.records import Value

# Chunks of one file.
AT_ONCE = 500
TEXT = "TEXT"
# The members that name where a document came from; the documentation has `s3_location` alone, all others follow it.
_LOCATIONS = {
    "S3": ("s3Location", "s3_location", "uri"),
    "WEB": ("webLocation", "web_location", "url"),
    "CUSTOM": ("customDocumentLocation", "custom_document_location", "id"),
}


def files(prefix: str, name: str, passages: Sequence[Passage]) -> Iterator[tuple[str, bytes]]:
    """The keys and contents of the files that hold the chunks of a document, below a prefix."""
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    stem = "".join(sign if sign.isalnum() or sign in "-_." else "_" for sign in PurePosixPath(name).stem)[:80]
    for number, start in enumerate(range(0, len(passages), AT_ONCE), start=1):
        some = passages[start : start + AT_ONCE]
        yield (
            f"{prefix}{stem}_{digest}_{number}.JSON",
            msgspec.json.encode({"fileContents": [_content(p) for p in some]}),
        )


def event(
    knowledge_base: str, source: str, job: str, bucket: str, original: Original, keys: Sequence[str]
) -> dict[str, object]:
    return {
        "version": "1.0",
        "knowledgeBaseId": knowledge_base,
        "dataSourceId": source,
        "ingestionJobId": job,
        "bucketName": bucket,
        "priorTask": "CHUNKING",
        "inputFiles": [
            {
                "originalFileLocation": _location(original),
                "fileMetadata": told(original.metadata),
                "contentBatches": [{"key": key} for key in keys],
            }
        ],
    }


def answered(answer: object) -> tuple[dict[str, Value], list[str]]:
    """The attributes and the keys of an answer to an event of one document. Raises TransformationFailure."""
    match answer:
        case {"outputFiles": [{"contentBatches": [*batches], **rest}]} if all(map(_is_batch, batches)):
            metadata = rest.get("fileMetadata") or {}
            if isinstance(metadata, dict):
                return {key: value(each, key) for key, each in metadata.items()}, [batch["key"] for batch in batches]
    raise TransformationFailure(
        "The function did not answer with 'outputFiles' for its one input file. Have it return "
        '{"outputFiles": [{"originalFileLocation": ..., "fileMetadata": {}, "contentBatches": [{"key": "..."}]}]}.'
    )


def passages(data: bytes, key: str, metadata: Mapping[str, Value]) -> Iterator[Passage]:
    """The chunks that a file of the function holds. Raises TransformationFailure."""
    try:
        contents = msgspec.json.decode(data)["fileContents"]
        for content in contents:
            yield _passage(content, metadata)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, KeyError, TypeError, AttributeError) as error:
        raise TransformationFailure(
            f"The file {key!r} that the function wrote cannot be read ({error!r}). Have it write "
            '{"fileContents": [{"contentBody": "...", "contentType": "TEXT", "contentMetadata": {}}]}.'
        ) from error


def _content(passage: Passage) -> dict[str, object]:
    own: dict[str, Value] = told(passage.metadata)
    if passage.piece.page is not None:
        own[PAGE_NUMBER] = passage.piece.page
    return {"contentBody": passage.piece.text, "contentType": TEXT, "contentMetadata": own}


def _passage(content: Mapping[str, Any], metadata: Mapping[str, Value]) -> Passage:
    body, kind = content["contentBody"], content.get("contentType", TEXT)
    if not isinstance(body, str) or kind != TEXT:
        raise TransformationFailure(
            f"The function made a chunk of the type {kind!r}. Chunks are of the type {TEXT!r}, with a text as "
            "'contentBody'."
        )
    own = {key: value(each, key) for key, each in (content.get("contentMetadata") or {}).items()}
    page = own.get(PAGE_NUMBER)
    kept = {key: each for key, each in {**metadata, **own}.items() if not key.startswith((RESERVED, HIDDEN))}
    return Passage(Piece(body, int(page) if isinstance(page, float) else None), kept)


def _location(original: Original) -> dict[str, object]:
    kind = str(original.location.get("type", "S3"))
    member, name, inner = _LOCATIONS.get(kind, _LOCATIONS["S3"])
    where = original.location.get(member)
    place = where.get(inner, original.uri) if isinstance(where, dict) else original.uri
    return {"type": kind, name: {inner: place}}


def _is_batch(batch: object) -> bool:
    return isinstance(batch, dict) and isinstance(batch.get("key"), str)
