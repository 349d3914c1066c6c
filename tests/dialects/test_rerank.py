"""Reranking bodies: texts and objects, the best first, and no more than asked for."""

from typing import Any

import pytest

from craton.dialects import rerank
from craton.errors import ValidationException

BODY = {"query": "capital?", "documents": ["Paris", "Rome", "Bern"], "api_version": 2}


def test_best_come_first() -> None:
    asked = rerank.read_request(BODY)
    assert rerank.write_response([0.1, 0.9, 0.5], asked) == {
        "results": [
            {"index": 1, "relevance_score": 0.9},
            {"index": 2, "relevance_score": 0.5},
            {"index": 0, "relevance_score": 0.1},
        ]
    }


def test_no_more_than_asked_for_and_with_documents_where_asked() -> None:
    asked = rerank.read_request({**BODY, "top_n": 1, "return_documents": True})
    assert rerank.write_response([0.1, 0.9, 0.5], asked) == {
        "results": [{"index": 1, "relevance_score": 0.9, "document": {"text": "Rome"}}]
    }


@pytest.mark.parametrize(
    ("document", "fields", "text"),
    [
        ("A text", None, "A text"),
        ({"text": "A text"}, None, "A text"),
        ({"title": "Größe", "size": 3}, None, '{"title": "Größe", "size": 3}'),
        ({"title": "T", "body": "B", "id": 3}, ["title", "body"], "title: T\nbody: B"),
    ],
)
def test_objects_are_read_as_text(document: object, fields: list[str] | None, text: str) -> None:
    body = {"query": "q", "documents": [document]} | ({"rank_fields": fields} if fields else {})
    assert rerank.read_request(body).documents == (text,)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"documents": ["a"]}, r"required key \[query\]"),
        ({"query": "q", "documents": []}, "#/documents: .* length >= 1"),
        ({"query": "q", "documents": [3]}, "#/documents/0"),
        ({**BODY, "top_n": 0}, "#/top_n"),
        ({**BODY, "api_version": 3}, "#/api_version"),
    ],
)
def test_malformed_request_is_refused(body: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationException, match=says):
        rerank.read_request(body)
