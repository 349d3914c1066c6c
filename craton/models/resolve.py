"""What a model identifier leads to: the model asked for, the local model that answers, and how an engine loads it.

Knows no engine beyond its name, and no request beyond the identifier in it.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

import structlog

from craton.core.context import Context
from craton.dialects.converse import Turn
from craton.engines.base import ModelSpec
from craton.errors import (
    AccessDeniedException,
    ApiError,
    ResourceNotFoundException,
    ServiceUnavailableException,
    ValidationException,
)
from craton.models import aws_models, catalogue
from craton.models.catalogue import Catalogue, EngineChoice, Model
from craton.models.identifiers import INVALID, Identifier, Kind, parse
from craton.models.library import Library
from craton.models.records import PROFILE
from craton.store.documents import Documents, Scope

SERVED_BY = "x-craton-served-by"

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Target:
    """A model that may answer a turn, and how an engine runs it."""

    model: Model
    spec: ModelSpec


@dataclass(frozen=True, slots=True)
class Resolved:
    """Where a request for a model goes.

    `id` is the foundation model asked for and `family` the dialect of its InvokeModel bodies; `model` answers. They
    differ where a stand-in answers, and then `served_by` holds its id. `profile` is the ARN of the inference profile
    used, if any.
    """

    id: str
    family: str
    model: Model
    spec: ModelSpec
    profile: str | None = None
    served_by: str | None = None


class Models:
    """The models that requests may name.

    `engines` are the names of the engines that work on this machine. `stand_ins` maps patterns of model ids (`*`, `?`,
    `[..]`) to the local model that answers for them, first match first; `force` maps a local model to the one engine to
    use. Local models are named by id or short name. Raises ValueError where one of these names what does not exist.
    """

    def __init__(
        self,
        library: Library,
        documents: Documents,
        *,
        engines: Collection[str],
        stand_ins: Mapping[str, str] | None = None,
        force: Mapping[str, str] | None = None,
        known: Catalogue | None = None,
    ) -> None:
        self.library = library
        self.catalogue = known or catalogue.shipped()
        self._documents = documents
        self._engines = frozenset(engines)
        self._stand_ins = tuple((pattern, self._local_id(name)) for pattern, name in (stand_ins or {}).items())
        self._force = {self._local_id(name): engine for name, engine in (force or {}).items()}
        if unknown := sorted(set(self._force.values()) - self._engines):
            raise ValueError(
                f"The engine {unknown[0]!r} cannot be forced: {sorted(self._engines)} work on this machine."
            )

    async def resolve(self, ctx: Context, identifier: str) -> Resolved:
        """Follow an identifier in any of its forms, decoded. A stand-in is named in the response header and in the log.

        Raises ValidationException where it names no model, AccessDeniedException for a model of AWS that nothing serves
        here and for what belongs to another account, and ResourceNotFoundException for what is not on this machine.
        """
        named = parse(identifier)
        check_owner(ctx, named)
        model_id, profile = await self._followed(ctx, named)
        model = self.answering(ctx, named, model_id)
        if model is None:
            raise self._refusal(named, model_id)
        served_by = None if model.id == model_id else model.id
        family = model.family if served_by is None else aws_models.family(model_id) or model.family
        return Resolved(model_id, family, model, self.spec(model), profile, served_by)

    def targets(self, resolved: Resolved, turn: Turn) -> Sequence[Target]:
        """Where the turn may run, first choice first."""
        return (Target(resolved.model, resolved.spec),)

    async def _followed(self, ctx: Context, named: Identifier) -> tuple[str, str | None]:
        """The foundation model's id and the ARN of the profile that led to it."""
        if named.kind is Kind.FOUNDATION_MODEL:
            return named.model_id, None
        if named.kind is Kind.INFERENCE_PROFILE:
            return named.model_id, ctx.arn(f"{named.kind}/{named.name}")
        if named.kind is Kind.APPLICATION_INFERENCE_PROFILE:
            document = await self._documents.find(Scope(ctx.account, ctx.region), PROFILE, named.name)
            if document:
                return parse(document.body["models"][0]["modelArn"]).model_id, document.arn
        raise ResourceNotFoundException(f"There is no {named.kind} {named.name!r} in this account and region.")

    def answering(self, ctx: Context, named: Identifier, model_id: str) -> Model | None:
        """The local model that answers for the foundation model that `named` led to: itself or a stand-in."""
        if model := self.library.get(model_id):
            return model
        known = aws_models.get(model_id)
        for pattern, name in self._stand_ins:
            if fnmatchcase(model_id, pattern) or fnmatchcase(named.name, pattern):
                model = self.library.get(name)
                if model is None:
                    raise ResourceNotFoundException(
                        f"{name!r}, which stands in for {model_id!r}, {self._how_to_get(name)}"
                    )
                # A model of text cannot stand in for one of vectors: another pattern may fit.
                if known is None or set(known.output) & set(model.output):
                    ctx.headers[SERVED_BY] = model.id
                    log.info("stand-in answers", requested=named.text, served_by=model.id, request_id=ctx.request_id)
                    return model
        return None

    def usable(self) -> Iterator[Model]:
        """The installed models that an engine of this machine can serve, in order of id."""
        return (model for _, model in sorted(self.library.models().items()) if self.engine(model))

    def engine(self, model: Model) -> EngineChoice | None:
        """The engine that serves the model here: the forced one, or the first in order of preference that works."""
        if name := self._force.get(model.id):
            return next((choice for choice in model.engines if choice.name == name), EngineChoice(name))
        return next((choice for choice in model.engines if choice.name in self._engines), None)

    def spec(self, model: Model) -> ModelSpec:
        """How the model is loaded. Raises ServiceUnavailableException where no engine for it works on this machine."""
        engine = self.engine(model)
        if engine is None:
            choices = " or ".join(choice.name for choice in model.engines)
            raise ServiceUnavailableException(f"{model.id!r} needs the engine {choices}, which is not installed here.")
        options = {
            "default_system": model.default_system,
            "max_output_tokens": model.max_output_tokens or None,
            "embedding": "EMBEDDING" in model.output or None,
            "memory_bytes": engine.memory,
            **engine.options,
        }
        given = {name: value for name, value in options.items() if value is not None}
        return ModelSpec(model.id, engine.name, self.library.paths(model), model.context_length, given)

    def _refusal(self, named: Identifier, model_id: str) -> ApiError:
        """Why nothing answers for a model, in the words of AWS, and what to do here."""
        if self.catalogue.get(model_id):
            return ResourceNotFoundException(f"The model {model_id!r} {self._how_to_get(model_id)}")
        known = aws_models.get(model_id)
        if known is None or (named.geography and named.geography not in known.profiles):
            return ValidationException(INVALID)
        if named.kind is Kind.FOUNDATION_MODEL and not known.on_demand:
            return ValidationException(
                f"Invocation of model ID {model_id} with on-demand throughput isn’t supported. "
                "Retry your request with the ID or ARN of an inference profile that contains this model."
            )
        return AccessDeniedException(
            "You don't have access to the model with the specified model ID. "
            "To have a local model answer for it, name one under [stand_ins] in craton.toml."
        )

    def _local_id(self, name: str) -> str:
        """The id of a model that is installed or can be pulled."""
        model = self.library.get(name) or self.catalogue.find(name)
        if model is None:
            ids = sorted({each.id for each in self.catalogue} | set(self.library.models()))
            raise ValueError(f"There is no local model {name!r}. Name one of {', '.join(ids)}.")
        return model.id

    def _how_to_get(self, id: str) -> str:
        model = self.catalogue.get(id)
        return f"is not on this machine. Fetch it with `craton pull {model.short if model else id}`."


def check_owner(ctx: Context, named: Identifier) -> None:
    """Refuse an ARN of another region or account, as AWS does."""
    if named.region and named.region != ctx.region:
        raise ValidationException(f"{INVALID} It is of region {named.region!r}, and this is {ctx.region!r}.")
    if named.account and named.account != ctx.account:
        raise AccessDeniedException(f"You don't have access to {named.text!r}: it belongs to another account.")
