"""What a model identifier leads to: the model asked for, the model that answers, and how an engine runs it.

Knows no engine beyond its name, and no request beyond the identifier in it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
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
from craton.models.files.library import Library
from craton.models.identifiers import INVALID, Identifier, Kind, parse
from craton.models.providers.providers import Providers
from craton.models.records import PROFILE, model_arn
from craton.models.routes import plans
from craton.models.routes.plans import DEEPEST, Plan, RouterPlan, SplitPlan
from craton.models.routes.routing import Arm, Only, Router, Routing, Split, Target
from craton.store.documents import Documents

__all__ = ["SERVED_BY", "Models", "Resolved", "Target", "Use", "check_owner"]

SERVED_BY = "x-craton-served-by"

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Use:
    """A resource that an identifier leads to, by its ARN, and the ARNs of the first profile and the first prompt router
    that it was reached through.
    """

    arn: str
    profile: str | None = None
    router: str | None = None


@dataclass(frozen=True, slots=True)
class Resolved:
    """Where a request for a model goes.

    `id` is the foundation model asked for and `family` the dialect of its InvokeModel bodies; `model` answers. They
    differ where a stand-in answers, and then `served_by` holds its id. `profile` is the ARN of the inference profile
    used, if any. Where the turn is to choose among several models, `routing` does, and the rest is about the first.
    `uses` are all resources that the caller must be allowed to use.
    """

    id: str
    family: str
    model: Model
    spec: ModelSpec
    profile: str | None = None
    served_by: str | None = None
    routing: Routing | None = None
    uses: tuple[Use, ...] = ()

    @property
    def arns(self) -> list[str]:
        """Those of `uses`."""
        return [use.arn for use in self.uses]


class Models:
    """The models that requests may name.

    `engines` are the names of the engines that work on this machine. `stand_ins` maps patterns of model ids (`*`, `?`,
    `[..]`) to the model that answers for them, first match first: a local model by id or short name, a model of a
    provider of the configuration by id, or `<provider>.*` for the model that the provider has under the id asked for.
    `force` maps a local model to the one engine to use. Raises ValueError where one of these names what does not exist.
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
        providers: Providers | None = None,
    ) -> None:
        self.library = library
        self.providers = providers or Providers(documents, home=library.root.parent)
        self.catalogue = known or catalogue.shipped()
        self._documents = documents
        self._engines = frozenset(engines)
        self._stand_ins = tuple((pattern, self._stand_in_id(name)) for pattern, name in (stand_ins or {}).items())
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
        return await self._resolve(ctx, parse(identifier))

    def targets(self, resolved: Resolved, turn: Turn) -> Sequence[Target]:
        """Where the turn may run, first choice first."""
        return resolved.routing.targets(turn) if resolved.routing else (Target(resolved.model, resolved.spec),)

    async def answering(self, ctx: Context, named: Identifier, model_id: str) -> Model | None:
        """The model that answers for the foundation model that `named` led to: itself or a stand-in."""
        model = await self.found(ctx, named, model_id)
        if model is not None and model.id != model_id:
            ctx.headers[SERVED_BY] = model.id
            log.info("stand-in answers", requested=named.text, served_by=model.id, request_id=ctx.request_id)
        return model

    async def usable(self, ctx: Context) -> list[Model]:
        """The models the caller may use, in order of id: the installed ones that an engine of this machine can serve,
        and those of providers.
        """
        found: dict[str, Model] = {model.id: model for model in await self.providers.offers(ctx)}
        found |= self.library.models()
        return [model for _, model in sorted(found.items()) if model.serves_requests and self.engine(model)]

    def local_ids(self) -> set[str]:
        """The models that are installed or can be pulled: no account's provider may take their ids."""
        return {model.id for model in self.catalogue} | set(self.library.models())

    def configured(self, name: str) -> str:
        """The id of a model that the configuration names: a local one, by id or short name, or a provider's.

        Raises ValueError where it does not exist.
        """
        return name if name in self.providers.shared() else self._local_id(name)

    def here(self, id: str) -> Model:
        """A model that `configured` named. Raises ResourceNotFoundException where it is not on this machine."""
        if model := self.library.get(id) or self.providers.shared().get(id):
            return model
        raise ResourceNotFoundException(f"The model {id!r} {self._how_to_get(id)}")

    async def _resolve(self, ctx: Context, named: Identifier, depth: int = 0) -> Resolved:
        """`depth` is how many routes led here."""
        check_owner(ctx, named)
        if plan := await plans.find(self._documents, ctx, named):
            return await self._routed(ctx, named, plan, depth)
        followed, model_id, profile = await self._followed(ctx, named)
        # What one of several would have answered is not worth telling.
        find = self.found if depth else self.answering
        model = await find(ctx, followed, model_id)
        if model is None:
            raise self._refusal(followed, model_id)
        served_by = None if model.id == model_id else model.id
        family = model.family if served_by is None else aws_models.family(model_id) or model.family
        use = Use(model_arn(ctx, model_id), profile)
        uses = (Use(profile), use) if profile else (use,)
        return Resolved(model_id, family, model, self.spec(model), profile, served_by, uses=uses)

    async def _routed(self, ctx: Context, named: Identifier, plan: Plan, depth: int) -> Resolved:
        """What a route leads to. A model of it that is not to be had is left out, with a word in the log."""
        if depth >= DEEPEST:
            raise ValidationException(f"{named.text!r} leads through more than {DEEPEST} routes; shorten its targets.")
        found: dict[str, Resolved] = {}
        refusals: list[ApiError] = []
        for model in plan.models:
            try:
                found[model] = await self._resolve(ctx, parse(model), depth + 1)
            except ApiError as error:
                refusals.append(error)
                log.warning("target cannot be had", route=plan.arn, target=model, reason=error.message)
        if not found:
            raise refusals[0]
        routing, first = _routing(ctx, plan, found)
        return replace(found[first], profile=plan.arn, routing=routing, uses=_uses(plan, found.values()))

    async def _followed(self, ctx: Context, named: Identifier) -> tuple[Identifier, str, str | None]:
        """The identifier that a profile was made of, the foundation model's id, and the ARN of the profile."""
        if named.kind is Kind.PROMPT:
            raise ValidationException(
                "A prompt of Prompt management is run by Converse and ConverseStream alone. Name the model itself here."
            )
        if named.kind is Kind.FOUNDATION_MODEL:
            return named, named.model_id, None
        if named.kind is Kind.INFERENCE_PROFILE:
            return named, named.model_id, ctx.arn(f"{named.kind}/{named.name}")
        if named.kind is Kind.APPLICATION_INFERENCE_PROFILE:
            document = await self._documents.find(ctx.scope, PROFILE, named.name)
            if document:
                model_id = parse(document.body["models"][0]["modelArn"]).model_id
                return parse(document.body.get("source", model_id)), model_id, document.arn
        raise ResourceNotFoundException(f"There is no {named.kind} {named.name!r} in this account and region.")

    async def found(self, ctx: Context, named: Identifier, model_id: str) -> Model | None:
        """As `answering`, without a word about it."""
        local = self.library.get(model_id)
        if (told := local or self.catalogue.get(model_id)) and not told.serves_requests:
            raise ValidationException(
                f"{model_id!r} only judges for guardrails. Name a model that generates or embeds."
            )
        if model := local or await self.providers.find(ctx, model_id):
            return model
        return self.stand_in(named, model_id)

    def stand_in(self, named: Identifier, model_id: str) -> Model | None:
        """The model that the configuration lets answer for an id. Raises ResourceNotFoundException where it is not on
        this machine.
        """
        known = aws_models.get(model_id)
        for pattern, name in self._stand_ins:
            if fnmatchcase(model_id, pattern) or fnmatchcase(named.name, pattern):
                model = self._stand_in(named, name)
                if model is None:
                    raise ResourceNotFoundException(
                        f"{name!r}, which stands in for {model_id!r}, {self._how_to_get(name)}"
                    )
                # A model of text cannot stand in for one of vectors: another pattern may fit.
                if known is None or set(known.output) & set(model.output):
                    return model
        return None

    def stand_ins(self) -> dict[str, list[str]]:
        """The ids of AWS that the configuration lets each model answer for, by the model's id."""
        answered: dict[str, list[str]] = {}
        for known in aws_models.known().values() if self._stand_ins else ():
            for named in (known.id, *(f"{geography}.{known.id}" for geography in known.profiles)):
                with suppress(ResourceNotFoundException):
                    if (model := self.stand_in(parse(named), known.id)) and known.id not in answered.get(model.id, ()):
                        answered.setdefault(model.id, []).append(named)
        return answered

    def _stand_in(self, named: Identifier, name: str) -> Model | None:
        provider, _, rest = name.partition(".")
        if rest == "*":
            return self.providers.passed_through(provider, named.name)
        return self.library.get(name) or self.providers.shared().get(name)

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
        return ModelSpec(model.place, engine.name, self.library.paths(model), model.context_length, given)

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

    def _stand_in_id(self, name: str) -> str:
        """The same, or the id of a provider's model, or what passes ids on to a provider."""
        provider, _, rest = name.partition(".")
        if name in self.providers.shared() or (rest == "*" and provider in self.providers.configured):
            return name
        if rest == "*":
            raise ValueError(f"There is no provider {provider!r} to pass ids on to. Add [providers.{provider}].")
        return self._local_id(name)

    def _local_id(self, name: str) -> str:
        """The id of a model that is installed or can be pulled."""
        model = self.library.get(name) or self.catalogue.find(name)
        if model is None or not model.serves_requests:
            known = {each.id for each in (*self.catalogue, *self.library.models().values()) if each.serves_requests}
            raise ValueError(f"There is no local model {name!r}. Name one of {', '.join(sorted(known))}.")
        return model.id

    def _how_to_get(self, id: str) -> str:
        model = self.catalogue.get(id)
        return f"is not on this machine. Fetch it with `craton pull {model.short if model else id}`."


