"""Craton's operations on the targets of an inference profile, which AWS's CreateInferenceProfile has no members for."""

from craton.admin import SERVICE, Members
from craton.core.context import Context
from craton.core.operation import operation
from craton.models.profiles import Profiles


class TargetsApi:
    def __init__(self, profiles: Profiles) -> None:
        self._profiles = profiles

    @operation(SERVICE)
    async def put_inference_profile_targets(self, ctx: Context, req: Members) -> Members:
        return await self._profiles.put_targets(ctx, req["inferenceProfileIdentifier"], req["targets"])

    @operation(SERVICE)
    async def get_inference_profile_targets(self, ctx: Context, req: Members) -> Members:
        return await self._profiles.targets(ctx, req["inferenceProfileIdentifier"])

    @operation(SERVICE)
    async def delete_inference_profile_targets(self, ctx: Context, req: Members) -> Members:
        await self._profiles.delete_targets(ctx, req["inferenceProfileIdentifier"])
        return {}
