"""What all classifiers have in common: they classify, one request's work at a time, and refuse everything else.

Knows no model.
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence

from craton.engines.base import Embeddings, Event, ModelSpec, Turn
from craton.errors import ValidationException


class Classifier:
    """What an engine is besides `classify`. `turn` is held while the model computes, so that requests take turns."""

    def __init__(self, spec: ModelSpec) -> None:
        self._spec = spec
        self._turn = asyncio.Lock()

    async def converse(self, turn: Turn) -> AsyncGenerator[Event, None]:
        raise self._refusal()
        yield {}

    async def count_tokens(self, turn: Turn) -> int:
        raise self._refusal()

    async def embed(self, texts: Sequence[str]) -> Embeddings:
        raise self._refusal()

    async def close(self) -> None:
        return None

    def _texts(self, items: Sequence[str | bytes]) -> list[str]:
        texts = [item for item in items if isinstance(item, str)]
        if len(texts) < len(items):
            raise ValidationException(f"The model {self._spec.id!r} reads texts, not pictures: give it a text.")
        return texts

    def _pictures(self, items: Sequence[str | bytes]) -> list[bytes]:
        pictures = [item for item in items if isinstance(item, bytes)]
        if len(pictures) < len(items):
            raise ValidationException(f"The model {self._spec.id!r} sees pictures, not texts: give it a picture.")
        return pictures

    def _refusal(self) -> ValidationException:
        return ValidationException(
            f"The model {self._spec.id!r} only classifies, for guardrails. Use a model that generates or embeds."
        )
