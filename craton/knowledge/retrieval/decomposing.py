"""A question of several parts broken up: a text model asks for each part by itself, and what is found is put together.

That is query decomposition: https://docs.aws.amazon.com/bedrock/latest/userguide/kb-test-config.html. Knows no answer.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from craton.core.context import Context
from craton.dialects.body import Json
from craton.errors import DependencyFailedException
from craton.iam.authorization.actions import INVOKE
from craton.knowledge.records import Base
from craton.knowledge.retrieval.retrieving import Found, Retrieving
from craton.knowledge.retrieval.together import together
from craton.knowledge.retrieval.writing import written
from craton.runtime.inference import Inference

DECOMPOSITION = "retrieval.decomposition"

INSTRUCTION = """\
A search engine finds passages that answer one simple question. Break up the question below into the simple \
questions that must be answered for it, at most {most}. Each is complete in itself, names what it is about, and is in \
the language of the question. A question that is simple already is repeated as it is.

Question: {question}

Answer as {{"questions": ["...", "..."]}}."""

MOST_QUESTIONS = 5
_MOST_CHARACTERS = 400
_SCHEMA: Json = {
    "type": "object",
    "properties": {
        "questions": {
            "type": "array",
            "items": {"type": "string", "minLength": 1, "maxLength": _MOST_CHARACTERS},
            "minItems": 1,
            "maxItems": MOST_QUESTIONS,
        }
    },
    "required": ["questions"],
    "additionalProperties": False,
}


async def questions(inference: Inference, ctx: Context, model: str, question: str) -> list[str]:
    """The simple questions in it, each once.

    Raises DependencyFailedException where the model writes none.
    """
    resolved = await inference.resolve(ctx, model, INVOKE)
    text = INSTRUCTION.format(most=MOST_QUESTIONS, question=question)
    with ctx.trace.begin(DECOMPOSITION):
        answer = await written(inference, ctx, resolved, text, _SCHEMA)
    given = answer.get("questions") if isinstance(answer, dict) else None
    asked = [each.strip() for each in given if isinstance(each, str)] if isinstance(given, list) else []
    asked = list(dict.fromkeys(each for each in asked if each))[:MOST_QUESTIONS]
    if not asked:
        raise DependencyFailedException(
            f"The model {resolved.model.id!r} did not break up the question as it was asked to. Send the request "
            "again, with another model, or without 'queryTransformationConfiguration'."
        )
    return asked


async def search(
    retrieving: Retrieving,
    ctx: Context,
    base: Base,
    asked: Sequence[str],
    configuration: Mapping[str, Any],
    *,
    user: Mapping[str, Any] | None = None,
) -> list[Found]:
    """What is found for all of these questions, best first, each passage once, with its best score. As many for each
    question as the configuration says. Raises as `Retrieving.search` does.
    """
    searches = (retrieving.search(ctx, base, question, configuration, user=user) for question in asked)
    return _pooled(await together(*searches))


def _pooled(answers: Sequence[Sequence[Found]]) -> list[Found]:
    best: dict[str, Found] = {}
    for found in (each for answer in answers for each in answer):
        known = best.get(found.chunk_id)
        if known is None or (found.score or 0) > (known.score or 0):
            best[found.chunk_id] = found
    return sorted(best.values(), key=lambda found: -(found.score or 0))
