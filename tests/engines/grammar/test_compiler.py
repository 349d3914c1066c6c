import json
import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from craton.engines.grammar import UnsupportedSchema, of_schema
from tests.engines.grammar import gbnf_reader as gbnf
from tests.engines.grammar.schemas import NAMES, REAL, VALUES, schemas


def written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def accepts(schema: Any, *values: Any) -> list[bool]:
    grammar = gbnf.read(of_schema(schema))
    return [grammar.accepts(written(value)) for value in values]


def assert_valid(schema: Any, text: str) -> None:
    validator = Draft202012Validator(schema)
    assert validator.is_valid(json.loads(text)), f"{text} is not valid for {json.dumps(schema)}"


JSON = st.recursive(
    st.sampled_from(VALUES),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(schemas(), st.integers(0, 2**32), st.lists(JSON, max_size=4))
def test_what_a_grammar_accepts_is_valid(schema: dict[str, Any], seed: int, values: list[Any]) -> None:
    try:
        grammar = gbnf.read(of_schema(schema))
    except UnsupportedSchema:
        return
    chance = random.Random(seed)
    for depth in (2, 6, 12):
        assert_valid(schema, grammar.draw(chance, depth))
    for value in values:
        if grammar.accepts(written(value)):
            assert_valid(schema, written(value))


@pytest.mark.parametrize("name", REAL)
def test_texts_drawn_from_real_grammars_are_valid(name: str) -> None:
    grammar = gbnf.read(of_schema(REAL[name]))
    chance = random.Random(name)
    for _ in range(40):
        text = grammar.draw(chance)
        assert_valid(REAL[name], text)
        assert len(text) > 300 or grammar.accepts(text)


def described(value: Any, chance: random.Random) -> dict[str, Any]:
    """A schema that surely accepts the value."""
    if chance.random() < 0.1:
        return chance.choice(
            [{}, {"const": value}, {"enum": [value, "other"]}, {"anyOf": [{"const": value}, {"const": 0}]}]
        )
    match value:
        case bool() | None:
            return {"type": "null" if value is None else "boolean"}
        case int() | float():
            kind = "integer" if isinstance(value, int) and chance.random() < 0.5 else "number"
            below, above = chance.choice([0, 1, 2.5, 1000]), chance.choice([0, 1, 2.5, 1000])
            return {"type": kind, "minimum": value - below, "exclusiveMaximum": value + above + 1}
        case str():
            return {
                "type": "string",
                "minLength": len(value) // 2,
                "maxLength": len(value) + chance.choice([0, 3, 200]),
            }
        case dict():
            members = {key: described(item, chance) for key, item in value.items()}
            required = [key for key in value if chance.random() < 0.6]
            return {"type": "object", "properties": {**members, "zz": {}}, "required": required}
    items = [described(item, chance) for item in value]
    if chance.random() < 0.5:
        return {"type": "array", "prefixItems": items}
    return {"type": "array", "items": {"anyOf": items} if items else False, "maxItems": len(value) + 1}


PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**12), 10**12)
    | st.decimals(-999, 999, places=4).map(float)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text('abc"\\é', max_size=3), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize("bounds", [{"minimum": -999.0, "maximum": -998.5}, {"minimum": -1000.5, "maximum": -999.0}])
def test_a_bound_may_be_written_as_a_float_or_a_whole_number(bounds: dict[str, Any]) -> None:
    for number in ("-999.0", "-999"):
        assert gbnf.read(of_schema({"type": "number", **bounds})).accepts(number)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(PLAIN, st.integers(0, 2**32))
def test_valid_values_in_the_usual_style_are_accepted(value: Any, seed: int) -> None:
    if "e-" in written(value):
        return  # exponents are not written
    schema = described(value, random.Random(seed))
    assert accepts(schema, value) == [True], schema


