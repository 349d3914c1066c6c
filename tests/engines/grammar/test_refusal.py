import time
from typing import Any

import pytest

from craton.engines.grammar import UnsupportedSchema, of_schema


def nested(keyword: str, depth: int, leaf: Any) -> Any:
    for _ in range(depth):
        leaf = {keyword: [leaf]} if keyword in ("allOf", "anyOf") else {keyword: leaf}
    return leaf


REFUSED: list[tuple[Any, str, str]] = [
    ({"properties": {"a": {"not": {"type": "null"}}}}, "not", "/properties/a"),
    ({"if": {}, "then": {}}, "if", ""),
    ({"type": "array", "contains": {"const": 1}}, "contains", ""),
    ({"type": "array", "uniqueItems": True}, "uniqueItems", ""),
    ({"oneOf": [{"type": "number"}, {"type": "integer"}]}, "oneOf", ""),
    ({"$ref": "https://example.com/schema.json"}, "$ref", ""),
    ({"items": {"$ref": "#/$defs/nowhere"}}, "$ref", "/items"),
    ({"$ref": "#"}, "$ref", ""),
    ({"$defs": {"a": {"allOf": [{"$ref": "#/$defs/a"}]}}, "$ref": "#/$defs/a"}, "$ref", "/$defs/a"),
    ({"type": "object", "properties": {"x": {"$ref": "#"}}, "required": ["x"]}, "$ref", ""),
    ({"$dynamicRef": "#a"}, "$dynamicRef", ""),
    ({"items": [{"type": "null"}]}, "items", ""),
    ({"dependencies": {"a": ["b"]}}, "dependencies", ""),
    ({"properties": {"a": {"$id": "https://x.y", "type": "null"}}}, "$id", "/properties/a"),
    ({"type": "strin"}, "type", ""),
    ({"type": "integer", "minimum": "1"}, "minimum", ""),
    ({"minimum": True}, "minimum", ""),
    ({"required": True}, "required", ""),
    ({"properties": {"a": 1}}, "properties", "/properties/a"),
    ({"maxLength": -1}, "maxLength", ""),
    ({"pattern": r"(a)\1"}, "pattern", ""),
    ({"pattern": r"\bword\b"}, "pattern", ""),
    ({"pattern": "(?<=a)b"}, "pattern", ""),
    ({"pattern": "("}, "pattern", ""),
    ({"patternProperties": {"[": {}}}, "patternProperties", ""),
    ({"multipleOf": 0.1}, "multipleOf", ""),
    ({"type": "integer", "multipleOf": 7}, "multipleOf", ""),
    ({"unevaluatedProperties": False, "allOf": [{"properties": {"a": {}}}]}, "unevaluatedProperties", ""),
    ({"const": float("inf")}, "const", ""),
    ({"const": "\ud800"}, "const", ""),
    ({"enum": []}, "enum", ""),
    ({"type": "string", "allOf": [{"type": "null"}]}, "type", ""),
    ({"type": "integer", "minimum": 3, "maximum": 2}, "minimum", ""),
    ({"type": "string", "minLength": 3, "maxLength": 2}, "minLength", ""),
    ({"required": ["a"], "additionalProperties": False}, "additionalProperties", ""),
    ({"items": {"properties": {"a": False}, "required": ["a"]}, "minItems": 1}, "properties", "/items"),
    (False, "$schema", ""),
    ([], "$schema", ""),
]


@pytest.mark.parametrize(("schema", "keyword", "pointer"), REFUSED, ids=lambda case: str(case)[:60])
def test_what_cannot_be_kept_is_refused_by_name(schema: Any, keyword: str, pointer: str) -> None:
    with pytest.raises(UnsupportedSchema) as refused:
        of_schema(schema)
    assert (refused.value.keyword, refused.value.pointer) == (keyword, pointer)
    assert repr(keyword) in str(refused.value) and str(refused.value).endswith(".")


HOSTILE: dict[str, Any] = {
    "deep items": nested("items", 900, {}),
    "deep allOf": nested("allOf", 900, {"type": "string"}),
    "deep anyOf": nested("anyOf", 900, {"type": "string"}),
    "combinations": {"allOf": [{"anyOf": [{"minimum": n}, {"maximum": -n}]} for n in range(40)]},
    "doubling references": {
        "$ref": "#/$defs/0",
        "$defs": {str(n): {"anyOf": [{"$ref": f"#/$defs/{n + 1}"}] * 2} for n in range(60)} | {"60": {}},
    },
    "long reference chain": {
        "$ref": "#/$defs/0",
        "$defs": {str(n): {"items": {"$ref": f"#/$defs/{n + 1}"}} for n in range(500)} | {"500": {}},
    },
    "long text": {"type": "string", "maxLength": 10**9},
    "long minimum": {"type": "string", "minLength": 10**9},
    "many items": {"type": "array", "items": {}, "maxItems": 10**9},
    "many properties": {"type": "object", "minProperties": 10**6},
    "counted characters": {"type": "string", "pattern": "^a{1000000000}$"},
    "counts of counts": {"type": "string", "pattern": "^((((a{1000}){1000}){1000}){1000})$"},
    "stars of stars": {"type": "string", "pattern": "^" + "(" * 40 + "a*" + ")*" * 40 + "$"},
    "open groups": {"type": "string", "pattern": "(" * 3000},
    "many states": {"type": "string", "pattern": "^(?=.*a.{12})(?=.*b.{12}).*$"},
    "100,000 properties": {"properties": {f"p{n}": {} for n in range(100_000)}},
    "1,000 properties": {"properties": {f"p{n}": {} for n in range(1000)}},
    "all names but 300": {"properties": {f"name_{n}": {} for n in range(300)}, "additionalProperties": {"const": 1}},
    "100,000 values": {"enum": list(range(100_000))},
    "4,000 values": {"enum": [f"v{n * 7919}" for n in range(4000)]},
    "values within values": {"enum": ["a" * n for n in range(400)]},
    "long value": {"const": "x" * 10**7},
    "deep value": {"const": nested("a", 900, 1)},
    "many branches": {"oneOf": [{"properties": {"k": {"const": n}}, "required": ["k"]} for n in range(250)]},
    "many patterns": {"patternProperties": {f"^{n}.*{n}$": {} for n in range(100)}},
    "long numbers": {"type": "integer", "minimum": -(10**290), "maximum": 10**290},
    "too long numbers": {"type": "integer", "minimum": 10**5000},
    "small numbers": {"type": "number", "exclusiveMinimum": 5e-324},
    "unique": {"items": {"enum": list(range(4000))}, "uniqueItems": True},
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_schemas_end_soon(name: str) -> None:
    start = time.process_time()
    try:
        assert len(of_schema(HOSTILE[name])) < 2_000_000
    except UnsupportedSchema as refused:
        assert len(str(refused)) < 3000
    assert time.process_time() - start < 10