def _routing(ctx: Context, plan: Plan, found: Mapping[str, Resolved]) -> tuple[Routing, str]:
    """The choice that a plan makes among the models that were found, and which of them stands first."""
    ways = {model: resolved.routing or Only(_target(ctx, resolved)) for model, resolved in found.items()}
    if isinstance(plan, SplitPlan):
        shares = sorted((share for share in plan.shares if share.model in ways), key=lambda each: each.priority)
        return Split(tuple(Arm(ways[share.model], share.weight, share.priority) for share in shares)), shares[0].model
    others = tuple(ways[model] for model in plan.others if model in ways)
    if plan.anchor not in ways:
        return Split(tuple(map(Arm, others))), next(iter(ways))
    return Router(ways[plan.anchor], others, plan.difference), plan.anchor


def _uses(plan: Plan, found: Iterable[Resolved]) -> tuple[Use, ...]:
    """The route itself, and all that it may lead to."""
    router = isinstance(plan, RouterPlan)
    beyond = [
        replace(use, router=plan.arn) if router else replace(use, profile=plan.arn)
        for resolved in found
        for use in resolved.uses
    ]
    return tuple(dict.fromkeys((Use(plan.arn), *beyond)))


def _target(ctx: Context, resolved: Resolved) -> Target:
    invoked = resolved.profile or model_arn(ctx, resolved.id)
    return Target(resolved.model, resolved.spec, invoked, resolved.served_by)


def check_owner(ctx: Context, named: Identifier) -> None:
    """Refuse an ARN of another region or account, as AWS does."""
    if named.region and named.region != ctx.region:
        raise ValidationException(f"{INVALID} It is of region {named.region!r}, and this is {ctx.region!r}.")
    if named.account and named.account != ctx.account:
        raise AccessDeniedException(f"You don't have access to {named.text!r}: it belongs to another account.")
