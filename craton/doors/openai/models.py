"""The models that can be used here, as the OpenAI API lists them. Knows no engine."""

from typing import Any

from craton.core.context import Context
from craton.doors.naming import named
from craton.doors.rest import Asked, json_response
from craton.iam.authorization.actions import GET_MODEL
from craton.models.catalogue import Model
from craton.models.records import model_arn
from craton.models.resolve import Models
from craton.runtime.inference import Inference
from craton.wire.message import Response

# The catalogue does not say when a model was made, and the API wants a time.
UNKNOWN_TIME = 0


class ModelList:
    def __init__(self, inference: Inference, models: Models) -> None:
        self._inference = inference
        self._models = models

    async def list(self, ctx: Context, asked: Asked) -> Response:
        data = [_written(model.id, model) for model in await self._models.usable(ctx)]
        return json_response({"object": "list", "data": data})

    async def retrieve(self, ctx: Context, asked: Asked) -> Response:
        name = asked.labels["model"]
        resolved = await named(self._inference, ctx, name, GET_MODEL)
        await self._inference.access.require(ctx, GET_MODEL, model_arn(ctx, resolved.id))
        return json_response(_written(name, resolved.model))


def _written(name: str, model: Model) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": UNKNOWN_TIME, "owned_by": model.provider}
