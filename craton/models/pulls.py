"""Pulls that the server does: durable jobs that fetch models, with how far each is.

A pull belongs to no account, since models are the whole server's. It runs in a thread of its own, where `Pull` does
what `craton pull` does. When the server ends meanwhile, the next one goes on from what was fetched. Knows no caller.
"""

import asyncio
import contextlib
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from craton.errors import ApiError, ConflictException, ValidationException
from craton.jobs.job import Job
from craton.jobs.ledger import Key
from craton.jobs.runner import Jobs
from craton.models.catalogue import HuggingFace, Model
from craton.models.files.watching import PullError, Watcher
from craton.models.identifiers import new_name
from craton.models.resolve import Models
from craton.store.documents import Document, Documents, Page, Transaction
from craton.store.records import NOBODY

if TYPE_CHECKING:
    from craton.models.files.pull import Pull

PULL = "model-pull"
AT_ONCE = 2
# Ended pulls that are told of; older ones are forgotten when a new one begins.
KEPT = 50
# Seconds for which a thread that is to end is waited for.
_PATIENCE = 2.0
_OVER = ("COMPLETED", "FAILED", "STOPPED")

Record = dict[str, Any]


class Puller(Protocol):
    """What makes the `Pull` that one watches."""

    def __call__(self, watcher: Watcher) -> "Pull": ...


class Stopped(Exception):
    """Nobody wants the rest of it."""


@dataclass(slots=True)
class Progress:
    """How far a pull is that runs here; the thread that fetches tells it, as `Watcher` says."""

    done: int = 0
    total: int = 0
    source: str = ""
    stop: threading.Event = field(default_factory=threading.Event)

    def started(self, source: str) -> None:
        self.source = source
        self._go_on()

    def moved(self, done: int, total: int) -> None:
        self.done, self.total = done, total
        self._go_on()

    def failed(self, sentence: str) -> None:
        self._go_on()

    def told(self) -> Record:
        """As members of ModelPull."""
        known = {"bytesDone": self.done, "bytesTotal": self.total} if self.total else {}
        return known | ({"source": self.source} if self.source else {})

    def _go_on(self) -> None:
        if self.stop.is_set():
            raise Stopped


