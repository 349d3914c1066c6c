"""Rerank and the reranking bodies of InvokeModel, as boto3 programs send them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests import scripted
from tests.serving import Server

MODEL = "craton.scripted-embed-v1:0"
ARN = "arn:aws:bedrock:us-east-1::foundation-model/cohere.rerank-v3-5:0"
QUERY = "green apples"
TEXTS = ["red cars", "green apples grow", "green cars"]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home: Path = tmp_path_factory.mktemp("reranking") / "home"
    scripted.install(home, MODEL, output="EMBEDDING")
    scripted.install(home)
    with Server(home, "--stand-in", f"*.rerank*={MODEL}") as server:
        yield server


def text(text: str) -> dict[str, Any]:
    return {"type": "INLINE", "inlineDocumentSource": {"type": "TEXT", "textDocument": {"text": text}}}


def data(value: Any) -> dict[str, Any]:
    return {"type": "INLINE", "inlineDocumentSource": {"type": "JSON", "jsonDocument": value}}


def rerank(
    server: Server, *sources: dict[str, Any], fields: dict[str, Any] | None = None, **more: Any
) -> dict[str, Any]:
    config: dict[str, Any] = {"modelConfiguration": {"modelArn": ARN, "additionalModelRequestFields": fields or {}}}
    number = more.pop("number", None)
    answer: dict[str, Any] = server.client("bedrock-agent-runtime").rerank(
        queries=[{"type": "TEXT", "textQuery": {"text": QUERY}}],
        sources=sources,
        rerankingConfiguration={
            "type": "BEDROCK_RERANKING_MODEL",
            "bedrockRerankingConfiguration": config | ({"numberOfResults": number} if number else {}),
        },
        **more,
    )
    return answer


def test_documents_come_best_first_with_their_scores(running: Server) -> None:
    results = rerank(running, *map(text, TEXTS))["results"]
    assert [result["index"] for result in results] == [1, 2, 0]
    scores = [result["relevanceScore"] for result in results]
    assert scores == sorted(scores, reverse=True)
    assert 0 <= scores[-1] < scores[0] <= 1
    assert results[0]["document"] == {"type": "TEXT", "textDocument": {"text": "green apples grow"}}


def test_objects_are_ranked_by_what_they_say(running: Server) -> None:
    documents = [{"title": "red", "body": "cars"}, {"title": "green", "body": "apples"}]
    first, second = rerank(running, *map(data, documents))["results"]
    assert (first["index"], second["index"]) == (1, 0)
    assert first["document"] == {"type": "JSON", "jsonDocument": documents[1]}
    by_title = rerank(running, *map(data, documents), fields={"rank_fields": ["title"]})["results"]
    assert by_title[0]["index"] == 1


def test_no_more_results_than_asked_for(running: Server) -> None:
    assert len(rerank(running, *map(text, TEXTS), number=2)["results"]) == 2
    assert len(rerank(running, *map(text, TEXTS), fields={"top_n": 1})["results"]) == 1


def test_many_results_come_in_pages(running: Server) -> None:
    sources = [text(f"apple {number}") for number in range(250)]
    pages = [rerank(running, *sources)]
    while token := pages[-1].get("nextToken"):
        pages.append(rerank(running, *sources, nextToken=token))
    assert [len(page["results"]) for page in pages] == [100, 100, 50]
    assert len({result["index"] for page in pages for result in page["results"]}) == 250
    with pytest.raises(ClientError, match="nextToken is not valid"):
        rerank(running, *sources[1:], nextToken=pages[0]["nextToken"])


@pytest.mark.parametrize(
    ("source", "fields", "says"),
    [
        (text("a"), {"colour": "red"}, r"extraneous key \[colour\]"),
        (text("a"), {"query": "b"}, "'query' is no additional field"),
        (
            {"type": "INLINE", "inlineDocumentSource": {"type": "JSON", "textDocument": {"text": "a"}}},
            {},
            "'JSON' has no 'jsonDocument'",
        ),
    ],
)
def test_what_cannot_be_served_is_refused_by_name(
    running: Server, source: dict[str, Any], fields: dict[str, Any], says: str
) -> None:
    with pytest.raises(ClientError, match=says) as refused:
        rerank(running, source, fields=fields)
    assert refused.value.response["Error"]["Code"] == "ValidationException"


def test_a_query_says_something(running: Server) -> None:
    config = {"modelConfiguration": {"modelArn": ARN}}
    with pytest.raises(ClientError, match=r"ValidationException.*textQuery has no 'text'"):
        running.client("bedrock-agent-runtime").rerank(
            queries=[{"type": "TEXT", "textQuery": {}}],
            sources=[text("a")],
            rerankingConfiguration={"type": "BEDROCK_RERANKING_MODEL", "bedrockRerankingConfiguration": config},
        )


@pytest.mark.parametrize(
    ("model", "body"),
    [
        ("cohere.rerank-v3-5:0", {"query": QUERY, "documents": TEXTS, "api_version": 2, "top_n": 2}),
        ("amazon.rerank-v1:0", {"query": QUERY, "documents": [{"text": each} for each in TEXTS], "top_n": 2}),
    ],
)
def test_invoke_model_ranks_too(running: Server, model: str, body: dict[str, Any]) -> None:
    answer = running.client("bedrock-runtime").invoke_model(modelId=model, body=json.dumps(body))
    results = json.loads(answer["body"].read())["results"]
    assert [list(result) for result in results] == [["index", "relevance_score"]] * 2
    assert [result["index"] for result in results] == [1, 2]
    assert answer["ResponseMetadata"]["HTTPHeaders"]["x-amzn-bedrock-input-token-count"] == "9"


def test_ranking_is_not_streamed(running: Server) -> None:
    body = json.dumps({"query": QUERY, "documents": TEXTS})
    with pytest.raises(ClientError, match="ranks documents, which only InvokeModel and Rerank do"):
        running.client("bedrock-runtime").invoke_model_with_response_stream(modelId="cohere.rerank-v3-5:0", body=body)
