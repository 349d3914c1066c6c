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
def value(schema: str, *, spaced: bool = False) -> str:
    """JSON that satisfies the schema; `spaced`: after one space or none, as models write it behind a key."""
    grammar = Grammar()
    root = grammar.add_schema(json.loads(schema))
    if spaced:
        root = grammar.sequence(grammar.repeated(grammar.literal(" "), 0, 1), root)
    return grammar.text(root)


@lru_cache(maxsize=256)
def choice(texts: tuple[str, ...]) -> str:
    """One of the texts."""
    grammar = Grammar()
    return grammar.text(grammar.alternatives(*map(grammar.literal, texts)))
