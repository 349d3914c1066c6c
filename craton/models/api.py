"""The operations on foundation models, inference profiles and prompt routers. Handlers only: shapes are the service
model's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from craton.core.context import Context
from craton.core.operation import operation
from craton.errors import ResourceNotFoundException, ValidationException
from craton.models import aws_models
from craton.models.catalogue import Model
from craton.models.identifiers import INVALID, Identifier, Kind, parse
from craton.models.profiles import Profiles
from craton.models.records import model_summary
from craton.models.resolve import Models, check_owner
from craton.models.routes.routers import Routers
from craton.store.documents import Documents

if TYPE_CHECKING:
    from craton.shapes import bedrock as shapes

Answer = dict[str, Any]


class ModelsApi:
    def __init__(self, models: Models, documents: Documents) -> None:
        self._models = models
        self._profiles = Profiles(models, documents)
        self._routers = Routers(models, documents)

    @operation("bedrock")
    async def list_foundation_models(self, ctx: Context, req: shapes.ListFoundationModelsRequest) -> Answer:
        summaries = [
            model_summary(ctx, model.id, model.name, model.provider, model)
            for model in await self._models.usable(ctx)
            if _wanted(model, req)
        ]
        return {"modelSummaries": summaries}

    @operation("bedrock")
    async def get_foundation_model(self, ctx: Context, req: shapes.GetFoundationModelRequest) -> Answer:
        named = _foundation_model(ctx, req["modelIdentifier"])
        model = await self._models.answering(ctx, named, named.name)
        if model is None:
            raise ResourceNotFoundException(
                "Could not resolve the foundation model from the provided model identifier."
            )
        described = aws_models.get(named.name) or model
        return {"modelDetails": model_summary(ctx, named.name, described.name, described.provider, model)}

    @operation("bedrock")
    async def get_foundation_model_availability(
        self, ctx: Context, req: shapes.GetFoundationModelAvailabilityRequest
    ) -> Answer:
        named = _foundation_model(ctx, req["modelId"])
        here = await self._models.answering(ctx, named, named.name) is not None
        if not here and not self._models.catalogue.get(named.name) and not aws_models.get(named.name):
            raise ResourceNotFoundException(
                "Could not resolve the foundation model from the provided model identifier."
            )
        available = "AVAILABLE" if here else "NOT_AVAILABLE"
        return {
            "modelId": named.name,
            "agreementAvailability": {"status": available},
            "authorizationStatus": "AUTHORIZED" if here else "NOT_AUTHORIZED",
            "entitlementAvailability": available,
            "regionAvailability": available,
        }

    @operation("bedrock")
    async def create_inference_profile(self, ctx: Context, req: shapes.CreateInferenceProfileRequest) -> Answer:
        body: dict[str, Any] = {name: req[name] for name in ("inferenceProfileName", "description") if name in req}
        tags = {tag["key"]: tag["value"] for tag in req.get("tags", ())}
        profile = await self._profiles.create(ctx, body, req["modelSource"]["copyFrom"], tags)
        return {name: profile[name] for name in ("inferenceProfileArn", "status")}

    @operation("bedrock")
    async def get_inference_profile(self, ctx: Context, req: shapes.GetInferenceProfileRequest) -> Answer:
        return await self._profiles.get(ctx, req["inferenceProfileIdentifier"])

    @operation("bedrock")
    async def list_inference_profiles(self, ctx: Context, req: shapes.ListInferenceProfilesRequest) -> Answer:
        items, token = await self._profiles.page(
            ctx, req.get("typeEquals"), req.get("maxResults"), req.get("nextToken")
        )
        return {"inferenceProfileSummaries": items} | ({"nextToken": token} if token else {})

    @operation("bedrock")
    async def delete_inference_profile(self, ctx: Context, req: shapes.DeleteInferenceProfileRequest) -> Answer:
        await self._profiles.delete(ctx, req["inferenceProfileIdentifier"])
        return {}

    @operation("bedrock")
    async def create_prompt_router(self, ctx: Context, req: shapes.CreatePromptRouterRequest) -> Answer:
        members = ("promptRouterName", "models", "description", "routingCriteria", "fallbackModel")
        body = {name: value for name, value in req.items() if name in members}
        tags = {tag["key"]: tag["value"] for tag in req.get("tags", ())}
        return {"promptRouterArn": await self._routers.create(ctx, body, tags, req.get("clientRequestToken"))}

    @operation("bedrock")
    async def get_prompt_router(self, ctx: Context, req: shapes.GetPromptRouterRequest) -> Answer:
        return await self._routers.get(ctx, req["promptRouterArn"])

    @operation("bedrock")
    async def list_prompt_routers(self, ctx: Context, req: shapes.ListPromptRoutersRequest) -> Answer:
        items, token = await self._routers.page(ctx, req.get("type"), req.get("maxResults"), req.get("nextToken"))
        return {"promptRouterSummaries": items} | ({"nextToken": token} if token else {})

    @operation("bedrock")
    async def delete_prompt_router(self, ctx: Context, req: shapes.DeletePromptRouterRequest) -> Answer:
        await self._routers.delete(ctx, req["promptRouterArn"])
        return {}


def _wanted(model: Model, req: shapes.ListFoundationModelsRequest) -> bool:
    """Whether the model passes the filters. A provider is named as shown or as in ids, in any case."""
    provider = req.get("byProvider", model.provider).lower()
    return (
        provider in (model.provider.lower(), model.id.partition(".")[0])
        and req.get("byOutputModality", model.output[0]) in model.output
        and req.get("byInferenceType", model.inference_types[0]) in model.inference_types
        and "byCustomizationType" not in req  # no local model can be customized yet
    )


def _foundation_model(ctx: Context, identifier: str) -> Identifier:
    named = parse(identifier)
    check_owner(ctx, named)
    if named.kind is not Kind.FOUNDATION_MODEL:
        raise ValidationException(INVALID)
    return named
