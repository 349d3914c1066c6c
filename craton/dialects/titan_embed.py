"""Amazon Titan Text Embeddings' bodies, first and second version. Knows no model: how wide its vectors are is told.

Source: https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-embed-text.html
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from craton.dialects.body import Body, Count, Filled, malformed, parse
from craton.dialects.converse import Block


@dataclass(frozen=True, slots=True)
class Embedding:
    """What a request asks for: one vector of `text`, at unit length where `normalize` says so."""

    text: str
    # None: as wide as the model makes it.
    dimensions: int | None
    normalize: bool
    # The keys of `embeddingsByType`; none for the first version, whose answer has no such member.
    types: tuple[Literal["float", "binary"], ...]


class FirstRequest(Body):
    inputText: Filled  # noqa: N815


class Request(Body):
    inputText: Filled  # noqa: N815
    dimensions: Count | None = None
    normalize: bool = True
    embeddingTypes: list[Literal["float", "binary"]] | None = None  # noqa: N815


def read_first_request(body: Mapping[str, Any]) -> Embedding:
    """A request of amazon.titan-embed-text-v1, which knows no options."""
    request = parse(FirstRequest, body)
    return Embedding(request.inputText, None, False, ())


def read_request(body: Mapping[str, Any]) -> Embedding:
    """A request of amazon.titan-embed-text-v2."""
    request = parse(Request, body)
    types = tuple(dict.fromkeys(request.embeddingTypes or ("float",)))
    return Embedding(request.inputText, request.dimensions, request.normalize, types)


def check_dimensions(asked: Embedding, width: int) -> None:
    """Raises ValidationException where other dimensions are asked for than the model has.

    Cutting a vector short keeps its meaning only in models trained for that (Matryoshka), so nothing is cut here.
    """
    if asked.dimensions not in (None, width):
        raise malformed(
            f"#/dimensions: {asked.dimensions} is not supported by this model, whose embeddings have {width} "
            f"dimensions; send {width} or leave the key out"
        )


def write_response(vector: Sequence[float], input_tokens: int, asked: Embedding) -> Block:
    check_dimensions(asked, len(vector))
    numbers = _unit(vector) if asked.normalize else list(vector)
    body: Block = {"embedding": numbers, "inputTextTokenCount": input_tokens}
    if asked.types:
        # A bit for each dimension: whether it is positive.
        forms = {"float": numbers, "binary": [int(number > 0) for number in numbers]}
        body["embeddingsByType"] = {kind: forms[kind] for kind in asked.types}
    return body


def _unit(vector: Sequence[float]) -> list[float]:
    length = math.sqrt(sum(number * number for number in vector))
    return [number / length for number in vector] if length else list(vector)
