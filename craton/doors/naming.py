"""The model that a request names, for APIs that answer an unknown name with 404. Knows no form of an identifier."""

from craton.core.context import Context
from craton.dialects.body import malformed
from craton.errors import AccessDeniedException, ApiError, ResourceNotFoundException, ValidationException
from craton.iam.authorization.actions import INVOKE, INVOKE_STREAM
from craton.models.catalogue import Modality
from craton.models.resolve import Resolved
from craton.runtime.access import conditions
from craton.runtime.guarding.asked import Asked as Guardrail
from craton.runtime.inference import DEFAULT_TIER, Inference

MAKES = {"TEXT": "answers in text", "EMBEDDING": "makes embeddings", "IMAGE": "makes images"}


def invoking(stream: bool) -> str:
    """The action that the caller needs for an answer, streamed or not."""
    return INVOKE_STREAM if stream else INVOKE


class ModelNotFound(ApiError):
    """No model of this name is the caller's to use."""

    status = 404


async def named(inference: Inference, ctx: Context, name: str, action: str) -> Resolved:
    """What an identifier in any of its forms leads to, before it is asked whether the caller may do `action` to it.

    Raises ModelNotFound.
    """
    try:
        return await inference.access.find(ctx, name, action)
    except (ValidationException, ResourceNotFoundException, AccessDeniedException) as error:
        raise ModelNotFound(
            f"The model {name!r} does not exist or you do not have access to it. {error.message}"
        ) from None


async def making(
    inference: Inference,
    ctx: Context,
    name: str,
    modality: Modality,
    action: str = INVOKE,
    tier: str = DEFAULT_TIER,
    asked: Guardrail | None = None,
) -> Resolved:
    """The same for a model that makes this, where the caller may do `action` to it; `asked` is the guardrail.

    Raises ValidationException where it makes something else, and AccessDeniedException where policies do not allow it.
    """
    resolved = await named(inference, ctx, name, action)
    await inference.access.permit(ctx, resolved, action, conditions(ctx, tier, asked))
    if modality not in resolved.model.output:
        does = " and ".join(MAKES[made] for made in resolved.model.output)
        raise malformed(f"#/model: {name!r} {does}, name a model that {MAKES[modality]}")
    return resolved
