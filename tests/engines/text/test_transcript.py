"""Calls and results as the messages that templates of each kind would make of them."""

from typing import Any

import pytest

from craton.engines.text import tools, transcript
from craton.engines.text.syntax import SYNTAXES, of_template
from craton.engines.text.transcript import Transcript
from craton.errors import ValidationException
from tests.engines.text.models import ADD, SPEC, TOOLS
from tests.engines.turns import turn


def write(asked: dict[str, Any], syntax: str = "hermes", told: list[str] | None = None) -> Transcript:
    declared = tools.read(asked["toolConfig"], SPEC.id) if "toolConfig" in asked else None
    return transcript.of_turn(asked, SPEC, SYNTAXES[syntax], declared, told or [])


def called(*results: dict[str, Any], text: str = "", after: str = "") -> dict[str, Any]:
    asked = turn("What is 1 + 2?", toolConfig={"tools": [ADD]})
    content: list[dict[str, Any]] = [{"text": text}] if text else []
    content.append({"toolUse": {"toolUseId": "a", "name": "add", "input": {"a": 1, "b": 2}}})
    answer = [{"toolResult": {"toolUseId": "a", **result}} for result in results]
    asked["messages"] += [
        {"role": "assistant", "content": content},
        {"role": "user", "content": [*answer, *([{"text": after}] if after else [])]},
    ]
    return asked


THREE = {"content": [{"text": "3"}]}


def test_hermes_writes_as_the_template_of_qwen_does() -> None:
    messages = write(called(THREE, text="Let me see.") | {"system": [{"text": "Be kind."}]}).messages
    assert messages[0]["content"] == (
        "Be kind.\n\n# Tools\n\nYou may call one or more functions to assist with the user query.\n\n"
        "You are provided with function signatures within <tools></tools> XML tags:\n<tools>\n"
        '{"type": "function", "function": {"name": "add", "description": "To add.", "parameters": {"type": "object", '
        '"properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}, "required": ["a", "b"], '
        '"additionalProperties": false}}}\n</tools>\n\n'
        "For each function call, return a json object with function name and arguments within "
        "<tool_call></tool_call> XML tags:\n"
        '<tool_call>\n{"name": <function-name>, "arguments": <args-json-object>}\n</tool_call>'
    )
    assert [message["content"] for message in messages[2:]] == [
        'Let me see.\n<tool_call>\n{"name": "add", "arguments": {"a": 1, "b": 2}}\n</tool_call>',
        "<tool_response>\n3\n</tool_response>",
    ]


def test_llama_has_a_role_for_results() -> None:
    messages = write(called(THREE, after="And now?"), "llama3").messages
    assert [(message["role"], message["content"]) for message in messages[2:]] == [
        ("assistant", '{"name": "add", "parameters": {"a": 1, "b": 2}}'),
        ("ipython", "3"),
        ("user", "And now?"),
    ]


def test_mistral_writes_calls_in_a_list() -> None:
    messages = write(called(THREE), "mistral").messages
    assert messages[0]["content"].startswith('[AVAILABLE_TOOLS] [{"type": "function"')
    assert [message["content"] for message in messages[2:]] == [
        '[TOOL_CALLS] [{"name": "add", "arguments": {"a": 1, "b": 2}}]',
        '[TOOL_RESULTS] {"name": "add", "content": "3"}[/TOOL_RESULTS]',
    ]


@pytest.mark.parametrize(
    ("result", "text"),
    [
        ({"content": [{"json": {"sum": 3, "ü": None}}]}, '{"sum": 3, "ü": null}'),
        ({"content": [{"text": "a"}, {"json": [1]}]}, "a\n[1]"),
        ({"content": [{"text": "overflow"}], "status": "error"}, "Error: overflow"),
        ({"content": []}, ""),
        ({"content": [{"document": {"name": "d", "format": "txt", "source": {"bytes": b"caf\xc3\xa9"}}}]}, "café"),
        ({"content": [{"document": {"name": "d", "source": {"text": "plain"}}}]}, "plain"),
        ({"content": [{"document": {"name": "d", "source": {"content": [{"text": "x"}, {"text": "y"}]}}}]}, "x\ny"),
    ],
)
def test_results_of_every_kind_become_text(result: dict[str, Any], text: str) -> None:
    assert write(called(result)).messages[-1]["content"] == f"<tool_response>\n{text}\n</tool_response>"


@pytest.mark.parametrize(
    ("block", "named"),
    [
        ({"image": {"format": "png", "source": {"bytes": b""}}}, "'image' content in a toolResult"),
        ({"document": {"name": "d", "format": "pdf", "source": {"bytes": b"%PDF"}}}, "format 'pdf'"),
        ({"document": {"name": "d", "format": "txt", "source": {"s3Location": {"uri": "s3://x"}}}}, "s3Location"),
    ],
)
def test_results_that_are_no_text_are_refused_by_name(block: dict[str, Any], named: str) -> None:
    with pytest.raises(ValidationException, match=named):
        write(called({"content": [block]}))


def test_several_results_and_words_share_a_message() -> None:
    asked = called(THREE, after="Thanks")
    asked["messages"][1]["content"].append({"toolUse": {"toolUseId": "b", "name": "add", "input": {}}})
    asked["messages"][2]["content"].insert(1, {"toolResult": {"toolUseId": "b", "content": [{"text": "4"}]}})
    assert write(asked).messages[-1]["content"] == (
        "<tool_response>\n3\n</tool_response>\n<tool_response>\n4\n</tool_response>\nThanks"
    )


def test_earlier_thoughts_are_dropped() -> None:
    asked = turn("Hi")
    thought = {"reasoningContent": {"reasoningText": {"text": "Hm"}}}
    asked["messages"] += [
        {"role": "assistant", "content": [thought, {"text": "Hello"}]},
        {"role": "user", "content": [{"text": "Bye"}]},
    ]
    assert [message["content"] for message in write(asked).messages] == ["Hi", "Hello", "Bye"]


def test_the_last_cache_point_marks_what_came_before_it() -> None:
    point = {"cachePoint": {"type": "default"}}
    assert write(turn("Hi")).marked is None
    assert write(turn("Hi", system=[{"text": "Long."}, point, {"text": "Short."}])).marked == ["Long."]
    marked = write(turn("Hi", toolConfig={"tools": [*TOOLS["tools"], point]}, system=[{"text": "Long."}, point])).marked
    assert marked and marked[0].startswith("Long.\n\n# Tools")
    asked = called(THREE)
    asked["messages"][2]["content"].append(point)
    marked = write(asked).marked
    assert marked and marked[-1] == "<tool_response>\n3\n</tool_response>" and len(marked) == 4


@pytest.mark.parametrize(
    ("template", "syntax"),
    [
        ("{%- if tools %} <tool_call></tool_call>", "hermes"),
        ("[AVAILABLE_TOOLS] [TOOL_CALLS]", "mistral"),
        ("<|python_tag|>", "llama3"),
        ("<|im_start|>", "hermes"),
        ("", "hermes"),
    ],
)
def test_the_syntax_is_seen_from_the_template(template: str, syntax: str) -> None:
    assert of_template(template) is SYNTAXES[syntax]
