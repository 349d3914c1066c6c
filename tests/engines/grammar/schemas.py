"""Schemas for the tests of grammars: such as tools really have, and a strategy for all keywords that are supported."""

from typing import Any

from hypothesis import strategies as st

NAMES = ["a", "b", "x-1", "ab", "é"]
VALUES: list[Any] = [None, True, False, 0, 1, 1.0, -1, 2, 1.5, "", "a", "ab", "b", "x-1", [], [1], ["a"], {}, {"a": 1}]
PATTERNS = [
    "^a",
    "b$",
    "^[a-z]{2,4}$",
    "[0-9]",
    "^x-",
    "^(a|bc)*$",
    r"^\w+$",
    r"\d{2}",
    "^[^a]$",
    r"^(?=.*[0-9])[a-z0-9]{2,5}$",
    "^(?!ab)",
    r"\s",
    r"^\D$",
    r"^(?:\S+)$",
    ".",
]
NUMBERS = st.sampled_from([0, 1, -1, 5, 10, -10, 0.5, 1.5, -0.5, 2.25, 100, 0.1, 3, 1e-7, 12345678901234])
COUNTS = st.sampled_from([0, 1, 2, 3])

SCALARS: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "string": {
        "pattern": st.sampled_from(PATTERNS),
        "minLength": COUNTS,
        "maxLength": COUNTS | st.sampled_from([70, 200]),
    },
    "number": {
        **dict.fromkeys(["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"], NUMBERS),
        "multipleOf": st.sampled_from([1, 2, 3, 5, 10, 0.5, 1.0, 25, 7]),
    },
}


def _of_values() -> st.SearchStrategy[Any]:
    listed = st.lists(st.sampled_from(VALUES), min_size=1, max_size=4)
    return st.builds(lambda value: {"const": value}, st.sampled_from(VALUES)) | st.builds(lambda v: {"enum": v}, listed)


