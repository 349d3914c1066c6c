"""The operations on prompts. Handlers only: shapes are the service model's."""

from craton.core.context import Context
from craton.core.operation import operation
from craton.errors import ValidationException
from craton.prompts.prompts import Prompts
from craton.store.records import Record

SERVICE = "bedrock-agent"

_KEPT = ("name", "description", "defaultVariant", "variants")
_REFUSED = ("customerEncryptionKeyArn",)


class PromptsApi:
    def __init__(self, prompts: Prompts) -> None:
        self._prompts = prompts

    @operation(SERVICE, refuses=_REFUSED)
    async def create_prompt(self, ctx: Context, req: Record) -> Record:
        return await self._prompts.create(ctx, _body(req), req.get("tags", {}))

    @operation(SERVICE)
    async def get_prompt(self, ctx: Context, req: Record) -> Record:
        whole = req.get("includedData") != "METADATA_ONLY"
        return await self._prompts.get(ctx, req["promptIdentifier"], req.get("promptVersion"), whole=whole)

    @operation(SERVICE, refuses=_REFUSED)
    async def update_prompt(self, ctx: Context, req: Record) -> Record:
        return await self._prompts.update(ctx, req["promptIdentifier"], _body(req))

    @operation(SERVICE)
    async def delete_prompt(self, ctx: Context, req: Record) -> Record:
        return await self._prompts.delete(ctx, req["promptIdentifier"], req.get("promptVersion"))

    @operation(SERVICE)
    async def list_prompts(self, ctx: Context, req: Record) -> Record:
        summaries, token = await self._prompts.page(
            ctx, req.get("promptIdentifier"), req.get("maxResults"), req.get("nextToken")
        )
        return {"promptSummaries": summaries} | ({"nextToken": token} if token else {})

    @operation(SERVICE)
    async def create_prompt_version(self, ctx: Context, req: Record) -> Record:
        return await self._prompts.publish(ctx, req["promptIdentifier"], req.get("description"), req.get("tags", {}))


def _body(req: Record) -> Record:
    if "customerEncryptionKeyArn" in req:
        raise ValidationException(
            "This server has no KMS keys to encrypt a prompt with. Leave out 'customerEncryptionKeyArn'."
        )
    return {member: value for member, value in req.items() if member in _KEPT}
