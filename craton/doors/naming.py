"""The model that a request names, for APIs that answer an unknown name with 404. Knows no form of an identifier."""

from craton.core.context import Context
from craton.dialects.body import malformed
from craton.errors import AccessDeniedException, ApiError, ResourceNotFoundException, ValidationException
from craton.models.catalogue import Modality
from craton.models.resolve import Resolved
from craton.runtime.inference import Inference

MAKES = {"TEXT": "answers in text", "EMBEDDING": "makes embeddings", "IMAGE": "makes images"}


class ModelNotFound(ApiError):
    """No model of this name is the caller's to use."""

    status = 404


async def named(inference: Inference, ctx: Context, name: str) -> Resolved:
    """What an identifier in any of its forms leads to. Raises ModelNotFound."""
    try:
        return await inference.resolve(ctx, name)
    except (ValidationException, ResourceNotFoundException, AccessDeniedException) as error:
        raise ModelNotFound(
            f"The model {name!r} does not exist or you do not have access to it. {error.message}"
        ) from None


async def making(inference: Inference, ctx: Context, name: str, modality: Modality) -> Resolved:
    """The same for a model that makes this. Raises ValidationException where it makes something else."""
    resolved = await named(inference, ctx, name)
    if modality not in resolved.model.output:
        does = " and ".join(MAKES[made] for made in resolved.model.output)
        raise malformed(f"#/model: {name!r} {does}, name a model that {MAKES[modality]}")
    return resolved
