"""Questions answered by a database: a model writes the query, it is checked, and what was checked is run.

Where it does not pass, or the database does not take it, the model is told why and writes it once more. Knows no
operation.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any, Protocol, TypeVar, cast

from craton.core.context import Context, everything
from craton.errors import DependencyFailedException, ValidationException
from craton.guardrails import asking
from craton.guardrails.findings import Undecided
from craton.iam.authorization.actions import INVOKE
from craton.knowledge.records import Base
from craton.knowledge.retrieval.retrieving import Found
from craton.knowledge.structured import prompting
from craton.knowledge.structured.asked import Asked
from craton.knowledge.structured.checking.query import Query, UncheckedQuery
from craton.knowledge.structured.databases.database import Database, DatabaseFailure, RefusedQuery, Rows, Value
from craton.knowledge.structured.databases.databases import Databases
from craton.knowledge.structured.schema import Schema
from craton.knowledge.structured.schemas import Schemas
from craton.models.resolve import Resolved
from craton.runtime.inference import Inference

# The steps of a search in its request's trace.
WRITE, RUN = "retrieval.write_sql", "retrieval.run_sql"
# Rows where a request does not say how many, and at most.
MOST_ROWS = 100
# Tokens of a query.
_LONGEST = 800
_TRIES = 2

Result = TypeVar("Result")


class Checking(Protocol):
    """The module that checks queries. Importing its parser takes half a second, so that is done in a thread."""

    def checked(self, sql: str, schema: Schema, database: str, most: int) -> Query: ...


@dataclass(frozen=True, slots=True)
class _Task:
    ctx: Context
    resolved: Resolved
    asked: Asked
    database: Database
    schema: Schema
    question: str
    most: int


class Structured:
    """`default` is the model that writes queries, the server's own: who may ask a knowledge base needs no right to it,
    as in the real service.
    """

    def __init__(self, schemas: Schemas, databases: Databases, inference: Inference, default: str) -> None:
        self._schemas = schemas
        self._databases = databases
        self._inference = inference
        self._default = default

    async def check(self, ctx: Context, configuration: Mapping[str, Any]) -> None:
        """Raises ValidationException for a `sqlKnowledgeBaseConfiguration` that no database answers for."""
        asked = Asked.read(configuration)
        if asked.account not in (None, ctx.account):
            raise ValidationException(f"The workgroup {asked.engine!r} is of another account. Name one of yours.")
        self._databases.check(asked)

    async def rows(self, ctx: Context, base: Base, query: str, most: int | None) -> list[Found]:
        """The rows that answer the question, in their order.

        Raises ValidationException where the tables were never read, and DependencyFailedException where the model
        writes no query that may run, or the database does not answer.
        """
        task = await self._task(ctx, base, query, min(most or MOST_ROWS, MOST_ROWS))

        async def run(query: Query) -> Rows:
            return await task.database.rows(query, task.schema, task.asked.seconds)

        written, rows = await self._tried(task, run)
        return [_found(written, rows.columns, row, number) for number, row in enumerate(rows.rows)]

    async def query(self, ctx: Context, base: Base, question: str) -> str:
        """The query for a question, planned by the database and not run. Raises likewise."""
        task = await self._task(ctx, base, question, MOST_ROWS)

        async def plan(query: Query) -> None:
            await task.database.explain(query, task.schema)

        written, _ = await self._tried(task, plan)
        return written.shown

    async def _task(self, ctx: Context, base: Base, question: str, most: int) -> _Task:
        asked = Asked.read(base.configuration["sqlKnowledgeBaseConfiguration"])
        schema = await self._schemas.find(base)
        try:
            database = await self._databases.find(asked)
        except DatabaseFailure as error:
            raise DependencyFailedException(str(error)) from error
        resolved = await self._inference.resolve(replace(ctx, permit=everything), self._default, INVOKE)
        return _Task(ctx, resolved, asked, database, schema, question, most)

    async def _tried(self, task: _Task, do: Callable[[Query], Awaitable[Result]]) -> tuple[Query, Result]:
        """The query that was written, and what it came to."""
        checking = await asyncio.to_thread(_checking)
        before: tuple[str, str] | None = None
        for _ in range(_TRIES):
            with task.ctx.trace.begin(WRITE):
                sql = await self._written(task, before)
            try:
                query = await asyncio.to_thread(checking.checked, sql, task.schema, task.asked.database, task.most)
                with task.ctx.trace.begin(RUN):
                    return query, await do(query)
            except (UncheckedQuery, RefusedQuery) as error:
                before = sql, str(error)
            except DatabaseFailure as error:
                raise DependencyFailedException(str(error)) from error
        assert before is not None
        raise DependencyFailedException(
            f"The model {task.resolved.model.id!r} wrote no query for this question that may run. The last one was "
            f"refused: {before[1].rstrip('.')}. Ask what the tables can tell, in other words."
        )

    async def _written(self, task: _Task, before: tuple[str, str] | None) -> str:
        """What the model writes. Raises DependencyFailedException where that is no JSON."""
        spec = task.resolved.spec
        text = await asyncio.to_thread(
            prompting.prompt, task.asked, task.schema, task.question, spec.context_length, before
        )
        turn = asking.instruction(text, prompting.SCHEMA, spec.engine)
        turn = {**turn, "inferenceConfig": {**turn["inferenceConfig"], "maxTokens": _LONGEST}}
        generation = await self._inference.generation(replace(task.ctx, permit=everything), task.resolved, turn)
        try:
            answer = asking.written(await generation.answer())
        except Undecided as error:
            raise DependencyFailedException(
                f"The model {task.resolved.model.id!r}, the server's `default_model`, was asked for a query and wrote "
                f"none: {error}"
            ) from error
        sql = answer.get("sql") if isinstance(answer, dict) else None
        return sql if isinstance(sql, str) else ""


def _checking() -> Checking:
    return cast(Checking, import_module("craton.knowledge.structured.checking.statements"))


def _found(query: Query, columns: Sequence[str], row: Sequence[Value], number: int) -> Found:
    """A row as a search finds it."""
    told = [
        {"columnName": column, "type": value.kind} | ({} if value.text is None else {"columnValue": value.text})
        for column, value in zip(columns, row, strict=True)
    ]
    text = "; ".join(
        f"{column}: {'' if value.text is None else value.text}" for column, value in zip(columns, row, strict=True)
    )
    name = hashlib.sha256(f"{query.shown}\0{number}\0{text}".encode()).hexdigest()
    location = {"type": "SQL", "sqlLocation": {"query": query.shown}}
    return Found(name, "", text, None, location, {}, told)
