"""The retrieval instructions of each account and region: drafts, and versions that never change.

The real service has contents reviewed first; here they are served at once. Knows no search.
Source: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent_CreateRetrievalInstruction.html
"""

import secrets
import string
from collections.abc import Mapping
from dataclasses import dataclass

from craton.core.context import Context
from craton.errors import ConflictException, ResourceNotFoundException, ValidationException
from craton.store.documents import DRAFT, Document, Documents, Transaction
from craton.store.records import Record

INSTRUCTION = "retrieval-instruction"
ACTIVE = "ACTIVE"
# Characters of one field, and of all of them together.
MOST_FIELD = 4_000
MOST_ALL = 10_000

_LETTERS = string.ascii_lowercase + string.digits
_ID_LENGTH = 10
_PAGE = 100


@dataclass(frozen=True, slots=True)
class Instruction:
    """As a search applies it. `content` is a RetrievalInstructionContent."""

    id: str
    version: str
    content: Mapping[str, str]


class Instructions:
    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    async def apply(self, ctx: Context, identifier: str, version: str | None) -> Instruction:
        """The instruction that a request asks for. Raises ResourceNotFoundException."""
        document = await self._document(ctx, identifier, version)
        return Instruction(document.id, document.version, document.body["instruction"])

    async def create(self, ctx: Context, body: Record, tags: Mapping[str, str], token: str | None) -> Record:
        """`body` holds the name, the instruction and perhaps a description."""
        _check(body["instruction"])
        name = "".join(secrets.choice(_LETTERS) for _ in range(_ID_LENGTH))
        arn = ctx.arn(f"{INSTRUCTION}/{name}")

        def make(t: Transaction) -> Record:
            unique = {"name": body["name"]}
            return _head(t.create(ctx.scope, INSTRUCTION, name, body, arn=arn, unique=unique, tags=tags))

        asked = {**body, "tags": {**tags}}
        return await self._documents.transaction(
            lambda t: t.once(ctx.scope, "CreateRetrievalInstruction", token, asked, make)
        )

    async def get(self, ctx: Context, identifier: str, version: str | None) -> Record:
        document = await self._document(ctx, identifier, version)
        shown = {**_head(document), "instruction": document.body["instruction"], "version": document.version}
        if document.version != DRAFT:
            return shown
        latest = await self._versions(ctx, identifier, limit=1)
        return shown | ({"latestVersion": latest[0][0].version} if latest[0] else {})

    async def update(
        self, ctx: Context, identifier: str, content: Mapping[str, str], description: str | None
    ) -> Record:
        """What the new content leaves out is gone, and so is a description that is left out."""
        _check(content)
        draft = await self._document(ctx, identifier, DRAFT)
        body: Record = {"name": draft.body["name"], "instruction": {**content}}
        if description is not None:
            body["description"] = description
        return _head(await self._documents.replace(ctx.scope, INSTRUCTION, draft.id, body))

    async def delete(self, ctx: Context, identifier: str, version: str | None) -> Record:
        """One version, or the whole instruction, which must have none. Raises ConflictException."""
        document = await self._document(ctx, identifier, version)
        told = {"retrievalInstructionId": document.id, "retrievalInstructionArn": document.arn}
        if version is not None:
            await self._documents.delete(ctx.scope, INSTRUCTION, document.id, version=version)
            return {**told, "version": version}
        if (await self._versions(ctx, identifier, limit=1))[0]:
            raise ConflictException(
                f"The retrieval instruction {identifier!r} has versions. Delete these first, each with its "
                "'retrievalInstructionVersion'."
            )
        await self._documents.delete(ctx.scope, INSTRUCTION, document.id, expect=document.revision)
        return told

    async def page(self, ctx: Context, limit: int | None, token: str | None) -> tuple[list[Record], str | None]:
        page = await self._documents.page(ctx.scope, INSTRUCTION, limit=min(limit or _PAGE, _PAGE), token=token)
        return [_head(document) for document in page.items], page.next_token

    async def publish(self, ctx: Context, identifier: str, description: str | None, token: str | None) -> Record:
        """Freeze the draft as the next version."""
        draft = await self._document(ctx, identifier, DRAFT)
        body = draft.body if description is None else draft.body | {"description": description}

        def make(t: Transaction) -> Record:
            made = t.publish(ctx.scope, INSTRUCTION, draft.id, body=body)
            shown = {"version": made.version, "createdAt": made.created_at}
            return {**_named(draft), **shown} | _described(made)

        asked = {"id": identifier, "description": description}
        return await self._documents.transaction(
            lambda t: t.once(ctx.scope, "CreateRetrievalInstructionVersion", token, asked, make)
        )

    async def versions(
        self, ctx: Context, identifier: str, limit: int | None, token: str | None
    ) -> tuple[list[Record], str | None]:
        """Newest first."""
        await self._document(ctx, identifier, DRAFT)
        found, next_token = await self._versions(ctx, identifier, limit=min(limit or _PAGE, _PAGE), token=token)
        return [{"version": each.version, "createdAt": each.created_at} for each in found], next_token

    async def _versions(
        self, ctx: Context, identifier: str, *, limit: int, token: str | None = None
    ) -> tuple[list[Document], str | None]:
        page = await self._documents.page(
            ctx.scope,
            INSTRUCTION,
            versions_of=identifier,
            where=lambda document: document.version != DRAFT,
            limit=limit,
            token=token,
            descending=True,
        )
        return page.items, page.next_token

    async def _document(self, ctx: Context, identifier: str, version: str | None) -> Document:
        found = await self._documents.find(ctx.scope, INSTRUCTION, identifier, version=version or DRAFT)
        if found is None:
            which = f"The version {version} of the retrieval" if version and version != DRAFT else "The retrieval"
            raise ResourceNotFoundException(
                f"{which} instruction {identifier!r} does not exist. Check the id, and the account and the region of "
                "the request."
            )
        return found


def _check(content: Mapping[str, str]) -> None:
    """Raises ValidationException for what says nothing, or too much for every request to hold."""
    if not content:
        raise ValidationException(
            "The instruction is empty. Give at least one of 'retrievalGuidance', 'persona', 'answerFormat' and "
            "'answerPolicy'."
        )
    for name, text in content.items():
        if len(text) > MOST_FIELD:
            raise ValidationException(f"{name!r} has {len(text)} characters, and may have {MOST_FIELD}. Shorten it.")
    if (total := sum(map(len, content.values()))) > MOST_ALL:
        raise ValidationException(f"The instruction has {total} characters, and may have {MOST_ALL}. Shorten it.")


def _named(document: Document) -> Record:
    return {"retrievalInstructionId": document.id, "retrievalInstructionArn": document.arn}


def _described(document: Document) -> Record:
    return {"description": document.body["description"]} if "description" in document.body else {}


def _head(document: Document) -> Record:
    """RetrievalInstructionSummary."""
    changed = document.version == DRAFT and document.revision > 1
    return {
        **_named(document),
        "name": document.body["name"],
        "status": ACTIVE,
        "lastTransitionStatus": "UPDATE_SUCCESSFUL" if changed else "CREATE_SUCCESSFUL",
        "createdAt": document.created_at,
        "updatedAt": document.updated_at if document.version == DRAFT else document.created_at,
        **_described(document),
    }
