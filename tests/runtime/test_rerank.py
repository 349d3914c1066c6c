"""The scores of documents, by a model that makes vectors and by one that is asked and answers Yes or No."""

import math
from collections.abc import AsyncGenerator
from contextlib import nullcontext
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from craton.core.context import Context
from craton.engines.base import Embeddings
from craton.errors import ModelErrorException, ValidationException
from craton.runtime import rerank
from craton.usage.records import Counts

CTX = Context("1" * 12, "us-east-1", "root", "r1")
VECTORS = {"query": [3.0, 4.0], "like it": [30.0, 40.0], "unlike": [4.0, -3.0], "against": [-3.0, -4.0]}


def resolved(*output: str, **options: object) -> Any:
    spec = SimpleNamespace(options=options, context_length=1000)
    return SimpleNamespace(id="m", model=SimpleNamespace(id="m", output=output), spec=spec)


def token(text: str, probability: float) -> dict[str, Any]:
    return {"token": text, "logprob": math.log(probability), "bytes": list(text.encode())}


@dataclass
class Fake:
    """What is asked of a model: vectors of known texts, and answers whose first token is told by the document."""

    answers: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    asked: list[dict[str, Any]] = field(default_factory=list)
    use: Any = field(default_factory=lambda: SimpleNamespace(counts=Counts()))

    async def ranking(self, ctx: Context, model: Any, texts: list[str], searches: int, tier: str) -> Any:
        self.use.searches = searches
        return nullcontext(self.use)

    async def embed(
        self, ctx: Context, model: Any, texts: list[str], *, tier: str, within: Any
    ) -> tuple[Any, Embeddings]:
        assert within is self.use
        return model, Embeddings([VECTORS[text] for text in texts], len(texts))

    async def count(self, ctx: Context, model: Any, turn: dict[str, Any]) -> int:
        return len(turn["messages"][0]["content"][0]["text"].split())

    async def generation(self, ctx: Context, model: Any, turn: dict[str, Any], *, tier: str, within: Any) -> Any:
        assert within is self.use
        self.asked.append(turn)
        text = turn["messages"][0]["content"][0]["text"]
        first = next(answer for document, answer in self.answers.items() if f"Document: {document}" in text)

        async def events() -> AsyncGenerator[dict[str, Any]]:
            chosen, *_ = first
            told = {**chosen, "top_logprobs": first}
            delta = {"delta": {"text": chosen["token"]}, "contentBlockIndex": 0, "logprobs": [told]}
            yield {"messageStart": {"role": "assistant"}}
            yield {"contentBlockDelta": delta}
            yield {"contentBlockStop": {"contentBlockIndex": 0}}
            yield {"messageStop": {"stopReason": "max_tokens"}}
            yield {"metadata": {"usage": {"inputTokens": 10, "outputTokens": 1, "totalTokens": 11}}}

        return SimpleNamespace(events=events)


async def test_vectors_are_compared_whatever_their_length() -> None:
    fake, documents = Fake(), ["unlike", "like it", "against"]
    made = await rerank.scored(fake, CTX, resolved("EMBEDDING"), "query", documents)  # type: ignore[arg-type]
    assert made.scores == pytest.approx([0, 1, 0])
    assert made.input_tokens == 4
    assert fake.use.counts.searches == fake.use.searches == 1


async def test_question_is_answered_by_the_odds_of_yes() -> None:
    fake = Fake(
        {
            "A": [token("Yes", 0.6), token(" yes", 0.2), token("No", 0.2)],
            "B": [token("No", 0.9), token("Maybe", 0.05), token("Yes", 0.05)],
            "C": [token("no", 1.0)],
        }
    )
    made = await rerank.scored(fake, CTX, resolved("TEXT"), "q", ["A", "B", "C"])  # type: ignore[arg-type]
    assert made.scores == pytest.approx([0.8, 0.05 / 0.95, 0])
    assert made.input_tokens == 30
    assert fake.asked[0]["inferenceConfig"] == {"maxTokens": 1, "temperature": 0}
    assert fake.asked[0]["additionalModelRequestFields"] == {"logprobs": True, "top_logprobs": 20}
    assert await rerank.scores(fake, CTX, resolved("TEXT"), "q", ["C"]) == [0]  # type: ignore[arg-type]


async def test_model_that_answers_something_else_is_named() -> None:
    fake = Fake({"A": [token("Perhaps", 1.0)]})
    with pytest.raises(ModelErrorException, match="'m' answers neither Yes nor No"):
        await rerank.scores(fake, CTX, resolved("TEXT"), "q", ["A"])  # type: ignore[arg-type]


async def test_model_that_makes_neither_is_named() -> None:
    with pytest.raises(ValidationException, match="'m' cannot rank documents"):
        await rerank.scores(Fake(), CTX, resolved("IMAGE"), "q", ["A"])  # type: ignore[arg-type]


async def test_end_of_a_long_document_is_left_unread() -> None:
    fake = Fake({"one": [token("Yes", 1.0)]})
    documents = ["one two three four five six"]
    await rerank.scores(fake, CTX, resolved("TEXT"), "q", documents, limit=3)  # type: ignore[arg-type]
    question = fake.asked[0]["messages"][0]["content"][0]["text"]
    assert "Document: one two three" in question
    assert "four" not in question
