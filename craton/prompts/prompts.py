"""The prompts of each account and region: drafts, versions, and the requests that name one for a model."""

import secrets
import string
from collections.abc import Mapping
from typing import Any

from craton.core.context import Context
from craton.dialects.converse import Turn
from craton.errors import AccessDeniedException, ResourceNotFoundException, ValidationException
from craton.models.identifiers import Kind, parse
from craton.prompts import templates
from craton.prompts.records import PROMPT, prompt, summary
from craton.store.documents import DRAFT, Document, Documents
from craton.store.records import Record

_LETTERS = string.ascii_uppercase + string.digits
_ID_LENGTH = 10
_PAGE = 10  # the most that the service model lets a page hold

# What a prompt defines, and a request that uses one therefore may not; the API reference of Converse says so.
_DEFINED = ("additionalModelRequestFields", "inferenceConfig", "system", "toolConfig")


class Prompts:
    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    async def create(self, ctx: Context, body: Record, tags: Mapping[str, str]) -> Record:
        """`body` holds the members that are kept, `name` and `variants` among them."""
        templates.check(body.get("variants", ()), body.get("defaultVariant"))
        name = "".join(secrets.choice(_LETTERS) for _ in range(_ID_LENGTH))
        arn, unique = ctx.arn(f"{Kind.PROMPT}/{name}"), {"name": body["name"]}
        return prompt(await self._documents.create(ctx.scope, PROMPT, name, body, arn=arn, unique=unique, tags=tags))

    async def update(self, ctx: Context, identifier: str, body: Record) -> Record:
        """What the new body leaves out is gone."""
        templates.check(body.get("variants", ()), body.get("defaultVariant"))
        name, version = _place(ctx, identifier, None)
        if version != DRAFT:
            raise ValidationException(f"{identifier!r} is a version, which never changes; update the prompt itself.")
        return prompt(await self._documents.replace(ctx.scope, PROMPT, name, body, unique={"name": body["name"]}))

    async def get(self, ctx: Context, identifier: str, version: str | None = None, *, whole: bool = True) -> Record:
        return prompt(await self._document(ctx, identifier, version), whole=whole)

    async def delete(self, ctx: Context, identifier: str, version: str | None) -> Record:
        """Delete a prompt with all its versions, or one version; the answer says which."""
        name, which = _place(ctx, identifier, version)
        if which == DRAFT:
            await self._documents.delete(ctx.scope, PROMPT, name)
            return {"id": name}
        await self._documents.delete(ctx.scope, PROMPT, name, version=which)
        return {"id": name, "version": which}

    async def page(
        self, ctx: Context, identifier: str | None, limit: int | None, token: str | None
    ) -> tuple[list[Record], str | None]:
        """The drafts of all prompts, or the draft and the versions of one; and the token of the next page."""
        of = None
        if identifier is not None:
            of = (await self._document(ctx, identifier, DRAFT)).id
        page = await self._documents.page(
            ctx.scope, PROMPT, versions_of=of, limit=min(limit or _PAGE, _PAGE), token=token
        )
        return [summary(document) for document in page.items], page.next_token

    async def publish(self, ctx: Context, identifier: str, description: str | None, tags: Mapping[str, str]) -> Record:
        """Freeze the draft as the next version."""
        draft = await self._document(ctx, identifier, DRAFT)
        body = draft.body if description is None else draft.body | {"description": description}
        return prompt(
            await self._documents.publish(
                ctx.scope, PROMPT, draft.id, body=body, arn=lambda number: f"{draft.arn}:{number}", tags=tags
            )
        )

    async def render(self, ctx: Context, identifier: str, variables: Mapping[str, Record]) -> tuple[str, Turn]:
        """The model that a prompt names and the turn that it makes; `variables` are those of `promptVariables`.

        Raises ValidationException, ResourceNotFoundException or AccessDeniedException.
        """
        body = (await self._document(ctx, identifier, None)).body
        variants = body.get("variants", ())
        if not variants:
            raise ValidationException(f"The prompt {identifier!r} has no variant; update it with one.")
        default = body.get("defaultVariant", variants[0]["name"])
        variant = next(each for each in variants if each["name"] == default)
        values = {name: value["text"] for name, value in variables.items()}
        return templates.model(variant), templates.turn(variant, values)

    async def applied(self, ctx: Context, req: Mapping[str, Any]) -> Mapping[str, Any]:
        """A Converse request that names a prompt, with what the prompt defines in its place, its messages first."""
        for member in _DEFINED:
            if req.get(member):
                raise ValidationException(
                    f"You can't include {member!r} in a request that uses a prompt from Prompt management. "
                    "Define it in the prompt, or leave it out."
                )
        model, turn = await self.render(ctx, req["modelId"], req.get("promptVariables", {}))
        given = {member: value for member, value in req.items() if member not in ("promptVariables", *_DEFINED)}
        messages = [*turn["messages"], *(req.get("messages") or ())]
        return {**given, **turn, "modelId": model, "messages": messages}

    async def _document(self, ctx: Context, identifier: str, version: str | None) -> Document:
        name, which = _place(ctx, identifier, version)
        return await self._documents.get(ctx.scope, PROMPT, name, version=which)


def named_prompt(ctx: Context, model: str) -> str | None:
    """The ARN of the prompt that a Converse request names as its model, if it does."""
    if not model.startswith("arn:"):
        return None
    named = parse(model)
    if named.kind is not Kind.PROMPT:
        return None
    name = named.name.removesuffix(f":{DRAFT}")
    return f"arn:aws:bedrock:{named.region or ctx.region}:{named.account}:{Kind.PROMPT}/{name}"


def _place(ctx: Context, identifier: str, version: str | None) -> tuple[str, str]:
    """The id and the version, DRAFT where none is named. An ARN may end in its version."""
    named = identifier
    if identifier.startswith("arn:"):
        _, _, _, region, account, resource = identifier.split(":", 5)
        if account != ctx.account:
            raise AccessDeniedException(f"You don't have access to {identifier!r}: it belongs to another account.")
        named = resource.removeprefix(f"{Kind.PROMPT}/")
        if region != ctx.region:
            raise ResourceNotFoundException(f"{identifier!r} is of region {region!r}, and this is {ctx.region!r}.")
    name, _, own = named.partition(":")
    if own and version and own != version:
        raise ValidationException(f"{identifier!r} and the promptVersion {version!r} are two versions; name one.")
    return name, own or version or DRAFT
