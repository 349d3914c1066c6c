"""The operation of bedrock-agent-runtime that searches a knowledge base.

Source: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent-runtime_Retrieve.html
"""

import hashlib
from collections.abc import Sequence

import msgspec

from craton.core.context import Context
from craton.core.operation import operation
from craton.dialects.body import Json
from craton.dialects.converse import Block
from craton.errors import ValidationException
from craton.knowledge.bases.bases import Bases
from craton.knowledge.failures import modelled
from craton.knowledge.records import Base
from craton.knowledge.retrieval.guarding import Guarding
from craton.knowledge.retrieval.retrieving import Found, Retrieving
from craton.store.tokens import Tokens

# Characters of the passages of one response; the rest come with the next token.
PAGE = 1_000_000


class RetrieveApi:
    """`tokens` seals the places of pages."""

    def __init__(self, bases: Bases, retrieving: Retrieving, guarding: Guarding, tokens: Tokens) -> None:
        self._bases = bases
        self._retrieving = retrieving
        self._guarding = guarding
        self._tokens = tokens

    @operation("bedrock-agent-runtime", refuses=["retrievalQuery.image"])
    async def retrieve(self, ctx: Context, req: Json) -> Block:
        base = await self._bases.find(ctx, req["knowledgeBaseId"])
        query, told = _query(req["retrievalQuery"]), _told(ctx, base, req)
        place = self._tokens.read(req["nextToken"], *told) if "nextToken" in req else 0
        answer: Block = {}
        if "guardrailConfiguration" in req:
            judged = await self._guarding.judged(ctx, req["guardrailConfiguration"], query)
            answer["guardrailAction"] = judged.action
            if judged.blocked:
                return answer | {"retrievalResults": []}
            query = judged.text
        asked = req.get("retrievalConfiguration", {})
        with modelled():
            found = await self._retrieving.search(ctx, base, query, asked, user=req.get("userContext"))
        end = _end(found, place)
        if end < len(found):
            answer["nextToken"] = self._tokens.write(end, *told)
        return answer | {"retrievalResults": [_result(each) for each in found[place:end]]}


def _query(asked: Json) -> str:
    """Raises ValidationException for what is no text."""
    if "image" in asked or asked.get("type") == "IMAGE":
        raise ValidationException(
            "This server searches for texts alone. Send the query as 'text', without an 'image' and with the type "
            "'TEXT' or none."
        )
    return str(asked.get("text", ""))


def _told(ctx: Context, base: Base, req: Json) -> tuple[str, ...]:
    """What a page belongs to: the caller's account and region, the knowledge base, and all else that was asked."""
    asked = {name: value for name, value in req.items() if name not in ("nextToken", "knowledgeBaseId")}
    digest = hashlib.sha256(msgspec.json.encode(asked, order="sorted")).hexdigest()
    return ("retrieve", ctx.account, ctx.region, base.id, digest)


def _end(found: Sequence[Found], place: int) -> int:
    """Where the page ends that begins there; it holds one result at least."""
    characters = 0
    for number in range(place, len(found)):
        characters += len(found[number].text)
        if characters > PAGE and number > place:
            return number
    return len(found)


def _result(found: Found) -> Block:
    """As KnowledgeBaseRetrievalResult."""
    if found.row is not None:
        content: Block = {"type": "ROW", "row": found.row}
    else:
        content = {"type": "TEXT", "text": found.text}
    told = {
        "location": found.location,
        "metadata": found.metadata or None,
        "score": found.score,
        "documentId": found.document or None,
    }
    return {"content": content} | {name: value for name, value in told.items() if value is not None}
