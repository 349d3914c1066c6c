"""Bodies with which Bedrock's InvokeModel makes embeddings, as the model's client writes and reads them.

Texts are embedded as documents of a search, where a family tells documents from queries. Knows no HTTP.
Source: https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-embed-text.html and
.../model-parameters-embed.html
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from craton.dialects.converse import Block
from craton.engines.base import Embeddings
from craton.errors import ModelErrorException, ValidationException

TOKENS = "x-amzn-bedrock-input-token-count"


@dataclass(frozen=True, slots=True)
class Form:
    """How a family is asked for the vectors of at most `batch` texts."""

    batch: int
    write: Callable[[Sequence[str]], Block]
    _read: Callable[[Block], tuple[Sequence[Sequence[float]], int | None]]

    def read(self, body: Block, headers: Mapping[str, str]) -> Embeddings:
        """Raises ModelErrorException for what is no answer of the family."""
        try:
            vectors, tokens = self._read(body)
            return Embeddings(vectors, int(headers[TOKENS]) if tokens is None else tokens)
        except (KeyError, TypeError, ValueError) as error:
            raise ModelErrorException(
                f"The provider's embeddings cannot be read ({type(error).__name__}: {error}). Send the request again."
            ) from error


def of(model: str) -> Form:
    """The form for a model of this id. Raises ValidationException where there is none."""
    for part, form in FORMS.items():
        if part in model:
            return form
    raise ValidationException(
        f"The embeddings of {model!r} cannot be had through this server; those of these families can: {sorted(FORMS)}."
    )


def _write_titan(texts: Sequence[str]) -> Block:
    (text,) = texts
    return {"inputText": text}


def _read_titan(body: Block) -> tuple[Sequence[Sequence[float]], int | None]:
    return [body["embedding"]], body["inputTextTokenCount"]


def _write_cohere(texts: Sequence[str]) -> Block:
    return {"texts": list(texts), "input_type": "search_document", "embedding_types": ["float"]}


def _read_cohere(body: Block) -> tuple[Sequence[Sequence[float]], int | None]:
    vectors: Any = body["embeddings"]
    return (vectors["float"] if isinstance(vectors, dict) else vectors), None


# By a part of the model's id.
FORMS: Mapping[str, Form] = {
    "amazon.titan-embed-text": Form(1, _write_titan, _read_titan),
    "cohere.embed": Form(96, _write_cohere, _read_cohere),
}
