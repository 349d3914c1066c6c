"""What the machine has, and the models on it, joined: what serves the operations about them."""

from contextlib import AsyncExitStack
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, cast

from craton.admin.machine.local_models import LocalModelsApi
from craton.admin.machine.measuring import Measuring
from craton.admin.machine.operator import Operator
from craton.admin.machine.pulls import PullsApi
from craton.admin.machine.server import ServerApi
from craton.app.accounting import Accounting
from craton.app.ground import Ground
from craton.config import Config
from craton.models.files.library import Library
from craton.models.files.watching import Watcher
from craton.models.profiles import Profiles
from craton.models.pulls import Pulls
from craton.models.resolve import Models
from craton.runtime.inference import Inference

if TYPE_CHECKING:
    from craton.models.files.pull import Pull

# What serves operations, in the order that `host` makes them.
SLICES: tuple[type, ...] = (ServerApi, LocalModelsApi, PullsApi)


def host(
    config: Config,
    ground: Ground,
    accounting: Accounting,
    models: Models,
    inference: Inference,
    closing: AsyncExitStack,
) -> tuple[object, ...]:
    operator, engines, speeds = Operator(config.account), ground.engines, accounting.speeds
    pulls = Pulls(models, ground.documents, ground.jobs, partial(_pull, models.library, config.huggingface))
    measuring = Measuring(inference, speeds)
    closing.push_async_callback(measuring.close)
    profiles = Profiles(models, ground.documents)
    return (
        ServerApi(config, models, engines, operator),
        LocalModelsApi(models, engines, profiles, pulls, speeds, measuring, operator),
        PullsApi(pulls, models, engines, operator),
    )


def _pull(library: Library, huggingface: str, watcher: Watcher) -> "Pull":
    """Importing the HTTP client takes a while, so it is done when the first model is fetched."""
    pull = import_module("craton.models.files.pull")
    return cast("Pull", pull.Pull(library, huggingface=huggingface, watcher=watcher))
