"""The operations on guardrails and on what an account enforces. Handlers only: shapes are the service model's."""

from collections.abc import Mapping

from craton.core.context import Context
from craton.core.operation import operation
from craton.errors import ValidationException
from craton.guardrails.configuration import configured
from craton.guardrails.enforced import EnforcedGuardrails
from craton.guardrails.guardrails import Guardrails
from craton.store.documents import DRAFT
from craton.store.records import Record

SERVICE = "bedrock"

_REFUSED = ("kmsKeyId",)
_MADE = ("guardrailId", "guardrailArn", "version")


class GuardrailsApi:
    def __init__(self, guardrails: Guardrails, enforced: EnforcedGuardrails) -> None:
        self._guardrails = guardrails
        self._enforced = enforced

    @operation(SERVICE, refuses=_REFUSED)
    async def create_guardrail(self, ctx: Context, req: Record) -> Record:
        tags = {tag["key"]: tag["value"] for tag in req.get("tags", ())}
        return _told(await self._guardrails.create(ctx, _body(ctx, req), tags), *_MADE, "createdAt")

    @operation(SERVICE)
    async def get_guardrail(self, ctx: Context, req: Record) -> Record:
        return await self._guardrails.get(ctx, req["guardrailIdentifier"], req.get("guardrailVersion", DRAFT))

    @operation(SERVICE, refuses=_REFUSED)
    async def update_guardrail(self, ctx: Context, req: Record) -> Record:
        updated = await self._guardrails.update(ctx, req["guardrailIdentifier"], _body(ctx, req))
        return _told(updated, *_MADE, "updatedAt")

    @operation(SERVICE)
    async def delete_guardrail(self, ctx: Context, req: Record) -> Record:
        await self._guardrails.delete(ctx, req["guardrailIdentifier"], req.get("guardrailVersion"))
        return {}

    @operation(SERVICE)
    async def list_guardrails(self, ctx: Context, req: Record) -> Record:
        summaries, token = await self._guardrails.page(
            ctx, req.get("guardrailIdentifier"), req.get("maxResults"), req.get("nextToken")
        )
        return {"guardrails": summaries} | ({"nextToken": token} if token else {})

    @operation(SERVICE)
    async def create_guardrail_version(self, ctx: Context, req: Record) -> Record:
        made = await self._guardrails.publish(ctx, req["guardrailIdentifier"], req.get("description"))
        return _told(made, "guardrailId", "version")

    @operation(SERVICE)
    async def put_enforced_guardrail_configuration(self, ctx: Context, req: Record) -> Record:
        return await self._enforced.put(ctx, req.get("configId"), req["guardrailInferenceConfig"])

    @operation(SERVICE)
    async def list_enforced_guardrails_configuration(self, ctx: Context, req: Record) -> Record:
        return {"guardrailsConfig": await self._enforced.list(ctx, req.get("nextToken"))}

    @operation(SERVICE)
    async def delete_enforced_guardrail_configuration(self, ctx: Context, req: Record) -> Record:
        await self._enforced.delete(ctx, req["configId"])
        return {}


def _body(ctx: Context, req: Record) -> Record:
    if "kmsKeyId" in req:
        raise ValidationException("This server has no KMS keys to encrypt a guardrail with. Leave out 'kmsKeyId'.")
    return configured(ctx, req)


def _told(guardrail: Mapping[str, object], *members: str) -> Record:
    return {member: guardrail[member] for member in members}
