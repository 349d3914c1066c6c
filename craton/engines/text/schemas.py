"""The grammars of an answer: JSON by a schema, and the choice of a tool.

A schema goes by its JSON text, so that the grammar of one that comes with every turn is made once. Knows no syntax of
calls.
"""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from craton.engines.grammar import Grammar, UnsupportedSchema
from craton.errors import ValidationException


def checked(schema: Mapping[str, Any], place: str) -> str:
    """The schema's text. Raises ValidationException, which names the keyword and `place`, where no grammar can hold it.

    `place` is the beginning of a sentence.
    """
    text = json.dumps(schema)
    try:
        value(text)
    except UnsupportedSchema as error:
        raise ValidationException(f"{place}: {error}") from error
    return text


@lru_cache(maxsize=256)
def value(schema: str) -> str:
    """JSON that satisfies the schema."""
    grammar = Grammar()
    return grammar.text(grammar.add_schema(json.loads(schema)))


@lru_cache(maxsize=256)
def tool_input(schema: str, closing: str) -> str:
    """The same after one space or none, as models write it behind a key, and before `closing`, however spaced.

    The closing is there for tokens that hold the end of both, such as `}}`: a model that may not write one of them goes
    on with the input instead, with a number of many digits.
    """
    grammar = Grammar()
    parts = [grammar.repeated(grammar.literal(" "), 0, 1), grammar.add_schema(json.loads(schema))]
    space = grammar.repeated(grammar.alternatives(grammar.literal(" "), grammar.literal("\n")), 0, 4)
    for piece in closing.split():
        parts += [space, grammar.literal(piece)]
    return grammar.text(grammar.sequence(*parts))


@lru_cache(maxsize=256)
def choice(texts: tuple[str, ...]) -> str:
    """One of the texts."""
    grammar = Grammar()
    return grammar.text(grammar.alternatives(*map(grammar.literal, texts)))
