"""Amazon Titan's embedding bodies: text of the first and second version, and of the multimodal model. Knows no model.

Source: https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-embed-text.html and
https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-embed-mm.html
"""

from typing import Literal

from craton.dialects.body import Body, Count, Filled, Json, malformed, parse
from craton.dialects.converse import Block
from craton.dialects.embedding import Embedded, Embedding
from craton.dialects.stamps import Asked
from craton.dialects.vectors import bits


class FirstRequest(Body):
    inputText: Filled  # noqa: N815


class Request(Body):
    inputText: Filled  # noqa: N815
    dimensions: Count | None = None
    normalize: bool = True
    embeddingTypes: list[Literal["float", "binary"]] | None = None  # noqa: N815


class Config(Body):
    outputEmbeddingLength: Count | None = None  # noqa: N815


class ImageRequest(Body):
    inputText: Filled | None = None  # noqa: N815
    inputImage: str | None = None  # noqa: N815
    embeddingConfig: Config | None = None  # noqa: N815


def read_first_request(body: Json) -> Embedding:
    """A request of amazon.titan-embed-text-v1, which knows no options."""
    return Embedding((parse(FirstRequest, body).inputText,), normalize=False)


def read_request(body: Json) -> Embedding:
    """A request of amazon.titan-embed-text-v2."""
    request = parse(Request, body)
    types = tuple(dict.fromkeys(request.embeddingTypes or ("float",)))
    return Embedding((request.inputText,), request.dimensions, normalize=request.normalize, types=types)


def read_image_request(body: Json) -> Embedding:
    """A request of amazon.titan-embed-image-v1 with a text; images are refused."""
    request = parse(ImageRequest, body)
    if request.inputImage is not None:
        raise malformed("#/inputImage: no model here makes embeddings of images, send 'inputText' alone")
    if request.inputText is None:
        raise malformed("#: required key [inputText] not found")
    config = request.embeddingConfig or Config()
    return Embedding((request.inputText,), config.outputEmbeddingLength, "#/embeddingConfig/outputEmbeddingLength")


def write_response(made: Embedded, asked: Embedding, stamp: Asked) -> Block:
    (vector,) = made.vectors
    body: Block = {"embedding": list(vector), "inputTextTokenCount": made.input_tokens}
    if asked.types:
        forms = {"float": list(vector), "binary": bits(vector)}
        body["embeddingsByType"] = {kind: forms[kind] for kind in asked.types}
    return body


def write_image_response(made: Embedded, asked: Embedding, stamp: Asked) -> Block:
    # `message` tells of errors.
    return {**write_response(made, asked, stamp), "message": None}
