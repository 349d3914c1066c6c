"""Grammars that hold a local model to a JSON schema: one text that both llama.cpp and xgrammar (OpenVINO) read.

What a grammar accepts is valid; what it does not is sometimes valid too: declared properties come in their order,
separators are `, ` and `: `, numbers have at most 15 digits. A keyword that cannot be kept is refused by its name.
Knows no engine, model or API.
"""

from craton.engines.grammar.document import Schema
from craton.engines.grammar.grammar import Grammar
from craton.engines.grammar.refusal import UnsupportedSchema

__all__ = ["Grammar", "Schema", "UnsupportedSchema", "of_schema"]


def of_schema(schema: Schema) -> str:
    """The grammar, in GBNF, of JSON texts that satisfy the schema (draft 2020-12); its start rule is `root`. Raises
    UnsupportedSchema.
    """
    grammar = Grammar()
    return grammar.text(root=grammar.add_schema(schema))
