"""Templates and their variables."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from craton.errors import ValidationException
from craton.prompts import templates


def text(template: str, *variables: str, **more: Any) -> dict[str, Any]:
    inputs = [{"name": name} for name in variables]
    configuration = {"text": {"text": template, "inputVariables": inputs}}
    return {"name": "one", "templateType": "TEXT", "templateConfiguration": configuration} | more


def chat(*messages: str, **more: Any) -> dict[str, Any]:
    roles = ("user", "assistant")
    turns = [{"role": roles[n % 2], "content": [{"text": message}]} for n, message in enumerate(messages)]
    return {"name": "two", "templateType": "CHAT", "templateConfiguration": {"chat": {"messages": turns} | more}}


def filled(template: str, **values: str) -> str:
    (message,) = templates.turn(text(template, *values), values)["messages"]
    found: str = message["content"][0]["text"]
    return found


def test_a_text_template_is_one_user_message() -> None:
    variant = text(
        "A {{adjective}} song about {{theme}}, {{adjective}}!",
        "adjective",
        "theme",
        modelId="some.model",
        inferenceConfiguration={"text": {"temperature": 0.5, "maxTokens": 9}},
        additionalModelRequestFields={"top_k": 3},
    )
    assert templates.model(variant) == "some.model"
    assert templates.turn(variant, {"adjective": "sad", "theme": "rain"}) == {
        "messages": [{"role": "user", "content": [{"text": "A sad song about rain, sad!"}]}],
        "inferenceConfig": {"temperature": 0.5, "maxTokens": 9},
        "additionalModelRequestFields": {"top_k": 3},
    }


def test_a_chat_template_has_messages_system_and_tools() -> None:
    tools = {"tools": [{"toolSpec": {"name": "f", "inputSchema": {"json": {"type": "object"}}}}]}
    point = {"cachePoint": {"type": "default"}}
    system = [{"text": "You are {{who}}."}, point]
    variant = chat("Hello, {{who}}.", "Hi.", "More.", system=system, toolConfiguration=tools)
    assert templates.turn(variant, {"who": "Ada"}) == {
        "messages": [
            {"role": "user", "content": [{"text": "Hello, Ada."}]},
            {"role": "assistant", "content": [{"text": "Hi."}]},
            {"role": "user", "content": [{"text": "More."}]},
        ],
        "system": [{"text": "You are Ada."}, point],
        "toolConfig": tools,
    }


def test_a_cache_point_stands_behind_the_text() -> None:
    variant = text("Long.")
    variant["templateConfiguration"]["text"]["cachePoint"] = {"type": "default"}
    assert templates.turn(variant, {})["messages"][0]["content"] == [
        {"text": "Long."},
        {"cachePoint": {"type": "default"}},
    ]


def test_only_variables_are_filled_in() -> None:
    assert filled("{{a}} {{b}} {a} {{ a }} {{}} {{a}}", a="1") == "1 {{b}} {a} {{ a }} {{}} 1"
    assert filled("{{a}}{{b}}", a="{{b}}", b="{{a}}") == "{{b}}{{a}}"
    assert filled("{{{a}}}", a="1") == "{1}"


@given(values=st.dictionaries(st.sampled_from("abc"), st.text(max_size=9), min_size=3), order=st.permutations("abcabc"))
def test_values_come_out_as_they_went_in(values: dict[str, str], order: list[str]) -> None:
    template = "|".join(f"{{{{{name}}}}}" for name in order)
    assert filled(template, **values) == "|".join(values[name] for name in order)


def test_values_and_variables_must_agree() -> None:
    with pytest.raises(ValidationException, match=r"has no variable 'c'; its variables are \['a', 'b'\]"):
        templates.turn(text("{{a}}", "b"), {"a": "1", "b": "2", "c": "3"})
    with pytest.raises(ValidationException, match=r"variables \['b'\] have no value"):
        templates.turn(text("{{a}} {{b}}", "a", "b"), {"a": "1"})
    assert templates.turn(text("{{a}}"), {})["messages"][0]["content"] == [{"text": "{{a}}"}]


@pytest.mark.parametrize(
    ("variants", "default", "reason"),
    [
        ([text("a")], "two", r"'two' is none of the prompt's variants; name one of \['one'\]"),
        ([], "two", "The prompt has no variant, so 'two' cannot be its defaultVariant"),
        ([text("a") | {"templateType": "CHAT"}], None, "templateType 'CHAT'; give its templateConfiguration as 'chat'"),
        ([chat("a") | {"templateType": "TEXT"}], None, "templateType 'TEXT'; give its templateConfiguration as 'text'"),
        ([text("{{a}}", "a", "a")], None, "declares the variable 'a' twice"),
        ([chat()], None, "The variant 'two' has no message"),
    ],
)
def test_what_no_turn_could_be_made_of(variants: list[dict[str, Any]], default: str | None, reason: str) -> None:
    with pytest.raises(ValidationException, match=reason):
        templates.check(variants, default)


def test_what_is_sound() -> None:
    templates.check([], None)
    templates.check([text("{{a}}", "a"), chat("a")], "two")


def test_a_variant_without_a_model_cannot_be_run() -> None:
    with pytest.raises(ValidationException, match="variant 'one' names no model"):
        templates.model(text("a"))
