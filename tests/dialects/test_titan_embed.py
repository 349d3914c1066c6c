"""Titan's embedding bodies: what is asked is done, or refused by name."""

import pytest

from craton.dialects import titan_embed
from craton.errors import ValidationException

VECTOR = [3.0, -4.0]


def test_second_version_answers_with_unit_vectors_by_type() -> None:
    asked = titan_embed.read_request({"inputText": "Hi", "embeddingTypes": ["binary", "float"]})
    assert titan_embed.write_response(VECTOR, 2, asked) == {
        "embedding": [0.6, -0.8],
        "inputTextTokenCount": 2,
        "embeddingsByType": {"binary": [1, 0], "float": [0.6, -0.8]},
    }


def test_second_version_leaves_the_length_where_asked() -> None:
    asked = titan_embed.read_request({"inputText": "Hi", "normalize": False})
    body = titan_embed.write_response(VECTOR, 2, asked)
    assert (body["embedding"], list(body["embeddingsByType"])) == (VECTOR, ["float"])


def test_first_version_has_no_options() -> None:
    asked = titan_embed.read_first_request({"inputText": "Hi"})
    assert titan_embed.write_response(VECTOR, 2, asked) == {"embedding": VECTOR, "inputTextTokenCount": 2}
    with pytest.raises(ValidationException, match="normalize"):
        titan_embed.read_first_request({"inputText": "Hi", "normalize": True})


def test_dimensions_the_model_lacks_are_refused_with_those_it_has() -> None:
    asked = titan_embed.read_request({"inputText": "Hi", "dimensions": 256})
    with pytest.raises(ValidationException, match=r"256 is not supported.*512 dimensions; send 512"):
        titan_embed.check_dimensions(asked, 512)
    titan_embed.check_dimensions(titan_embed.read_request({"inputText": "Hi", "dimensions": 512}), 512)


@pytest.mark.parametrize(
    "body", [{"inputText": ""}, {"inputText": None}, {"inputText": "Hi", "embeddingTypes": ["int8"]}]
)
def test_malformed_request_is_refused(body: dict[str, object]) -> None:
    with pytest.raises(ValidationException, match="Malformed input request: #/"):
        titan_embed.read_request(body)
