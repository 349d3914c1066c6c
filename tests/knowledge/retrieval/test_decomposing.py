"""A question broken up by a model, and what is found for its parts put together."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from craton.core.context import Context
from craton.errors import DependencyFailedException, ValidationException
from craton.knowledge.records import Base
from craton.knowledge.retrieval import decomposing
from craton.knowledge.retrieval.retrieving import Found, Retrieving

CTX = Context("123456789012", "us-east-1", "", "r")
BASE: Base = None  # type: ignore[assignment]


class Writer:
    """A model that writes this."""

    def __init__(self, text: str) -> None:
        self.asked = ""
        self.model = self.spec = self
        self.id, self.engine = "a-writer", "scripted"
        self._text = text

    async def resolve(self, ctx: Context, model: str, action: str) -> "Writer":
        return self

    async def generation(self, ctx: Context, resolved: object, turn: Mapping[str, Any]) -> "Writer":
        self.asked = turn["messages"][0]["content"][0]["text"]
        return self

    async def answer(self) -> dict[str, Any]:
        return {"output": {"message": {"content": [{"text": self._text}]}}}


async def parts(text: str) -> list[str]:
    return await decomposing.questions(Writer(text), CTX, "a-writer", "What and where?")  # type: ignore[arg-type]


async def test_a_question_becomes_several() -> None:
    written = json.dumps({"questions": ["What?", " Where? ", "What?", ""]})
    assert await parts(written) == ["What?", "Where?"]


async def test_a_model_is_asked_in_words_of_the_question() -> None:
    writer = Writer('{"questions": ["What?"]}')
    await decomposing.questions(writer, CTX, "a-writer", "What {is} it?")  # type: ignore[arg-type]
    assert "Question: What {is} it?" in writer.asked


@pytest.mark.parametrize(
    "text", ['{"questions": []}', '{"questions": "What?"}', '["What?"]', "What?", '{"questions": [']
)
async def test_a_model_that_writes_none_is_told_of(text: str) -> None:
    with pytest.raises(DependencyFailedException, match="'a-writer'"):
        await parts(text)


class Answers(Retrieving):
    """Finds what was prepared for each question."""

    def __init__(self, **found: dict[str, float]) -> None:
        self._prepared = found

    async def search(
        self, ctx: Context, base: Base, query: str, asked: Mapping[str, Any], *, user: Mapping[str, Any] | None = None
    ) -> list[Found]:
        if query not in self._prepared:
            raise ValidationException("No such question.")
        return [Found(name, "d", query, score, None, {}) for name, score in self._prepared[query].items()]


async def test_what_was_found_for_several_comes_once_with_its_best_score() -> None:
    answers = Answers(what={"a": 0.5, "b": 0.4}, where={"b": 0.9, "c": 0.45})
    found = await decomposing.search(answers, CTX, BASE, ["what", "where"], {})
    assert [(each.chunk_id, each.score) for each in found] == [("b", 0.9), ("a", 0.5), ("c", 0.45)]


async def test_a_part_that_fails_fails_the_whole() -> None:
    with pytest.raises(ValidationException, match="No such question"):
        await decomposing.search(Answers(what={"a": 0.5}), CTX, BASE, ["what", "why"], {})
