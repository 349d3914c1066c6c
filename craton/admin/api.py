"""Craton's own operations: keys, and the models of this machine."""

from typing import Any

from craton.core.context import Context
from craton.core.operation import operation
from craton.engines.supervisor import Engines
from craton.iam.keys import Keys, expired
from craton.iam.records import ApiKey, Credential
from craton.models.resolve import Models

SERVICE = "craton"


class Admin:
    def __init__(self, keys: Keys, models: Models, engines: Engines) -> None:
        self._keys = keys
        self._models = models
        self._engines = engines

    @operation(SERVICE)
    async def create_access_key(self, ctx: Context, req: dict[str, Any]) -> dict[str, Any]:
        user = {"user": req["userName"]} if "userName" in req else {}
        made = await self._keys.create_access_key(ctx.account, **user, expires_at=req.get("expiresAt"))
        return _members(made) | {"accessKeyId": made.access_key_id, "secretAccessKey": made.secret}

    @operation(SERVICE)
    async def create_api_key(self, ctx: Context, req: dict[str, Any]) -> dict[str, Any]:
        made, token = await self._keys.create_api_key(ctx.account, req.get("userName"), expires_at=req.get("expiresAt"))
        return _members(made) | {"keyId": made.id, "apiKey": token}

    @operation(SERVICE)
    async def list_keys(self, ctx: Context, req: dict[str, Any]) -> dict[str, Any]:
        keys: list[Credential | ApiKey] = [
            *await self._keys.access_keys(ctx.account),
            *await self._keys.api_keys(ctx.account),
        ]
        return {"keys": [summary(key) for key in sorted(keys, key=lambda key: key.created_at)]}

    @operation(SERVICE)
    async def revoke_key(self, ctx: Context, req: dict[str, Any]) -> dict[str, Any]:
        await self._keys.revoke(req["keyId"], account=ctx.account)
        return {}

    @operation(SERVICE)
    async def list_local_models(self, ctx: Context, req: dict[str, Any]) -> dict[str, Any]:
        loaded = {model.id: model for model in self._engines.loaded()}
        installed = self._models.library.models()
        known = {model.id: model for model in self._models.catalogue} | dict(installed)
        return {
            "models": [
                {
                    "modelId": model.id,
                    "modelName": model.name,
                    "licence": model.licence,
                    "engine": loaded[model.id].engine if model.id in loaded else None,
                    "sizeBytes": model.size,
                    "contextLength": model.context_length,
                    "installed": model.id in installed,
                    "loaded": model.id in loaded,
                    "residentBytes": loaded[model.id].rss if model.id in loaded else None,
                }
                for model in known.values()
            ]
        }


def summary(key: Credential | ApiKey) -> dict[str, Any]:
    """A key as ListKeys shows it: never its secret."""
    status = "REVOKED" if not key.active else "EXPIRED" if expired(key) else "ACTIVE"
    if isinstance(key, Credential):
        return _members(key) | {"keyId": key.access_key_id, "type": "ACCESS_KEY", "status": status}
    return _members(key) | {"keyId": key.id, "type": "API_KEY", "status": status}


def _members(key: Credential | ApiKey) -> dict[str, Any]:
    user = key.principal.rpartition(":")[2].removeprefix("user/")
    return {"userName": user, "createdAt": key.created_at, "expiresAt": key.expires_at}
