"""Amazon Nova Multimodal Embeddings' bodies, for a text at a time. Knows no model.

Source: https://docs.aws.amazon.com/nova/latest/userguide/embeddings-schema.html
"""

from typing import Annotated, Literal

from msgspec import Meta

from craton.dialects.body import Body, Count, Json, malformed, parse
from craton.dialects.converse import Block
from craton.dialects.embedding import Embedded, Embedding, End, Purpose
from craton.dialects.stamps import Asked

ENDS: dict[str, End] = {"START": "START", "END": "END"}
PURPOSES: dict[str, Purpose | None] = {
    "GENERIC_INDEX": "document",
    "GENERIC_RETRIEVAL": "query",
    "TEXT_RETRIEVAL": "query",
    "IMAGE_RETRIEVAL": "query",
    "VIDEO_RETRIEVAL": "query",
    "DOCUMENT_RETRIEVAL": "query",
    "AUDIO_RETRIEVAL": "query",
    "CLASSIFICATION": None,
    "CLUSTERING": None,
}


class Text(Body):
    truncationMode: Literal["START", "END", "NONE"]  # noqa: N815
    value: Annotated[str, Meta(min_length=1, max_length=50_000)] | None = None
    source: Block | None = None


class Params(Body):
    embeddingPurpose: str  # noqa: N815
    embeddingDimension: Count | None = None  # noqa: N815
    text: Text | None = None
    image: Block | None = None
    audio: Block | None = None
    video: Block | None = None


class Request(Body):
    taskType: Literal["SINGLE_EMBEDDING"]  # noqa: N815
    singleEmbeddingParams: Params  # noqa: N815
    schemaVersion: Literal["nova-multimodal-embed-v1"] | None = None  # noqa: N815


def read_request(body: Json) -> Embedding:
    params = parse(Request, body).singleEmbeddingParams
    where = "#/singleEmbeddingParams"
    if params.embeddingPurpose not in PURPOSES:
        purposes = ", ".join(map(repr, PURPOSES))
        raise malformed(
            f"{where}/embeddingPurpose: invalid value {params.embeddingPurpose!r}; the values here are {purposes}"
        )
    for kind in ("image", "audio", "video"):
        if getattr(params, kind) is not None:
            raise malformed(f"{where}/{kind}: no model here makes embeddings of it, send 'text'")
    if params.text is None:
        raise malformed(f"{where}: required key [text] not found")
    if params.text.value is None or params.text.source is not None:
        raise malformed(f"{where}/text: send the text itself as 'value'; a 'source' is not read here")
    return Embedding(
        (params.text.value,),
        params.embeddingDimension,
        f"{where}/embeddingDimension",
        purpose=PURPOSES[params.embeddingPurpose],
        cut=ENDS.get(params.text.truncationMode),
    )


def write_response(made: Embedded, asked: Embedding, stamp: Asked) -> Block:
    (vector,), (read,) = made.vectors, made.texts
    cut = {"truncatedCharLength": len(read)} if read != asked.texts[0] else {}
    return {"embeddings": [{"embeddingType": "TEXT", "embedding": list(vector), **cut}]}
