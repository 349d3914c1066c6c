"""Which tools and results a turn may have, in the words of the real service."""

from typing import Any

import pytest

from craton.engines.text import tools
from craton.errors import ValidationException
from tests.engines.text.models import ADD, FIND, TOOLS


def use(id: str) -> dict[str, Any]:
    return {"toolUse": {"toolUseId": id, "name": "add", "input": {}}}


def result(id: str, **members: Any) -> dict[str, Any]:
    return {"toolResult": {"toolUseId": id, "content": [{"text": "3"}], **members}}


def history(uses: list[Any], results: list[Any], **members: Any) -> dict[str, Any]:
    contents: list[Any] = [[{"text": "Hi"}], uses, results]
    roles = ("user", "assistant", "user")
    messages = [{"role": role, "content": content} for role, content in zip(roles, contents, strict=True) if content]
    return {"messages": messages, "toolConfig": TOOLS} | members


def test_the_tools_and_the_choice_among_them() -> None:
    read = tools.read(TOOLS, "m")
    assert list(read.declared) == list(read.callable) == ["add", "find"] and read.choice == "auto"
    read = tools.read({**TOOLS, "toolChoice": {"tool": {"name": "find"}}}, "m")
    assert list(read.declared) == ["add", "find"] and list(read.callable) == ["find"]
    assert not read.marked
    assert tools.read({"tools": [ADD, {"cachePoint": {"type": "default"}}]}, "m").marked


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"tools": [ADD, ADD]}, "'add' is declared twice"),
        ({"tools": [{"cachePoint": {"type": "default"}}]}, "declares no tool"),
        ({"tools": [{"systemTool": {"name": "nova_grounding"}}]}, "'systemTool' at toolConfig.tools.0"),
        ({**TOOLS, "toolChoice": {"tool": {"name": "sum"}}}, r"'sum'.*\['add', 'find'\]"),
        (
            {"tools": [FIND, {"toolSpec": {"name": "x", "inputSchema": {"json": {"type": "string"}}}}]},
            "toolConfig.tools.1.toolSpec.inputSchema.json.type must be one of the following: object",
        ),
        ({"tools": [{"toolSpec": {"name": "x", "inputSchema": {"json": []}}}]}, "Provide a json object"),
    ],
)
def test_what_is_no_tool_is_refused(config: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationException, match=message):
        tools.read(config, "m")


def test_a_schema_without_a_type_is_one_of_an_object() -> None:
    read = tools.read({"tools": [{"toolSpec": {"name": "now", "inputSchema": {"json": {}}}}]}, "m")
    assert read.declared["now"].told["parameters"] == {"type": "object"}


@pytest.mark.parametrize(
    ("turn", "message"),
    [
        (history([use("a")], [result("a")], toolConfig=None), "toolConfig field must be defined"),
        (history([use("a")], [result("a"), result("b")]), "messages.2.content exceeds the number of toolUse"),
        (history([{"text": "x"}], [result("a")]), "messages.2.content exceeds the number of toolUse"),
        (history([use("a"), use("b")], [result("a")]), "Expected toolResult blocks at messages.2.content .*: b"),
        (history([use("a")], [{"text": "x"}]), "Expected toolResult blocks at messages.2.content .*: a"),
        (history([use("a")], []), "Expected toolResult blocks at messages.2.content .*: a"),
        (history([use("a"), use("a")], [result("a"), result("b")]), "'b' answers no toolUse"),
        (history([use("a")], [result("a", status="error", content=[])]), "cannot be empty when status value is error"),
    ],
)
def test_calls_and_results_must_fit_together(turn: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationException, match=message):
        tools.check_history(turn)


def test_calls_and_results_that_fit_are_fine() -> None:
    tools.check_history(history([{"text": "x"}, use("a"), use("b")], [result("b"), {"text": "so"}, result("a")]))