def _combined(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    few = st.lists(inner, min_size=1, max_size=3)
    members = st.dictionaries(st.sampled_from(NAMES), inner, min_size=1, max_size=3)
    names = st.lists(st.sampled_from(NAMES), max_size=2, unique=True)
    keywords: dict[str, dict[str, st.SearchStrategy[Any]]] = {
        **SCALARS,
        "array": {
            "items": inner,
            "prefixItems": few,
            "minItems": COUNTS,
            "maxItems": COUNTS | st.just(80),
            "uniqueItems": st.booleans(),
            "unevaluatedItems": inner,
        },
        "object": {
            "properties": members,
            "required": names,
            "additionalProperties": st.booleans() | inner,
            "patternProperties": st.dictionaries(st.sampled_from(PATTERNS), inner, min_size=1, max_size=2),
            "minProperties": COUNTS,
            "maxProperties": COUNTS,
            "propertyNames": st.sampled_from([{"pattern": "^[ab]"}, {"maxLength": 2}, {"enum": ["a", "b"]}]) | inner,
            "dependentRequired": st.dictionaries(st.sampled_from(NAMES), names, min_size=1, max_size=1),
            "dependentSchemas": st.dictionaries(st.sampled_from(NAMES), inner, min_size=1, max_size=1),
            "unevaluatedProperties": st.booleans() | inner,
        },
    }
    types = st.sampled_from(["string", "integer", "number", "object", "array", "boolean", "null"])
    shared = {
        "type": types | st.lists(types, min_size=1, max_size=3, unique=True),
        "allOf": few,
        "anyOf": few,
        "oneOf": few,
        "$ref": st.sampled_from(["#/$defs/leaf", "#/$defs/list", "#"]),
    }
    kinds = [st.fixed_dictionaries({}, optional={**own, **shared}) for own in keywords.values()]
    typed = [
        st.fixed_dictionaries({"type": st.just(kind)}, optional=own)
        for kind, own in [*keywords.items(), ("integer", SCALARS["number"])]
    ]
    return st.one_of(*typed, *typed, *kinds, _of_values(), st.booleans())


@st.composite
def schemas(draw: st.DrawFn) -> dict[str, Any]:
    nested = st.recursive(_of_values() | st.booleans() | st.just({"type": "string"}), _combined, max_leaves=6)
    schema = draw(_combined(nested).filter(lambda schema: isinstance(schema, dict)))
    listed = {"type": "object", "properties": {"next": {"$ref": "#/$defs/list"}, "v": draw(nested)}}
    return {**schema, "$defs": {"leaf": draw(nested), "list": listed}}


REAL: dict[str, Any] = {
    "weather": {
        "type": "object",
        "properties": {
            "city": {"type": "string", "description": "The city", "maxLength": 30},
            "unit": {"type": "string", "enum": ["celsius", "fahrenheit"]},
        },
        "required": ["city"],
        "additionalProperties": False,
    },
    "person": {
        "type": "object",
        "properties": {
            "name": {"type": "string", "minLength": 1, "maxLength": 40},
            "age": {"type": "integer", "minimum": 0, "maximum": 150},
            "email": {"type": "string", "format": "email"},
            "born": {"type": "string", "format": "date"},
        },
        "required": ["name", "age", "email", "born"],
    },
    "points": {
        "type": "array",
        "items": {
            "type": "object",
            "properties": {
                "x": {"type": "number", "minimum": -1.5, "exclusiveMaximum": 2.25},
                "y": {"type": ["null", "boolean"]},
            },
            "required": ["x", "y"],
        },
        "minItems": 1,
        "maxItems": 3,
    },
    "tree": {
        "$ref": "#/$defs/node",
        "$defs": {
            "node": {
                "type": "object",
                "properties": {
                    "value": {"type": "integer"},
                    "children": {"type": "array", "items": {"$ref": "#/$defs/node"}, "maxItems": 1},
                },
                "required": ["value"],
            }
        },
    },
    "long text": {
        "type": "object",
        "properties": {"text": {"type": "string", "maxLength": 10_000}},
        "required": ["text"],
    },
    "pattern": {"type": "string", "pattern": r"^[A-Z]{2}-\d{4}(?:/[a-zé]+)?$", "maxLength": 20},
    "password": {"type": "string", "pattern": r"^(?=.*[A-Z])(?=.*\d)[A-Za-z0-9]{8,12}$"},
    "map": {
        "type": "object",
        "properties": {"id": {"type": "integer"}},
        "additionalProperties": {"type": "integer"},
        "required": ["id"],
        "maxProperties": 3,
    },
    "headers": {
        "type": "object",
        "patternProperties": {"^x-": {"type": "string", "maxLength": 5}},
        "additionalProperties": False,
        "minProperties": 1,
        "maxProperties": 2,
    },
    "either": {
        "anyOf": [
            {"type": "string", "maxLength": 5},
            {"type": "object", "properties": {"k": {"const": 'ü"\\\n'}}, "required": ["k"]},
        ]
    },
    "shape": {
        "oneOf": [
            {"type": "object", "properties": {"t": {"const": "a"}, "n": {"type": "integer"}}, "required": ["t", "n"]},
            {
                "type": "object",
                "properties": {"t": {"const": "b"}, "s": {"type": "string", "format": "uuid"}},
                "required": ["t", "s"],
            },
        ]
    },
    "values": {"enum": ["red", "green", "blue", "grey", 1, None, {"a": [1, 2]}]},
    "unique": {"type": "array", "items": {"enum": ["a", "b", "c", "d"]}, "uniqueItems": True, "minItems": 2},
    "formats": {
        "type": "array",
        "prefixItems": [{"format": name, "type": "string"} for name in ("date-time", "time", "ipv4", "duration")],
        "minItems": 4,
        "items": False,
    },
    "many": {
        "type": "object",
        "properties": {f"p{number}": {"type": "integer", "minimum": 0, "maximum": 9} for number in range(50)},
        "maxProperties": 4,
    },
    "shares": {"type": "array", "items": {"type": "number", "exclusiveMinimum": 0, "maximum": 1}, "maxItems": 3},
    "anything": {},
}
