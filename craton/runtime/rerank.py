"""How well documents answer a query, by what the model makes: the cosine of vectors, or the odds of a Yes.

A model of vectors compares the query's with each document's. A model of text is asked about each document whether it
is relevant, and the probabilities of Yes and No as the first token are the score. Knows no body.
"""

import asyncio
import math
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from craton.core.context import Context
from craton.dialects.converse import Block, Turn
from craton.dialects.embedding import Embedding
from craton.errors import ModelErrorException, ValidationException
from craton.models.resolve import Resolved
from craton.runtime.embedding import embed, fitted
from craton.runtime.inference import DEFAULT_TIER, Inference
from craton.usage.meter import Use

INSTRUCTION = "You judge whether a document is relevant to a query. You answer with one word, Yes or No."
QUESTION = "Query: {query}\n\nDocument: {document}\n\nIs the document relevant to the query? Answer Yes or No."
YES, NO = {"yes", "ja"}, {"no", "nein"}
# As many alternatives to a token as any engine tells.
ALTERNATIVES = 20
# Questions at a time, so that one request does not take an engine for itself.
AT_ONCE = 8
# Tokens of the question beside the query and the document.
FRAME = 100
# Documents of one search, by which rerankings are priced: https://aws.amazon.com/bedrock/pricing/
DOCUMENTS = 100


@dataclass(frozen=True, slots=True)
class Scored:
    """The scores of the documents in their order, from 0 to 1, and the tokens read for them."""

    scores: list[float]
    input_tokens: int


@dataclass(frozen=True, slots=True)
class _Task:
    inference: Inference
    ctx: Context
    resolved: Resolved
    tier: str
    # Tokens of a document beyond which its end is left unread; None: what the model reads.
    limit: int | None
    # All that the model is asked is one use of it.
    use: Use


async def scores(
    inference: Inference,
    ctx: Context,
    resolved: Resolved,
    query: str,
    documents: Sequence[str],
    *,
    tier: str = DEFAULT_TIER,
    limit: int | None = None,
) -> list[float]:
    """The scores alone; raises as `scored` does."""
    return (await scored(inference, ctx, resolved, query, documents, tier=tier, limit=limit)).scores


async def scored(
    inference: Inference,
    ctx: Context,
    resolved: Resolved,
    query: str,
    documents: Sequence[str],
    *,
    tier: str = DEFAULT_TIER,
    limit: int | None = None,
) -> Scored:
    """`limit`: tokens of a document beyond which its end is left unread.

    Raises ValidationException for a model that makes neither vectors nor text, ModelErrorException for one that answers
    neither Yes nor No.
    """
    score = next((STRATEGIES[made] for made in resolved.model.output if made in STRATEGIES), None)
    if score is None:
        raise ValidationException(
            f"The model {resolved.model.id!r} cannot rank documents. Name one that makes embeddings or text."
        )
    searches = -(-len(documents) // DOCUMENTS)
    async with await inference.ranking(ctx, resolved, [query, *documents], searches, tier) as use:
        made = await score(_Task(inference, ctx, resolved, tier, limit, use), query, documents)
        use.counts.searches = searches
        return made


async def _by_vectors(task: _Task, query: str, documents: Sequence[str]) -> Scored:
    wanted = Embedding((query,), purpose="query")
    asked = await embed(task.inference, task.ctx, task.resolved, wanted, tier=task.tier, within=task.use)
    told = Embedding(tuple(documents), purpose="document", cut="END", limit=task.limit)
    made = await embed(task.inference, task.ctx, task.resolved, told, tier=task.tier, within=task.use)
    (vector,) = asked.vectors
    # The vectors have unit length. What points away from the query is no less relevant than what has nothing to do
    # with it.
    cosines = [
        min(max(math.fsum(a * b for a, b in zip(vector, other, strict=True)), 0.0), 1.0) for other in made.vectors
    ]
    return Scored(cosines, asked.input_tokens + made.input_tokens)


async def _by_questions(task: _Task, query: str, documents: Sequence[str]) -> Scored:
    room = asyncio.Semaphore(AT_ONCE)

    async def ask(document: str) -> tuple[float, int]:
        async with room:
            return await _odds(task, query, document)

    asking = [asyncio.create_task(ask(document)) for document in documents]
    try:
        answers = await asyncio.gather(*asking)
    finally:
        # Where one failed or the caller went away, the others are of no use.
        for asked in asking:
            asked.cancel()
        await asyncio.gather(*asking, return_exceptions=True)
    return Scored([score for score, _ in answers], sum(tokens for _, tokens in answers))


async def _odds(task: _Task, query: str, document: str) -> tuple[float, int]:
    """The probability of Yes among Yes and No, and the tokens read."""
    # The query's bytes are at least its tokens.
    room = max(task.resolved.spec.context_length - len(query.encode()) - FRAME, 1)
    limit = min(task.limit or room, room)
    read = await fitted(task.inference, task.ctx, task.resolved, document, limit, "END")
    generation = await task.inference.generation(
        task.ctx, task.resolved, _question(query, read), tier=task.tier, within=task.use
    )
    first: list[Block] = []
    tokens = 0
    async with aclosing(generation.events()) as events:
        async for event in events:
            match event:
                case {"contentBlockDelta": {"logprobs": [token, *_]}} if not first:
                    first = [token, *token["top_logprobs"]]
                case {"metadata": {"usage": usage}}:
                    tokens = usage["inputTokens"] + usage.get("cacheReadInputTokens", 0)
    # The token that was chosen is mostly among the alternatives too.
    likely = {token["token"]: math.exp(token["logprob"]) for token in first}
    yes, no = (sum(p for token, p in likely.items() if token.strip().lower() in words) for words in (YES, NO))
    if not yes + no:
        raise ModelErrorException(
            f"The model {task.resolved.model.id!r} answers neither Yes nor No where it is asked whether a document is "
            "relevant. Rank with another model."
        )
    return yes / (yes + no), tokens


def _question(query: str, document: str) -> Turn:
    return {
        "system": [{"text": INSTRUCTION}],
        "messages": [{"role": "user", "content": [{"text": QUESTION.format(query=query, document=document)}]}],
        "inferenceConfig": {"maxTokens": 1, "temperature": 0},
        "additionalModelRequestFields": {"logprobs": True, "top_logprobs": ALTERNATIVES},
    }


Score = Callable[[_Task, str, Sequence[str]], Awaitable[Scored]]
STRATEGIES: Mapping[str, Score] = {"EMBEDDING": _by_vectors, "TEXT": _by_questions}
