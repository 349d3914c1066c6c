"""JSON Schema (draft 2020-12) into rules: each set of subschemas that hold of one value becomes an expression.

Objects and arrays are written later than what refers to them, so that neither depth nor recursion of the schema
matters. Knows no engine.
"""

from collections.abc import Sequence

from craton.engines.grammar import values
from craton.engines.grammar.cases import Case, Cases
from craton.engines.grammar.constraints import GATHERED, Constraints
from craton.engines.grammar.containers import Containers
from craton.engines.grammar.document import Document, Schema
from craton.engines.grammar.gbnf.expressions import NOTHING, Expr, Literal, Ref, choice
from craton.engines.grammar.gbnf.numbers import Numbers
from craton.engines.grammar.gbnf.rules import Rules, TooLargeError
from craton.engines.grammar.gbnf.strings import Strings
from craton.engines.grammar.refusal import UnsupportedSchema

# The keywords that may leave no value of a kind.
_CAUSES = {
    "string": ("pattern", "format", "minLength", "maxLength"),
    "integer": ("multipleOf", "minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum"),
    "object": ("required", "minProperties", "maxProperties"),
    "array": ("minItems", "uniqueItems"),
}

_TOO_MANY_STATES = (
    "Anchor it with '^' and '$' and put the lengths into its counts, such as '{1,20}': together with the other demands "
    "on this text it needs too large a grammar."
)


def write_schema(schema: Schema, rules: Rules) -> Expr:
    """What the schema accepts, or part of it: never more. Raises UnsupportedSchema."""
    compiler = _Compiler(schema, rules)
    try:
        return compiler.root()
    except TooLargeError as error:
        raise UnsupportedSchema(
            compiler.keyword,
            compiler.place,
            _TOO_MANY_STATES if compiler.keyword == "pattern" else "Make it smaller: its grammar would be too large.",
        ) from error


class _Compiler:
    def __init__(self, schema: Schema, rules: Rules) -> None:
        self._rules = rules
        self._strings = Strings(rules)
        self._numbers = Numbers(rules)
        self._cases = Cases(Document(schema))
        self._containers = Containers(rules, self._strings, self._cases, self.value)
        self._known: dict[frozenset[str], Expr] = {}
        self._names: dict[tuple[str, Case], Ref] = {}
        self._waiting: list[tuple[str, Case]] = []
        self._impossible: UnsupportedSchema | None = None
        self.keyword = "$schema"
        self.place = ""

    def root(self) -> Expr:
        found = self.value([""])
        while self._waiting:
            kind, case = self._waiting.pop()
            constraints = self._cases.constraints(case)
            self._enter(case, "properties" if kind == "object" else "items")
            write = self._containers.object if kind == "object" else self._containers.array
            written = write(constraints)
            if written == NOTHING:
                self._note(case, _CAUSES[kind])
            self._rules.define(self._names[kind, case], written)
        if not self._rules.possible(found):
            raise self._impossible or UnsupportedSchema(
                "$ref", "", "Let the recursion end: make a step of it optional."
            )
        return found

    def value(self, pointers: Sequence[str]) -> Expr:
        """What all these subschemas hold of."""
        key = frozenset(pointers)
        if key not in self._known:
            options = [option for case in self._cases.of(pointers) for option in self._options(case)]
            found = choice(*options)
            if not options and pointers:
                self._note(tuple(pointers), ())
            self._known[key] = self._rules.named(found, "value") if len(options) > 1 else found
        return self._known[key]

    def _options(self, case: Case) -> list[Expr]:
        found = self._cases.constraints(case)
        if found.values is not None:
            fitting = [value for value in found.values if self._cases.fits(found, value, listed=True)]
            if not fitting:
                self._note(case, ("enum", "const"))
            return [self._rules.named(values.one_of([values.written(value) or "" for value in fitting]), "value")]
        kinds = found.written_kinds()
        options = [self._named(kind, case) for kind in ("object", "array") if kind in kinds]
        if "string" in kinds:
            self._enter(case, "pattern")
            options.append(self._strings.string(found.language))
        if "fraction" in kinds and not found.steps:
            options.append(self._numbers.number(found.low, found.high))
        elif "integer" in kinds:
            options.append(self._integer(found))
        options += [Literal(word) for word in ("true", "false") if "boolean" in kinds]
        options += [Literal("null")] * ("null" in kinds)
        if choice(*options) == NOTHING:
            self._note(case, _CAUSES.get(kinds[0], ()) if kinds else ("type", "allOf"))
        return options

    def _integer(self, found: Constraints) -> Expr:
        step = 1
        for multiple in found.steps:
            step = step * multiple.numerator // _common(step, multiple.numerator)
        written = self._numbers.integer(found.low, found.high, step)
        if written is None:
            raise found.refuse("multipleOf", "Set 'minimum' and 'maximum' so that there are at most 500 such numbers.")
        return written

    def _named(self, kind: str, case: Case) -> Expr:
        if (kind, case) not in self._names:
            self._names[kind, case] = self._rules.reserve(kind)
            self._waiting.append((kind, case))
        return self._names[kind, case]

    def _note(self, case: Case, keywords: Sequence[str]) -> None:
        """Keep the first place that no value satisfies, for the case that the schema needs one there."""
        if self._impossible is None:
            where = self._cases.constraints(case).where
            named = next((keyword for keyword in keywords if keyword in where), None)
            at, keyword = (where[named], named) if named else _owner(case[-1])
            self._impossible = UnsupportedSchema(
                keyword, at, "Correct it: together with what else is demanded there, no value satisfies it."
            )

    def _enter(self, case: Case, keyword: str) -> None:
        """Note where we are, for the case that the grammar gets too large."""
        self.place, self.keyword = (case[-1] if case else ""), keyword


def _owner(at: str) -> tuple[str, str]:
    """The pointer of the subschema, and its keyword, by which the subschema at `at` is demanded."""
    tokens = at.split("/")
    index = max((index for index, token in enumerate(tokens) if token in GATHERED), default=0)
    return "/".join(tokens[:index]), tokens[index] or "$schema"


def _common(left: int, right: int) -> int:
    while right:
        left, right = right, left % right
    return left
