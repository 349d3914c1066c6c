"""Objects and arrays as GBNF: members and items in one order, with commas where they belong.

Properties come in the order in which they are declared, then those of other names. Knows what `constraints` gathered,
and asks `cases` and its caller for the values' own rules.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from craton.engines.grammar import values
from craton.engines.grammar.cases import Cases, element, member
from craton.engines.grammar.constraints import Constraints
from craton.engines.grammar.gbnf.expressions import EMPTY, NOTHING, Expr, Literal, choice, optional, sequence
from craton.engines.grammar.gbnf.rules import Rules
from craton.engines.grammar.gbnf.strings import Strings
from craton.engines.grammar.texts import languages
from craton.engines.grammar.texts.languages import Language
from craton.engines.grammar.texts.patterns import language_of

_COMMA = Literal(", ")
# Positions and counts that are told apart in one object.
_MAX_CHAIN = 20_000

_MAX_DISTINCT = 200


@dataclass(frozen=True, slots=True)
class _Part:
    """One member or item, which must be there or may be."""

    expr: Expr
    required: bool


@dataclass(frozen=True, slots=True)
class _Chain:
    """Parts in their order, then any number of `more`, which may repeat a name and so counts once towards `fewest`."""

    parts: Sequence[_Part]
    fewest: int
    most: int | None
    more: Expr = NOTHING

    def counted(self) -> tuple[int, int | None]:
        """The bounds that make it matter how many parts there are."""
        needed = self.fewest if self.fewest > sum(part.required for part in self.parts) else 0
        return needed, self.most if self.most is not None and self.most < len(self.parts) else None


class Containers:
    """Writes objects and arrays into the rules of one grammar. `value` gives the rule of what all of some subschemas
    (by their pointers) hold of.
    """

    def __init__(self, rules: Rules, strings: Strings, cases: Cases, value: Callable[[Sequence[str]], Expr]) -> None:
        self._rules = rules
        self._strings = strings
        self._cases = cases
        self._value = value

    def object(self, found: Constraints) -> Expr:
        if found.most_properties is not None and found.most_properties < found.fewest_properties:
            return NOTHING
        declared = dict.fromkeys(name for place in found.places for name in place.properties)
        declared.update(found.required)
        parts = [_Part(self._member(found, name), name in found.required) for name in declared]
        more = choice(*self._others(found, list(declared)))
        if more == NOTHING and found.fewest_properties > len(declared):
            raise found.refuse("minProperties", f"Declare {found.fewest_properties} properties, or ask for fewer.")
        if more != NOTHING and found.fewest_properties > len(declared) + 1:
            raise found.refuse(
                "minProperties",
                "Declare the properties that must be there: a grammar cannot see that other names differ from each "
                "other.",
            )
        chain = _Chain(parts, found.fewest_properties, found.most_properties, more)
        return sequence(Literal("{"), self._chain(chain, found, "minProperties"), Literal("}"))

    def array(self, found: Constraints) -> Expr:
        most = found.most_items
        if most is not None and most < found.fewest_items:
            return NOTHING
        if found.unique and (most is None or most > 1):
            return sequence(Literal("["), self._distinct(found), Literal("]"))
        count = max((len(place.prefix) for place in found.places), default=0)
        items = any(place.items is not None for place in found.places)
        first = [element(found, index) for index in range(count if most is None else min(count, most))]
        parts = [_Part(self._value(pointers), index < found.fewest_items) for index, pointers in enumerate(first)]
        # Items that nothing describes are not written after those that are, unless there must be more.
        more = self._value(element(found, count)) if items or not count or found.fewest_items > count else NOTHING
        left = None if most is None else most - len(parts)
        rest: Expr = self._run(more, max(0, found.fewest_items - len(parts)), left, comma=bool(parts))
        for index in range(len(parts) - 1, -1, -1):
            part = sequence(_COMMA if index else EMPTY, parts[index].expr, rest)
            if parts[index].required:
                rest = part
            else:
                rest = EMPTY if part == NOTHING else self._rules.named(optional(part), "rest")
        return sequence(Literal("["), rest, Literal("]"))

    def _run(self, part: Expr, fewest: int, most: int | None, *, comma: bool) -> Expr:
        """So many of one part, after a comma or without."""
        following = sequence(_COMMA, part)
        if comma:
            return self._rules.repeated(following, fewest, most)
        if most == 0:
            return EMPTY
        run = sequence(part, self._rules.repeated(following, max(0, fewest - 1), None if most is None else most - 1))
        return run if fewest else optional(run)

    def _distinct(self, found: Constraints) -> Expr:
        """Items of which no two are equal: of a list of values, some, in the order of the list."""
        pointers = element(found, 0)
        lists = [self._cases.constraints(case).values for case in self._cases.of(pointers)]
        if None in lists or any(place.prefix for place in found.places):
            raise found.refuse(
                "uniqueItems",
                "Give the items an 'enum', set 'maxItems' to 1, or leave it out: a grammar cannot compare items.",
            )
        if sum(len(known or ()) for known in lists) > _MAX_DISTINCT:
            raise found.refuse("uniqueItems", f"Let the items be one of at most {_MAX_DISTINCT} values.")
        items: list[object] = []
        for value in (value for known in lists for value in known or ()):
            if self._cases.accepts(pointers, value) and not any(values.equal(value, item) for item in items):
                items.append(value)
        parts = [_Part(Literal(values.written(item) or ""), False) for item in items]
        return self._chain(_Chain(parts, found.fewest_items, found.most_items), found, "uniqueItems")

    def _member(self, found: Constraints, name: str) -> Expr:
        if not self._cases.accepts(found.names, name):
            return NOTHING
        key = values.written(name)
        if key is None:
            raise found.refuse("properties", f"Give the property another name than {name!r}, which UTF-8 cannot hold.")
        return sequence(Literal(f"{key}: "), self._value(member(found, name)))

    def _others(self, found: Constraints, declared: Sequence[str]) -> list[Expr]:
        """Members of names that are not declared: those that one pattern alone describes, and those of no pattern."""
        patterns = {pattern: None for place in found.places for pattern in place.patterns}
        described = any(place.described for place in found.places) or found.fewest_properties > len(declared)
        regions: list[tuple[Language, list[str]]] = []
        wide = {pattern: language_of(pattern, wide=True) for pattern in patterns}
        names = [languages.literal(name) for name in declared]
        for pattern in patterns:
            others = [language for other, language in wide.items() if other != pattern]
            pointers = [
                at
                for place in found.places
                for at in ([place.patterns[pattern]] if pattern in place.patterns else _additional(place.additional))
            ]
            regions.append((languages.difference(language_of(pattern), *others, *names), pointers))
        if described or not (declared or patterns):
            pointers = [at for place in found.places for at in _additional(place.additional)]
            regions.append((languages.difference(languages.ANYTHING, *wide.values(), *names), pointers))
        return [self._region(found, language, pointers) for language, pointers in regions]

    def _region(self, found: Constraints, language: Language, pointers: Sequence[str]) -> Expr:
        """A member whose name is in the language and fits `propertyNames`."""
        names: list[Language] = []
        for case in self._cases.of(found.names):
            name = self._cases.constraints(case)
            if name.values is not None:
                fitting = [value for value in name.values if isinstance(value, str) and self._cases.fits(name, value)]
                names += map(languages.literal, fitting)
            elif "string" in name.kinds:
                names.append(name.language)
        key = self._strings.string(languages.intersection(language, languages.choice(*names)))
        return NOTHING if key == NOTHING else sequence(key, Literal(": "), self._value(pointers))

    def _chain(self, chain: _Chain, found: Constraints, keyword: str) -> Expr:
        needed, limit = chain.counted()
        top = max(1, needed, limit or 0)
        if (len(chain.parts) + 1) * (top + 1) > _MAX_CHAIN:
            raise found.refuse(keyword, "Declare fewer properties, or leave their number open.")
        # For each position from the last: what may follow, by the count of what came before (counted up to `top`).
        after = {count: self._end(chain, count) for count in range(top + 1)}
        for part in reversed(chain.parts):
            here = {}
            for count in range(top + 1):
                more = min(count + 1, top)
                full = limit is not None and count + 1 > limit
                member = NOTHING if full else sequence(_COMMA if count else EMPTY, part.expr)
                if part.required:
                    here[count] = sequence(member, after[more])
                elif more == count and not full:
                    here[count] = self._rules.named(sequence(optional(member), after[count]), "members")
                else:
                    here[count] = self._rules.named(choice(sequence(member, after[more]), after[count]), "members")
            after = here
        return after[0]

    def _end(self, chain: _Chain, count: int) -> Expr:
        """What follows the last part when there were so many."""
        needed, limit = chain.counted()
        missing = max(0, needed - count)
        if chain.more == NOTHING or missing > 1:
            return NOTHING if missing else EMPTY
        left = None if chain.most is None else chain.most - (count if limit is not None else len(chain.parts))
        if left is not None and left < missing:
            return NOTHING
        return self._run(chain.more, missing, left, comma=count > 0)


def _additional(at: str | None) -> list[str]:
    return [] if at is None else [at]
