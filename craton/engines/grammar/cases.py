"""The cases of a schema: each a set of subschemas that hold at once, without anyOf, oneOf, allOf and `$ref`.

A value is valid where it satisfies all of one case. Knows which keywords there are; what the plain ones demand is
`constraints`'.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from craton.engines.grammar import values
from craton.engines.grammar.constraints import GATHERED, Constraints, Place, gather
from craton.engines.grammar.document import Document
from craton.engines.grammar.refusal import MAX_CASES, UnsupportedSchema, pointer
from craton.engines.grammar.texts import languages
from craton.engines.grammar.texts.patterns import language_of

Case = tuple[str, ...]
"""Pointers of the subschemas of which the plain keywords hold."""

_MAX_DEPTH = 100
# How deep a property is looked into to see that two branches exclude each other.
_MAX_PROOF = 4
_MAX_STEPS = 20_000

_HOW = {
    "not": "Say what is allowed instead of what is not.",
    "if": "Write the two possibilities as branches of 'anyOf', each with what tells it apart.",
    "contains": "Describe the items with 'prefixItems' or 'items'.",
    "dependencies": "Use 'dependentRequired' or 'dependentSchemas'.",
    "additionalItems": "Use 'prefixItems' for the first items and 'items' for the others.",
    "$dynamicRef": "Use '$ref'.",
    "$recursiveRef": "Use '$ref'.",
}
_UNEVALUATED = {
    "unevaluatedItems": "Use 'items': false, in the schema that has 'prefixItems'.",
    "unevaluatedProperties": "Use 'additionalProperties': false, in the schema that has all 'properties'.",
}
# Keywords that may evaluate properties and items in other subschemas.
_APPLICATORS = ("$ref", "allOf", "anyOf", "oneOf", "dependentSchemas")


class Cases:
    def __init__(self, document: Document) -> None:
        self._document = document
        self._known: dict[str, list[Case]] = {}
        self._open: list[str] = []
        self._gathered: dict[Case, Constraints] = {}
        self._steps = 0

    def of(self, pointers: Sequence[str]) -> list[Case]:
        """The cases in which all these subschemas hold. Raises UnsupportedSchema."""
        cases: list[Case] = [()]
        for at in pointers:
            cases = self._both(cases, self._of_one(at), at)
        return cases

    def constraints(self, case: Case) -> Constraints:
        if case not in self._gathered:
            self._gathered[case] = gather(self._document, case)
        return self._gathered[case]

    def accepts(self, pointers: Sequence[str], value: Any, *, loose: bool = False) -> bool:
        """Whether the value is valid for every validator, or (`loose`) for some."""
        return any(self.fits(self.constraints(case), value, loose=loose) for case in self.of(pointers))

    def impossible(self, case: Case, kinds: Sequence[str] | None = None, depth: int = 0) -> bool:
        """Whether surely no value (of these kinds) satisfies the case."""
        found = self.constraints(case)
        left = [kind for kind in found.kinds if kinds is None or kind in kinds]
        if found.values is not None:
            return not any(
                values.kind(value) in left and self.fits(found, value, loose=True, listed=True)
                for value in found.values
            )
        return all(self._none_of(kind, found, depth) for kind in left)

    def _none_of(self, kind: str, found: Constraints, depth: int) -> bool:
        if kind in ("integer", "fraction") and found.low and found.high:
            low, high = found.low, found.high
            return low.value > high.value or (low.value == high.value and (low.open or high.open))
        if kind == "string":
            return found.loose == languages.NOTHING
        if kind != "object" or depth >= _MAX_PROOF:
            return False
        for name in found.required:
            if not name.isprintable() or not name.isascii():
                continue  # readers of patterns may differ on it
            cases = self.of(member(found, name))
            if all(self.impossible(case, depth=depth + 1) for case in cases):
                return True
        return False

    def _of_one(self, at: str) -> list[Case]:
        if at in self._known:
            return self._known[at]
        if at in self._open:
            raise UnsupportedSchema("$ref", at, "Let it not refer to itself: such a value would never end.")
        if len(self._open) > _MAX_DEPTH:
            raise UnsupportedSchema("$ref", at, f"Nest 'allOf', 'anyOf', 'oneOf' and '$ref' at most {_MAX_DEPTH} deep.")
        self._open.append(at)
        schema = self._document.at(at)
        self._known[at] = self._spread(at, schema) if isinstance(schema, Mapping) else [(at,)] if schema else []
        self._open.pop()
        return self._known[at]

    def _spread(self, at: str, schema: Mapping[str, Any]) -> list[Case]:
        self._refuse(at, schema)
        cases: list[Case] = [(at,)] if GATHERED & schema.keys() else [()]
        if "$ref" in schema:
            cases = self._both(cases, self._of_one(self._document.target(schema["$ref"], at)), at)
        for keyword in ("allOf", "anyOf", "oneOf"):
            if keyword not in schema:
                continue
            branches = self._branches(at, keyword, schema[keyword])
            if keyword == "allOf":
                for branch in branches:
                    cases = self._both(cases, self._of_one(branch), at)
                continue
            options = [self._of_one(branch) for branch in branches]
            if keyword == "oneOf":
                options = self._disjoint(at, options)
            cases = self._both(cases, [case for option in options for case in option], at)
        for keyword in ("dependentRequired", "dependentSchemas"):
            for branches in self._dependent(at, keyword, schema.get(keyword, {})):
                cases = self._both(cases, [case for branch in branches for case in self._of_one(branch)], at)
        return cases

    def _refuse(self, at: str, schema: Mapping[str, Any]) -> None:
        for keyword, how in _HOW.items():
            if keyword in schema:
                raise UnsupportedSchema(keyword, at, how)
        for keyword, how in _UNEVALUATED.items():
            if keyword in schema and schema[keyword] is not True and any(word in schema for word in _APPLICATORS):
                raise UnsupportedSchema(keyword, at, how)
        if at and "$id" in schema and not str(schema["$id"]).startswith("#"):
            raise UnsupportedSchema("$id", at, "Leave it out within a schema: it changes what '$ref' means.")

    def _branches(self, at: str, keyword: str, branches: object) -> list[str]:
        if not isinstance(branches, list | tuple) or not branches:
            raise UnsupportedSchema(keyword, at, "Give a list of schemas that is not empty.")
        if len(branches) > MAX_CASES:
            raise UnsupportedSchema(keyword, at, f"Give at most {MAX_CASES} schemas.")
        return [
            self._document.keep(pointer(at, keyword, index), branch, keyword) for index, branch in enumerate(branches)
        ]

    def _dependent(self, at: str, keyword: str, value: object) -> list[list[str]]:
        """For each property that brings demands: the property is absent, or it is there and the demands hold."""
        if not isinstance(value, Mapping):
            raise UnsupportedSchema(keyword, at, "Give an object.")
        pairs = []
        for name, demand in value.items():
            place = pointer(at, keyword, name)
            there: dict[str, Any] = {"required": [name]}
            if keyword == "dependentSchemas":
                there["allOf"] = [demand]
            elif isinstance(demand, list | tuple) and all(isinstance(other, str) for other in demand):
                there["required"] = [name, *demand]
            else:
                raise UnsupportedSchema(keyword, at, "Give lists of the names of properties.")
            absent = {"properties": {name: False}}
            pairs.append([self._document.keep(place + f"/{i}", s, keyword) for i, s in enumerate((absent, there))])
        return pairs

    def _disjoint(self, at: str, branches: Sequence[list[Case]]) -> list[list[Case]]:
        """The branches' cases, each for kinds of values of which none can satisfy another branch. Raises
        UnsupportedSchema where that cannot be seen.
        """
        own = [[_joined((at,), case) for case in branch] for branch in branches]
        for index, branch in enumerate(own):
            others = [case for number, other in enumerate(own) if number != index for case in other]
            for case in branch:
                self._step(at, len(others), "oneOf")
                kinds = self.constraints(case).written_kinds()
                if not all(self.impossible(_joined(case, other), kinds) for other in others):
                    raise UnsupportedSchema(
                        "oneOf",
                        at,
                        "Use 'anyOf', or give the branches different types, or a required property with different "
                        "'const' or 'enum': that no value satisfies two of them cannot be seen.",
                    )
        return [
            [
                _joined(case, (self._kinds(pointer(at, "oneOf", index, number), own[index][number]),))
                for number, case in enumerate(branch)
            ]
            for index, branch in enumerate(branches)
        ]

    def _kinds(self, at: str, case: Case) -> str:
        """A subschema of the kinds for which the case is written."""
        kinds = self.constraints(case).written_kinds()
        types = ["number" if kind == "fraction" else kind for kind in kinds]
        return self._document.keep(at + "/type", {"type": types}, "oneOf")

    def _both(self, left: list[Case], right: list[Case], at: str) -> list[Case]:
        self._step(at, len(left) * len(right))
        found = dict.fromkeys(_joined(first, second) for first in left for second in right)
        if len(left) > 1 and len(right) > 1:
            found = {case: None for case in found if not self.impossible(case)}
        if len(found) > MAX_CASES:
            raise UnsupportedSchema(
                "anyOf", at, f"Combine fewer branches: more than {MAX_CASES} combinations of them are possible here."
            )
        return list(found)

    def _step(self, at: str, steps: int, keyword: str = "anyOf") -> None:
        self._steps += steps
        if self._steps > _MAX_STEPS:
            raise UnsupportedSchema(keyword, at, "Combine fewer branches of 'anyOf', 'oneOf' and 'allOf'.")

    def fits(self, found: Constraints, value: Any, *, loose: bool = False, listed: bool = False) -> bool:
        """Whether the value is valid for every validator, or (`loose`) for some; `listed`: it is one of the values of
        the enum.
        """
        kind = values.kind(value)
        if kind not in found.kinds or not (listed or found.values is None or _among(value, found.values)):
            return False
        match kind:
            case "integer" | "fraction":
                return _in_range(found, Decimal(repr(value) if isinstance(value, float) else value))
            case "string":
                return languages.accepts(found.loose if loose else found.language, value)
            case "array":
                return self._array_fits(found, value, loose)
            case "object":
                return self._object_fits(found, value, loose)
        return True

    def _array_fits(self, found: Constraints, value: Sequence[Any], loose: bool) -> bool:
        if not found.fewest_items <= len(value) <= (len(value) if found.most_items is None else found.most_items):
            return False
        if found.unique and any(_among(item, value[:index]) for index, item in enumerate(value)):
            return False
        return all(self.accepts(element(found, index), item, loose=loose) for index, item in enumerate(value))

    def _object_fits(self, found: Constraints, value: Mapping[str, Any], loose: bool) -> bool:
        most = len(value) if found.most_properties is None else found.most_properties
        if not found.fewest_properties <= len(value) <= most or not found.required.keys() <= value.keys():
            return False
        if not all(self.accepts(found.names, name, loose=loose) for name in value):
            return False
        return all(self.accepts(member(found, name), item, loose=loose) for name, item in value.items())


def member(found: Constraints, name: str) -> list[str]:
    """The pointers of what holds of the property of this name."""
    return [at for place in found.places for at in _in_place(place, name)]


def _in_place(place: Place, name: str) -> list[str]:
    own = [place.properties[name]] if name in place.properties else []
    perhaps = []
    for pattern, at in place.patterns.items():
        if languages.accepts(language_of(pattern), name):
            own.append(at)
        elif languages.accepts(language_of(pattern, wide=True), name):
            perhaps.append(at)
    if not own and place.additional is not None:
        own.append(place.additional)
    return own + perhaps


def element(found: Constraints, index: int) -> list[str]:
    """The pointers of what holds of the item of this index."""
    own = []
    for place in found.places:
        if index < len(place.prefix):
            own.append(place.prefix[index])
        elif place.items is not None:
            own.append(place.items)
    return own


def _joined(left: Case, right: Case) -> Case:
    return tuple(dict.fromkeys((*left, *right)))


def _among(value: Any, others: Sequence[Any]) -> bool:
    return any(values.equal(value, other) for other in others)


def _in_range(found: Constraints, value: Decimal) -> bool:
    low, high = found.low, found.high
    if low and (value < low.value or (low.open and value == low.value)):
        return False
    if high and (value > high.value or (high.open and value == high.value)):
        return False
    return all((Fraction(value) / step).denominator == 1 for step in found.steps)
