"""Embeddings of texts. Knows no body: the dialect does."""

from craton.core.context import Context
from craton.dialects.openai import embeddings as openai_embeddings
from craton.doors.guardrails import asked_for
from craton.doors.naming import making
from craton.doors.rest import Asked, json_response
from craton.runtime import native, request
from craton.runtime.embedding import embed
from craton.runtime.inference import Inference
from craton.wire.message import Response


class Embeddings:
    def __init__(self, inference: Inference) -> None:
        self._inference = inference

    async def create(self, ctx: Context, asked: Asked) -> Response:
        guardrail, body = asked_for(asked)
        wanted = openai_embeddings.read_request(body)
        resolved = await making(self._inference, ctx, wanted.model, "EMBEDDING", asked=guardrail)
        native.refuse_guardrail(guardrail, resolved)
        made = await embed(self._inference, request.telling(ctx, wanted.metadata), resolved, wanted.embedding)
        return json_response(openai_embeddings.write_response(made, wanted))
