"""Cohere's and Nova's embedding bodies: many texts, forms by name, and what is refused."""

from typing import Any

import pytest

from craton.dialects.amazon import nova_embed
from craton.dialects.cohere import embed as cohere_embed
from craton.dialects.embedding import Embedded
from craton.dialects.stamps import Asked
from craton.errors import ValidationException

STAMP = Asked("abc", "m", 0)
VECTORS = ((0.6, -0.8), (-0.8, 0.6))
COHERE = {"texts": ["a", "b"], "input_type": "search_document"}


def test_cohere_answers_with_lists_where_no_types_are_asked_for() -> None:
    asked = cohere_embed.read_request(COHERE)
    assert (asked.texts, asked.purpose, asked.cut) == (("a", "b"), "document", None)
    assert cohere_embed.write_response(Embedded(VECTORS, 2, asked.texts), asked, STAMP) == {
        "embeddings": [[0.6, -0.8], [-0.8, 0.6]],
        "response_type": "embeddings_floats",
        "id": "abc",
        "texts": ["a", "b"],
    }


def test_cohere_answers_by_type_where_some_are() -> None:
    asked = cohere_embed.read_request({**COHERE, "embedding_types": ["float", "ubinary", "binary", "int8", "uint8"]})
    body = cohere_embed.write_response(Embedded(VECTORS, 2, asked.texts), asked, STAMP)
    assert body["response_type"] == "embeddings_by_type"
    assert list(body["embeddings"]) == ["float", "ubinary", "binary", "int8", "uint8"]
    assert body["embeddings"]["float"] == [[0.6, -0.8], [-0.8, 0.6]]
    assert body["embeddings"]["ubinary"] == [[0b10000000], [0b01000000]]
    assert body["embeddings"]["binary"] == [[0], [-64]]
    assert body["embeddings"]["int8"] == [[27, -36], [-36, 27]]


def test_cohere_says_what_texts_are_for_and_where_to_cut() -> None:
    asked = cohere_embed.read_request({**COHERE, "input_type": "search_query", "truncate": "START"})
    assert (asked.purpose, asked.cut) == ("query", "START")
    asked = cohere_embed.read_request({**COHERE, "input_type": "clustering", "truncate": "NONE"})
    assert (asked.purpose, asked.cut) == (None, None)


def test_fourth_version_takes_inputs_dimensions_and_a_limit() -> None:
    parts = [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]
    body = {"inputs": [{"content": parts}], "input_type": "search_query", "truncate": "RIGHT"}
    asked = cohere_embed.read_fourth_request({**body, "output_dimension": 256, "max_tokens": 100})
    assert asked.texts == ("a\nb",)
    assert (asked.dimensions, asked.where, asked.cut, asked.limit) == (256, "#/output_dimension", "END", 100)


PIXEL = "data:image/png;base64,iVBORw=="


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"texts": ["a"] * 97, "input_type": "search_query"}, "#/texts: .* length <= 96"),
        ({"texts": ["a"]}, r"required key \[input_type\] not found"),
        ({"texts": ["a"], "input_type": "image"}, "#/input_type"),
        ({"images": [PIXEL], "input_type": "search_query"}, "images"),
    ],
)
def test_third_version_refuses_by_name(body: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationException, match=says):
        cohere_embed.read_request(body)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"images": [PIXEL]}, "#/images: no model here makes embeddings of images"),
        ({}, "send either 'texts' or 'inputs'"),
        ({"texts": ["a"], "inputs": [{"content": [{"type": "text", "text": "a"}]}]}, "send either"),
        (
            {"inputs": [{"content": [{"type": "image_url", "image_url": PIXEL}]}]},
            "#/inputs/0/content/0: no model here makes embeddings of images",
        ),
    ],
)
def test_fourth_version_refuses_by_name(body: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationException, match=says):
        cohere_embed.read_fourth_request({**body, "input_type": "search_query"})


def nova(**params: Any) -> dict[str, Any]:
    text = {"truncationMode": "END", "value": "a text"}
    return {
        "taskType": "SINGLE_EMBEDDING",
        "singleEmbeddingParams": {"embeddingPurpose": "GENERIC_INDEX", "text": text, **params},
    }


def test_nova_answers_with_one_embedding_and_tells_what_was_cut_off() -> None:
    asked = nova_embed.read_request(nova(embeddingDimension=2))
    assert (asked.texts, asked.dimensions, asked.purpose, asked.cut) == (("a text",), 2, "document", "END")
    whole = nova_embed.write_response(Embedded(VECTORS[:1], 2, ("a text",)), asked, STAMP)
    assert whole == {"embeddings": [{"embeddingType": "TEXT", "embedding": [0.6, -0.8]}]}
    part = nova_embed.write_response(Embedded(VECTORS[:1], 1, ("a t",)), asked, STAMP)
    assert part["embeddings"][0]["truncatedCharLength"] == 3


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (nova(embeddingPurpose="ART"), "embeddingPurpose: invalid value 'ART'; the values here are 'GENERIC_INDEX'"),
        (nova(image={"format": "png"}), "singleEmbeddingParams/image: no model here"),
        (nova(video={}), "singleEmbeddingParams/video: no model here"),
        (nova(text=None), r"required key \[text\]"),
        (nova(text={"truncationMode": "END", "source": {"s3Location": {}}}), "send the text itself as 'value'"),
        ({**nova(), "taskType": "SEGMENTED_EMBEDDING"}, "#/taskType"),
        ({**nova(), "schemaVersion": "v9"}, "#/schemaVersion"),
    ],
)
def test_nova_refuses_by_name(body: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationException, match=says):
        nova_embed.read_request(body)
