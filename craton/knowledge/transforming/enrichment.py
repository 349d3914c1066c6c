"""Entities of chunks, named by a text model: the persons, places, products and other things that a chunk is about.

The service builds a graph of them; here each chunk has them as the attribute `entities`, a list of strings that filters
can ask for, and is found by their names too. Knows no index.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from craton.core.context import Context
from craton.guardrails import asking
from craton.guardrails.findings import Undecided
from craton.iam.authorization.actions import INVOKE
from craton.knowledge.transforming.passages import Passage, TransformationFailure
from craton.models.resolve import Resolved
from craton.runtime.inference import Inference
from craton.store.vectors.records import Value

ENTITIES = "entities"
# Entities of a chunk, characters of a name, and chunks that are asked about at a time.
MOST, LONGEST, AT_ONCE = 20, 80, 4

_SCHEMA: Mapping[str, object] = {
    "type": "object",
    "properties": {
        ENTITIES: {"type": "array", "maxItems": MOST, "items": {"type": "string", "minLength": 1, "maxLength": LONGEST}}
    },
    "required": [ENTITIES],
    "additionalProperties": False,
}
_ASKED = """\
Name the entities of the text: persons, organisations, places, products, technical terms, laws and events, each once and
as the text writes it. Name nothing that is not in the text. Answer with {{"entities": ["..."]}}.

Text:
{text}"""


class Enrichment:
    def __init__(self, inference: Inference) -> None:
        self._inference = inference

    async def enriched(
        self,
        ctx: Context,
        configuration: Mapping[str, Any],
        metadata: Mapping[str, Value],
        passages: Sequence[Passage],
    ) -> list[Passage]:
        """By a contextEnrichmentConfiguration; parents, which nobody looks for, stay as they are. `metadata` are the
        attributes of the document.

        Raises TransformationFailure where the model names no entities in the form that it is asked for, and ApiError as
        models do.
        """
        arn = configuration["bedrockFoundationModelConfiguration"]["modelArn"]
        resolved = await self._inference.resolve(ctx, arn, INVOKE)
        turns = asyncio.Semaphore(AT_ONCE)

        async def one(passage: Passage) -> Passage:
            if passage.piece.is_parent:
                return passage
            async with turns:
                entities = await self._entities(ctx, resolved, passage.piece.text)
            return _with(passage, entities, known=ENTITIES in metadata or ENTITIES in passage.metadata)

        tasks = [asyncio.create_task(one(passage)) for passage in passages]
        try:
            return list(await asyncio.gather(*tasks))
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _entities(self, ctx: Context, resolved: Resolved, text: str) -> list[str]:
        turn = asking.instruction(_ASKED.format(text=text), _SCHEMA, resolved.spec.engine)
        answer = await (await self._inference.generation(ctx, resolved, turn)).answer()
        try:
            written = asking.written(answer)
        except Undecided as error:
            raise _unusable(resolved, str(error)) from error
        match written:
            case {"entities": [*names]} if all(isinstance(name, str) for name in names):
                return list(dict.fromkeys(name.strip()[:LONGEST] for name in names if name.strip()))[:MOST]
        raise _unusable(resolved, "It answered in another form. Use another model.")


def _with(passage: Passage, entities: Sequence[str], *, known: bool) -> Passage:
    """`known`: there is an attribute of that name, which is somebody's own and stays."""
    if not entities:
        return passage
    told = passage.metadata if known else {**passage.metadata, ENTITIES: list(entities)}
    return replace(passage, metadata=told, added=" ".join(entities))


def _unusable(resolved: Resolved, why: str) -> TransformationFailure:
    return TransformationFailure(
        f"The model {resolved.model.id!r} of the 'contextEnrichmentConfiguration' named no entities of a chunk: {why}"
    )
