"""As much evidence as a model has room for."""

import asyncio
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, cast

import pytest

from craton.core.context import Context
from craton.dialects.converse import Turn
from craton.errors import ValidationException
from craton.knowledge.generating import templates
from craton.knowledge.generating.asked import Prompting
from craton.knowledge.generating.evidence import Evidence
from craton.knowledge.generating.prompting import Prompt, fitted
from craton.knowledge.generating.sessions import Exchange
from craton.models.resolve import Resolved
from craton.runtime.inference import Inference

CTX = Context("123456789012", "us-east-1", "arn:aws:iam::123456789012:root", "one")
EVIDENCE = [Evidence(f"passage-{number} " * 100) for number in range(10)]


class Words:
    """Counts a token a word."""

    async def count(self, ctx: Context, model: Resolved, turn: Turn) -> int:
        return len(str(turn).split())


def prompt(template: str = "$search_results$", history: Sequence[Exchange] = (), **more: Any) -> Prompt:
    return Prompt("Which one?", Prompting(template, **more), history, guarded=False)


def fit(asked: Prompt, context: int, evidence: Sequence[Evidence] = EVIDENCE) -> tuple[Turn, Sequence[Evidence]]:
    resolved = cast(Resolved, SimpleNamespace(spec=SimpleNamespace(context_length=context)))
    return asyncio.run(fitted(cast(Inference, Words()), CTX, resolved, asked, evidence))


def test_all_is_told_where_there_is_room() -> None:
    turn, told = fit(prompt(), 100_000)
    assert told == EVIDENCE
    assert "[10] passage-9" in turn["system"][0]["text"]
    assert turn["inferenceConfig"] == {"temperature": 0.0, "maxTokens": 2048}


def test_the_first_are_told_where_there_is_not() -> None:
    turn, told = fit(prompt(), 1000)
    assert told == EVIDENCE[: len(told)] and 1 < len(told) < len(EVIDENCE)
    assert len(str(turn).split()) + turn["inferenceConfig"]["maxTokens"] <= 1000


def test_of_one_that_is_too_long_its_beginning_is_told() -> None:
    _, (only,) = fit(prompt(), 400, [Evidence("word " * 5000)])
    assert 100 < len(only.text) < 25_000


def test_a_prompt_without_room_for_anything_is_refused() -> None:
    with pytest.raises(ValidationException, match="too long for the model even without search results"):
        fit(prompt("word " * 1000 + "$search_results$"), 400)


def test_of_a_long_conversation_the_end_is_told() -> None:
    history = [Exchange(f"question {number}", "answer " * 20) for number in range(20)]
    turn, _ = fit(prompt(history=history), 1000, EVIDENCE[:1])
    texts = [message["content"][0]["text"] for message in turn["messages"]]
    assert texts[-1] == "Which one?" and texts[-3] == "question 19"
    assert 3 <= len(texts) < 20


def test_what_the_request_says_of_inference_counts() -> None:
    turn, _ = fit(prompt(inference={"maxTokens": 7, "topP": 0.5}, fields={"top_k": 3}), 100_000)
    assert turn["inferenceConfig"] == {"temperature": 0.0, "maxTokens": 7, "topP": 0.5}
    assert turn["additionalModelRequestFields"] == {"top_k": 3}


def test_the_question_and_the_evidence_are_marked_for_a_guardrail() -> None:
    asked = Prompt("Which one?", Prompting(templates.GENERATION), (), guarded=True)
    turn, _ = fit(asked, 100_000, [Evidence("It is this one.")])
    marked = [block["guardContent"]["text"] for block in turn["system"] if "guardContent" in block]
    assert marked == [{"text": "[1] It is this one.", "qualifiers": ["grounding_source"]}]
    (block,) = turn["messages"][0]["content"]
    assert block["guardContent"]["text"] == {"text": "Which one?", "qualifiers": ["query", "guard_content"]}
