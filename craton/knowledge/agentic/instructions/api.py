"""The operations on retrieval instructions. Handlers only: shapes are the service model's."""

from craton.core.context import Context
from craton.core.operation import operation
from craton.errors import ValidationException
from craton.knowledge.agentic.instructions.instructions import ACTIVE, Instructions
from craton.store.records import Record

SERVICE = "bedrock-agent"

_HEAD = (
    "retrievalInstructionId",
    "retrievalInstructionArn",
    "name",
    "status",
    "lastTransitionStatus",
    "createdAt",
    "updatedAt",
)
_KEPT = ("name", "instruction", "description")


class RetrievalInstructionsApi:
    def __init__(self, instructions: Instructions) -> None:
        self._instructions = instructions

    @operation(SERVICE, refuses=("customerEncryptionKeyArn",))
    async def create_retrieval_instruction(self, ctx: Context, req: Record) -> Record:
        if "customerEncryptionKeyArn" in req:
            raise ValidationException(
                "This server has no KMS keys to encrypt an instruction with. Leave out 'customerEncryptionKeyArn'."
            )
        body: Record = {member: req[member] for member in _KEPT if member in req}
        made = await self._instructions.create(ctx, body, req.get("tags", {}), req.get("clientToken"))
        return {member: made[member] for member in _HEAD}

    @operation(SERVICE)
    async def get_retrieval_instruction(self, ctx: Context, req: Record) -> Record:
        return await self._instructions.get(ctx, req["retrievalInstructionId"], req.get("retrievalInstructionVersion"))

    @operation(SERVICE)
    async def update_retrieval_instruction(self, ctx: Context, req: Record) -> Record:
        changed = await self._instructions.update(
            ctx, req["retrievalInstructionId"], req["instruction"], req.get("description")
        )
        return {member: changed[member] for member in _HEAD}

    @operation(SERVICE)
    async def delete_retrieval_instruction(self, ctx: Context, req: Record) -> Record:
        return await self._instructions.delete(
            ctx, req["retrievalInstructionId"], req.get("retrievalInstructionVersion")
        )

    @operation(SERVICE)
    async def list_retrieval_instructions(self, ctx: Context, req: Record) -> Record:
        if req.get("status", ACTIVE) != ACTIVE:  # none is ever anything else
            return {"retrievalInstructionSummaries": []}
        summaries, token = await self._instructions.page(ctx, req.get("maxResults"), req.get("nextToken"))
        return {"retrievalInstructionSummaries": summaries} | ({"nextToken": token} if token else {})

    @operation(SERVICE)
    async def create_retrieval_instruction_version(self, ctx: Context, req: Record) -> Record:
        return await self._instructions.publish(
            ctx, req["retrievalInstructionId"], req.get("description"), req.get("clientToken")
        )

    @operation(SERVICE)
    async def list_retrieval_instruction_versions(self, ctx: Context, req: Record) -> Record:
        summaries, token = await self._instructions.versions(
            ctx, req["retrievalInstructionId"], req.get("maxResults"), req.get("nextToken")
        )
        return {"retrievalInstructionVersionSummaries": summaries} | ({"nextToken": token} if token else {})
