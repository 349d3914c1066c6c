"""langchain-aws: chat over Converse, chat over each vendor's own bodies, and embeddings."""

import pytest

from craton.models.files.library import Library
from tests.clients.conftest import Program
from tests.conftest import pulled
from tests.serving import MODEL

pytestmark = [pytest.mark.clients, pytest.mark.model]

QUESTION = "What is the capital of France?"
VENDORS = [
    "anthropic.claude-3-haiku-20240307-v1:0",
    "meta.llama3-2-1b-instruct-v1:0",
    "amazon.titan-text-express-v1",
    "openai.gpt-oss-120b-1:0",
]


def test_chat_over_converse(python: Program) -> None:
    printed = python("langchain_converse.py", MODEL, QUESTION)
    assert "Paris" in printed["answer"]
    assert printed["stop_reason"] == "end_turn"
    assert printed["streamed"] == printed["answer"]
    assert len([chunk for chunk in printed["chunks"] if chunk]) > 3, "the words did not come one by one"
    assert printed["streamed_usage"] == printed["usage"]
    assert printed["usage"]["total_tokens"] == printed["usage"]["input_tokens"] + printed["usage"]["output_tokens"] > 0


def test_chat_over_each_vendors_own_bodies(python: Program) -> None:
    answers = python("langchain_invoke.py", QUESTION, *VENDORS)
    assert list(answers) == VENDORS
    for model, printed in answers.items():
        assert "Paris" in printed["answer"], model
        assert "".join(printed["chunks"]) == printed["answer"], model
        assert printed["usage"]["output_tokens"] > 0, model


def test_embeddings_bring_a_question_near_its_answer(python: Program, library: Library) -> None:
    pulled(library, "google.use-multilingual-v3:0")
    passages = ["A cat naps on the sofa.", "The bank raised its interest rates."]
    printed = python("langchain_embeddings.py", "amazon.titan-embed-text-v2:0", "Where do cats sleep?", *passages)
    near, far = (
        sum(a * b for a, b in zip(printed["question"], passage, strict=True)) for passage in printed["passages"]
    )
    assert near > far + 0.1
