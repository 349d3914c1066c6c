"""The embedding model of a knowledge base, when it is not what it was."""

from types import SimpleNamespace
from typing import cast

import pytest

from craton.errors import ValidationException
from craton.knowledge.embedding import Embedder
from craton.knowledge.records import Base
from craton.runtime.inference import Inference
from tests.knowledge.ingestion.world import CTX

ARN = "arn:aws:bedrock:us-east-1::foundation-model/made.vectors-v1"
BASE = cast(Base, SimpleNamespace(id="BASE", embedding=SimpleNamespace(arn=ARN, id="made.vectors-v1", granted=())))


class Models:
    """`answering` is the model that the ARN leads to."""

    def __init__(self, answering: str | None) -> None:
        self._answering = answering

    async def resolve(self, *_: object) -> object:
        if self._answering is None:
            raise ValidationException("The provided model identifier is invalid.")
        return SimpleNamespace(model=SimpleNamespace(id=self._answering))


@pytest.mark.parametrize(
    ("answering", "said"),
    [
        (None, "made.vectors-v1' of the knowledge base 'BASE' is not there any more"),
        ("another.vectors-v1", "were made by 'made.vectors-v1', and 'another.vectors-v1' answers for"),
    ],
)
async def test_vectors_of_another_model_are_never_made(answering: str | None, said: str) -> None:
    embedder = Embedder(cast(Inference, Models(answering)))
    with pytest.raises(ValidationException, match=said):
        await embedder.vectors(CTX, BASE, ["text"], "query")