@pytest.mark.parametrize(
    ("schema", "valid", "invalid"),
    [
        (True, [1, {"a": [None]}], []),
        ({"type": ["integer", "null"]}, [0, -12, None], [1.5, "1", True]),
        ({"type": "number"}, [0, 1.5, -0.25, 10**14], [10**15, 1e30]),
        ({"enum": ["a", 1, [1]], "type": "string"}, ["a"], [1, [1]]),
        ({"const": {"a": 1}, "properties": {"a": {"maximum": 1}}}, [{"a": 1}], [{"a": 2}]),
        ({"minLength": 2, "maxLength": 3}, ["é€", "😀😀😀"], ["a", "aaaa", 1]),
        ({"type": "string", "maxLength": 200}, ["x" * 200, ""], ["x" * 201]),
        ({"type": "string", "minLength": 130, "maxLength": 131}, ["x" * 130, "x" * 131], ["x" * 129, "x" * 132]),
        ({"type": "string", "pattern": "^[a-z]+$", "maxLength": 80}, ["x" * 80, "x"], ["x" * 81, ""]),
        ({"pattern": "[0-9]", "maxLength": 3}, ["a1", "111"], ["aaa", "1111"]),
        ({"pattern": "^a", "allOf": [{"pattern": "b$"}]}, ["ab", "axb"], ["a", "b"]),
        ({"items": {"type": "integer"}}, [[], [1, 2]], [["a"], {}]),
        ({"prefixItems": [{"const": 1}], "items": {"const": 2}, "minItems": 1}, [[1], [1, 2, 2]], [[], [2]]),
        ({"items": {"type": "null"}, "minItems": 2, "maxItems": 3}, [[None] * 2, [None] * 3], [[None], [None] * 4]),
        ({"items": {"const": 0}, "maxItems": 150}, [[0] * 150, []], [[0] * 151]),
        ({"items": {"enum": [1, 2, 3]}, "uniqueItems": True}, [[], [1, 3]], [[1, 1]]),
        ({"type": "array", "uniqueItems": True, "maxItems": 1}, [[], ["x"]], [[1, 2]]),
        ({"type": "array", "maxItems": 0}, [[]], [[1]]),
        ({"type": "object", "properties": {"a": {}, "b": {}}}, [{}, {"a": 1, "b": 2}, {"b": 1}], [{"c": 1}]),
        ({"required": ["a"]}, [{"a": 1}], [{}, [], "a"]),
        ({"required": ["b"], "properties": {"a": {}}, "additionalProperties": {"const": 1}}, [{"b": 1}], [{"b": 2}]),
        ({"properties": {"a": {}, "b": {}, "c": {}}, "minProperties": 2}, [{"a": 1, "c": 1}], [{"a": 1}, {}]),
        ({"properties": {"a": {}, "b": {}, "c": {}}, "maxProperties": 1}, [{"c": 1}, {}], [{"a": 1, "c": 1}]),
        ({"properties": {"ab": {}}, "additionalProperties": {"type": "null"}}, [{"a": None, "abc": None}], [{"a": 1}]),
        ({"properties": {"ab": False}, "additionalProperties": {}}, [{}], [{"ab": 1}]),
        ({"patternProperties": {"^x": {"const": 1}}, "additionalProperties": False}, [{"x": 1}], [{"x": 2}, {"y": 1}]),
        ({"patternProperties": {"^x": {"const": 1}}, "properties": {"xy": {"enum": [1, 2]}}}, [{"xy": 1}], [{"xy": 2}]),
        ({"propertyNames": {"maxLength": 1}, "additionalProperties": {"const": 1}}, [{"a": 1}], [{"ab": 1}]),
        ({"properties": {"a": {}, "b": {}}, "dependentRequired": {"a": ["b"]}}, [{"b": 1}, {}], [{"a": 1}]),
        ({"properties": {"a": {}}, "dependentSchemas": {"a": {"maxProperties": 0}}}, [{}], [{"a": 1}]),
        ({"anyOf": [{"required": ["a"]}, {"required": ["b"]}], "properties": {"a": {}, "b": {}}}, [{"b": 1}], [{}]),
        ({"allOf": [{"minimum": 2}, {"maximum": 4}], "type": "integer"}, [2, 4], [1, 5]),
        ({"oneOf": [{"type": "integer"}, {"type": "string"}]}, [1, "a"], [None]),
        ({"oneOf": [{"const": 1}, {"const": 2}]}, [1, 2], [3]),
        ({"$ref": "#/$defs/a", "maximum": 5, "$defs": {"a": {"type": "integer", "minimum": 4}}}, [4, 5], [3, 6]),
        ({"$ref": "#here", "definitions": {"a": {"$anchor": "here", "type": "null"}}}, [None], [1]),
        ({"$ref": "#/$defs/a~1b%25", "$defs": {"a/b%": {"const": 1}}}, [1], [2]),
        ({"$id": "https://x.y/z", "$ref": "https://x.y/z#/$defs/a", "$defs": {"a": {"const": 1}}}, [1], [2]),
        ({"anyOf": [{"const": 0}, {"type": "array", "items": {"$ref": "#"}}]}, [0, [0, [[]]]], [1, [1]]),
        ({"type": "array", "items": [], "maxItems": 1} | {"items": True}, [[1], []], [[1, 2]]),
        ({"properties": {"a": {}}, "unevaluatedProperties": False}, [{"a": 1}], [{"b": 1}]),
        ({"prefixItems": [{}], "unevaluatedItems": False}, [[1]], [[1, 2]]),
        ({"type": "integer", "multipleOf": 5}, [0, 5, -15, 10], [4, 51]),
        ({"type": "integer", "multipleOf": 7, "minimum": -10, "maximum": 15}, [-7, 0, 7, 14], [1, 21]),
        ({"type": "number", "multipleOf": 0.5}, [2, 0], [0.3]),
        ({"title": "T", "default": 1, "format": "unknown", "x-own": {}, "$comment": "c", "type": "null"}, [None], [1]),
    ],
    ids=lambda case: json.dumps(case)[:80] if isinstance(case, dict | bool) else "",
)
def test_accepts_what_is_valid(schema: Any, valid: list[Any], invalid: list[Any]) -> None:
    assert accepts(schema, *valid) == [True] * len(valid)
    assert accepts(schema, *invalid) == [False] * len(invalid)
    for value in valid:
        assert_valid(schema, written(value))


