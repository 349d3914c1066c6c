"""A grammar built of schemas and the fixed text around them, such as a model's marks of a tool call.

Knows no engine and no mark.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from craton.engines.grammar.compiler import write_schema
from craton.engines.grammar.document import Schema
from craton.engines.grammar.gbnf import expressions
from craton.engines.grammar.gbnf.expressions import Expr, Literal, Ref
from craton.engines.grammar.gbnf.rules import Rules, TooLargeError
from craton.engines.grammar.refusal import UnsupportedSchema


class Grammar:
    """Each method gives the name of a rule, to be used in others and at last as the root. All raise UnsupportedSchema
    where the grammar becomes too large.
    """

    def __init__(self) -> None:
        self._rules = Rules()

    def add_schema(self, schema: Schema) -> str:
        """JSON texts that satisfy the schema. Raises UnsupportedSchema."""
        return self._named(write_schema(schema, self._rules), "json")

    def literal(self, text: str) -> str:
        """This text and no other."""
        return self._named(Literal(text), "literal")

    def sequence(self, *names: str) -> str:
        return self._named(expressions.sequence(*map(Ref, names)), "sequence")

    def alternatives(self, *names: str) -> str:
        return self._named(expressions.choice(*map(Ref, names)), "choice")

    def repeated(self, name: str, least: int = 0, most: int | None = None) -> str:
        """The rule, which accepts no empty text, so many times (None: without end)."""
        with _bounded():
            repeated = self._rules.repeated(Ref(name), least, most)
        return self._named(repeated, "repeat")

    def text(self, root: str) -> str:
        """The grammar as GBNF, whose start rule is `root`."""
        with _bounded():
            return self._rules.text(Ref(root))

    def _named(self, expr: Expr, kind: str) -> str:
        name = self._rules.reserve(kind)
        with _bounded():
            self._rules.define(name, expr)
        return name.name


@contextmanager
def _bounded() -> Iterator[None]:
    try:
        yield
    except TooLargeError as error:
        raise UnsupportedSchema("$schema", "", "Make it smaller, or give fewer schemas at once.") from error
