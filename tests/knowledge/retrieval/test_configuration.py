"""What a retrievalConfiguration asks for, and what contradicts itself or the knowledge base."""

from datetime import UTC, datetime
from typing import Any

import pytest

from craton.errors import ValidationException
from craton.knowledge.records import BASE, Base
from craton.knowledge.retrieval.configuration import Search, read, rows
from craton.store.records import Document, Scope
from craton.store.vectors.filters import Test as Compared

MODEL = "arn:aws:bedrock:us-east-1::foundation-model/cohere.rerank-v3-5:0"


def base(kind: str) -> Base:
    now = datetime.now(UTC)
    body = {"knowledgeBaseConfiguration": {"type": kind}, "status": "ACTIVE"}
    return Base(
        Scope("123456789012", "us-east-1"), Document(BASE, "KB12345678", "DRAFT", 1, body, now, now, "", "arn", 1)
    )


def reranking(**more: Any) -> dict[str, Any]:
    return {
        "type": "BEDROCK_RERANKING_MODEL",
        "bedrockRerankingConfiguration": {"modelConfiguration": {"modelArn": MODEL}, **more},
    }


def test_a_search_is_hybrid_and_finds_five_unless_told_otherwise() -> None:
    assert read(base("VECTOR"), {}) == Search(number=5, hybrid=True)
    asked = {"numberOfResults": 7, "overrideSearchType": "SEMANTIC", "filter": {"equals": {"key": "a", "value": "b"}}}
    assert read(base("VECTOR"), {"vectorSearchConfiguration": asked}) == Search(7, False, Compared("equals", "a", "b"))
    assert read(base("MANAGED"), {"managedSearchConfiguration": {"numberOfResults": 9}}) == Search(9)
    assert read(base("MANAGED"), {"managedSearchConfiguration": {"rerankingModelType": "MANAGED"}}) == Search()


@pytest.mark.parametrize(
    ("kind", "asked", "says"),
    [
        ("MANAGED", {"vectorSearchConfiguration": {}}, "vectorSearchConfiguration is not supported for managed"),
        ("VECTOR", {"managedSearchConfiguration": {}}, "managedSearchConfiguration is only supported for managed"),
        ("MANAGED", {"managedSearchConfiguration": {"rerankingModelType": "CUSTOM"}}, "needs a 'rerankingConfig"),
        (
            "MANAGED",
            {"managedSearchConfiguration": {"rerankingModelType": "NONE", "rerankingConfiguration": reranking()}},
            "'NONE' contradicts",
        ),
        (
            "VECTOR",
            {"vectorSearchConfiguration": {"rerankingConfiguration": {"type": "BEDROCK_RERANKING_MODEL"}}},
            "has no 'bedrockRerankingConfiguration'",
        ),
    ],
)
def test_what_contradicts_itself_is_refused(kind: str, asked: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationException, match=says):
        read(base(kind), asked)


@pytest.mark.parametrize(
    ("metadata", "told"),
    [
        (None, set()),
        ({"selectionMode": "ALL"}, {"year", "author"}),
        (
            {"selectionMode": "SELECTIVE", "selectiveModeConfiguration": {"fieldsToInclude": [{"fieldName": "year"}]}},
            {"year"},
        ),
        (
            {"selectionMode": "SELECTIVE", "selectiveModeConfiguration": {"fieldsToExclude": [{"fieldName": "year"}]}},
            {"author"},
        ),
    ],
)
def test_a_ranking_model_is_told_the_metadata_that_were_selected(
    metadata: dict[str, Any] | None, told: set[str]
) -> None:
    more = {"metadataConfiguration": metadata} if metadata else {}
    asked = {"vectorSearchConfiguration": {"rerankingConfiguration": reranking(numberOfRerankedResults=3, **more)}}
    reranked = read(base("VECTOR"), asked).reranked
    assert reranked is not None
    assert (reranked.model, reranked.number) == (MODEL, 3)
    assert {name for name in ("year", "author") if reranked.selects(name)} == told


@pytest.mark.parametrize(
    ("metadata", "says"),
    [
        ({"selectionMode": "SELECTIVE"}, "'SELECTIVE' needs a 'selectiveModeConfiguration'"),
        (
            {"selectionMode": "ALL", "selectiveModeConfiguration": {"fieldsToInclude": [{"fieldName": "a"}]}},
            "'ALL' contradicts",
        ),
    ],
)
def test_a_selection_of_metadata_must_make_sense(metadata: dict[str, Any], says: str) -> None:
    asked = {"vectorSearchConfiguration": {"rerankingConfiguration": reranking(metadataConfiguration=metadata)}}
    with pytest.raises(ValidationException, match=says):
        read(base("VECTOR"), asked)


def test_rows_are_counted_and_nothing_else() -> None:
    assert rows({}) is None
    assert rows({"vectorSearchConfiguration": {"numberOfResults": 3}}) == 3
    with pytest.raises(ValidationException, match="'overrideSearchType' says nothing"):
        rows({"vectorSearchConfiguration": {"overrideSearchType": "HYBRID"}})
