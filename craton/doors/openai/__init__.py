"""The OpenAI door: chat completions, embeddings and models, under `/v1` and, as Bedrock has it, `/openai/v1`.

Knows no model and no engine; what it does not answer it refuses in the API's own words.
"""

from collections.abc import Iterable

from craton.config import Limits
from craton.core.call import NOBODY, Watchers
from craton.doors.asgi import Scope
from craton.doors.callers import Callers
from craton.doors.openai.chat import Chat
from craton.doors.openai.embeddings import Embeddings
from craton.doors.openai.errors import OpenAiManner
from craton.doors.openai.models import ModelList
from craton.doors.rest import RestDoor, Route
from craton.iam.authorization.actions import LIST_MODELS
from craton.iam.authorization.resources import ALL
from craton.models.resolve import Models
from craton.runtime.inference import Inference
from craton.usage.invocation_logs.logs import InvocationLogs

BASES = ("/v1", "/openai/v1")
_PREFIXES = tuple(f"{base}/" for base in BASES)


def door(
    inference: Inference,
    models: Models,
    callers: Callers,
    limits: Limits,
    logs: InvocationLogs,
    also: Iterable[Route] = (),
    watchers: Watchers = NOBODY,
) -> RestDoor:
    """`also` are routes of the API that other modules serve."""
    manner = OpenAiManner()
    listed = ModelList(inference, models)
    routes = (
        Route("POST", "/chat/completions", "openai.chat.completions", Chat(inference, manner).create, invokes=True),
        Route("POST", "/embeddings", "openai.embeddings", Embeddings(inference).create, invokes=True),
        Route("GET", "/models", "openai.models.list", listed.list, need=(LIST_MODELS, ALL)),
        Route("GET", "/models/{model+}", "openai.models.retrieve", listed.retrieve),
        *also,
    )
    return RestDoor(routes, manner, callers, limits, bases=BASES, has=_has, logs=logs, watchers=watchers)


def _has(scope: Scope) -> bool:
    path: str = scope["path"]
    return path.startswith(_PREFIXES)
