"""Craton's operations that fetch models onto the machine and delete them from it."""

import asyncio

from craton.admin import SERVICE, Members
from craton.admin.machine.operator import Operator
from craton.core.context import Context
from craton.core.operation import operation
from craton.engines.supervisor import Engines
from craton.errors import ConflictException, ResourceNotFoundException
from craton.models.files.library import BusyFile
from craton.models.pulls import Pulls
from craton.models.resolve import Models

_PAGE = 50


class PullsApi:
    def __init__(self, pulls: Pulls, models: Models, engines: Engines, operator: Operator) -> None:
        self._pulls = pulls
        self._models = models
        self._engines = engines
        self._operator = operator

    @operation(SERVICE)
    async def start_model_pull(self, ctx: Context, req: Members) -> Members:
        self._operator.insist(ctx, "StartModelPull")
        return await self._pulls.start(req["modelId"])

    @operation(SERVICE)
    async def get_model_pull(self, ctx: Context, req: Members) -> Members:
        self._operator.insist(ctx, "GetModelPull")
        return await self._pulls.get(req["pullId"])

    @operation(SERVICE)
    async def list_model_pulls(self, ctx: Context, req: Members) -> Members:
        self._operator.insist(ctx, "ListModelPulls")
        pulls, token = await self._pulls.page(req.get("status"), req.get("maxResults", _PAGE), req.get("nextToken"))
        return {"pulls": pulls, "nextToken": token}

    @operation(SERVICE)
    async def stop_model_pull(self, ctx: Context, req: Members) -> Members:
        self._operator.insist(ctx, "StopModelPull")
        return await self._pulls.stop(req["pullId"])

    @operation(SERVICE)
    async def delete_local_model(self, ctx: Context, req: Members) -> Members:
        self._operator.insist(ctx, "DeleteLocalModel")
        key = req["modelId"]
        library = self._models.library
        model = library.get(key)
        if model is None:
            raise ResourceNotFoundException(f"The model {key!r} is not installed on this machine.")
        for state in self._engines.states():
            if state.id == model.place and (state.loaded or state.loading):
                raise ConflictException(
                    f"The model {key!r} is {'loaded' if state.loaded else 'being loaded'}. Unload it with UnloadModel, "
                    "and then delete it."
                )
        busy = (await self._pulls.under_way()).get(key)
        try:
            if busy:
                raise BusyFile
            freed = await asyncio.to_thread(library.remove, model)
        except BusyFile:
            raise ConflictException(
                f"A file of the model {key!r} is being fetched{f' by the pull {busy!r}' if busy else ''}. Wait until "
                "that has ended or stop it, and then delete the model."
            ) from None
        return {"modelId": key, "freedBytes": freed}
