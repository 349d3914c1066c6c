"""The languages in which models speak of tools: how tools are told, how calls and results are written.

We write them into plain messages ourselves, so any chat template works. Which language a model speaks is seen from its
template: it holds the marks it was trained with. Knows no model and no Converse.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Call = tuple[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How one call is written: `opening` name `named` `key` arguments `closing`.

    `tail` is a regular expression of what a model may add when the calls are over, and `joint` one of what it writes
    between two calls where `closing` leaves their list open.
    """

    opening: str = ""
    named: str = ""
    key: str = ""
    closing: str = ""
    tail: str = ""
    joint: str = ""


@dataclass(frozen=True, slots=True)
class Syntax:
    """`tell` says in the system prompt which tools there are; `calls` and `results` write what happened before.

    Results stand in a message of the role `result_role`.
    """

    form: Form
    tell: Callable[[Sequence[Mapping[str, Any]]], str]
    calls: Callable[[Sequence[Call]], str]
    results: Callable[[Sequence[tuple[str, str]]], str]
    result_role: str = "user"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _function(tool: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"type": "function", "function": tool}


def _hermes_tools(tools: Sequence[Mapping[str, Any]]) -> str:
    """Word for word as the templates of Qwen and Hermes."""
    told = "".join(f"\n{_json(_function(tool))}" for tool in tools)
    return (
        "# Tools\n\nYou may call one or more functions to assist with the user query.\n\n"
        "You are provided with function signatures within <tools></tools> XML tags:\n"
        f"<tools>{told}\n</tools>\n\n"
        "For each function call, return a json object with function name and arguments within "
        "<tool_call></tool_call> XML tags:\n"
        '<tool_call>\n{"name": <function-name>, "arguments": <args-json-object>}\n</tool_call>'
    )


def _hermes_calls(calls: Sequence[Call]) -> str:
    written = (_json({"name": name, "arguments": arguments}) for name, arguments in calls)
    return "\n".join(f"<tool_call>\n{call}\n</tool_call>" for call in written)


def _hermes_results(results: Sequence[tuple[str, str]]) -> str:
    return "\n".join(f"<tool_response>\n{text}\n</tool_response>" for _, text in results)


def _llama_tools(tools: Sequence[Mapping[str, Any]]) -> str:
    """Word for word as the template of Llama 3."""
    told = "\n\n".join(json.dumps(_function(tool), ensure_ascii=False, indent=4) for tool in tools)
    return (
        "You have access to the following functions. To call a function, please respond with JSON for a function "
        'call. Respond in the format {"name": function name, "parameters": dictionary of argument name and its value}. '
        f"Do not use variables.\n\n{told}"
    )


def _llama_calls(calls: Sequence[Call]) -> str:
    return "; ".join(_json({"name": name, "parameters": arguments}) for name, arguments in calls)


def _llama_results(results: Sequence[tuple[str, str]]) -> str:
    return "\n".join(text for _, text in results)


def _mistral_tools(tools: Sequence[Mapping[str, Any]]) -> str:
    return f"[AVAILABLE_TOOLS] {_json([_function(tool) for tool in tools])}[/AVAILABLE_TOOLS]"


def _mistral_calls(calls: Sequence[Call]) -> str:
    return "[TOOL_CALLS] " + _json([{"name": name, "arguments": arguments} for name, arguments in calls])


def _mistral_results(results: Sequence[tuple[str, str]]) -> str:
    return "".join(f"[TOOL_RESULTS] {_json({'name': name, 'content': text})}[/TOOL_RESULTS]" for name, text in results)


_HERMES = Form(opening='<tool_call>\n{"name": "', named='"', key=', "arguments":', closing="}\n</tool_call>")
_LLAMA = Form(opening='{"name": "', named='"', key=', "parameters":', closing="}", joint=";")
_MISTRAL = Form(opening='[TOOL_CALLS] [{"name": "', named='"', key=', "arguments":', closing="}", tail=r"\]", joint=",")

SYNTAXES: Mapping[str, Syntax] = {
    "hermes": Syntax(_HERMES, _hermes_tools, _hermes_calls, _hermes_results),
    "llama3": Syntax(_LLAMA, _llama_tools, _llama_calls, _llama_results, "ipython"),
    "mistral": Syntax(_MISTRAL, _mistral_tools, _mistral_calls, _mistral_results),
}

# The first mark that a template holds names its syntax. Others are told of tools as Hermes is, the most usual form.
_MARKS = (("<tool_call>", "hermes"), ("[TOOL_CALLS]", "mistral"), ("<|python_tag|>", "llama3"), ("ipython", "llama3"))


def of_template(template: str) -> Syntax:
    return SYNTAXES[next((name for mark, name in _MARKS if mark in template), "hermes")]
