"""An answer of a real model from a real index."""

from pathlib import Path

import pytest

from craton.models.files.library import Library
from tests.conftest import pulled
from tests.fronts import Account
from tests.knowledge.house import House
from tests.serving import MODEL, Server

EMBEDDING = "google.use-multilingual-v3:0"
ARNS = "arn:aws:bedrock:us-east-1::foundation-model/"
TEXTS = {
    "lighthouse": "The lighthouse of Skarholm was built in 1874 by the engineer Anna Lindqvist.",
    "vouchers": "A voucher is valid for three years. Vouchers cannot be exchanged for cash.",
}


@pytest.mark.model
def test_a_question_is_answered_and_cited(library: Library, tmp_path: Path) -> None:
    for model in (MODEL, EMBEDDING):
        pulled(library, model)
    home = tmp_path / "home"
    home.mkdir()
    (home / "models").symlink_to(library.root)
    with Server(home) as server:
        house = House(Account(server))
        vectors = {"embeddingModelArn": ARNS + EMBEDDING}
        base = house.base({"type": "VECTOR", "vectorKnowledgeBaseConfiguration": vectors})["knowledgeBaseId"]
        source = house.source(base)["dataSourceId"]
        for name, text in TEXTS.items():
            assert house.ingested(base, source, name, text)["status"] == "INDEXED"
        config = {"knowledgeBaseId": base, "modelArn": ARNS + MODEL}
        request = {
            "input": {"text": "Who built the lighthouse of Skarholm?"},
            "retrieveAndGenerateConfiguration": {"type": "KNOWLEDGE_BASE", "knowledgeBaseConfiguration": config},
        }
        answer = house.runtime.retrieve_and_generate(**request)
        text = answer["output"]["text"]
        assert "Anna Lindqvist" in text
        parts = [each["generatedResponsePart"]["textResponsePart"] for each in answer["citations"]]
        assert all(text[part["span"]["start"] : part["span"]["end"] + 1] == part["text"] for part in parts)
        told = {
            reference["location"]["customDocumentLocation"]["id"]
            for part, each in zip(parts, answer["citations"], strict=True)
            for reference in each["retrievedReferences"]
            if "Anna Lindqvist" in part["text"]
        }
        assert told == {"lighthouse"}
