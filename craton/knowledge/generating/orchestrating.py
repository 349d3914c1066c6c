"""What is searched for, where the question alone does not say: it refers to a conversation, or has several parts.

Knows no answer.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from craton.core.context import Context
from craton.errors import DependencyFailedException
from craton.guardrails import asking
from craton.guardrails.findings import Undecided
from craton.knowledge.generating import templates
from craton.knowledge.generating.asked import Prompting
from craton.knowledge.generating.prompting import conversation
from craton.knowledge.generating.sessions import Exchange
from craton.knowledge.retrieval import decomposing
from craton.models.resolve import Resolved
from craton.runtime.guarding.asked import Asked
from craton.runtime.inference import Inference

# Exchanges that a question can be thought to refer to.
RECENT = 3
_LONGEST = 400  # characters of a query


async def queries(
    inference: Inference,
    ctx: Context,
    resolved: Resolved,
    question: str,
    *,
    prompting: Prompting,
    decomposed: bool,
    history: Sequence[Exchange],
    asked: Asked | None,
) -> list[str]:
    """The question itself, unless a model must be asked. Nothing is made of one that the guardrail keeps from it.

    Raises DependencyFailedException where the model writes no queries.
    """
    if prompting.template is None and not history and not decomposed:
        return [question]
    most = decomposing.MOST_QUESTIONS if decomposed else 1
    turn = asking.instruction(f"Question: {question}", _schema(most), resolved.spec.engine)
    many = templates.MANY.format(most=most) if decomposed else templates.ONE
    values = {
        templates.QUERY: question,
        templates.HISTORY: conversation(history[-RECENT:]),
        templates.FORMAT: templates.SEARCHING.format(many=many),
        templates.NOW: templates.now(),
    }
    turn = {
        **turn,
        "system": [{"text": templates.filled(prompting.template or templates.ORCHESTRATION, values)}],
        "inferenceConfig": {**turn["inferenceConfig"], **prompting.inference},
        "additionalModelRequestFields": {**turn["additionalModelRequestFields"], **prompting.fields},
    }
    generation = await inference.generation(ctx, resolved, turn, asked=asked)
    answer = await generation.answer()
    if generation.guarded and generation.guarded.refused:
        return [question]
    try:
        return _read(asking.written(answer), question, most)
    except Undecided as error:
        raise DependencyFailedException(
            f"The model {resolved.model.id!r} was asked for search queries and wrote none: {error}"
        ) from error


def _schema(most: int) -> Mapping[str, object]:
    query = {"type": "string", "minLength": 1, "maxLength": _LONGEST}
    listed = {"type": "array", "items": query, "minItems": 1, "maxItems": most}
    return {
        "type": "object",
        "properties": {"queries": listed},
        "required": ["queries"],
        "additionalProperties": False,
    }


def _read(answer: Any, question: str, most: int) -> list[str]:
    """Each query once; the question where all are blank."""
    given = answer.get("queries") if isinstance(answer, dict) else None
    found = [each.strip() for each in given if isinstance(each, str)] if isinstance(given, list) else []
    return list(dict.fromkeys(each for each in found if each))[:most] or [question]
