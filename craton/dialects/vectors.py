"""The forms that embeddings are given in: shortened, at unit length, as bytes and as bits. Knows no body and no model.

Bytes keep the cosine of two vectors to about a hundredth, bits only its order. The packing of bits is that of Cohere's
API and of sentence-transformers: https://sbert.net/examples/sentence_transformer/applications/embedding-quantization.
"""

import math
from collections.abc import Sequence

Vector = Sequence[float]

# A byte reaches this many times as far as the numbers of a unit vector are large on average, which is one by the root
# of its width. The few that are larger become the largest byte.
REACH = 4


def unit(vector: Vector) -> list[float]:
    """The vector at length 1; a vector of zeros as it is."""
    length = math.hypot(*vector)
    return [number / length for number in vector] if length else list(vector)


def int8(vector: Vector) -> list[int]:
    """Each number of the unit vector as -127 to 127, on one scale for all vectors of this width."""
    scale = 127 * math.sqrt(len(vector)) / REACH
    return [max(-127, min(127, round(number * scale))) for number in unit(vector)]


def uint8(vector: Vector) -> list[int]:
    """`int8` moved up by 128."""
    return [number + 128 for number in int8(vector)]


def bits(vector: Vector) -> list[int]:
    """For each number, whether it is positive."""
    return [int(number > 0) for number in vector]


def ubinary(vector: Vector) -> list[int]:
    """`bits`, eight to a byte of 0 to 255, the first the highest; zeros fill the last byte."""
    signs = bits(vector)
    signs += [0] * (-len(signs) % 8)
    return [int("".join(map(str, signs[start : start + 8])), 2) for start in range(0, len(signs), 8)]


def binary(vector: Vector) -> list[int]:
    """`ubinary` moved down by 128, so that each is a signed byte."""
    return [byte - 128 for byte in ubinary(vector)]
