"""Embeddings as users of the OpenAI API ask for them, and as they get them."""

import base64
import struct
from typing import Any

import pytest

from craton.dialects.embedding import Embedded
from craton.dialects.openai import embeddings as openai_embeddings
from craton.errors import ValidationException

BASE = {"model": "m", "input": "a text"}


@pytest.mark.parametrize(
    ("body", "texts"), [({}, ("a text",)), ({"input": ["a", "b"], "user": "u"}, ("a", "b")), ({"dimensions": 8}, None)]
)
def test_a_request_names_its_texts(body: dict[str, Any], texts: tuple[str, ...] | None) -> None:
    asked = openai_embeddings.read_request(BASE | body)
    assert (asked.model, asked.embedding.texts) == ("m", texts or ("a text",))
    assert asked.embedding.dimensions == body.get("dimensions")


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"input": [1, 2]}, "#/input: token ids .* send the texts"),
        ({"input": [[1], [2]]}, "#/input: token ids"),
        ({"input": ""}, "#/input"),
        ({"input": []}, "#/input"),
        ({"input": ["a"] * 2049}, "#/input"),
        ({"encoding_format": "int8"}, "#/encoding_format"),
        ({"truncate": True}, "extraneous key \\[truncate\\]"),
        ({"dimensions": 0}, "#/dimensions"),
    ],
)
def test_what_cannot_be_embedded_is_refused_by_name(body: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationException, match=told):
        openai_embeddings.read_request(BASE | body)


def test_base64_holds_the_numbers_that_the_list_holds() -> None:
    made = Embedded(((0.5, -0.25), (1.0, 0.0)), 7, ("a", "b"))
    plain = openai_embeddings.write_response(made, openai_embeddings.read_request(BASE))
    packed = openai_embeddings.write_response(
        made, openai_embeddings.read_request(BASE | {"encoding_format": "base64"})
    )
    assert [entry["embedding"] for entry in plain["data"]] == [(0.5, -0.25), (1.0, 0.0)]
    assert [entry["index"] for entry in packed["data"]] == [0, 1]
    for listed, encoded in zip(plain["data"], packed["data"], strict=True):
        assert struct.unpack("<2f", base64.b64decode(encoded["embedding"])) == listed["embedding"]
    assert packed["usage"] == {"prompt_tokens": 7, "total_tokens": 7}
