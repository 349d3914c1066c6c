"""The guardrail that an account enforces on all that is asked of models: which one, and for which models.

At hand in memory: a request of an account that enforces nothing pays for one lookup. Knows no policy and no engine.
"""

import secrets
import string
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from craton.core.context import Context
from craton.core.recent import Recent
from craton.errors import (
    AccessDeniedException,
    ResourceNotFoundException,
    ServiceUnavailableException,
    ValidationException,
)
from craton.guardrails.guard import Guard
from craton.guardrails.guardrails import Guardrails, place
from craton.guardrails.records import ENFORCED, GUARDRAIL, arn
from craton.models import aws_models
from craton.models.identifiers import Kind, parse
from craton.models.resolve import Models, Resolved, Target
from craton.store.documents import Document, Documents, Scope, Transaction
from craton.store.records import Record

Guarding = Literal["SELECTIVE", "COMPREHENSIVE"]

_ALL = "ALL"
_ID = string.ascii_lowercase + string.digits
_ID_LENGTH = 12
_KEPT = ("selectiveContentGuarding", "modelEnforcement")


@dataclass(frozen=True, slots=True)
class Enforced:
    """A guardrail that no caller can leave out, and how much of the system prompts and of the messages it judges:
    all, or what the caller marked as to be guarded where something is.
    """

    guard: Guard
    system: Guarding = "COMPREHENSIVE"
    messages: Guarding = "COMPREHENSIVE"


@dataclass(frozen=True, slots=True)
class Configuration:
    """What an account enforces, read; `id` is empty where that is nothing."""

    id: str = ""
    version: str = ""
    included: frozenset[str] = frozenset()
    excluded: frozenset[str] = frozenset()
    system: Guarding = "COMPREHENSIVE"
    messages: Guarding = "COMPREHENSIVE"

    @classmethod
    def read(cls, body: Record) -> "Configuration":
        models = body.get("modelEnforcement") or {"includedModels": (_ALL,), "excludedModels": ()}
        guarding = body.get("selectiveContentGuarding") or {}
        return cls(
            body["guardrailId"],
            body["guardrailVersion"],
            frozenset(models["includedModels"]),
            frozenset(models["excludedModels"]),
            guarding.get("system", "COMPREHENSIVE"),
            guarding.get("messages", "COMPREHENSIVE"),
        )

    def covers(self, asked: Collection[str], answering: Collection[str]) -> bool:
        """Whether it is enforced on a request for the models `asked`, one of which or whose stand-in answers.

        A request is exempt where all that it asks for, or all that may answer, is excluded.
        """
        if self.excluded and (self.excluded.issuperset(asked) or self.excluded.issuperset(answering)):
            return False
        named = {*asked, *answering} - self.excluded
        return _ALL in self.included or not self.included.isdisjoint(named | {*map(_without_variant, named)})


NOTHING = Configuration()


