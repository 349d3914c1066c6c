"""The runner: runs the jobs of this server, those that an earlier one left included. Knows no kind of job.

Each kind has its own queue and its own bound on how many run at once. An unexpected failure is tried again, later each
time; an ApiError is the job's end. Another server over the same store does the rest of the work, never the same.
"""

import asyncio
import random
import uuid
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import structlog

from craton.errors import ApiError, InternalServerException
from craton.jobs import ledger
from craton.jobs.identity import Identity
from craton.jobs.job import Job, Work
from craton.jobs.ledger import ENTRY, LEASE, RUNNER, SERVER, Key, LostJobError
from craton.store.documents import Document, Documents, Scope, Transaction

log = structlog.get_logger("craton.jobs")

Run = Callable[[Job], Awaitable[None]]
# Told within the transaction in which a job is given up, so that the resource it worked for can say so. It must not
# raise: that resource may be gone.
Failed = Callable[[Transaction, Key, ApiError], None]

MOST_FAILURES = 5
FIRST_BACKOFF = 1.0
LONGEST_BACKOFF = 60.0
# How soon a runner sees what nobody woke it for: jobs whose time has come, and those of runners that died.
POLL = 2.0


@dataclass(slots=True)
class Kind:
    """One kind of job, and those of it that run here."""

    name: str
    run: Run
    failed: Failed | None
    at_once: int
    awake: asyncio.Event = field(default_factory=asyncio.Event)
    running: dict[Key, tuple[Job, asyncio.Task[None]]] = field(default_factory=dict)
    served: set[str] = field(default_factory=set)  # accounts that had their turn since all had one


