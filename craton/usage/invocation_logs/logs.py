"""The invocation logs of all accounts: told what is sent to models and what comes back, they see to it that it is
logged where the account wants it, and cost nothing where it does not. Knows no API.
"""

import asyncio
from contextlib import AbstractContextManager, nullcontext, suppress
from functools import partial
from pathlib import Path
from types import TracebackType
from weakref import WeakValueDictionary

from craton.core.context import Context
from craton.store.blobs import Blobs
from craton.store.documents import Documents, Scope
from craton.usage.invocation_logs.delivery import Delivery, Room
from craton.usage.invocation_logs.entry import Entry
from craton.usage.invocation_logs.settings import Configurations, Folder, Settings
from craton.usage.invocation_logs.targets import Bucket, LogGroup, Target
from craton.usage.records import Used, status_of

# Seconds that the end of the server waits for targets.
_CLOSING = 10.0


class InvocationLogs:
    def __init__(self, documents: Documents, blobs: Blobs, home: Path) -> None:
        self.configurations = Configurations(documents)
        self._blobs = blobs
        self._folder = home / "logs"
        self._open: WeakValueDictionary[str, Entry] = WeakValueDictionary()
        self._deliveries: dict[Target, Delivery] = {}
        self._room = Room()

    @property
    def dropped(self) -> int:
        """Records that could not be kept since the server started."""
        return self._room.dropped

    @property
    def held(self) -> int:
        """Bytes of records that are not delivered yet."""
        return self._room.held

    async def begin(self, ctx: Context, operation: str, model: str) -> Entry | None:
        """None where the account logs nothing in this region: then there is no more to do.

        Else `recording` the entry ends it.
        """
        settings = await self.configurations.of(ctx.scope)
        if settings is None:
            return None
        entry = self._open[ctx.request_id] = Entry(settings, ctx, operation, model)
        return entry

    def used(self, used: Used) -> None:
        """Watches what is used: what a request used belongs to its entry."""
        if (entry := self._open.get(used.request_id)) is not None:
            entry.used(used)

    def recording(self, entry: Entry | None) -> AbstractContextManager[None]:
        """A block that ends with the answer, or with what became of it."""
        return _Recording(self, entry) if entry else nullcontext()

    def end(self, entry: Entry) -> None:
        """The entry is complete, and on its way."""
        if self._open.get(entry.ctx.request_id) is entry:  # else what it began in the background goes on
            del self._open[entry.ctx.request_id]
        for target in self.targets(entry.ctx.scope, entry.settings):
            if target not in self._deliveries:
                self._deliveries[target] = Delivery(target, self._room, partial(self._deliveries.pop, target))
            self._deliveries[target].put(entry)

    def targets(self, scope: Scope, settings: Settings) -> list[Target]:
        targets: list[Target] = []
        if settings.folder:
            targets.append(self.bucket(scope, settings.folder))
        if settings.group:
            targets.append(self.group(scope, settings.group, settings.large))
        return targets

    def bucket(self, scope: Scope, folder: Folder) -> Bucket:
        return Bucket(self._blobs, scope, folder)

    def group(self, scope: Scope, name: str, large: Folder | None = None) -> LogGroup:
        path = self._folder / scope.account / scope.region / name.strip("/")
        return LogGroup(path, self.bucket(scope, large) if large else None)

    async def close(self) -> None:
        """Write what waits, as far as that does not take too long."""
        left = list(self._deliveries.values())
        with suppress(TimeoutError):
            async with asyncio.timeout(_CLOSING):
                await asyncio.gather(*(delivery.close() for delivery in left))
        for delivery in left:
            delivery.give_up()


class _Recording:
    def __init__(self, logs: InvocationLogs, entry: Entry) -> None:
        self._logs = logs
        self._entry = entry

    def __enter__(self) -> None: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            self._entry.error = status_of(error)
        self._logs.end(self._entry)