class EnforcedGuardrails:
    def __init__(self, documents: Documents, guardrails: Guardrails, models: Models) -> None:
        self._documents = documents
        self._guardrails = guardrails
        self._models = models
        self._recent = Recent(self._read)

    async def of(self, ctx: Context, resolved: Resolved, targets: Iterable[Target] = ()) -> Enforced | None:
        """What the caller's account enforces on a request for a model; `targets` are those that may answer it.

        Raises ServiceUnavailableException where the guardrail is not there: nothing passes unjudged.
        """
        found = await self._recent.find(ctx.scope)
        if found is None or found is NOTHING:
            return None
        asked = {parse(use.arn).name for use in resolved.uses if _is_model(use.arn)} or {resolved.id}
        answering = {target.model.id for target in targets} or {resolved.model.id}
        if not found.covers(asked, answering):
            return None
        try:
            guard = await self._guardrails.guard(ctx.scope, found.id, found.version)
        except ValidationException:
            raise ServiceUnavailableException(
                f"This account enforces version {found.version!r} of the guardrail {found.id!r}, which does not exist "
                "any more. Ask whoever manages the account to put another in the enforced configuration."
            ) from None
        return Enforced(guard, found.system, found.messages)

    async def put(self, ctx: Context, id: str | None, body: Record) -> Record:
        """Enforce a version of a guardrail of the account; there is one configuration, which each call replaces.

        Raises ResourceNotFoundException where `id` names another configuration, or there is no such version, and
        ValidationException where it names a model that there is not.
        """
        owner, name = place(ctx, body["guardrailIdentifier"])
        if owner.account != ctx.account:
            raise AccessDeniedException(
                f"You don't have access to {body['guardrailIdentifier']!r}: an account enforces a guardrail of its own."
            )
        version = body["guardrailVersion"]
        kept = {member: body[member] for member in _KEPT if member in body}
        for member, models in kept.get("modelEnforcement", {}).items():
            for model in models:
                await self._check_model(ctx, member, model)
        kept |= {"guardrailId": name, "guardrailVersion": version, "updatedBy": ctx.principal}

        def put(t: Transaction) -> Document:
            t.get(ctx.scope, GUARDRAIL, name, version=version)
            present = _present(t, ctx.scope)
            if id is not None and (present is None or present.id != id):
                raise _unknown(id)
            if present is None:
                new = "".join(secrets.choice(_ID) for _ in range(_ID_LENGTH))
                return t.create(ctx.scope, ENFORCED, new, kept | {"createdBy": ctx.principal}, unique={"account": ""})
            return t.replace(ctx.scope, ENFORCED, present.id, kept | {"createdBy": present.body["createdBy"]})

        document = await self._documents.transaction(put)
        self._recent.forget()
        return {"configId": document.id, "updatedAt": document.updated_at, "updatedBy": ctx.principal}

    async def list(self, ctx: Context, token: str | None) -> Sequence[Record]:
        """AccountEnforcedGuardrailOutputConfiguration of the one there is, if there is one: all that a page holds."""
        page = await self._documents.page(ctx.scope, ENFORCED, token=token)
        return [_shown(ctx.scope, document) for document in page.items]

    async def delete(self, ctx: Context, id: str) -> None:
        if await self._documents.find(ctx.scope, ENFORCED, id) is None:
            raise _unknown(id)
        await self._documents.delete(ctx.scope, ENFORCED, id)
        self._recent.forget()

    async def _check_model(self, ctx: Context, member: str, id: str) -> None:
        """An id that no request can lead to would leave requests unjudged that were meant to be judged."""
        if id == _ALL or aws_models.get(_without_variant(id)):
            return
        named = parse(id)
        if named.kind is not Kind.FOUNDATION_MODEL:
            raise ValidationException(
                f"{id!r} in {member} is an inference profile. Name the foundation model {named.model_id!r}: whatever "
                "leads to it is told by it."
            )
        try:
            await self._models.resolve(replace(ctx, headers={}), id)
        except (AccessDeniedException, ResourceNotFoundException):
            return  # there is such a model, which cannot be used yet
        except ValidationException as error:
            raise ValidationException(
                f"{id!r} in {member} names no model that generates or embeds; ListFoundationModels names those there "
                f"are. {error.message}"
            ) from None

    async def _read(self, scope: Scope) -> Configuration:
        found = self._documents.look(lambda view: view.listing(scope, ENFORCED, limit=1))
        return Configuration.read(found[0].body) if found else NOTHING


def _present(t: Transaction, scope: Scope) -> Document | None:
    return next(iter(t.listing(scope, ENFORCED, limit=1)), None)


def _shown(scope: Scope, document: Document) -> Record:
    return {
        **document.body,
        "configId": document.id,
        "guardrailArn": arn(scope, document.body["guardrailId"]),
        "owner": "ACCOUNT",
        "createdAt": document.created_at,
        "updatedAt": document.updated_at,
    }


def _without_variant(model: str) -> str:
    """Without what asks for the model with another context length, as `:48k` behind its version does."""
    return ":".join(model.split(":")[:2])


def _is_model(resource: str) -> bool:
    return resource.split(":", 5)[5].startswith("foundation-model/")


def _unknown(id: str) -> ResourceNotFoundException:
    return ResourceNotFoundException(
        f"This account has no enforced guardrail configuration {id!r}; ListEnforcedGuardrailsConfiguration names the "
        "one there is."
    )
