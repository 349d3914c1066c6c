"""Craton's operation that tells what the server is, and what its machine has. Files and secrets it names none."""

import asyncio
import platform
import shutil
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version

from craton import __version__
from craton.admin import SERVICE, Members
from craton.admin.machine.operator import Operator
from craton.config import Config
from craton.core.context import Context
from craton.core.operation import operation
from craton.engines import registry
from craton.engines.hardware import gpus, memory
from craton.engines.hardware.processor import processor
from craton.engines.supervisor import Engines
from craton.models.files.library import Library
from craton.models.resolve import Models

# Seconds for which the answer of a graphics processor's driver, which takes its time, is told again.
_FRESH = 10.0


class ServerApi:
    def __init__(self, config: Config, models: Models, engines: Engines, operator: Operator) -> None:
        self._config = config
        self._models = models
        self._engines = engines
        self._operator = operator
        self._started = datetime.now(UTC)
        self._gpus: asyncio.Task[list[gpus.Gpu]] | None = None
        self._gpus_until = 0.0

    @operation(SERVICE)
    async def describe_server(self, ctx: Context, req: Members) -> Members:
        config, operates = self._config, self._operator.calls(ctx)
        found, machine = await asyncio.gather(self._found_gpus(), asyncio.to_thread(_machine, self._models.library))
        return {
            "version": __version__,
            "startedAt": self._started,
            "endpoint": ctx.endpoint,
            "listensOn": f"{config.host}:{config.port}" if operates else None,
            "tls": bool(config.tls),
            "region": config.region,
            "operator": operates,
            "defaultModelId": self._default(),
            **machine,
            "memory": machine["memory"]
            | {
                "modelBudgetBytes": self._engines.memory_budget,
                "modelUsedBytes": sum(model.rss for model in self._engines.loaded()),
            },
            "gpus": [
                {"name": gpu.name, "driver": gpu.driver, "totalBytes": gpu.total, "usedBytes": gpu.used}
                for gpu in found
            ],
            "engines": [_engine(name) for name in registry.ENGINES if name not in registry.REHEARSING],
        }

    def _default(self) -> str | None:
        model = self._models.catalogue.find(self._config.default_model)
        return model.id if model else self._config.default_model

    async def _found_gpus(self) -> list[gpus.Gpu]:
        """Asked once for all who want to know at a time."""
        now = asyncio.get_running_loop().time()
        if self._gpus is None or (self._gpus.done() and now >= self._gpus_until):
            self._gpus, self._gpus_until = asyncio.create_task(gpus.gpus()), now + _FRESH
        return await asyncio.shield(self._gpus)


def _machine(library: Library) -> Members:
    chip, disk = processor(), shutil.disk_usage(library.standing())
    files = {file.sha256: file.size for model in library.models().values() for file in model.files}
    return {
        "platform": {
            "system": platform.system(),
            "release": platform.release(),
            "architecture": platform.machine(),
            "python": platform.python_version(),
        },
        "processor": {
            "model": chip.model or None,
            "cores": chip.cores,
            "usableCores": chip.usable,
            "instructionSets": list(chip.instructions),
        },
        "memory": {"totalBytes": memory.total(), "availableBytes": memory.available()},
        "disk": {"totalBytes": disk.total, "freeBytes": disk.free, "modelBytes": sum(files.values())},
    }


def _engine(name: str) -> Members:
    """Those that compute with no package are Craton's own, and always there."""
    library = registry.LIBRARIES.get(name)
    installed = _version(library) if library else None
    missing = library and installed is None
    return {
        "name": name,
        "available": not missing,
        "remote": name in registry.REMOTE,
        "library": library,
        "version": installed,
        "reason": f"The package {library} is not installed beside the server." if missing else None,
    }


@cache
def _version(library: str) -> str | None:
    try:
        return version(library)
    except PackageNotFoundError:
        return None