class Jobs:
    """The jobs of one server. Nothing runs before `resume`; what is made before it waits."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._kinds: dict[str, Kind] = {}
        self._runner = uuid.uuid4().hex
        self._identity = Identity.own()
        self._tasks: list[asyncio.Task[None]] = []

    def register(self, kind: str, run: Run, *, failed: Failed | None = None, at_once: int = 4) -> None:
        """Say how jobs of a kind are run, and how many at once in this process."""
        assert kind not in self._kinds, f"{kind} jobs have a way to run"
        self._kinds[kind] = Kind(kind, run, failed, at_once)

    # What slices ask for

    async def start(
        self, scope: Scope, kind: str, id: str, body: Mapping[str, Any], beside: Work | None = None
    ) -> None:
        """Make a job that will run soon, and do `beside` in the same transaction. Durable when it returns.

        Raises ConflictException where there is or was such a job.
        """

        def step(t: Transaction) -> None:
            self.put(t, scope, kind, id, body)
            if beside:
                beside(t)

        await self._documents.transaction(step)
        self.wake(kind)

    def put(self, t: Transaction, scope: Scope, kind: str, id: str, body: Mapping[str, Any]) -> None:
        """Make a job within a transaction of the caller's, who calls `wake` once that is done."""
        assert kind in self._kinds, f"nothing runs {kind} jobs"
        ledger.put(t, Key(scope, kind, id), body)

    def wake(self, kind: str) -> None:
        self._kinds[kind].awake.set()

    async def cancel(self, scope: Scope, kind: str, id: str, beside: Work | None = None) -> bool:
        """End a job where it stands. `beside` is done in the same transaction. False where it had ended already."""
        key = Key(scope, kind, id)

        def step(t: Transaction) -> bool:
            ended = ledger.end(t, key, "cancelled")
            if ended and beside:
                beside(t)
            return ended

        cancelled = await self._documents.transaction(step)
        if cancelled and (here := self._kinds[kind].running.get(key)):
            here[1].cancel()
        return cancelled

    async def stop(self, scope: Scope, kind: str, id: str) -> bool:
        """Ask a job to end by itself (`Job.stopping`). False where it had ended already."""
        key = Key(scope, kind, id)
        asked = await self._documents.transaction(lambda t: ledger.stop(t, key))
        if here := self._kinds[kind].running.get(key):
            here[0].stopping.set()
        self.wake(kind)
        return asked

    def forget(self, t: Transaction, scope: Scope, kind: str, id: str) -> None:
        """Delete all that is known of a job, in the transaction that deletes what it worked for. If it runs, it is
        lost at its next step.
        """
        ledger.forget(t, Key(scope, kind, id))

    # Running

    async def resume(self) -> None:
        """Begin to run jobs, those included that were unfinished when an earlier server ended."""
        assert not self._tasks, "the runner runs already"
        await self._documents.transaction(lambda t: ledger.bury(t, datetime.now(UTC)))
        self._tasks = [asyncio.create_task(_for_ever(partial(self._serve, kind))) for kind in self._kinds.values()]
        self._tasks.append(asyncio.create_task(_for_ever(self._keep_alive)))

    async def close(self) -> None:
        """Stop what runs here where it stands; whoever runs jobs next goes on from its last checkpoint."""
        running = [task for kind in self._kinds.values() for _, task in kind.running.values()]
        for task in [*self._tasks, *running]:
            task.cancel()
        await asyncio.gather(*self._tasks, *running, return_exceptions=True)
        if self._tasks:
            await self._documents.transaction(lambda t: ledger.retire(t, self._runner))
        self._tasks = []

    async def _serve(self, kind: Kind) -> None:
        """Claim and begin jobs of a kind, as many as there is room for; then wait for a reason to look again.

        Accounts take turns, so that none waits for all that another has begun; of an account the oldest is first.
        """
        kind.awake.clear()
        for _ in range(kind.at_once - len(kind.running)):
            key = await self._next(kind)
            if key is None:
                break
            kind.served.add(key.scope.account)
            await self._begin(kind, key)
        with suppress(TimeoutError):
            async with asyncio.timeout(POLL):
                await kind.awake.wait()

    async def _next(self, kind: Kind) -> Key | None:
        now = datetime.now(UTC)
        runners = (await self._documents.page(SERVER, RUNNER)).items
        living = {runner.id for runner in runners if ledger.alive(runner, now)} - {self._runner}

        def waits(entry: Document) -> bool:
            key = ledger.key_of(entry)
            claimable = ledger.claimable(entry, living, now) and key not in kind.running
            return claimable and key.scope.account not in kind.served

        while True:
            if found := (await self._documents.page(SERVER, ENTRY, parent=kind.name, limit=1, where=waits)).items:
                return ledger.key_of(found[0])
            if not kind.served:
                return None
            kind.served.clear()

    async def _begin(self, kind: Kind, key: Key) -> None:
        def step(t: Transaction) -> Document | None:
            now = datetime.now(UTC)
            ledger.renew(t, self._runner, self._identity, now)
            return ledger.claim(t, key, self._runner, now)

        document = await self._documents.transaction(step)
        # What was said of the job since then was said to nobody; from here to where it stands in `running`, no other
        # task has a turn.
        entry = await self._documents.find(SERVER, ENTRY, key.entry)
        if document and entry and entry.body["runner"] == self._runner:
            known = document.body
            job = Job(self._documents, key, self._runner, entry.body["claims"], known["body"], known["state"])
            if entry.body["stopping"]:
                job.stopping.set()
            task = asyncio.create_task(self._run(kind, job))
            kind.running[key] = job, task
            task.add_done_callback(partial(_left, kind, key))

    async def _run(self, kind: Kind, job: Job) -> None:
        told = log.bind(kind=kind.name, id=job.id)
        try:
            await kind.run(job)
            if not job.ended:
                await job.finish()
        except LostJobError:
            told.info("the job was taken from this runner")
        except ApiError as error:
            await self._give_up(kind, job.key, error)
        except Exception:  # noqa: BLE001 - logged; a job must not end the runner
            told.exception("the job failed")
            await self._after_failure(kind, job.key)

    async def _after_failure(self, kind: Kind, key: Key) -> None:
        def step(t: Transaction) -> float | None:
            """Seconds until the next try; None where there is to be none."""
            with suppress(LostJobError):
                failures: int = ledger.held(t, key, self._runner).body["failures"]
                if failures + 1 < MOST_FAILURES:
                    delay = float(min(FIRST_BACKOFF * 2**failures, LONGEST_BACKOFF) * random.uniform(0.5, 1))
                    ledger.retry(t, key, self._runner, datetime.now(UTC) + timedelta(seconds=delay))
                    return delay
            return None

        delay = await self._documents.transaction(step)
        if delay is None:
            reason = f"The server failed on this {MOST_FAILURES} times; its log says why."
            await self._give_up(kind, key, InternalServerException(reason))
        else:
            asyncio.get_running_loop().call_later(delay, kind.awake.set)

    async def _give_up(self, kind: Kind, key: Key, error: ApiError) -> None:
        def step(t: Transaction) -> None:
            with suppress(LostJobError):
                ledger.held(t, key, self._runner)
                ledger.end(t, key, "failed", error)
                if kind.failed:
                    kind.failed(t, key, error)

        await self._documents.transaction(step)

    async def _keep_alive(self) -> None:
        """Renew the lease while jobs run, and hear what was said of them elsewhere."""
        await asyncio.sleep(LEASE.total_seconds() / 3)
        running = {key: here for kind in self._kinds.values() for key, here in kind.running.items()}
        if running:
            for key, (lost, stopping) in (await self._documents.transaction(self._renewal(running))).items():
                job, task = running[key]
                if stopping:
                    job.stopping.set()
                if lost and not job.ended:
                    task.cancel()

    def _renewal(self, running: Mapping[Key, object]) -> Callable[[Transaction], dict[Key, tuple[bool, bool]]]:
        """The step that renews the lease; of each running job, whether it is lost and whether it is to stop."""

        def step(t: Transaction) -> dict[Key, tuple[bool, bool]]:
            ledger.renew(t, self._runner, self._identity, datetime.now(UTC))
            entries = {key: t.find(SERVER, ENTRY, key.entry) for key in running}
            return {
                key: (entry is None or entry.body["runner"] != self._runner, bool(entry and entry.body["stopping"]))
                for key, entry in entries.items()
            }

        return step


def _left(kind: Kind, key: Key, task: asyncio.Task[None]) -> None:
    """A job runs here no more. One whose end could not be written down is claimed again."""
    del kind.running[key]
    if not task.cancelled() and (error := task.exception()):
        log.error("a job's end could not be written down", kind=kind.name, id=key.id, exc_info=error)
    else:
        kind.awake.set()


async def _for_ever(step: Callable[[], Awaitable[None]]) -> None:
    while True:
        try:
            await step()
        except Exception:
            log.exception("the job runner failed and goes on")
            await asyncio.sleep(POLL)
