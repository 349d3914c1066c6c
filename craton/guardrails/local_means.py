"""The means of guardrails on this machine: small models of the catalogue, each in a process of its own, and the text
model that the configuration names as judge.

Knows no policy. What a model's failure means for a text is decided by who asked: all of them become `Undecided`.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from typing import TypeVar

from craton.config import GuardrailSettings
from craton.dialects.converse import Answer, Fold, Turn
from craton.engines.base import Engine, ModelSpec
from craton.engines.supervisor import Engines
from craton.errors import ApiError, ModelErrorException, ValidationException
from craton.guardrails import asking
from craton.guardrails.findings import Image, Undecided
from craton.guardrails.means import Entity
from craton.models import catalogue
from craton.models.resolve import Models

# A text model that writes may take so many times as long as one that judges.
_WRITING = 5

Result = TypeVar("Result")


class LocalMeans:
    """`Means`, by the models that `craton pull guardrails` fetches."""

    def __init__(
        self, models: Models, engines: Engines, settings: GuardrailSettings, *, patience: float = 60.0
    ) -> None:
        """`patience`: seconds in which a model must have answered, loading included.

        Raises ValueError where the settings name a judge that does not exist.
        """
        self._models = models
        self._engines = engines
        self._patience = patience
        self._judge = models.configured(settings.judge) if settings.judge else None

    async def entities(self, texts: Sequence[str]) -> Sequence[Sequence[Entity]]:
        found = await self._done("entities", lambda engine: engine.classify(texts))
        return [[Entity(mark.label, mark.start, mark.end, mark.score) for mark in marks] for marks in found]

    async def attacks(self, texts: Sequence[str]) -> Sequence[float]:
        found = await self._done("attacks", lambda engine: engine.classify(texts))
        return [sum(mark.score for mark in marks) for marks in found]

    async def vectors(self, texts: Sequence[str]) -> Sequence[Sequence[float]]:
        found = await self._done("vectors", lambda engine: engine.embed(texts))
        return [_unit(vector) for vector in found.vectors]

    async def indecency(self, images: Sequence[Image]) -> Sequence[float]:
        """Raises ValidationException for a picture that cannot be read."""
        async with self._lent(self._spec("indecency"), refusing=ValidationException) as engine:
            found = await engine.classify([image.data for image in images])
        return [sum(mark.score for mark in marks) for marks in found]

    @property
    def asks(self) -> bool:
        return self._judge is not None

    async def choose(self, question: str, choices: Sequence[str]) -> Mapping[str, float]:
        spec = self._judging()
        return asking.chosen(await self._answer(spec, asking.question(question, choices, spec.engine)), choices)

    async def write(self, instruction: str, schema: Mapping[str, object], task: str = "") -> object:
        spec = self._judging()
        turn = asking.instruction(instruction, schema, spec.engine, task)
        return asking.written(await self._answer(spec, turn, _WRITING))

    async def _done(self, means: catalogue.Means, work: Callable[[Engine], Awaitable[Result]]) -> Result:
        """A model whose process has died meanwhile is asked once more: another process is started for it."""
        spec = self._spec(means)
        try:
            async with self._lent(spec, refusing=ModelErrorException) as engine:
                return await work(engine)
        except ModelErrorException:
            async with self._lent(spec) as engine:
                return await work(engine)

    async def _answer(self, spec: ModelSpec, turn: Turn, times: int = 1) -> Answer:
        folding = Fold()
        async with self._lent(spec, times) as engine, aclosing(engine.converse(turn)) as events:
            async for event in events:
                event.pop("usage", None)
                folding.add(event)
        return folding.answer()

    def _spec(self, means: catalogue.Means) -> ModelSpec:
        known = self._models.catalogue.means()[means]
        model = self._models.library.get(known.id)
        if model is None:
            raise Undecided(f"The model {known.short!r} is not installed. Run `craton pull guardrails`.")
        try:
            return self._models.spec(model)
        except ApiError as error:
            raise Undecided(error.message) from error

    def _judging(self) -> ModelSpec:
        if self._judge is None:
            raise Undecided("No text model judges here. Name one as `judge` under [guardrails] in craton.toml.")
        try:
            return self._models.spec(self._models.here(self._judge))
        except ApiError as error:
            raise Undecided(error.message) from error

    @asynccontextmanager
    async def _lent(
        self, spec: ModelSpec, times: int = 1, refusing: type[ApiError] | tuple[()] = ()
    ) -> AsyncIterator[Engine]:
        """The engine, for `times` the patience; its errors as `Undecided`, but for those of the kind `refusing`."""
        patience = times * self._patience
        try:
            async with asyncio.timeout(patience), self._engines.use(spec) as engine:
                yield engine
        except refusing:
            raise
        except ApiError as error:
            raise Undecided(f"The model {spec.id!r} could not judge. {error.message}") from error
        except TimeoutError as error:
            raise Undecided(f"The model {spec.id!r} did not judge within {patience:g} seconds.") from error


def _unit(vector: Sequence[float]) -> Sequence[float]:
    length = sum(number * number for number in vector) ** 0.5
    return [number / length for number in vector] if length else vector
