"""Found chunks ranked anew by a reranking model. Knows no index."""

from collections.abc import Sequence

from craton.core.context import Context
from craton.dialects.rerank import best, read_request
from craton.errors import ValidationException
from craton.iam.authorization.actions import INVOKE
from craton.knowledge.retrieval.configuration import Reranked
from craton.runtime.inference import Inference
from craton.runtime.rerank import scored
from craton.store.vectors.records import Chunk, Hit

# The name of the chunk's text beside those of its metadata.
TEXT = "text"


async def reranked(inference: Inference, ctx: Context, query: str, hits: Sequence[Hit], asked: Reranked) -> list[Hit]:
    """Best first, with the model's scores, from 0 to 1. Raises ValidationException for fields that no model takes."""
    for name in ("query", "documents"):
        if name in asked.fields:
            raise ValidationException(
                f"{name!r} is no additional field: what is ranked are the chunks that were found."
            )
    documents = [_document(hit.chunk, asked) for hit in hits]
    fields = {"rank_fields": _names(documents), **asked.fields} if asked.told else asked.fields
    ranking = read_request({**fields, "query": query, "documents": documents})
    resolved = await inference.resolve(ctx, asked.model, INVOKE)
    made = await scored(inference, ctx, resolved, ranking.query, ranking.documents, limit=ranking.limit)
    order = best(made.scores, asked.number or ranking.top)
    return [Hit(hits[place].chunk, made.scores[place]) for place in order]


def _document(chunk: Chunk, asked: Reranked) -> str | dict[str, object]:
    """The text, with what the model is told of its metadata."""
    if not asked.told:
        return chunk.text
    metadata = chunk.extra.get("metadata") or {}
    return {name: value for name, value in metadata.items() if asked.selects(name)} | {TEXT: chunk.text}


def _names(documents: Sequence[str | dict[str, object]]) -> list[str]:
    """What there is to read in the documents: a line each, the text last."""
    names = dict.fromkeys(name for document in documents if isinstance(document, dict) for name in document)
    names.pop(TEXT, None)
    return [*names, TEXT]
