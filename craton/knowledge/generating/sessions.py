"""Conversations with knowledge bases, kept for a day from their first question.

A session belongs to an account and region, and to the user that its first request named: what was said may hold what
only that user may see. Source: https://repost.aws/knowledge-center/bedrock-reuse-knowledge-base-session. Knows no
model.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from craton.core.context import Context
from craton.errors import ValidationException
from craton.store.documents import Document, Documents, Transaction

SESSION = "knowledge-session"
LIFE = timedelta(hours=24)
# What a session keeps: the last so many questions with their answers.
MOST = 10


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and its answer."""

    query: str
    answer: str


@dataclass(frozen=True, slots=True)
class Session:
    id: str
    exchanges: Sequence[Exchange] = ()


class Sessions:
    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    async def open(self, ctx: Context, id: str | None, user: str | None) -> Session:
        """A new session, or the one of this id. Raises ValidationException where it is not there any more."""
        if id is None:
            return await self._begin(ctx, user)
        document = await self._documents.find(ctx.scope, SESSION, id)
        if document is None or _expired(document) or document.body["user"] != user:
            raise ValidationException(f"Session with Id {id} is not valid. Please check and try again.")
        return Session(id, [Exchange(query, answer) for query, answer in document.body["exchanges"]])

    async def add(self, ctx: Context, id: str, exchange: Exchange) -> None:
        """Keep what was said; of a session that ended meanwhile nothing is kept."""

        def append(t: Transaction) -> None:
            if document := t.find(ctx.scope, SESSION, id):
                kept = [*document.body["exchanges"], [exchange.query, exchange.answer]][-MOST:]
                t.replace(ctx.scope, SESSION, id, {**document.body, "exchanges": kept})

        await self._documents.transaction(append)

    async def _begin(self, ctx: Context, user: str | None) -> Session:
        """Each that begins takes two away that are over, so they never pile up."""
        session = Session(str(uuid.uuid4()))
        oldest = await self._documents.page(ctx.scope, SESSION, limit=2)
        over = [document.id for document in oldest.items if _expired(document)]

        def begin(t: Transaction) -> None:
            for each in over:
                if t.find(ctx.scope, SESSION, each):
                    t.delete(ctx.scope, SESSION, each)
            t.create(ctx.scope, SESSION, session.id, {"user": user, "exchanges": []})

        await self._documents.transaction(begin)
        return session


def _expired(document: Document) -> bool:
    return document.created_at + LIFE < datetime.now(UTC)
