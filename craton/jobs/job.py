"""A job as the function that does its work sees it. Knows no queue: `Jobs` runs it."""

import asyncio
from collections.abc import Callable
from typing import Any

from craton.jobs import ledger
from craton.jobs.ledger import Key, Record
from craton.store.documents import Documents, Scope, Transaction

Work = Callable[[Transaction], object]


class Job:
    """One run of a job, the `run`th. `body` is what it was started with, `state` its last checkpoint, None without one.

    Everything a run does must be right to do again from its last checkpoint: the process may die at any moment. What
    must happen exactly once goes into the transaction of a checkpoint or of the end.
    """

    def __init__(self, documents: Documents, key: Key, runner: str, run: int, body: Record, state: Any) -> None:
        self.key = key
        self.run = run
        self.body = body
        self.state = state
        self.stopping = asyncio.Event()  # set where somebody asked the job to end by itself, soon
        self.ended = False
        self._documents = documents
        self._runner = runner

    @property
    def scope(self) -> Scope:
        return self.key.scope

    @property
    def id(self) -> str:
        return self.key.id

    async def checkpoint(self, state: Any, work: Work | None = None) -> None:
        """Keep `state`, as a document's body is kept, and do `work` in the same transaction.

        Raises LostJobError where the job was cancelled or is another runner's by now; nothing was done then.
        """

        def step(t: Transaction) -> None:
            ledger.checkpoint(t, self.key, self._runner, state)
            if work:
                work(t)

        await self._documents.transaction(step)
        self.state = state

    async def finish(self, work: Work | None = None) -> None:
        """End the job and do `work` in the same transaction; a run that returns without it is finished so, too.

        Raises LostJobError as `checkpoint` does.
        """

        def step(t: Transaction) -> None:
            ledger.held(t, self.key, self._runner)
            ledger.end(t, self.key, "done")
            if work:
                work(t)

        await self._documents.transaction(step)
        self.ended = True
