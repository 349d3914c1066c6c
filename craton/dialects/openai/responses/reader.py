"""Responses requests -> what they ask: a Converse turn, and what a server is to do beside it. Knows no answer."""

from collections.abc import Sequence
from dataclasses import dataclass

from craton.dialects import document_names
from craton.dialects.body import Json, given, malformed, parse
from craton.dialects.converse import Block, Turn
from craton.dialects.openai.responses import items as kept_items
from craton.dialects.openai.responses.shapes import (
    AllowedTools,
    AnyObjectFormat,
    FunctionTool,
    Message,
    NamedTool,
    Reasoning,
    Request,
    SchemaFormat,
    StreamOptions,
    Text,
)
from craton.dialects.openai.turns import NO_PARAMETERS, read_format, read_metadata, read_tier_and_metadata, serving_tier

# What the API knows and is not done here, with what to do instead.
REFUSED = {
    "access_programs": "there are no access programs here, leave the key out",
    "background_options": "background work is begun as soon as there is room, leave the key out",
    "context_management": "a conversation is not compacted here, leave the key out",
    "conversation": "there are no conversations here, continue with previous_response_id",
    "image": "images are read as they are, leave the key out",
    "moderation": "nothing is moderated here, leave the key out",
    "personality": "models have the one their instructions give them, leave the key out",
    "prompt": "there are no prompt templates here, send instructions and input",
    "prompt_cache_options": "prefixes are cached by themselves, leave the key out",
    "prompt_cache_retention": "prefixes are cached by themselves, leave the key out",
}
# Members that make no sense where tokens are counted.
NOT_COUNTED = ("stream", "stream_options", "store", "background", "include", "max_output_tokens", "top_logprobs")
ITEM_TYPES = (*kept_items.PREFIXES, "item_reference")


@dataclass(frozen=True, slots=True)
class Creation:
    """A whole request. `items` are those it brings itself, some of which may be references to kept ones."""

    model: str
    items: list[Block]
    previous: str | None
    stream: bool
    obfuscate: bool
    store: bool
    background: bool
    truncate: bool
    # The tier that serves it.
    serving_tier: str
    # What the answer repeats of the request.
    echo: Block
    request: Request

    def turn(self, items: Sequence[Block]) -> Block:
        """The turn of a conversation of these items. Raises ValidationException for one that cannot be had."""
        request = self.request
        system, messages = kept_items.messages(items)
        document_names.settle(messages)
        if request.instructions:
            system = [{"text": request.instructions}, *system]
        turn: Block = {"messages": messages}
        turn |= {"system": system} if system else {}
        turn |= given(inferenceConfig=_read_inference(request))
        if request.tools and request.tool_choice != "none":
            turn["toolConfig"] = _read_tools(request.tools, request.tool_choice)
        turn |= given(outputConfig=_read_output(request))
        return turn | given(additionalModelRequestFields=_read_additional(request)) | read_metadata(request)


def read_request(body: Json) -> Turn:
    """The turn of a request that stands for itself. Raises ValidationException that names what is wrong."""
    creation = read_creation({"model": "", **body})
    if creation.previous or creation.background:
        name = "previous_response_id" if creation.previous else "background"
        raise malformed(f"#/{name}: responses are not kept here, leave the key out")
    return creation.turn(creation.items) | read_tier_and_metadata(creation.request)


def read_count(body: Json) -> Creation:
    """A request to count the tokens of what would be read. Raises as `read_request` does."""
    for name in NOT_COUNTED:
        if name in body:
            raise malformed(f"#: extraneous key [{name}] is not permitted; tokens are counted of what is read")
    return read_creation(body)


def read_creation(body: Json) -> Creation:
    """A request as a server of the API takes it. Raises as `read_request` does."""
    request = _parse(body)
    if request.model is None:
        raise malformed("#: required key [model] not found")
    if request.background and request.store is False:
        raise malformed("#/background: background work is kept until it is fetched, leave store out or send true")
    if request.stream_options and not request.stream:
        raise malformed("#/stream_options: there is no stream to have options, send stream: true")
    asked = [Message(role="user", content=request.input)] if isinstance(request.input, str) else request.input or []
    if not asked and not request.previous_response_id:
        raise malformed("#: required key [input] not found")
    tier = serving_tier(request.service_tier)
    return Creation(
        model=request.model,
        items=kept_items.kept(asked),
        previous=request.previous_response_id,
        stream=bool(request.stream),
        obfuscate=bool(request.stream) and (request.stream_options or StreamOptions()).include_obfuscation,
        store=request.store is not False,
        background=bool(request.background),
        truncate=request.truncation == "auto",
        serving_tier=tier,
        echo=_echo(request, body, tier),
        request=request,
    )


