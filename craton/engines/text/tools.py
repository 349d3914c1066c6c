"""The tools that a turn declares, and whether its calls and results fit together. Messages of errors are the service's.

Knows no model and no syntax.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from craton.engines.base import Turn
from craton.engines.text import schemas
from craton.errors import ValidationException

Choice = Literal["auto", "any", "tool"]


@dataclass(frozen=True, slots=True)
class Tool:
    """`schema` is that of its input, as JSON text."""

    name: str
    told: Mapping[str, Any]
    schema: str


@dataclass(frozen=True, slots=True)
class Tools:
    """`callable` are the tools that may be called now; where the choice is `tool`, that one. `marked`: whether a
    cachePoint stands among them.
    """

    declared: Mapping[str, Tool]
    callable: Mapping[str, Tool]
    choice: Choice
    marked: bool


def read(config: Mapping[str, Any], model: str) -> Tools:
    """Raises ValidationException for what is no tool of the caller's, and for a schema that no grammar can hold."""
    tools: dict[str, Tool] = {}
    marked = False
    for index, entry in enumerate(config["tools"]):
        ((kind, spec),) = entry.items()
        if kind == "cachePoint":
            marked = True
        elif kind == "toolSpec":
            if spec["name"] in tools:
                raise ValidationException(
                    f"The tool {spec['name']!r} is declared twice: give each of toolConfig.tools a name of its own."
                )
            tools[spec["name"]] = _tool(spec, index)
        else:
            raise ValidationException(
                f"The model {model!r} has no tools of its own: send the request without the {kind!r} "
                f"at toolConfig.tools.{index}."
            )
    if not tools:
        raise ValidationException("toolConfig.tools declares no tool: give it at least one toolSpec.")
    ((choice, chosen),) = (config.get("toolChoice") or {"auto": {}}).items()
    if choice != "tool":
        return Tools(tools, tools, choice, marked)
    if chosen["name"] not in tools:
        raise ValidationException(
            f"The tool {chosen['name']!r} in toolConfig.toolChoice is not declared: name one of {list(tools)}."
        )
    return Tools(tools, {chosen["name"]: tools[chosen["name"]]}, choice, marked)


def _tool(spec: Mapping[str, Any], index: int) -> Tool:
    place = f"toolConfig.tools.{index}.toolSpec.inputSchema.json"
    schema = spec["inputSchema"].get("json")
    if not isinstance(schema, Mapping):
        raise ValidationException(
            f"The format of the value at {place} is invalid. Provide a json object for the field and try again."
        )
    schema = {"type": "object", **schema}
    if schema["type"] != "object":
        raise ValidationException(f"The value at {place}.type must be one of the following: object.")
    description = {"description": spec["description"]} if "description" in spec else {}
    told = {"name": spec["name"], **description, "parameters": schema}
    place = f"The inputSchema of the tool {spec['name']!r} cannot be kept"
    return Tool(spec["name"], told, schemas.checked(schema, place))


def check_history(turn: Turn) -> None:
    """Raises ValidationException where the results in a conversation do not answer its calls."""
    open_calls: list[str] = []
    for index, message in enumerate(turn["messages"]):
        uses = _all(message, "toolUse")
        results = _all(message, "toolResult")
        if (uses or results) and not turn.get("toolConfig"):
            raise ValidationException(
                "The toolConfig field must be defined when using toolUse and toolResult content blocks."
            )
        place = f"messages.{index}.content"
        if len(results) > len(open_calls):
            raise ValidationException(
                f"The number of toolResult blocks at {place} exceeds the number of toolUse blocks of previous turn."
            )
        answered = [result["toolUseId"] for result in results]
        _check_answered(open_calls, answered, place)
        if strange := [call for call in answered if call not in open_calls]:
            raise ValidationException(
                f"The toolResult at {place} with the Id {strange[0]!r} answers no toolUse of the previous turn."
            )
        for number, result in enumerate(results):
            if result.get("status") == "error" and not result["content"]:
                raise ValidationException(
                    f"The content field at {place}.{number}.toolResult cannot be empty when status value is error."
                )
        open_calls = [use["toolUseId"] for use in uses]
    _check_answered(open_calls, [], f"messages.{len(turn['messages'])}.content")


def _check_answered(calls: Sequence[str], answered: Sequence[str], place: str) -> None:
    if missing := [call for call in calls if call not in answered]:
        raise ValidationException(f"Expected toolResult blocks at {place} for the following Ids: {', '.join(missing)}")


def _all(message: Mapping[str, Any], kind: str) -> list[Mapping[str, Any]]:
    return [block[kind] for block in message["content"] if kind in block]
