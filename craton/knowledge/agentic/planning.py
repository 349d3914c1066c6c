"""A model's decision on what to look for next: JSON that can name nothing but what there is. Knows no search."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from craton.core.context import Context
from craton.errors import DependencyFailedException
from craton.guardrails import asking
from craton.guardrails.findings import Undecided
from craton.knowledge.agentic.asked import Request
from craton.knowledge.agentic.instructions.instructions import Instruction
from craton.knowledge.agentic.passages import Passage
from craton.knowledge.generating.prompting import conversation
from craton.models.resolve import Resolved
from craton.runtime.inference import Inference

# Searches and whole documents of one round.
MOST_QUERIES = 4
MOST_DOCUMENTS = 2
# Tokens that a plan may be long, and characters of one passage that it is made by, of the best ones.
LONGEST = 600
EXCERPT = 400
SHOWN = 12
_QUERY = 300

_TASK = """\
You plan the searches for a question. Decide whether the passages that were found are sufficient to answer all of it. \
If they are, say so and plan nothing. If not, write what to search for next: short queries, each for one missing fact, \
complete in itself, in the language of the question, none that was searched for before. Where a question compares \
things, search for each of them.

Sources that can be searched:
{sources}
{guidance}{history}
Question: {question}

Searched for so far: {searched}

Passages found so far:
{passages}

Answer as {form}."""
_FORM = '{{"sufficient": true or false, "searches": [{{"query": "..."{source}}}]{expand}}}'
_SOURCE = ', "source": "..."'
_EXPANSION = ', "expand": [numbers of passages whose whole document must be read, as for a summary or a full list]'


@dataclass(frozen=True, slots=True)
class Plan:
    """`searches` are queries with the knowledge bases for each, `expanded` passages to read the whole documents of."""

    searches: Sequence[tuple[str, Sequence[str]]] = ()
    expanded: Sequence[Passage] = ()

    @property
    def done(self) -> bool:
        return not self.searches and not self.expanded


@dataclass(frozen=True, slots=True)
class Situation:
    """What a plan is made by. `expandable` are those of the passages whose documents were not read as a whole yet."""

    request: Request
    query: str
    instruction: Instruction | None
    passages: Sequence[Passage]
    searched: Sequence[str]
    expandable: Sequence[Passage]


async def planned(inference: Inference, ctx: Context, resolved: Resolved, situation: Situation) -> Plan:
    """Raises DependencyFailedException where the model writes no plan."""
    shown = situation.passages[:SHOWN]
    bases = [retriever.base for retriever in situation.request.retrievers]
    expandable = [number for number, each in enumerate(shown, 1) if each in situation.expandable]
    turn = asking.instruction(_text(situation, shown, expandable), _schema(bases, expandable), resolved.spec.engine)
    turn = {**turn, "inferenceConfig": {**turn["inferenceConfig"], "maxTokens": LONGEST}}
    generation = await inference.generation(ctx, resolved, turn)
    try:
        answer = asking.written(await generation.answer())
    except Undecided as error:
        raise DependencyFailedException(
            f"The model {resolved.model.id!r} was asked for a plan of searches and wrote none: {error}"
        ) from error
    return _read(answer, situation, shown, bases, expandable)


def _text(situation: Situation, shown: Sequence[Passage], expandable: Sequence[int]) -> str:
    request, instruction = situation.request, situation.instruction
    guidance = instruction.content.get("retrievalGuidance") if instruction else None
    sources = [f"- {each.base}: {each.description or 'a knowledge base'}" for each in request.retrievers]
    found = [f"[{number}] ({each.base}) {each.evidence().text[:EXCERPT]}" for number, each in enumerate(shown, 1)]
    return _TASK.format(
        sources="\n".join(sources),
        guidance=f"\nHow to search:\n{guidance}\n" if guidance else "",
        history=f"\nThe conversation so far:\n{conversation(request.history)}\n" if request.history else "",
        question=situation.query,
        searched=json.dumps([*situation.searched], ensure_ascii=False),
        passages="\n\n".join(found) or "none",
        form=_FORM.format(
            source=_SOURCE if len(request.retrievers) > 1 else "", expand=_EXPANSION if expandable else ""
        ),
    )


def _schema(bases: Sequence[str], expandable: Sequence[int]) -> Mapping[str, object]:
    named: dict[str, object] = {"query": {"type": "string", "minLength": 1, "maxLength": _QUERY}}
    if len(bases) > 1:
        named["source"] = {"type": "string", "enum": [*bases]}
    search = {"type": "object", "properties": named, "required": [*named], "additionalProperties": False}
    members: dict[str, object] = {
        "sufficient": {"type": "boolean"},
        "searches": {"type": "array", "items": search, "maxItems": MOST_QUERIES},
    }
    if expandable:
        number = {"type": "integer", "enum": [*expandable]}
        members["expand"] = {"type": "array", "items": number, "maxItems": MOST_DOCUMENTS}
    return {"type": "object", "properties": members, "required": [*members], "additionalProperties": False}


def _read(
    answer: object, situation: Situation, shown: Sequence[Passage], bases: Sequence[str], expandable: Sequence[int]
) -> Plan:
    """What the plan says that makes sense: an engine may not hold its model to the schema."""
    if not isinstance(answer, dict) or answer.get("sufficient") is True:
        return Plan()
    before = {query.casefold() for query in situation.searched}
    searches: dict[str, Sequence[str]] = {}
    for each in _listed(answer.get("searches")):
        query, base = (each.get("query"), each.get("source")) if isinstance(each, dict) else (None, None)
        if isinstance(query, str) and query.strip() and query.strip().casefold() not in before:
            # One that names no source that there is goes to all of them.
            searches[query.strip()] = [str(base)] if base in bases else [*bases]
    numbers = dict.fromkeys(each for each in _listed(answer.get("expand")) if each in expandable)
    expanded = [shown[int(str(number)) - 1] for number in numbers]
    return Plan([*searches.items()][:MOST_QUERIES], expanded[:MOST_DOCUMENTS])


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []
