"""When and for what each key was last used. Kept in memory and written now and then, so that no request waits for it.

Knows no key: it is told their ids.
"""

import asyncio
import time
from contextvars import Context
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog

from craton.errors import ApiError
from craton.iam.accounts import SCOPE
from craton.store.documents import Documents, Transaction

log = structlog.get_logger("craton.iam")

USE = "key-use"
EVERY = 30.0  # seconds between two writes, at least; what a killed process had not written is lost


@dataclass(frozen=True, slots=True)
class Use:
    at: datetime
    service: str
    region: str


class Uses:
    """The last uses of all keys of one home. Other processes see them when they are written."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._noted: dict[str, tuple[float, str, str]] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._writing: asyncio.Task[None] | None = None

    def note(self, id: str, service: str, region: str) -> None:
        """The key was used just now, for a service (a signing name) in a region."""
        self._noted[id] = (time.time(), service, region)
        if self._timer is None:
            # In a context of its own: what it writes is no part of the request that was noted first.
            self._timer = asyncio.get_running_loop().call_later(EVERY, self._start, context=Context())

    async def last(self, id: str) -> Use | None:
        if noted := self._noted.get(id):
            at, service, region = noted
            return Use(datetime.fromtimestamp(at, UTC), service, region)
        document = await self._documents.find(SCOPE, USE, id)
        return None if document is None else Use(**document.body)

    async def write(self) -> None:
        """Write what was noted."""
        noted = dict(self._noted)
        uses = {
            key: {"at": datetime.fromtimestamp(at, UTC), "service": service, "region": region}
            for key, (at, service, region) in noted.items()
        }

        def work(t: Transaction) -> None:
            for key, use in uses.items():
                t.put(SCOPE, USE, key, use)

        if uses:
            await self._documents.transaction(work)
        for key, use in noted.items():
            if self._noted.get(key) == use:
                del self._noted[key]

    async def close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._writing is not None:
            await asyncio.wait([self._writing])
        try:
            await self.write()
        except ApiError as error:  # such as of a full disk: the server ends nevertheless
            _warn(error)

    def _start(self) -> None:
        self._timer = None
        self._writing = asyncio.create_task(self.write())
        self._writing.add_done_callback(_told)


def _told(writing: asyncio.Task[None]) -> None:
    """What was not written stays noted, and is written the next time."""
    if not writing.cancelled() and (error := writing.exception()):
        _warn(error)


def _warn(error: BaseException) -> None:
    log.warning("The last uses of keys could not be written.", error=str(error))
