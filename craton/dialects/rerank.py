"""Reranking bodies on Bedrock, of Cohere Rerank 3.5 and Amazon Rerank 1.0. Knows no model.

Source: https://docs.aws.amazon.com/bedrock/latest/userguide/rerank-supported.html and
https://docs.cohere.com/v1/reference/rerank, whose names these bodies have.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from msgspec import Meta

from craton.dialects.body import Body, Count, Filled, Json, parse
from craton.dialects.converse import Block


@dataclass(frozen=True, slots=True)
class Ranking:
    """A request: which `top` of the documents answer the query best. `told`: the answer repeats the documents."""

    query: str
    documents: tuple[str, ...]
    top: int | None = None
    told: bool = False
    # Tokens of a document beyond which its end is left unread; None: what the model reads.
    limit: int | None = None


class Request(Body):
    query: Filled
    documents: Annotated[list[Filled | Block], Meta(min_length=1, max_length=1000)]
    top_n: Count | None = None
    api_version: Literal[1, 2] | None = None
    return_documents: bool | None = None
    rank_fields: Annotated[list[Filled], Meta(min_length=1)] | None = None
    max_tokens_per_doc: Count | None = None


def read_request(body: Json) -> Ranking:
    request = parse(Request, body)
    documents = tuple(text_of(document, request.rank_fields) for document in request.documents)
    return Ranking(request.query, documents, request.top_n, bool(request.return_documents), request.max_tokens_per_doc)


def text_of(document: object, fields: Sequence[str] | None = None) -> str:
    """What of a document is ranked: a text itself; of an object the `fields`, its lone `text`, or all of it as JSON."""
    match document:
        case str(text):
            return text
        case {"text": str(text), **rest} if fields is None and not rest:
            return text
        case dict() if fields is not None:
            return "\n".join(f"{name}: {document[name]}" for name in fields if name in document)
    return json.dumps(document, ensure_ascii=False)


def best(scores: Sequence[float], top: int | None) -> list[int]:
    """The places of the best scores, best first; those of equal scores in their order."""
    return sorted(range(len(scores)), key=lambda place: -scores[place])[:top]


def write_response(scores: Sequence[float], asked: Ranking) -> Block:
    results: list[Block] = [{"index": place, "relevance_score": scores[place]} for place in best(scores, asked.top)]
    if asked.told:
        results = [{**result, "document": {"text": asked.documents[result["index"]]}} for result in results]
    return {"results": results}
