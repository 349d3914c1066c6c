"""The operation of bedrock-agent-runtime that ranks documents by a query.

Source: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent-runtime_Rerank.html
"""

import hashlib

import msgspec

from craton.core.context import Context
from craton.core.operation import operation
from craton.dialects.body import Json
from craton.dialects.converse import Block
from craton.dialects.rerank import Ranking, best, read_request, text_of
from craton.errors import ValidationException
from craton.iam.authorization.actions import INVOKE
from craton.runtime.inference import Inference
from craton.runtime.rerank import scored
from craton.store.tokens import Tokens

# Results of one response; the rest come with the next token.
PAGE = 100
# The member of a document that each of its types wants.
MEMBERS = {"TEXT": "textDocument", "JSON": "jsonDocument"}


class Reranking:
    """`tokens` seals the places of pages."""

    def __init__(self, inference: Inference, tokens: Tokens) -> None:
        self._inference = inference
        self._tokens = tokens

    @operation("bedrock-agent-runtime")
    async def rerank(self, ctx: Context, req: Json) -> Block:
        config = req["rerankingConfiguration"]["bedrockRerankingConfiguration"]
        sources = [source["inlineDocumentSource"] for source in req["sources"]]
        model = config["modelConfiguration"]
        ranking = _ranking(_query(req["queries"][0]), sources, model.get("additionalModelRequestFields", {}))
        place = self._place(ctx, req)
        resolved = await self._inference.resolve(ctx, model["modelArn"], INVOKE)
        made = await scored(self._inference, ctx, resolved, ranking.query, ranking.documents, limit=ranking.limit)
        order = best(made.scores, config.get("numberOfResults", ranking.top))
        page = order[place : place + PAGE]
        results = [{"index": index, "relevanceScore": made.scores[index], "document": sources[index]} for index in page]
        rest = place + PAGE < len(order)
        return {"results": results} | (
            {"nextToken": self._tokens.write(place + PAGE, *_told(ctx, req))} if rest else {}
        )

    def _place(self, ctx: Context, req: Json) -> int:
        return self._tokens.read(req["nextToken"], *_told(ctx, req)) if "nextToken" in req else 0


def _told(ctx: Context, req: Json) -> tuple[str, ...]:
    """What a page belongs to: the caller's account and region, and all of the request but the token."""
    asked = {name: value for name, value in req.items() if name != "nextToken"}
    digest = hashlib.sha256(msgspec.json.encode(asked, order="sorted")).hexdigest()
    return ("rerank", ctx.account, ctx.region, digest)


def _ranking(query: str, sources: list[Block], fields: Block) -> Ranking:
    """The request as the models' own bodies have it, for the fields are theirs. Raises ValidationException."""
    for name in ("query", "documents"):
        if name in fields:
            raise ValidationException(f"{name!r} is no additional field: send it as 'queries' or 'sources'.")
    return read_request({**fields, "query": query, "documents": [_document(source) for source in sources]})


def _query(query: Block) -> str:
    if "text" not in query["textQuery"]:
        raise ValidationException("The textQuery has no 'text'. Add what to rank the documents by.")
    return str(query["textQuery"]["text"])


def _document(source: Block) -> object:
    member = MEMBERS[source["type"]]
    if member not in source:
        raise ValidationException(f"A document of the type {source['type']!r} has no {member!r}. Add it.")
    value = source[member]
    if source["type"] == "TEXT":
        if "text" not in value:
            raise ValidationException("A textDocument has no 'text'. Add it.")
        return value["text"]
    return value if isinstance(value, dict) else text_of(value)
