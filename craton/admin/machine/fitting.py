"""Whether a model fits this machine, and which of those that do is the best of its text models. Knows no request."""

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from craton.engines import memory
from craton.engines.supervisor import Engines
from craton.models.catalogue import Model
from craton.models.resolve import Models
from craton.models.routes import strength

Fit = Literal["FITS", "TOO_LITTLE_MEMORY", "TOO_LITTLE_DISK", "NO_ENGINE"]
# What stays free on a disk besides the files of a model.
_SPARE_BYTES = 64 << 20


@dataclass(frozen=True, slots=True)
class Fitting:
    """`needed` are bytes of memory, None where no engine of this machine serves the model; `reason` is a sentence."""

    fit: Fit
    reason: str
    needed: int | None = None

    @property
    def fits(self) -> bool:
        return self.fit == "FITS"


def fitting(model: Model, models: Models, engines: Engines) -> Fitting:
    """The memory is what models may take together: others make room for this one."""
    engine, library, budget = models.engine(model), models.library, engines.memory_budget
    if engine is None:
        choices = " or ".join(choice.name for choice in model.engines)
        return Fitting("NO_ENGINE", f"It needs the engine {choices}, which is not installed beside the server.")
    needed = engine.memory or memory.expected(model.size, model.context_length)
    if needed > budget:
        return Fitting(
            "TOO_LITTLE_MEMORY",
            f"It needs about {_gb(needed)} of memory, and models may take {_gb(budget)} together.",
            needed,
        )
    missing = model.size - library.fetched(model)
    free = shutil.disk_usage(library.standing()).free - _SPARE_BYTES
    if missing > free:
        return Fitting(
            "TOO_LITTLE_DISK",
            f"{_gb(missing)} are to be fetched, and the disk has {_gb(max(free, 0))} left for it.",
            needed,
        )
    return Fitting("FITS", f"It needs about {_gb(needed)} of the {_gb(budget)} that models may take.", needed)


def recommended(candidates: Iterable[Model]) -> Model | None:
    """The ablest of the models that generate text, by what prompt routers go by; of two alike the smaller. Of a model
    whose size nobody tells that would be a guess, so it is none of them.
    """
    texts = [model for model in candidates if "TEXT" in model.output and (model.parameters or model.strength)]
    return max(texts, key=lambda model: (strength.of(model), -model.size), default=None)


def _gb(count: int) -> str:
    return f"{count / 1e9:.1f} GB"
