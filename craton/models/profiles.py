"""Inference profiles: those the system defines for every local model, and those that callers make for themselves.

A profile here routes to this one server; its use is the name, by which traffic is told apart. Knows no engine.
"""

import secrets
import string
from collections.abc import Iterator
from typing import Any

from craton.core.context import Context
from craton.errors import ResourceNotFoundException, ValidationException
from craton.models import aws_models
from craton.models.identifiers import GEOGRAPHIES, INVALID, Identifier, Kind, parse
from craton.models.records import PROFILE, application_profile, model_arn, system_profile
from craton.models.resolve import Models, check_owner
from craton.store.documents import Documents, Scope

_LETTERS = string.ascii_lowercase + string.digits
_ID_LENGTH = 12
_PAGE = 100


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
        if not any(get(named.model_id) for get in known) and not self._models.answering(ctx, named, named.model_id):
            raise ValidationException(INVALID)
        name = "".join(secrets.choice(_LETTERS) for _ in range(_ID_LENGTH))
        body = {**body, "models": [{"modelArn": model_arn(ctx, named.model_id)}]}
        arn = ctx.arn(f"{Kind.APPLICATION_INFERENCE_PROFILE}/{name}")
        return application_profile(await self._documents.create(_scope(ctx), PROFILE, name, body, arn=arn, tags=tags))

    async def get(self, ctx: Context, identifier: str) -> dict[str, Any]:
        named = self._own(ctx, identifier)
        if named.kind is Kind.APPLICATION_INFERENCE_PROFILE:
            if document := await self._documents.find(_scope(ctx), PROFILE, named.name):
                return application_profile(document)
        elif named.geography and (model := self._models.answering(ctx, named, named.model_id)):
            return system_profile(ctx, named, model.name)
        raise ResourceNotFoundException(f"There is no inference profile {identifier!r} in this account and region.")

    async def delete(self, ctx: Context, identifier: str) -> None:
        named = self._own(ctx, identifier)
        if named.kind is not Kind.APPLICATION_INFERENCE_PROFILE:
            raise ValidationException(
                f"{identifier!r} is defined by the system; only application inference profiles can be deleted."
            )
        await self._documents.delete(_scope(ctx), PROFILE, named.name)

    async def page(
        self, ctx: Context, kind: str | None, limit: int | None, token: str | None
    ) -> tuple[list[dict[str, Any]], str | None]:
        """System-defined profiles, then the account's own in order of creation; and the token of the next page."""
        limit = limit or _PAGE
        part, _, sealed = (token or "").partition(".")
        items: list[dict[str, Any]] = []
        if part != "application" and kind != "APPLICATION":
            context = (ctx.account, ctx.region, "system-defined profiles", kind or "")
            start = self._documents.tokens.read(sealed, *context) if token else 0
            defined = list(self._system_defined(ctx))
            items = defined[start : start + limit]
            if start + limit < len(defined) or (kind is None and len(items) == limit):
                return items, "system." + self._documents.tokens.write(start + limit, *context)
        if kind == "SYSTEM_DEFINED":
            return items, None
        page = await self._documents.page(
            _scope(ctx), PROFILE, limit=limit - len(items), token=sealed if part == "application" else None
        )
        items += map(application_profile, page.items)
        return items, page.next_token and f"application.{page.next_token}"

    def _system_defined(self, ctx: Context) -> Iterator[dict[str, Any]]:
        """Of each local model, the profiles of the region's own geography and of the whole world."""
        home = next(name for name, regions in GEOGRAPHIES.items() if ctx.region.startswith(regions))
        for geography in dict.fromkeys((home, "global")):
            for model in self._models.usable():
                yield system_profile(ctx, parse(f"{geography}.{model.id}"), model.name)

    def _own(self, ctx: Context, identifier: str) -> Identifier:
        named = parse(identifier)
        check_owner(ctx, named)
        return named


def _scope(ctx: Context) -> Scope:
    return Scope(ctx.account, ctx.region)
