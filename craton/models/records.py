"""What the models slice keeps and how it looks from outside: inference profiles, and models as AWS describes them.

The body of a stored profile holds AWS's member names, so that an answer is the body and what the store knows of it.
Knows no rule about who may have what.
"""

import re
from typing import Any

from craton.core.context import Context
from craton.models.catalogue import Model
from craton.models.identifiers import Identifier, Kind
from craton.store.records import Document

PROFILE = "inference-profile"
ROUTER = "prompt-router"
# What a profile's document keeps beyond AWS's members: the id it was made of, and its targets.
_KEPT = ("source", "targets")
# The modalities that AWS has names for; a model here may take more.
_TOLD = frozenset({"TEXT", "IMAGE", "EMBEDDING"})


def model_arn(ctx: Context, id: str) -> str:
    return f"arn:aws:bedrock:{ctx.region}::{Kind.FOUNDATION_MODEL}/{id}"


def model_summary(ctx: Context, id: str, name: str, provider: str, model: Model) -> dict[str, Any]:
    """FoundationModelSummary, and FoundationModelDetails likewise, of an id that `model` answers."""
    return {
        "modelArn": model_arn(ctx, id),
        "modelId": id,
        "modelName": name,
        "providerName": provider,
        "inputModalities": [modality for modality in model.input if modality in _TOLD],
        "outputModalities": list(model.output),
        "responseStreamingSupported": model.streaming,
        "customizationsSupported": [],
        "inferenceTypesSupported": list(model.inference_types),
        "modelLifecycle": {"status": "ACTIVE"},
    }


def system_profile(ctx: Context, profile: Identifier, name: str) -> dict[str, Any]:
    """InferenceProfileSummary of a system-defined profile."""
    prefix = (profile.geography or "").upper()
    plain = " ".join(re.findall("[0-9a-zA-Z]+", f"{prefix} {name}"))
    return {
        "inferenceProfileName": plain[:64],
        "description": f"{plain} on this server",
        "inferenceProfileArn": ctx.arn(f"{Kind.INFERENCE_PROFILE}/{profile.name}"),
        "inferenceProfileId": profile.name,
        "models": [{"modelArn": model_arn(ctx, profile.model_id)}],
        "status": "ACTIVE",
        "type": "SYSTEM_DEFINED",
    }


def application_profile(document: Document) -> dict[str, Any]:
    """InferenceProfileSummary of a stored profile."""
    return {
        **{member: value for member, value in document.body.items() if member not in _KEPT},
        "inferenceProfileArn": document.arn,
        "inferenceProfileId": document.id,
        "createdAt": document.created_at,
        "updatedAt": document.updated_at,
        "status": "ACTIVE",
        "type": "APPLICATION",
    }


def profile_targets(document: Document) -> dict[str, Any]:
    """What GetInferenceProfileTargets tells of a stored profile; weights and priorities that were left out are told."""
    targets = [{"weight": 1.0, "priority": 0, **target} for target in document.body.get("targets", ())]
    return {"inferenceProfileArn": document.arn, "targets": targets}


def prompt_router(document: Document) -> dict[str, Any]:
    """PromptRouterSummary of a stored router."""
    return {
        **document.body,
        "promptRouterArn": document.arn,
        "createdAt": document.created_at,
        "updatedAt": document.updated_at,
        "status": "AVAILABLE",
        "type": "custom",
    }
