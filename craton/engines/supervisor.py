"""Which models are loaded: on demand, each in a process of its own, within a memory budget, started again after a
crash. Models of third-party providers need none of that and are lent as they are.

Knows no catalogue and no request: it is given a ModelSpec and lends the engine that serves it.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from craton.engines.base import Engine, ModelSpec
from craton.engines.memory import estimate, resident, total
from craton.engines.place import Place
from craton.engines.process import Process
from craton.engines.registry import ENGINES, REMOTE, remotes
from craton.engines.remote.state import State
from craton.engines.state import Loaded, Loading, LocalState
from craton.errors import ApiError, ConflictException, ModelNotReadyException, ServiceUnavailableException

if TYPE_CHECKING:
    from craton.engines.remote.lending import Remote, Remotes

logger = logging.getLogger(__name__)


class Engines:
    """The loaded models of one server.

    `memory_budget` bounds, in bytes, what all worker processes hold together: resident memory of those that run, an
    estimate for one that is to be loaded (`memory.estimate`). Idle models make room, the least recently used first; a
    model in use never does.
    """

    def __init__(self, memory_budget: int | None = None, patience: float = 30.0) -> None:
        """Without a budget, 80 % of the machine's memory. `patience`: seconds a load waits for models in use to become
        idle.
        """
        self._budget = memory_budget or total() * 8 // 10
        self._patience = patience
        self._places: dict[str, Place] = {}
        self._room = asyncio.Lock()
        self._released = asyncio.Event()
        self._watchers: set[asyncio.Task[None]] = set()
        self._remotes: Remotes | None = None
        self._closed = False

    @contextlib.asynccontextmanager
    async def use(self, spec: ModelSpec, tier: str | None = None) -> AsyncIterator[Engine]:
        """Lend the engine for `spec`, loading it first where needed; it stays loaded at least until given back.

        With a service tier it is lent when one of the model's slots is free for that tier; without one at once, which
        is for what computes little. Raises ModelNotReadyException where it cannot be loaded, ThrottlingException where
        too many wait for it, ServiceUnavailableException where there is no memory for it.
        """
        if spec.engine in REMOTE:
            yield await self.remote(spec)
            return
        place = await self._place(spec)
        place.active += 1
        try:
            engine = await self._ready(place)
            async with place.admission.enter(tier) if tier else contextlib.nullcontext():
                yield engine
        finally:
            place.active -= 1
            place.last_used, place.idle_since = time.time(), time.monotonic()
            self._released.set()

    async def remote(self, spec: ModelSpec) -> "Remote":
        """The engine of a third-party provider's model, which no slot or memory is kept for.

        Raises ModelNotReadyException where its options are not right.
        """
        if self._closed:
            raise _closing()
        if self._remotes is None:
            self._remotes = remotes()
        return await self._remotes.of(spec)

    def providers(self) -> Mapping[str, State]:
        """How the providers of the remote models in use do, by the model's id."""
        return self._remotes.states() if self._remotes else {}

    def loaded(self) -> list[Loaded]:
        """The models whose process runs and has loaded, in the order of their first use."""
        return [
            Loaded(
                id=place.spec.id,
                engine=place.spec.engine,
                pid=process.pid,
                rss=resident(process.pid),
                active=place.active,
                last_used=place.last_used,
                load_seconds=place.load_seconds,
            )
            for place in self._places.values()
            if (process := place.running)
        ]

    async def load(self, spec: ModelSpec) -> None:
        """Begin to load a model, where it is not loaded already. What becomes of that `states` tells.

        Raises ServiceUnavailableException where the server is ending.
        """
        self._begin(await self._place(spec))

    async def unload(self, id: str) -> None:
        """End the process of a model that nobody uses, also one that is still loading. Nothing where there is none.

        Raises ConflictException while requests use it or wait for it.
        """
        place = self._places.get(id)
        if place is None:
            return
        if place.active:
            raise ConflictException(
                f"{place.active} requests use the model {id!r} or wait for it. Unload it when they have ended."
            )
        loading, place.loading = place.loading, None  # who comes meanwhile begins anew
        place.trouble = ""
        if loading:
            loading.cancel()
            place.loading_pid = place.reserved = 0
            await asyncio.gather(loading, return_exceptions=True)
        else:
            await self._end([place])

    async def ask(self) -> None:
        """Have the loaded models tell how they do, for `states`."""
        await asyncio.gather(*(place.running.ask() for place in self._places.values() if place.running))

    def states(self) -> list[LocalState]:
        """How each model that was asked for does, loaded or not."""
        return [place.told() for place in self._places.values()]

    @property
    def closed(self) -> bool:
        return self._closed

    @property
    def memory_budget(self) -> int:
        """Bytes."""
        return self._budget

    def loading(self) -> list[Loading]:
        """The models whose process is loading them now."""
        return [
            Loading(place.spec.id, resident(place.loading_pid), place.reserved)
            for place in self._places.values()
            if place.loading and place.loading_pid
        ]

    async def close(self) -> None:
        """End all workers and connections at once, whatever they are doing, and lend no more."""
        self._closed = True
        if self._remotes:
            await self._remotes.close()
        places = list(self._places.values())
        loading = [place.loading for place in places if place.loading]
        for task in loading:
            task.cancel()
        await asyncio.gather(*loading, return_exceptions=True)
        await self._end(places)
        await asyncio.gather(*self._watchers)

    async def _place(self, spec: ModelSpec) -> Place:
        """The place of this model. A changed spec under the same id takes over once the old one is idle."""
        place = self._places.get(spec.id)
        if place is None:
            place = self._places[spec.id] = Place.of(spec)
        elif place.spec != spec and not place.active and not place.loading:
            earlier, place = place, Place.of(spec)
            self._places[spec.id] = place
            await self._end([earlier])
        if place.spec != spec:
            raise ModelNotReadyException(
                f"The model {spec.id!r} is in use with earlier settings: try again when its requests have ended."
            )
        return place

    async def _ready(self, place: Place) -> Process:
        loading = self._begin(place)
        if loading is None:
            assert place.process
            return place.process
        try:
            return await asyncio.shield(loading)
        except asyncio.CancelledError:
            if self._closed:
                raise _closing() from None
            raise

    def _begin(self, place: Place) -> asyncio.Task[Process] | None:
        """The loading of the model, begun where it was not; None where it is loaded."""
        if self._closed:
            raise _closing()
        if place.running:
            return None
        if place.loading is None:
            place.loading = asyncio.create_task(self._load(place))
            place.loading.add_done_callback(_consume)
        return place.loading

    async def _load(self, place: Place) -> Process:
        try:
            process = await self._start(place)
            place.trouble = ""
            return process
        except ApiError as error:
            place.trouble = error.message
            raise
        finally:
            if place.loading is asyncio.current_task():
                place.loading, place.loading_pid = None, 0
                if not place.running:
                    place.reserved = 0

    async def _start(self, place: Place) -> Process:
        spec = place.spec
        _check(spec)
        if (wait := place.retry_at - time.monotonic()) > 0:
            if place.refusal:
                raise place.refusal
            await asyncio.sleep(wait)
        await self._make_room(place)
        logger.info("loading %s with %s", spec.id, spec.engine)
        started = time.monotonic()
        try:
            process = await Process.start(spec, partial(setattr, place, "loading_pid"))
        except ApiError as error:
            place.failed(error)
            raise
        place.process, place.refusal = process, None
        place.loads += 1
        place.started_at = time.monotonic()
        place.load_seconds = place.started_at - started
        self._watch(place, process)
        logger.info(
            "loaded %s in %.1f s, process %d, %d MB", spec.id, place.load_seconds, process.pid, place.memory >> 20
        )
        return process

    async def _make_room(self, place: Place) -> None:
        """Reserve memory for this model, ending idle ones. One at a time: no two loads may count on the same bytes."""
        need = estimate(place.spec)
        async with self._room:
            deadline = time.monotonic() + self._patience
            while (left := self._budget - sum(other.memory for other in self._places.values())) < need:
                if need > self._budget or time.monotonic() >= deadline:
                    raise ServiceUnavailableException(
                        f"The model {place.spec.id!r} needs about {need >> 20} MB, but {max(left, 0) >> 20} MB of the "
                        f"{self._budget >> 20} MB for models are free. Try again when other models are idle, or raise "
                        "the budget."
                    )
                idle = [other for other in self._places.values() if other.running and not other.active]
                if idle:
                    await self._end([min(idle, key=lambda other: other.idle_since)])
                else:
                    await self._release(deadline)
            place.reserved = need

    async def _release(self, deadline: float) -> None:
        self._released.clear()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._released.wait(), max(deadline - time.monotonic(), 0))

    async def _end(self, places: Iterable[Place]) -> None:
        ending = []
        for place in places:
            if process := place.process:
                logger.info("unloading %s", place.spec.id)
                place.process = None
                place.reserved = 0
                ending.append(process.close())
        await asyncio.gather(*ending)

    def _watch(self, place: Place, process: Process) -> None:
        watcher = asyncio.create_task(self._notice_crash(place, process))
        self._watchers.add(watcher)
        watcher.add_done_callback(self._watchers.discard)

    async def _notice_crash(self, place: Place, process: Process) -> None:
        reason = await process.exited
        if place.process is process:
            place.process = None
            place.reserved = 0
            place.failed(None, process.answered)
            place.trouble = f"Its process ended by itself ({reason}). It is started again when the next request comes."
            logger.error(
                "the process of %s ended: %s; it wrote last:\n%s", place.spec.id, reason, "\n".join(process.log_lines)
            )
            self._released.set()


def _closing() -> ServiceUnavailableException:
    return ServiceUnavailableException("The server is shutting down. Send the request to another server.")


def _check(spec: ModelSpec) -> None:
    if spec.engine not in ENGINES:
        raise ModelNotReadyException(
            f"The model {spec.id!r} names the engine {spec.engine!r}; there are {sorted(ENGINES)}."
        )
    for role, path in spec.files.items():
        if not path.exists():
            raise ModelNotReadyException(
                f"The {role} file of the model {spec.id!r} is not on this server: pull the model first."
            )


def _consume(task: asyncio.Task[Process]) -> None:
    """Mark the outcome as seen: everyone who waited for this load may have gone."""
    if not task.cancelled():
        task.exception()
