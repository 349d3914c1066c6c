"""Inference profiles: those the system defines for every model, and those that callers make for themselves.

A profile tells traffic apart by its name; one with targets of its own also says where turns may run. Knows no engine.
"""

from dataclasses import replace
from typing import Any

from craton.core.context import Context
from craton.errors import ApiError, ResourceNotFoundException, ValidationException
from craton.models import aws_models
from craton.models.catalogue import Model
from craton.models.identifiers import GEOGRAPHIES, INVALID, Identifier, Kind, new_name, parse
from craton.models.pages import Part, joined
from craton.models.records import PROFILE, application_profile, model_arn, profile_targets, system_profile
from craton.models.resolve import Models, check_owner
from craton.models.routes.plans import refuse_circles
from craton.store.documents import Document, Documents, Transaction

_PARTS: dict[str, Part] = {"SYSTEM_DEFINED": "defined", "APPLICATION": "own"}


class Profiles:
    """The inference profiles of each account and region, as InferenceProfileSummary dicts."""

    def __init__(self, models: Models, documents: Documents) -> None:
        self._models = models
        self._documents = documents

    async def create(self, ctx: Context, body: dict[str, Any], source: str, tags: dict[str, str]) -> dict[str, Any]:
        """Make an application profile of the model or system-defined profile with the ARN `source`."""
        named = parse(source)
        check_owner(ctx, named)
        known = (self._models.library.get, self._models.catalogue.get, aws_models.get)
        known_here = any(get(named.model_id) for get in known)
        if not known_here and not await self._models.answering(ctx, named, named.model_id):
            raise ValidationException(INVALID)
        name = new_name()
        body = {**body, "models": [{"modelArn": model_arn(ctx, named.model_id)}], "source": named.name}
        arn = ctx.arn(f"{Kind.APPLICATION_INFERENCE_PROFILE}/{name}")
        return application_profile(await self._documents.create(ctx.scope, PROFILE, name, body, arn=arn, tags=tags))

    async def get(self, ctx: Context, identifier: str) -> dict[str, Any]:
        named = self._own(ctx, identifier)
        if named.kind is Kind.APPLICATION_INFERENCE_PROFILE:
            if document := await self._documents.find(ctx.scope, PROFILE, named.name):
                return application_profile(document)
        elif named.geography and (model := await self._models.answering(ctx, named, named.model_id)):
            return system_profile(ctx, named, model.name)
        raise ResourceNotFoundException(f"There is no inference profile {identifier!r} in this account and region.")

    async def delete(self, ctx: Context, identifier: str) -> None:
        named = self._application(ctx, identifier)
        await self._documents.delete(ctx.scope, PROFILE, named.name)

    async def put_targets(self, ctx: Context, identifier: str, targets: list[dict[str, Any]]) -> dict[str, Any]:
        """Let turns run where `targets` say, instead of on the model that the profile was made of."""
        named = self._application(ctx, identifier)
        await self._check_targets(ctx, targets)
        models = tuple(target["modelId"] for target in targets)

        def put(t: Transaction) -> Document:
            document = t.get(ctx.scope, PROFILE, named.name)
            refuse_circles(t, ctx, named, models)
            return t.replace(ctx.scope, PROFILE, named.name, document.body | {"targets": targets})

        return profile_targets(await self._documents.transaction(put))

    async def targets(self, ctx: Context, identifier: str) -> dict[str, Any]:
        named = self._application(ctx, identifier)
        return profile_targets(await self._documents.get(ctx.scope, PROFILE, named.name))

    async def delete_targets(self, ctx: Context, identifier: str) -> None:
        """Let turns run on the model that the profile was made of again."""
        named = self._application(ctx, identifier)

        def drop(t: Transaction) -> None:
            body = t.get(ctx.scope, PROFILE, named.name).body
            kept = {member: value for member, value in body.items() if member != "targets"}
            t.replace(ctx.scope, PROFILE, named.name, kept)

        await self._documents.transaction(drop)

    async def _check_targets(self, ctx: Context, targets: list[dict[str, Any]]) -> None:
        """Raises ApiError where one cannot be had now, or where some make text and others vectors."""
        if not any(target.get("weight", 1.0) for target in targets):
            raise ValidationException("All targets have the weight 0; give at least one of them more.")
        twice = len({target["modelId"] for target in targets}) < len(targets)
        if twice:
            raise ValidationException("A model stands twice among the targets; name each one once.")
        aside = replace(ctx, headers={})  # nothing is answered here, so nothing stands in
        kinds = {(await self._models.resolve(aside, target["modelId"])).model.output for target in targets}
        if len(kinds) > 1:
            raise ValidationException("Some targets generate text and others embeddings; name targets of one kind.")

    async def page(
        self, ctx: Context, kind: str | None, limit: int | None, token: str | None
    ) -> tuple[list[dict[str, Any]], str | None]:
        """System-defined profiles, then the account's own in order of creation; and the token of the next page."""
        part: Part | None = _PARTS.get(kind or "")
        defined = [] if part == "own" else await self._system_defined(ctx)
        return await joined(
            self._documents, ctx.scope, PROFILE, defined, application_profile, only=part, limit=limit, token=token
        )

    async def leading(self, ctx: Context) -> dict[str, list[dict[str, Any]]]:
        """The profiles by the id of each model that they lead to; of the account's own, up to a thousand."""
        leading: dict[str, list[dict[str, Any]]] = {}
        for summary in await self._system_defined(ctx):
            leading.setdefault(parse(summary["inferenceProfileId"]).model_id, []).append(summary)
        for document in (await self._documents.page(ctx.scope, PROFILE, limit=1000)).items:
            body = document.body
            named = [target["modelId"] for target in body.get("targets", ())] or [
                parse(body["models"][0]["modelArn"]).model_id
            ]
            answering = [model.id for name in named if (model := await self._led_to(ctx, parse(name)))]
            for model_id in dict.fromkeys(answering):
                leading.setdefault(model_id, []).append(application_profile(document))
        return leading

    async def _led_to(self, ctx: Context, named: Identifier) -> Model | None:
        """What answers now for what a profile names; None where nothing does, or another route."""
        if named.kind not in (Kind.FOUNDATION_MODEL, Kind.INFERENCE_PROFILE):
            return None
        try:
            return await self._models.found(ctx, named, named.model_id)
        except ApiError:  # not on this machine
            return None

    async def _system_defined(self, ctx: Context) -> list[dict[str, Any]]:
        """Of each model, the profiles of the region's own geography and of the whole world."""
        home = next(name for name, regions in GEOGRAPHIES.items() if ctx.region.startswith(regions))
        models = await self._models.usable(ctx)
        return [
            system_profile(ctx, parse(f"{geography}.{model.id}"), model.name)
            for geography in dict.fromkeys((home, "global"))
            for model in models
        ]

    def _application(self, ctx: Context, identifier: str) -> Identifier:
        named = self._own(ctx, identifier)
        if named.kind is not Kind.APPLICATION_INFERENCE_PROFILE:
            raise ValidationException(
                f"{identifier!r} is defined by the system; only application inference profiles can be changed."
            )
        return named

    def _own(self, ctx: Context, identifier: str) -> Identifier:
        named = parse(identifier)
        check_owner(ctx, named)
        return named
