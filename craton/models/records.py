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


def model_arn(ctx: Context, id: str) -> str:
    return f"arn:aws:bedrock:{ctx.region}::{Kind.FOUNDATION_MODEL}/{id}"


def model_summary(ctx: Context, id: str, name: str, provider: str, model: Model) -> dict[str, Any]:
    """FoundationModelSummary, and FoundationModelDetails likewise, of an id that `model` answers."""
    return {
        "modelArn": model_arn(ctx, id),
        "modelId": id,
        "modelName": name,
        "providerName": provider,
        "inputModalities": list(model.input),
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
        **document.body,
        "inferenceProfileArn": document.arn,
        "inferenceProfileId": document.id,
        "createdAt": document.created_at,
        "updatedAt": document.updated_at,
        "status": "ACTIVE",
        "type": "APPLICATION",
    }
