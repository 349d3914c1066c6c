"""OpenAI embeddings: bodies of requests and of answers. Knows no model.

Source: https://platform.openai.com/docs/api-reference/embeddings
"""

import base64
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from msgspec import Meta

from craton.dialects.body import Body, Count, Filled, Json, malformed, parse
from craton.dialects.converse import Block
from craton.dialects.embedding import Embedded, Embedding
from craton.dialects.vectors import Vector

LARGEST_BATCH = 2048


@dataclass(frozen=True, slots=True)
class Asked:
    """A whole request: the model, what is wanted of it, whether the vectors are written in base64, and what is to be
    told of the request.
    """

    model: str
    embedding: Embedding
    base64: bool
    metadata: Mapping[str, str]


class Request(Body):
    input: Filled | Annotated[list[Filled], Meta(min_length=1, max_length=LARGEST_BATCH)]
    model: Filled
    encoding_format: Literal["float", "base64"] = "float"
    dimensions: Count | None = None
    user: str | None = None


def read_request(body: Json) -> Asked:
    """Raises ValidationException that names what is wrong."""
    first = body["input"][0] if isinstance(body.get("input"), list) and body["input"] else None
    if isinstance(first, int | list):
        raise malformed("#/input: token ids are those of another model's tokenizer, send the texts themselves")
    request = parse(Request, body)
    texts = (request.input,) if isinstance(request.input, str) else tuple(request.input)
    metadata = {"user": request.user} if request.user else {}
    return Asked(request.model, Embedding(texts, request.dimensions), request.encoding_format == "base64", metadata)


def write_response(made: Embedded, asked: Asked) -> Block:
    data = [
        {"object": "embedding", "index": index, "embedding": _written(vector) if asked.base64 else vector}
        for index, vector in enumerate(made.vectors)
    ]
    usage = {"prompt_tokens": made.input_tokens, "total_tokens": made.input_tokens}
    return {"object": "list", "data": data, "model": asked.model, "usage": usage}


def _written(vector: Vector) -> str:
    """Little-endian 32-bit floats."""
    return base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()