def test_strings_hold_no_raw_control_characters_and_no_half_surrogates() -> None:
    grammar = gbnf.read(of_schema({"type": "string"}))
    assert not any(map(grammar.accepts, ['"\n"', '"\x00"', '"a', '"\\ud800"', '"\\x"', '"\\"', '"""']))
    assert all(map(grammar.accepts, [r'"\n\"\\\/"', r'"ä\u00e4"', r'"😀\ud83d\ude00"']))


def test_whitespace_is_that_of_the_usual_style() -> None:
    grammar = gbnf.read(of_schema({"type": "array", "items": {"type": "object"}}))
    assert grammar.accepts('[{"a": 1, "b": []}, {}]')
    assert not any(map(grammar.accepts, ["[ ]", "[{},{}]", '[{"a":1}]', "[]\n"]))


def test_names_that_are_escaped_in_json_are_names() -> None:
    schema = {"properties": {'q"\\\n': {"const": 1}}, "additionalProperties": {"const": 2}}
    assert accepts(schema, {'q"\\\n': 1}, {'q"\\\n': 2}, {'q"\\': 2}) == [True, False, True]


def test_a_oneof_whose_branches_overlap_only_beyond_their_own_type() -> None:
    branches = [{"properties": {"k": {"const": n}}, "required": ["k"]} for n in (1, 2)]
    schema = {"type": ["object", "string"], "oneOf": branches}
    with pytest.raises(UnsupportedSchema, match="oneOf"):
        of_schema(schema)
    # Within one more schema the branches are for objects only, as a string would satisfy both.
    assert accepts({"allOf": [{"oneOf": branches}], "type": ["object", "string"]}, {"k": 1}, "a") == [True, False]


def test_formats_do_not_prove_that_branches_differ() -> None:
    uuid = {"type": "string", "format": "uuid"}
    with pytest.raises(UnsupportedSchema, match="oneOf"):
        of_schema({"oneOf": [uuid, {"type": "string", "maxLength": 9}]})


def test_names_that_may_repeat_do_not_count_as_several() -> None:
    with pytest.raises(UnsupportedSchema, match="minProperties"):
        of_schema({"type": "object", "minProperties": 2})
    assert accepts({"type": "object", "minProperties": 1}, {}, {"a": 1}) == [False, True]
