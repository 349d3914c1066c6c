"""The Anthropic door: Messages, their tokens and the models, under `/anthropic/v1`, as Bedrock has it, and `/v1`.

Knows no model and no engine; what it does not answer it refuses in the API's own words.
"""

from craton.config import Limits
from craton.core.call import NOBODY, Watchers
from craton.doors.anthropic.errors import AnthropicManner
from craton.doors.anthropic.messages import VERSION_HEADER, Messages
from craton.doors.anthropic.models import ModelList
from craton.doors.asgi import Scope
from craton.doors.callers import Callers
from craton.doors.rest import RestDoor, Route
from craton.iam.authorization.actions import LIST_MODELS
from craton.iam.authorization.resources import ALL
from craton.models.resolve import Models
from craton.runtime.inference import Inference
from craton.usage.invocation_logs.logs import InvocationLogs

BASES = ("/v1", "/anthropic/v1")
_OWN = ("/anthropic/v1/", "/v1/messages")


def door(
    inference: Inference,
    models: Models,
    callers: Callers,
    limits: Limits,
    logs: InvocationLogs,
    watchers: Watchers = NOBODY,
) -> RestDoor:
    manner = AnthropicManner()
    messages, listed = Messages(inference, manner), ModelList(inference, models)
    routes = (
        Route("POST", "/messages", "anthropic.messages", messages.create, invokes=True),
        Route("POST", "/messages/count_tokens", "anthropic.count_tokens", messages.count),
        Route("GET", "/models", "anthropic.models.list", listed.list, need=(LIST_MODELS, ALL)),
        Route("GET", "/models/{model+}", "anthropic.models.retrieve", listed.retrieve),
    )
    return RestDoor(routes, manner, callers, limits, bases=BASES, has=_has, logs=logs, watchers=watchers)


def _has(scope: Scope) -> bool:
    """`/v1/models` is of two APIs: this one's clients name its version."""
    path: str = scope["path"]
    if path.startswith(_OWN):
        return True
    return path.startswith("/v1/") and any(name == VERSION_HEADER.encode() for name, _ in scope["headers"])
