"""What several subschemas that hold of one value at once demand of it, gathered keyword by keyword.

Knows the keywords that look at the value itself; those that choose between or refer to subschemas are `cases`'.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from craton.engines.grammar import values
from craton.engines.grammar.document import Document
from craton.engines.grammar.gbnf.numbers import Bound
from craton.engines.grammar.refusal import MAX_COUNT, MAX_TEXT, MAX_VALUES, UnsupportedSchema, pointer
from craton.engines.grammar.texts import languages
from craton.engines.grammar.texts.formats import format_language
from craton.engines.grammar.texts.languages import Language
from craton.engines.grammar.texts.patterns import PatternError, language_of

KINDS = ("object", "array", "string", "integer", "fraction", "boolean", "null")
_TYPES = {"number": ("integer", "fraction"), "integer": ("integer",)}
_OF_KINDS = {
    "object": "properties required additionalProperties unevaluatedProperties patternProperties propertyNames "
    "minProperties maxProperties",
    "array": "items prefixItems unevaluatedItems minItems maxItems uniqueItems",
    "string": "minLength maxLength pattern",
    "number": "minimum maximum exclusiveMinimum exclusiveMaximum multipleOf",
}
_MAX_MEMBERS = 1000
_MAX_PATTERNS = 16
_MAX_EXPONENT = 300


@dataclass(slots=True)
class Place:
    """Of one subschema: the members of its objects and the elements of its arrays, by the pointers of their schemas.

    `described`: members that are not declared are, by more than true or false.
    """

    at: str
    properties: dict[str, str] = field(default_factory=dict)
    patterns: dict[str, str] = field(default_factory=dict)
    additional: str | None = None
    described: bool = False
    prefix: list[str] = field(default_factory=list)
    items: str | None = None


@dataclass(slots=True)
class Constraints:
    """`kinds` are those that may be written, of KINDS; `where` has the pointers of the subschemas that have a keyword.

    A string of `language` is valid for every validator; one that is not of `loose` is for none, since some ignore
    formats, or find more digits than 0 to 9.
    """

    kinds: list[str] = field(default_factory=lambda: list(KINDS))
    typed: bool = False
    values: list[Any] | None = None
    low: Bound | None = None
    high: Bound | None = None
    steps: list[Fraction] = field(default_factory=list)
    language: Language = languages.ANYTHING
    loose: Language = languages.ANYTHING
    fewest_items: int = 0
    most_items: int | None = None
    unique: bool = False
    required: dict[str, None] = field(default_factory=dict)
    fewest_properties: int = 0
    most_properties: int | None = None
    names: list[str] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    where: dict[str, str] = field(default_factory=dict)

    def refuse(self, keyword: str, sentence: str) -> UnsupportedSchema:
        return UnsupportedSchema(keyword, self.where.get(keyword, ""), sentence)

    def written_kinds(self) -> list[str]:
        """The kinds that a grammar writes: a subschema without a type is meant for the kinds its keywords are about."""
        if self.typed or self.values is not None:
            return self.kinds
        meant = {kind for kind, keywords in _OF_KINDS.items() if any(word in self.where for word in keywords.split())}
        meant |= {"integer", "fraction"} if "number" in meant else set()
        return [kind for kind in self.kinds if not meant or kind in meant]


def gather(document: Document, places: Sequence[str]) -> Constraints:
    """Raises UnsupportedSchema."""
    found = Constraints()
    for at in places:
        schema = document.at(at)
        if isinstance(schema, bool):
            continue
        place = Place(at)
        for keyword, value in schema.items():
            if keyword in _READERS and _INSTEAD.get(keyword) not in schema:
                found.where.setdefault(keyword, at)
                _READERS[keyword](found, place, _Keyword(document, keyword, value, at))
        found.places.append(place)
    return found


@dataclass(frozen=True, slots=True)
class _Keyword:
    document: Document
    name: str
    value: Any
    at: str

    def wrong(self, sentence: str) -> UnsupportedSchema:
        return UnsupportedSchema(self.name, self.at, sentence)

    def count(self) -> int:
        value = self.value
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise self.wrong(f"Give a whole number from 0 on instead of {self.value!r}.")
        return value

    def fewest(self) -> int:
        count = self.count()
        if count > MAX_COUNT:
            raise self.wrong(f"Ask for at most {MAX_COUNT}.")
        return count

    def most(self) -> int:
        # More than MAX_COUNT would be the same: no model writes so much.
        return min(self.count(), MAX_COUNT)

    def number(self) -> Decimal:
        value = self.value
        if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
            raise self.wrong(f"Give a number instead of {value!r}.")
        if abs(value) >= 10**_MAX_EXPONENT:
            raise self.wrong(f"Give a number below 1e{_MAX_EXPONENT}.")
        return Decimal(value) if isinstance(value, int) else Decimal(repr(value))

    def texts(self) -> list[str]:
        if not isinstance(self.value, list | tuple) or not all(isinstance(item, str) for item in self.value):
            raise self.wrong(f"Give a list of texts instead of {self.value!r}.")
        return list(self.value)

    def schema(self) -> str:
        return self.document.keep(pointer(self.at, self.name), self.value, self.name)

    def schemas(self) -> list[str]:
        if not isinstance(self.value, list | tuple):
            raise self.wrong("Give a list of schemas; 'prefixItems' has one for each of the first items.")
        at = pointer(self.at, self.name)
        return [self.document.keep(pointer(at, index), item, self.name) for index, item in enumerate(self.value)]

    def members(self) -> dict[str, str]:
        if not isinstance(self.value, Mapping) or not all(isinstance(name, str) for name in self.value):
            raise self.wrong("Give an object whose members are schemas.")
        if len(self.value) > _MAX_MEMBERS:
            raise self.wrong(f"Declare at most {_MAX_MEMBERS} of them.")
        at = pointer(self.at, self.name)
        return {name: self.document.keep(pointer(at, name), schema, self.name) for name, schema in self.value.items()}


def _type(found: Constraints, _: Place, keyword: _Keyword) -> None:
    names = [keyword.value] if isinstance(keyword.value, str) else keyword.texts()
    if wrong := [name for name in names if name not in (*KINDS, "number") or name == "fraction"]:
        raise keyword.wrong(f"Give types of JSON, such as 'string', instead of {wrong[0]!r}.")
    allowed = {kind for name in names for kind in _TYPES.get(name, (name,))}
    found.kinds = [kind for kind in found.kinds if kind in allowed]
    found.typed = True


def _enum(found: Constraints, _: Place, keyword: _Keyword) -> None:
    if not isinstance(keyword.value, list | tuple):
        raise keyword.wrong("Give a list of values.")
    if len(keyword.value) > MAX_VALUES:
        raise keyword.wrong(f"Name at most {MAX_VALUES} values.")
    _allow(found, keyword, keyword.value)


def _const(found: Constraints, _: Place, keyword: _Keyword) -> None:
    _allow(found, keyword, [keyword.value])


def _allow(found: Constraints, keyword: _Keyword, allowed: Sequence[Any]) -> None:
    texts = [values.written(value) for value in allowed]
    if None in texts:
        raise keyword.wrong("Name values of JSON only: no infinite number, no half of a surrogate pair, not 50 levels.")
    if sum(len(text or "") for text in texts) > MAX_TEXT:
        raise keyword.wrong(f"Name values of at most {MAX_TEXT} characters together.")
    if found.values is None:
        found.values = list(allowed)
        return
    if len(found.values) * len(allowed) > MAX_TEXT:
        raise keyword.wrong("Put fewer values into lists that must hold at once.")
    found.values = [old for old in found.values if any(values.equal(old, new) for new in allowed)]


def _low(found: Constraints, _: Place, keyword: _Keyword) -> None:
    new = Bound(keyword.number(), keyword.name == "exclusiveMinimum")
    if not found.low or (new.value, new.open) > (found.low.value, found.low.open):
        found.low = new


def _high(found: Constraints, _: Place, keyword: _Keyword) -> None:
    new = Bound(keyword.number(), keyword.name == "exclusiveMaximum")
    if not found.high or (new.value, not new.open) < (found.high.value, not found.high.open):
        found.high = new


def _multiple(found: Constraints, _: Place, keyword: _Keyword) -> None:
    step = Fraction(keyword.number())
    if step <= 0:
        raise keyword.wrong("Give a number above 0.")
    if step.denominator & (step.denominator - 1):
        raise keyword.wrong(
            f"Leave it out, or give a whole number: whether a number is a multiple of {keyword.value!r} depends on how "
            "a validator rounds."
        )
    found.steps.append(step)


def _length(found: Constraints, _: Place, keyword: _Keyword) -> None:
    bounds = (keyword.fewest(), None) if keyword.name == "minLength" else (0, keyword.most())
    found.language = languages.intersection(found.language, languages.of_length(*bounds))
    found.loose = languages.intersection(found.loose, languages.of_length(*bounds))


def _pattern(found: Constraints, _: Place, keyword: _Keyword) -> None:
    if not isinstance(keyword.value, str):
        raise keyword.wrong(f"Give a text instead of {keyword.value!r}.")
    found.language = languages.intersection(found.language, _language(keyword, keyword.value))
    found.loose = languages.intersection(found.loose, _language(keyword, keyword.value, wide=True))


def _language(keyword: _Keyword, pattern: str, *, wide: bool = False) -> Language:
    try:
        return language_of(pattern, wide=wide)
    except PatternError as error:
        raise keyword.wrong(f"The pattern {pattern[:100]!r} cannot be used. {error}") from error


def _format(found: Constraints, _: Place, keyword: _Keyword) -> None:
    language = format_language(keyword.value) if isinstance(keyword.value, str) else None
    if language is not None:
        found.language = languages.intersection(found.language, language)


def _item_count(found: Constraints, _: Place, keyword: _Keyword) -> None:
    if keyword.name == "minItems":
        found.fewest_items = max(found.fewest_items, keyword.fewest())
    else:
        found.most_items = min(keyword.most(), MAX_COUNT if found.most_items is None else found.most_items)


def _property_count(found: Constraints, _: Place, keyword: _Keyword) -> None:
    if keyword.name == "minProperties":
        found.fewest_properties = max(found.fewest_properties, keyword.fewest())
    else:
        found.most_properties = min(
            keyword.most(), MAX_COUNT if found.most_properties is None else found.most_properties
        )


def _unique(found: Constraints, _: Place, keyword: _Keyword) -> None:
    if not isinstance(keyword.value, bool):
        raise keyword.wrong("Give true or false.")
    found.unique |= keyword.value


def _items(_: Constraints, place: Place, keyword: _Keyword) -> None:
    if isinstance(keyword.value, list | tuple):
        raise keyword.wrong("Give one schema for all items; a list of schemas is written as 'prefixItems'.")
    place.items = keyword.schema()


def _prefix(_: Constraints, place: Place, keyword: _Keyword) -> None:
    place.prefix = keyword.schemas()
    if len(place.prefix) > _MAX_MEMBERS:
        raise keyword.wrong(f"Declare at most {_MAX_MEMBERS} of them.")


def _properties(_: Constraints, place: Place, keyword: _Keyword) -> None:
    place.properties = keyword.members()


def _required(found: Constraints, _: Place, keyword: _Keyword) -> None:
    names = keyword.texts()
    if len(names) > _MAX_MEMBERS:
        raise keyword.wrong(f"Ask for at most {_MAX_MEMBERS} of them.")
    found.required.update(dict.fromkeys(names))


def _additional(_: Constraints, place: Place, keyword: _Keyword) -> None:
    place.additional = keyword.schema()
    place.described = isinstance(keyword.value, Mapping) and bool(keyword.value)


def _pattern_properties(_: Constraints, place: Place, keyword: _Keyword) -> None:
    place.patterns = keyword.members()
    if len(place.patterns) > _MAX_PATTERNS:
        raise keyword.wrong(f"Give at most {_MAX_PATTERNS} patterns.")
    for pattern in place.patterns:
        _language(keyword, pattern)


def _names(found: Constraints, _: Place, keyword: _Keyword) -> None:
    found.names.append(keyword.schema())


_READERS: dict[str, Callable[[Constraints, Place, _Keyword], None]] = {
    "type": _type,
    "enum": _enum,
    "const": _const,
    "minimum": _low,
    "exclusiveMinimum": _low,
    "maximum": _high,
    "exclusiveMaximum": _high,
    "multipleOf": _multiple,
    "minLength": _length,
    "maxLength": _length,
    "pattern": _pattern,
    "format": _format,
    "minItems": _item_count,
    "maxItems": _item_count,
    "uniqueItems": _unique,
    "items": _items,
    "prefixItems": _prefix,
    "minProperties": _property_count,
    "maxProperties": _property_count,
    "properties": _properties,
    "required": _required,
    "additionalProperties": _additional,
    "unevaluatedProperties": _additional,
    "unevaluatedItems": _items,
    "patternProperties": _pattern_properties,
    "propertyNames": _names,
}
# The keywords on what is left over, which say nothing where the other one has left nothing.
_INSTEAD = {"unevaluatedProperties": "additionalProperties", "unevaluatedItems": "items"}
GATHERED = frozenset(_READERS)
