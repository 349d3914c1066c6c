"""Craton's operations on providers: who else serves models here, and which of theirs."""

from craton.admin import SERVICE, Members
from craton.core.context import Context
from craton.core.operation import operation
from craton.engines.supervisor import Engines
from craton.errors import ModelErrorException, ServiceUnavailableException
from craton.models.resolve import Models


class ProvidersApi:
    def __init__(self, models: Models, engines: Engines) -> None:
        self._models = models
        self._providers = models.providers
        self._engines = engines

    @operation(SERVICE)
    async def create_provider(self, ctx: Context, req: Members) -> Members:
        return await self._providers.create(ctx, req["providerName"], _body(req), self._models.local_ids())

    @operation(SERVICE)
    async def get_provider(self, ctx: Context, req: Members) -> Members:
        return await self._providers.get(ctx, req["providerName"])

    @operation(SERVICE)
    async def update_provider(self, ctx: Context, req: Members) -> Members:
        return await self._providers.update(ctx, req["providerName"], _body(req), self._models.local_ids())

    @operation(SERVICE)
    async def list_providers(self, ctx: Context, req: Members) -> Members:
        items, token = await self._providers.page(ctx, req.get("maxResults"), req.get("nextToken"))
        return {"providers": items, "nextToken": token}

    @operation(SERVICE)
    async def delete_provider(self, ctx: Context, req: Members) -> Members:
        await self._providers.delete(ctx, req["providerName"])
        return {}

    @operation(SERVICE)
    async def list_provider_models(self, ctx: Context, req: Members) -> Members:
        name = req["providerName"]
        remote = await self._engines.remote(await self._providers.spec(ctx, name))
        served = {offer.short: offer.id for offer in await self._providers.offers(ctx) if offer.provider == name}
        try:
            models = await remote.models()
        except ServiceUnavailableException as error:
            # It is the provider that is not there: this server is, and sending the request again at once helps nobody.
            raise ModelErrorException(error.message) from None
        told = [
            {"model": offered.id, "name": offered.name, "contextLength": offered.context_length}
            | ({"modelId": served[offered.id]} if offered.id in served else {})
            for offered in models
        ]
        return {"models": [{member: value for member, value in each.items() if value} for each in told]}


def _body(req: Members) -> Members:
    return {member: value for member, value in req.items() if member != "providerName"}