def _parse(body: Json) -> Request:
    for name in REFUSED.keys() & body.keys():
        if body[name] is not None:
            raise malformed(f"#/{name}: {REFUSED[name]}")
    body = {name: value for name, value in body.items() if name not in REFUSED}
    if isinstance(body.get("input"), list):
        body["input"] = kept_items.typed(body["input"])
        _refuse_types(body["input"], "input", ITEM_TYPES, "items")
    if isinstance(body.get("tools"), list):
        _refuse_types(body["tools"], "tools", ("function",), "tools")
    if isinstance(choice := body.get("tool_choice"), dict):
        _refuse_types([choice], "tool_choice", ("function", "allowed_tools"), "tool choices")
    return parse(Request, body)


def _refuse_types(values: Sequence[object], where: str, served: Sequence[str], what: str) -> None:
    """Refuse by name what the API has and a server without its own tools has not."""
    for number, value in enumerate(values):
        kind = value.get("type") if isinstance(value, dict) else None
        if isinstance(kind, str) and kind not in served:
            at = where if where == "tool_choice" else f"{where}/{number}"
            raise malformed(f"#/{at}/type: {kind!r} is not served here, the {what} here are {', '.join(served)}")


def _read_inference(request: Request) -> Block:
    return given(maxTokens=request.max_output_tokens, temperature=request.temperature, topP=request.top_p)


def _read_tools(tools: Sequence[FunctionTool], choice: str | NamedTool | AllowedTools | None) -> Block:
    names = {tool.name for tool in tools}
    match choice:
        case AllowedTools(mode=mode, tools=allowed):
            if missing := sorted({tool.name for tool in allowed} - names):
                raise malformed(f"#/tool_choice: {missing[0]!r} is none of the tools")
            return _read_tools([tool for tool in tools if tool.name in {each.name for each in allowed}], mode)
        case NamedTool(name=name):
            if name not in names:
                raise malformed(f"#/tool_choice: {name!r} is none of the tools")
            wanted: Block = {"toolChoice": {"tool": {"name": name}}}
        case "required":
            wanted = {"toolChoice": {"any": {}}}
        case "auto":
            wanted = {"toolChoice": {"auto": {}}}
        case _:
            wanted = {}
    return {"tools": [{"toolSpec": _read_function(tool)} for tool in tools]} | wanted


def _read_function(tool: FunctionTool) -> Block:
    schema = {"json": NO_PARAMETERS if tool.parameters is None else tool.parameters}
    return given(name=tool.name, description=tool.description or None, inputSchema=schema, strict=tool.strict)


def _read_output(request: Request) -> Block:
    effort = request.reasoning.effort if request.reasoning else None
    config: Block = given(effort=effort if effort != "none" else None)
    match request.text:
        case Text(format=AnyObjectFormat()):
            config["textFormat"] = read_format(None)
        case Text(format=SchemaFormat() as asked):
            config["textFormat"] = read_format(asked)
    return config


def _read_additional(request: Request) -> Block:
    wanted = "message.output_text.logprobs" in (request.include or ()) or bool(request.top_logprobs)
    fields = given(parallel_tool_calls=request.parallel_tool_calls)
    fields |= given(logprobs=wanted or None, top_logprobs=request.top_logprobs if wanted else None)
    if request.reasoning and request.reasoning.effort == "none":
        fields["thinking"] = {"type": "disabled"}
    return fields


def _echo(request: Request, body: Json, tier: str) -> Block:
    """What the response object repeats of the request, defaults included."""
    reasoning = request.reasoning or Reasoning()
    text = body.get("text") or {}
    return {
        "background": bool(request.background),
        "instructions": request.instructions,
        "max_output_tokens": request.max_output_tokens,
        "max_tool_calls": request.max_tool_calls,
        "metadata": request.metadata or {},
        "parallel_tool_calls": request.parallel_tool_calls is not False,
        "previous_response_id": request.previous_response_id,
        "prompt_cache_key": request.prompt_cache_key,
        "reasoning": {"effort": reasoning.effort, "summary": reasoning.summary or reasoning.generate_summary},
        "safety_identifier": request.safety_identifier,
        "service_tier": tier,
        "store": request.store is not False,
        "temperature": request.temperature,
        "text": {"format": text.get("format") or {"type": "text"}, "verbosity": "medium"},
        "tool_choice": body.get("tool_choice") or "auto",
        "tools": body.get("tools") or [],
        "top_logprobs": request.top_logprobs or 0,
        "top_p": request.top_p,
        "truncation": request.truncation or "disabled",
        "user": request.user,
    }