class Pulls:
    """The pulls of one server."""

    def __init__(self, models: Models, documents: Documents, jobs: Jobs, puller: Puller) -> None:
        self._models = models
        self._documents = documents
        self._jobs = jobs
        self._puller = puller
        self._running: dict[str, Progress] = {}
        jobs.register(PULL, self._run, failed=_failed, at_once=AT_ONCE)

    async def start(self, name: str) -> Record:
        """Begin to fetch what `name` names, as `craton pull` takes it, but no path of this machine. One that is being
        fetched already is told of as it is.

        Raises ValidationException.
        """
        known = self._models.catalogue.find(name)
        if known is None:
            _check(name)
        key, body = new_name(), _begun(known.id if known else name, known)

        def make(t: Transaction) -> Document:
            pulls = t.listing(NOBODY, PULL)
            for document in pulls:
                if document.body["name"] == body["name"] and document.body["status"] not in _OVER:
                    return document
            over = [document for document in pulls if document.body["status"] in _OVER]
            for document in over[: max(len(over) - KEPT + 1, 0)]:
                t.delete(NOBODY, PULL, document.id)
                self._jobs.forget(t, NOBODY, PULL, document.id)
            self._jobs.put(t, NOBODY, PULL, key, {"name": body["name"]})
            return t.create(NOBODY, PULL, key, body)

        document = await self._documents.transaction(make)
        self._jobs.wake(PULL)
        return self._told(document)

    async def get(self, id: str) -> Record:
        """Raises ResourceNotFoundException."""
        return self._told(await self._documents.get(NOBODY, PULL, id))

    async def page(self, status: str | None, limit: int, token: str | None) -> tuple[list[Record], str | None]:
        """The newest first, and the token of the next page."""
        page: Page = await self._documents.page(
            NOBODY,
            PULL,
            where=(lambda document: bool(document.body["status"] == status)) if status else None,
            limit=limit,
            token=token,
            descending=True,
        )
        return [self._told(document) for document in page.items], page.next_token

    async def under_way(self) -> dict[str, str]:
        """The ids of the pulls that are not over, by what they fetch: a model's id where it is of the catalogue."""
        page = await self._documents.page(
            NOBODY, PULL, where=lambda document: document.body["status"] not in _OVER, limit=1000
        )
        return {document.body["name"]: document.id for document in page.items}

    async def stop(self, id: str) -> Record:
        """End a pull soon; what is there of the files stays. Raises ConflictException where it is over."""

        def mark(t: Transaction) -> Document:
            document = t.get(NOBODY, PULL, id)
            if document.body["status"] in _OVER:
                raise ConflictException(f"The pull {id!r} has ended already: its status is {document.body['status']}.")
            return t.replace(NOBODY, PULL, id, document.body | {"status": "STOPPING"})

        document = await self._documents.transaction(mark)
        await self._jobs.stop(NOBODY, PULL, id)
        return self._told(document)

    async def _run(self, job: Job) -> None:
        progress = self._running[job.id] = Progress()
        fetching = self._fetched(job.body["name"], progress)
        stopping = asyncio.create_task(job.stopping.wait())
        try:
            await job.checkpoint(None, partial(_change, key=job.key, changes={"status": "FETCHING"}, of="QUEUED"))
            await asyncio.wait((fetching, stopping), return_when=asyncio.FIRST_COMPLETED)
            if job.stopping.is_set():
                progress.stop.set()
                await asyncio.wait((fetching,), timeout=_PATIENCE)
            # A server that has fallen silent holds its thread for a while, which nobody needs to wait for.
            outcome = fetching.result() if fetching.done() else {"status": "STOPPED"}
            changes = progress.told() | outcome | {"endedAt": datetime.now(UTC)}
            await job.finish(partial(_change, key=job.key, changes=changes))
        finally:
            progress.stop.set()
            stopping.cancel()
            del self._running[job.id]
            await asyncio.wait((fetching,), timeout=_PATIENCE)

    def _fetched(self, name: str, progress: Progress) -> asyncio.Future[Record]:
        """What became of a pull, once its thread has ended. The process does not wait for that thread when it ends."""
        loop = asyncio.get_running_loop()
        ended: asyncio.Future[Record] = loop.create_future()

        def settle(outcome: Record | None) -> None:
            if outcome is None:
                ended.set_exception(RuntimeError(f"the pull of {name} failed; what its thread wrote says why"))
            else:
                ended.set_result(outcome)

        def work() -> None:
            outcome = None
            try:
                model = self._puller(progress).pull(name)
                outcome = {"status": "COMPLETED"} | _described(model) | {"bytesDone": model.size}
            except Stopped:
                outcome = {"status": "STOPPED"}
            except PullError as error:
                outcome = {"status": "FAILED", "statusReason": str(error)}
            finally:
                with contextlib.suppress(RuntimeError):  # the server has ended meanwhile
                    loop.call_soon_threadsafe(settle, outcome)

        threading.Thread(target=work, name="model-pull", daemon=True).start()
        return ended

    def _told(self, document: Document) -> Record:
        """ModelPull, with what is known of its progress by now."""
        body = document.body
        if progress := self._running.get(document.id):
            body = body | progress.told()
        elif body["status"] not in _OVER and (model := self._models.catalogue.find(body["name"])):
            body = body | {"bytesDone": self._models.library.fetched(model)}
        return {"pullId": document.id, "startedAt": document.created_at, **body}


def _check(name: str) -> None:
    """Raises ValidationException for what is no model to be fetched."""
    if not name.startswith("hf:"):
        raise ValidationException(
            f"There is no model {name!r} to fetch. Name one of the catalogue by its id or short name, or write "
            "hf:organisation/repository/file.gguf. A file of the server's own machine is registered there, with "
            "`craton pull PATH`."
        )
    try:
        HuggingFace.named(name)
    except ValueError as error:
        raise ValidationException(str(error)) from None


def _described(model: Model) -> Record:
    return {"modelId": model.id, "modelName": model.name, "bytesTotal": model.size}


def _begun(name: str, known: Model | None) -> Record:
    return {"name": name, "status": "QUEUED", "bytesDone": 0} | (_described(known) if known else {})


def _change(t: Transaction, key: Key, changes: Record, of: str | None = None) -> None:
    """With `of`, only where that is the status."""
    document = t.get(key.scope, PULL, key.id)
    if of in (None, document.body["status"]):
        t.replace(key.scope, PULL, key.id, document.body | changes)


def _failed(t: Transaction, key: Key, error: ApiError) -> None:
    if t.find(key.scope, PULL, key.id):
        _change(t, key, {"status": "FAILED", "statusReason": error.message, "endedAt": datetime.now(UTC)})
