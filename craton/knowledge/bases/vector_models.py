"""The embedding model of a knowledge base: chosen, permitted, tried once. Knows no storage."""

from collections.abc import Mapping
from typing import Any

from craton.core.context import Context
from craton.dialects.embedding import Embedding
from craton.errors import ValidationException
from craton.iam.authorization.actions import INVOKE
from craton.knowledge.records import EmbeddingModel
from craton.models.records import model_arn
from craton.models.resolve import Models
from craton.runtime.embedding import embed
from craton.runtime.inference import Inference

_WHERE = "embeddingModelConfiguration.bedrockEmbeddingModelConfiguration.dimensions"
_TRIED = "Which vectors does this model make?"


class VectorModels:
    def __init__(self, models: Models, inference: Inference) -> None:
        self._models = models
        self._inference = inference

    async def tried(self, ctx: Context, arn: str, configuration: Mapping[str, Any]) -> EmbeddingModel:
        """The model and how wide its vectors are, found by making one.

        `configuration` is the `bedrockEmbeddingModelConfiguration`. Raises ValidationException for a model that makes
        no vectors, or none of the dimensions that are asked for, AccessDeniedException, and ResourceNotFoundException.
        """
        resolved = await self._inference.resolve(ctx, arn, INVOKE)
        if "EMBEDDING" not in resolved.model.output:
            raise ValidationException(
                f"The model {arn!r} makes no vectors. Name an embedding model as 'embeddingModelArn'."
            )
        if resolved.routing:
            raise ValidationException(
                f"{arn!r} leads to several models, whose vectors cannot be compared. Name one embedding model."
            )
        asked = Embedding((_TRIED,), dimensions=configuration.get("dimensions"), where=_WHERE, purpose="document")
        made = await embed(self._inference, ctx, resolved, asked)
        return EmbeddingModel(arn, len(made.vectors[0]), resolved.model.id, resolved.arns)

    async def chosen(self, ctx: Context) -> str:
        """The ARN of the embedding model for a managed knowledge base that names none: the first that is installed.

        Raises ValidationException where there is none.
        """
        usable = {model.id for model in await self._models.usable(ctx) if "EMBEDDING" in model.output}
        installed = [model.id for model in self._models.catalogue if model.id in usable] + sorted(usable)
        if installed:
            return model_arn(ctx, installed[0])
        known = next(model for model in self._models.catalogue if "EMBEDDING" in model.output)
        raise ValidationException(
            "There is no embedding model on this server for a managed knowledge base. Fetch one with "
            f"`craton pull {known.short}`, or name your own with embeddingModelType CUSTOM."
        )
