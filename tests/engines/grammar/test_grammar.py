import pytest

from craton.engines.grammar import Grammar, UnsupportedSchema
from tests.engines.grammar import gbnf_reader as gbnf


def test_schemas_within_fixed_text() -> None:
    grammar = Grammar()
    calls = [
        grammar.sequence(
            grammar.literal(f'<call>{{"name": "{name}", "arguments": '),
            grammar.add_schema(schema),
            grammar.literal("}</call>"),
        )
        for name, schema in {
            "add": {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]},
            "stop": {"type": "object", "maxProperties": 0},
        }.items()
    ]
    some = grammar.repeated(grammar.sequence(grammar.alternatives(*calls), grammar.literal("\n")), 1, 2)
    read = gbnf.read(grammar.text(root=some))
    add, stop = (
        '<call>{"name": "add", "arguments": {"n": 1}}</call>\n',
        '<call>{"name": "stop", "arguments": {}}</call>\n',
    )
    assert all(map(read.accepts, [add, stop, add + stop]))
    assert not any(map(read.accepts, ["", add * 3, add.replace("1", '"1"'), add.replace("add", "other")]))


def test_schemas_do_not_mix_up_their_definitions() -> None:
    grammar = Grammar()
    names = [grammar.add_schema({"$ref": "#/$defs/a", "$defs": {"a": {"items": {"const": n}}}}) for n in (1, 2)]
    read = gbnf.read(grammar.text(root=grammar.sequence(*names)))
    assert read.accepts("[1, 1][2]") and not read.accepts("[2][1]")


def test_too_many_schemas_are_refused() -> None:
    grammar = Grammar()
    with pytest.raises(UnsupportedSchema, match="smaller"):
        for number in range(100):
            grammar.add_schema({"enum": [f"{number} {n}" for n in range(3000)]})
