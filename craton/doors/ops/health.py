"""Whether the server lives, and whether it should be sent requests. Knows no operation."""

import asyncio
import os
import tempfile
import time
from email.utils import formatdate
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from craton import __version__
from craton.doors.asgi import Scope
from craton.doors.ops import json
from craton.engines.supervisor import Engines
from craton.errors import ApiError
from craton.store.documents import Documents
from craton.wire.message import Response

# Less free space than this, and writes may fail soon.
LEAST_FREE = 64 << 20
_PATIENCE = 2.0  # seconds that a write may take
_FRESH = 1.0  # seconds that an answer holds: whoever asks often costs no disk


class Health:
    """`healthz` answers as long as the server runs; `readyz` tells whether it can do its work, and what hinders it."""

    def __init__(self, home: Path, documents: Documents, engines: Engines) -> None:
        self._home = home
        self._documents = documents
        self._engines = engines
        self._known: tuple[float, list[str]] = (0.0, [])
        self._looking = asyncio.Lock()

    async def healthz(self, scope: Scope) -> Response:
        return json({"craton": __version__, "time": formatdate(time.time(), usegmt=True)})

    async def readyz(self, scope: Scope) -> Response:
        async with self._looking:
            until, reasons = self._known
            if time.monotonic() >= until:
                reasons = [*await self._store(), *await asyncio.to_thread(_disk, self._home)]
                self._known = (time.monotonic() + _FRESH, reasons)
        if scope.get("craton.draining"):
            reasons = ["The server is shutting down.", *reasons]
        if self._engines.closed:
            reasons = ["The engines are closed.", *reasons]
        failing = [state.id for state in self._engines.states() if not state.loaded and state.failing]
        body = {"ready": not reasons, "reasons": reasons, "failingModels": failing}
        return json(body, 503 if reasons else 200)

    async def _store(self) -> list[str]:
        try:
            async with asyncio.timeout(_PATIENCE):
                await self._documents.transaction(lambda t: None)
        except TimeoutError:
            return [f"The store took more than {_PATIENCE:g} seconds for a write."]
        except (SQLAlchemyError, ApiError) as error:
            return [f"The store cannot be written ({type(error).__name__})."]
        return []


def _disk(home: Path) -> list[str]:
    """Whether a file can be written where the store is."""
    try:
        with tempfile.NamedTemporaryFile(dir=home, prefix=".ready-") as probe:
            probe.write(b"ready")
            probe.flush()
            os.fsync(probe.fileno())
    except OSError as error:
        return [f"The home cannot be written ({error.strerror})."]
    free = os.statvfs(home)
    left = free.f_bavail * free.f_frsize
    return [f"Only {left >> 20} MB are free on the disk of the home."] if left < LEAST_FREE else []
