"""The loop: search for the question as it is, let a model judge what was found and plan, search on, and answer.

What comes out are the events of AgenticRetrieveStream. Knows no request and no store.
Source: https://docs.aws.amazon.com/bedrock/latest/userguide/kb-test-agentic-retrieve.html
"""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

from craton.dialects.converse import Block
from craton.errors import ApiError, DependencyFailedException
from craton.knowledge.agentic import tracing
from craton.knowledge.agentic.answering import answered
from craton.knowledge.agentic.passages import Passage, Passages
from craton.knowledge.agentic.planning import Plan, Situation, planned
from craton.knowledge.agentic.searching import Outcome
from craton.knowledge.agentic.task import Task
from craton.knowledge.generating.citing.attribution import Vectors
from craton.knowledge.retrieval.together import together
from craton.models.resolve import Resolved
from craton.runtime.inference import Inference
from craton.runtime.rerank import scored

Events = AsyncGenerator[Block, None]


class Agent:
    """`model` compares sentences of the answer with what was found."""

    def __init__(self, inference: Inference, model: Vectors) -> None:
        self._inference = inference
        self._model = model

    async def events(self, task: Task) -> Events:
        found = Passages()
        if task.blocked:
            assert task.request.guardrail is not None
            yield tracing.warned(task.request.guardrail, "The guardrail does not let the question through.")
        else:
            async with aclosing(self._searched(task, found)) as searched:
                async for event in searched:
                    yield event
        best = found.best()
        if task.reranking and best:
            best = await self._reranked(task, task.reranking, best)
        async with aclosing(self._answered(task, best)) as events:
            async for event in events:
                yield event

    async def _searched(self, task: Task, found: Passages) -> Events:
        """What is found as the question stands, and then in rounds that a model plans."""
        bases = [*task.searching.sources]
        asked, sources = [tracing.retrieval(task.query, bases)], tracing.sources(bases)
        yield tracing.traced(
            "SpeculativeRetrieval", "IN_PROGRESS", "Searching for the question as it is.", actions=asked
        )
        outcomes = await task.searching.search(task.query, bases)
        yield _told("SpeculativeRetrieval", outcomes, found, actions=asked, retrievalMetadata=sources)
        if all(outcome.failure for outcome in outcomes):
            failure = outcomes[0].failure
            assert failure is not None
            raise failure
        searched, read = [task.query], set[tuple[str, str]]()
        for number in range(task.request.rounds):
            instruction = tracing.applied(task.instruction) if number == 0 else None
            yield tracing.traced("Planning", "IN_PROGRESS", "Judging what was found.", appliedInstruction=instruction)
            expandable = [each for each in found.best() if each.found.document and _document(each) not in read]
            situation = Situation(task.request, task.query, task.instruction, found.best(), searched, expandable)
            try:
                plan = await planned(self._inference, task.ctx, task.resolved, situation)
            except DependencyFailedException as error:
                failures = [{"message": error.message}]
                yield tracing.traced("Planning", "FAILED", "No further searches were planned.", failures=failures)
                return
            yield tracing.traced("Planning", "SUCCEEDED", _planned(plan), actions=tracing.actions(plan))
            if plan.done:
                return
            searched += [query for query, _ in plan.searches]
            read |= {_document(each) for each in plan.expanded}
            before = len(found)
            async with aclosing(_carried_out(task, plan, found)) as events:
                async for event in events:
                    yield event
            if len(found) == before:  # another plan would be made by the same
                return

    async def _reranked(self, task: Task, model: Resolved, best: Sequence[Passage]) -> list[Passage]:
        texts = [each.evidence().text for each in best]
        made = await scored(self._inference, task.ctx, model, task.query, texts)
        order = sorted(range(len(best)), key=lambda place: -made.scores[place])
        return [best[place] for place in order]

    async def _answered(self, task: Task, best: Sequence[Passage]) -> Events:
        if not task.request.answers:
            yield {"result": {"results": [each.item() for each in best]}}
            return
        async with aclosing(answered(self._inference, self._model, task, best)) as events:
            async for event in events:
                yield event


async def _carried_out(task: Task, plan: Plan, found: Passages) -> Events:
    for query, bases in plan.searches:
        asked = [tracing.retrieval(query, bases)]
        yield tracing.traced("Retrieval", "IN_PROGRESS", f"Searching for {query!r}.", actions=asked)
    answers = await together(*(task.searching.search(query, bases) for query, bases in plan.searches))
    for (query, bases), outcomes in zip(plan.searches, answers, strict=True):
        asked = [tracing.retrieval(query, bases)]
        yield _told("Retrieval", outcomes, found, actions=asked, retrievalMetadata=tracing.sources(bases))
    for passage in plan.expanded:
        asked = [tracing.expansion(passage)]
        yield tracing.traced("FullDocumentExpansion", "IN_PROGRESS", "Reading a whole document.", actions=asked)
        yield _told("FullDocumentExpansion", [await task.searching.whole(passage)], found, actions=asked)


def _told(step: tracing.Step, outcomes: Sequence[Outcome], found: Passages, **attributes: object) -> Block:
    """The end of a step, once what it found is kept."""
    passages = [passage for outcome in outcomes for passage in outcome.passages]
    new = found.add(passages)
    failed: list[ApiError] = [outcome.failure for outcome in outcomes if outcome.failure]
    return tracing.traced(
        step,
        "FAILED" if len(failed) == len(outcomes) else "SUCCEEDED",
        f"Found {len(passages)} passages, {new} of them new.",
        retrievalResponse=tracing.results(passages),
        failures=[{"message": error.message} for error in failed],
        **attributes,
    )


def _planned(plan: Plan) -> str:
    if plan.done:
        return "What was found is enough, or there is nothing else to search for."
    return f"{len(plan.searches)} searches and {len(plan.expanded)} whole documents come next."


def _document(passage: Passage) -> tuple[str, str]:
    return passage.base, passage.found.document
