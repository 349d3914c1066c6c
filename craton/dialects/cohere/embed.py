"""Cohere Embed's bodies, third and fourth version. Knows no model.

Source: https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-embed-v3.html and
https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-embed-v4.html
"""

from collections.abc import Callable, Mapping
from typing import Annotated, Literal

from msgspec import Meta

from craton.dialects import vectors
from craton.dialects.body import Body, Count, Filled, Json, malformed, parse
from craton.dialects.converse import Block
from craton.dialects.embedding import Embedded, Embedding, End, Purpose
from craton.dialects.stamps import Asked
from craton.dialects.vectors import Vector

InputType = Literal["search_document", "search_query", "classification", "clustering"]
Type = Literal["float", "int8", "uint8", "binary", "ubinary"]
Texts = Annotated[list[Filled], Meta(min_length=1, max_length=96)]

PURPOSES: Mapping[str, Purpose] = {"search_document": "document", "search_query": "query"}
# The ends by both of the names that they go by.
ENDS: Mapping[str, End] = {"START": "START", "LEFT": "START", "END": "END", "RIGHT": "END"}
FORMS: Mapping[str, Callable[[Vector], list[float] | list[int]]] = {
    "float": list,
    "int8": vectors.int8,
    "uint8": vectors.uint8,
    "binary": vectors.binary,
    "ubinary": vectors.ubinary,
}


class Request(Body):
    input_type: InputType
    texts: Texts
    truncate: Literal["NONE", "START", "END"] | None = None
    embedding_types: list[Type] | None = None


class Text(Body, tag_field="type", tag="text"):
    text: Filled


class Image(Body, tag_field="type", tag="image_url"):
    image_url: str | dict[str, str]


class Input(Body):
    content: Annotated[list[Text | Image], Meta(min_length=1)]


class FourthRequest(Body):
    input_type: InputType
    texts: Texts | None = None
    images: list[str] | None = None
    inputs: Annotated[list[Input], Meta(min_length=1, max_length=96)] | None = None
    truncate: Literal["NONE", "START", "END", "LEFT", "RIGHT"] | None = None
    embedding_types: list[Type] | None = None
    output_dimension: Count | None = None
    max_tokens: Count | None = None


def read_request(body: Json) -> Embedding:
    """A request of the third version."""
    request = parse(Request, body)
    return Embedding(
        tuple(request.texts),
        purpose=PURPOSES.get(request.input_type),
        cut=ENDS.get(request.truncate or ""),
        types=tuple(dict.fromkeys(request.embedding_types or ())),
    )


def read_fourth_request(body: Json) -> Embedding:
    """A request of the fourth version; images are refused."""
    request = parse(FourthRequest, body)
    if request.images is not None:
        raise malformed("#/images: no model here makes embeddings of images, send 'texts'")
    if (request.texts is None) == (request.inputs is None):
        raise malformed("#: send either 'texts' or 'inputs'")
    inputs = [_text_of(each, f"#/inputs/{index}/content") for index, each in enumerate(request.inputs or ())]
    return Embedding(
        tuple(request.texts or inputs),
        request.output_dimension,
        "#/output_dimension",
        purpose=PURPOSES.get(request.input_type),
        cut=ENDS.get(request.truncate or ""),
        limit=request.max_tokens,
        types=tuple(dict.fromkeys(request.embedding_types or ())),
    )


def _text_of(input: Input, where: str) -> str:
    """The parts of one input, which share one vector, as one text."""
    texts: list[str] = []
    for place, part in enumerate(input.content):
        if isinstance(part, Image):
            raise malformed(f"{where}/{place}: no model here makes embeddings of images, send parts of the type 'text'")
        texts.append(part.text)
    return "\n".join(texts)


def write_response(made: Embedded, asked: Embedding, stamp: Asked) -> Block:
    """Lists of numbers where no types were asked for, and lists by type where some were."""
    body: Block = {"id": stamp.id, "texts": list(asked.texts)}
    if not asked.types:
        return {"embeddings": [list(vector) for vector in made.vectors], "response_type": "embeddings_floats", **body}
    by_type = {kind: [FORMS[kind](vector) for vector in made.vectors] for kind in asked.types}
    return {"embeddings": by_type, "response_type": "embeddings_by_type", **body}
