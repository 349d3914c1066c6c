"""JSON that a text model writes by a schema, for the search. Knows not what it is for."""

from collections.abc import Mapping

from craton.core.context import Context
from craton.errors import DependencyFailedException
from craton.guardrails import asking
from craton.guardrails.findings import Undecided
from craton.models.resolve import Resolved
from craton.runtime.inference import Inference


async def written(
    inference: Inference, ctx: Context, resolved: Resolved, text: str, schema: Mapping[str, object]
) -> object:
    """What the model answers to the text, in the form of the schema where its engine can hold it to that.

    Raises DependencyFailedException for an answer that is no JSON.
    """
    turn = asking.instruction(text, schema, resolved.spec.engine)
    generation = await inference.generation(ctx, resolved, turn)
    try:
        return asking.written(await generation.answer())
    except Undecided as error:
        raise DependencyFailedException(
            f"The model {resolved.model.id!r} was asked for JSON and wrote none: {error}"
        ) from error
