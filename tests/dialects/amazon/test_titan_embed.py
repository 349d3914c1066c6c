"""Titan's embedding bodies: what is asked is done, or refused by name."""

import pytest

from craton.dialects.amazon import titan_embed
from craton.dialects.embedding import Embedded, shaped
from craton.dialects.stamps import Asked
from craton.errors import ValidationException

STAMP = Asked("1", "m", 0)
VECTOR = [3.0, -4.0]


def made(body: dict[str, object], read=titan_embed.read_request, write=titan_embed.write_response) -> dict[str, object]:
    asked = read(body)
    return write(Embedded((shaped(VECTOR, asked),), 2, asked.texts), asked, STAMP)


def test_second_version_answers_with_unit_vectors_by_type() -> None:
    assert made({"inputText": "Hi", "embeddingTypes": ["binary", "float"]}) == {
        "embedding": [0.6, -0.8],
        "inputTextTokenCount": 2,
        "embeddingsByType": {"binary": [1, 0], "float": [0.6, -0.8]},
    }


def test_second_version_leaves_the_length_where_asked() -> None:
    body = made({"inputText": "Hi", "normalize": False})
    assert (body["embedding"], list(body["embeddingsByType"])) == (VECTOR, ["float"])


def test_first_version_has_no_options() -> None:
    read = titan_embed.read_first_request
    assert made({"inputText": "Hi"}, read) == {"embedding": VECTOR, "inputTextTokenCount": 2}
    with pytest.raises(ValidationException, match="normalize"):
        read({"inputText": "Hi", "normalize": True})


def test_multimodal_model_takes_texts_and_refuses_images() -> None:
    read, write = titan_embed.read_image_request, titan_embed.write_image_response
    body = {"inputText": "Hi", "embeddingConfig": {"outputEmbeddingLength": 2}}
    assert made(body, read, write) == {"embedding": [0.6, -0.8], "inputTextTokenCount": 2, "message": None}
    with pytest.raises(ValidationException, match=r"#/inputImage: .*send 'inputText' alone"):
        read({"inputText": "Hi", "inputImage": "iVBORw=="})
    with pytest.raises(ValidationException, match=r"required key \[inputText\]"):
        read({})
    with pytest.raises(ValidationException, match="#/embeddingConfig/outputEmbeddingLength: 384 is not supported"):
        made({"inputText": "Hi", "embeddingConfig": {"outputEmbeddingLength": 384}}, read)


def test_dimensions_the_model_lacks_are_refused_with_those_it_has() -> None:
    asked = titan_embed.read_request({"inputText": "Hi", "dimensions": 256})
    with pytest.raises(ValidationException, match=r"#/dimensions: 256 is not supported.*512 dimensions; send 512"):
        shaped([1.0] * 512, asked)
    assert len(shaped([1.0] * 512, titan_embed.read_request({"inputText": "Hi", "dimensions": 512}))) == 512


@pytest.mark.parametrize(
    "body", [{"inputText": ""}, {"inputText": None}, {"inputText": "Hi", "embeddingTypes": ["int8"]}]
)
def test_malformed_request_is_refused(body: dict[str, object]) -> None:
    with pytest.raises(ValidationException, match="Malformed input request: #/"):
        titan_embed.read_request(body)
