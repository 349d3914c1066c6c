"""Texts as vectors, by the embedding model of a knowledge base. Knows no index."""

from collections.abc import Sequence
from dataclasses import replace

from craton.core.context import Context, Granted
from craton.dialects.embedding import Embedding, Purpose
from craton.errors import ValidationException
from craton.iam.authorization.actions import INVOKE
from craton.knowledge.records import Base
from craton.runtime.embedding import embed
from craton.runtime.inference import Inference

# Texts of one call of a model: enough to keep it busy, and few enough for others to get their turn.
AT_ONCE = 32


class Embedder:
    """The vectors of all knowledge bases. What is made is metered as the use of the caller."""

    def __init__(self, inference: Inference) -> None:
        self._inference = inference

    async def vectors(self, ctx: Context, base: Base, texts: Sequence[str], purpose: Purpose) -> list[Sequence[float]]:
        """Of length 1, in the order of the texts. What is longer than the model reads is cut off at its end.

        Raises ValidationException where the model is gone, or another one answers by now: its vectors would mean
        nothing beside the others.
        """
        model = base.embedding
        ctx = replace(ctx, permit=Granted(frozenset(model.granted)))
        try:
            resolved = await self._inference.resolve(ctx, model.arn, INVOKE)
        except ValidationException as error:  # in words about a model that the caller has not named
            raise ValidationException(
                f"The embedding model {model.arn!r} of the knowledge base {base.id!r} is not there any more. Have the "
                "operator put it back, or make another knowledge base."
            ) from error
        if resolved.model.id != model.id:
            raise ValidationException(
                f"The vectors of the knowledge base {base.id!r} were made by {model.id!r}, and {resolved.model.id!r} "
                f"answers for {model.arn!r} now. Have the operator put it back, or make another knowledge base."
            )
        made: list[Sequence[float]] = []
        for start in range(0, len(texts), AT_ONCE):
            some = tuple(texts[start : start + AT_ONCE])
            asked = Embedding(some, dimensions=model.dimensions, purpose=purpose, cut="END")
            made += (await embed(self._inference, ctx, resolved, asked)).vectors
        return made
