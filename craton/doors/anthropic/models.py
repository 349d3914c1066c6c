"""The models that can be used here, as the Anthropic API lists them. Knows no engine."""

import re
from typing import Any

from craton.core.context import Context
from craton.doors.naming import named
from craton.doors.rest import Asked, json_response
from craton.errors import ValidationException
from craton.iam.authorization.actions import GET_MODEL
from craton.models.catalogue import Model
from craton.models.records import model_arn
from craton.models.resolve import Models
from craton.runtime.inference import Inference
from craton.wire.message import Response

# The catalogue does not say when a model was released, and for that the API has the epoch.
UNKNOWN_TIME = "1970-01-01T00:00:00Z"
PAGE = 20
LARGEST_PAGE = 1000
_NUMBER = re.compile("[0-9]{1,9}")


class ModelList:
    def __init__(self, inference: Inference, models: Models) -> None:
        self._inference = inference
        self._models = models

    async def list(self, ctx: Context, asked: Asked) -> Response:
        """Those that answer in text: Messages reaches no others."""
        models = {model.id: model for model in await self._models.usable(ctx) if "TEXT" in model.output}
        limit = _limit(asked)
        after, before = _first(asked, "after_id"), _first(asked, "before_id")
        if after and before:
            raise ValidationException("after_id and before_id exclude each other; send one of them.")
        names = [name for name in models if (not after or name > after) and (not before or name < before)]
        page = names[-limit:] if before else names[:limit]
        return json_response(
            {
                "data": [_written(name, models[name]) for name in page],
                "has_more": len(page) < len(names),
                "first_id": page[0] if page else None,
                "last_id": page[-1] if page else None,
            }
        )

    async def retrieve(self, ctx: Context, asked: Asked) -> Response:
        name = asked.labels["model"]
        resolved = await named(self._inference, ctx, name, GET_MODEL)
        await self._inference.access.require(ctx, GET_MODEL, model_arn(ctx, resolved.id))
        return json_response(_written(name, resolved.model))


def _first(asked: Asked, name: str) -> str | None:
    return next(iter(asked.query.get(name, ())), None)


def _limit(asked: Asked) -> int:
    text = _first(asked, "limit") or str(PAGE)
    if not _NUMBER.fullmatch(text) or not 1 <= int(text) <= LARGEST_PAGE:
        raise ValidationException(f"limit: {text!r} is no number from 1 to {LARGEST_PAGE}. Send one.")
    return int(text)


def _written(name: str, model: Model) -> dict[str, Any]:
    return {
        "type": "model",
        "id": name,
        "display_name": model.name,
        "created_at": UNKNOWN_TIME,
        "lifecycle": "active",
        "max_input_tokens": model.context_length,
        "max_tokens": model.max_output_tokens,
    }
