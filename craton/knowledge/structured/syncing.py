"""The ingestion of a data source of type REDSHIFT_METADATA: what a database holds, read and kept for the questions.

Nothing is kept but what may be read. Knows no queue: the slice's ingestion jobs run it.
"""

from contextlib import suppress
from dataclasses import replace

from craton.errors import ValidationException
from craton.jobs.job import Job
from craton.knowledge.ingestion import reports
from craton.knowledge.records import INGESTION, Source
from craton.knowledge.structured import schemas
from craton.knowledge.structured.asked import Asked
from craton.knowledge.structured.databases.database import Database, DatabaseFailure, RefusedQuery
from craton.knowledge.structured.databases.databases import Databases
from craton.knowledge.structured.permitted import UnknownNameError, permitted
from craton.knowledge.structured.schema import Column, Schema, Table
from craton.store.documents import Transaction
from craton.store.records import Record

COMPLETE, STOPPED, FAILED = "COMPLETE", "STOPPED", "FAILED"
_LONGEST = 2048


class _Stopped(Exception):
    """Somebody asked the job to end."""


class Syncing:
    def __init__(self, databases: Databases) -> None:
        self._databases = databases

    async def run(self, job: Job, source: Source) -> None:
        """To the end of the job, which is right to do again."""
        await job.checkpoint({}, lambda t: _change(t, job, {"status": "IN_PROGRESS"}))
        try:
            schema = await self._read(job, source)
        except _Stopped:
            await job.finish(lambda t: _end(t, job, STOPPED))
        except (DatabaseFailure, RefusedQuery, UnknownNameError, ValidationException) as error:
            reason = str(error)[:_LONGEST]
            await job.finish(lambda t: _end(t, job, FAILED, {"failureReasons": [reason]}))
        else:
            await job.finish(lambda t: _keep(t, job, source, schema))

    async def _read(self, job: Job, source: Source) -> Schema:
        asked = Asked.read(source.base.configuration["sqlKnowledgeBaseConfiguration"])
        database = await self._databases.find(asked)
        schema = permitted(await database.schema(), asked.notes)
        if not schema.tables:
            raise DatabaseFailure(
                "There is no table to be read: the database has none, its user may read none, or the generationContext "
                "leaves none."
            )
        return replace(schema, tables=[await _sampled(job, database, table) for table in schema.tables])


async def _sampled(job: Job, database: Database, table: Table) -> Table:
    """With the values of columns that have few of them; of a table that cannot be looked into, without."""
    joining = {*table.key, *(name for each in table.references for name in each.columns)}
    columns: list[Column] = []
    for column in table.columns:
        if job.stopping.is_set():
            raise _Stopped
        if column.name not in joining:
            with suppress(DatabaseFailure, RefusedQuery):  # a view that is slow or broken is still a view
                column = replace(column, samples=await database.samples(table, column))
        columns.append(column)
    return replace(table, columns=columns)


def _change(t: Transaction, job: Job, changes: Record) -> None:
    body = t.get(job.scope, INGESTION, job.id).body
    if body["status"] != "STOPPING":
        t.replace(job.scope, INGESTION, job.id, body | changes)


def _end(t: Transaction, job: Job, status: str, told: Record | None = None) -> None:
    body = t.get(job.scope, INGESTION, job.id).body
    t.replace(job.scope, INGESTION, job.id, reports.ended(body, status) | (told or {}), unique={})


def _keep(t: Transaction, job: Job, source: Source, schema: Schema) -> None:
    """A table counts as a document."""
    before = schemas.put(t, source, schema)
    old = {(table.schema, table.name): table for table in before.tables} if before else {}
    new = {(table.schema, table.name): table for table in Schema.read(schema.record).tables}
    counts = {
        reports.SCANNED: len(new),
        reports.NEW: len(new.keys() - old.keys()),
        reports.MODIFIED: sum(new[place] != old[place] for place in new.keys() & old.keys()),
        reports.DELETED: len(old.keys() - new.keys()),
    }
    body = reports.counted(t.get(job.scope, INGESTION, job.id).body, counts)
    t.replace(job.scope, INGESTION, job.id, reports.ended(body, COMPLETE), unique={})
