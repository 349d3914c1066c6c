"""Chat completions requests -> Converse turns. Knows no answer."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from craton.dialects import document_names, media
from craton.dialects.body import given, malformed, parse
from craton.dialects.converse import Block, Turn, tool_input
from craton.dialects.openai.chat.shapes import (
    AllowedChoice,
    AnyObjectFormat,
    AssistantMessage,
    AudioPart,
    DeveloperMessage,
    FilePart,
    Function,
    ImagePart,
    Message,
    NamedChoice,
    Request,
    SchemaFormat,
    StreamOptions,
    SystemMessage,
    TextPart,
    Tool,
    ToolMessage,
    UserMessage,
)
from craton.dialects.openai.turns import (
    NO_PARAMETERS,
    read_format,
    read_metadata,
    read_tier_and_metadata,
    results_of,
    serving_tier,
)

# Parameters without a Converse member; they keep their names in additionalModelRequestFields.
ADDITIONAL = (
    "frequency_penalty",
    "logit_bias",
    "min_p",
    "parallel_tool_calls",
    "presence_penalty",
    "repetition_penalty",
    "seed",
    "top_k",
    "top_logprobs",
)
# What the API knows and is not done here, with what to do instead.
REFUSED = {
    "audio": "answers are text, leave the key out",
    "function_call": "this is the older form of a tool choice, send tool_choice",
    "functions": "this is the older form of tools, send tools",
    "moderation": "nothing is moderated here, leave the key out",
    "prediction": "predicted outputs are not made use of, leave the key out",
    "prompt_cache_options": "prefixes are cached by themselves, leave the key out",
    "prompt_cache_retention": "prefixes are cached by themselves, leave the key out",
    "web_search_options": "nothing is searched on the web, leave the key out",
}


@dataclass(frozen=True, slots=True)
class Completion:
    """A whole request: the turn, and what is asked beside it. `tier` is None where the request names none."""

    model: str
    turn: Turn
    n: int
    stream: bool
    include_usage: bool
    obfuscate: bool
    tier: str | None
    # The tier that serves it.
    serving_tier: str


def read_request(body: Mapping[str, Any]) -> Turn:
    """The turn of a chat completions request for one answer. Raises ValidationException that names what is wrong.

    `tool_choice: "none"` leaves the tools out, for Converse cannot offer a tool and forbid it.
    """
    request = _parse(body)
    if request.n not in (None, 1):
        raise malformed(f"#/n: {request.n} answers are not made here, send 1 or leave the key out")
    return _read_turn(request) | read_tier_and_metadata(request)


def read_completion(body: Mapping[str, Any]) -> Completion:
    """A chat completions request as a server of the API takes it. Raises as `read_request` does."""
    request = _parse(body)
    if not request.model:
        raise malformed("#: required key [model] not found")
    options = request.stream_options or StreamOptions()
    if request.stream_options and not request.stream:
        raise malformed("#/stream_options: there is no stream to have options, send stream: true")
    return Completion(
        model=request.model,
        turn=_read_turn(request) | read_metadata(request),
        n=request.n or 1,
        stream=bool(request.stream),
        include_usage=options.include_usage,
        obfuscate=options.include_obfuscation,
        tier=request.service_tier,
        serving_tier=serving_tier(request.service_tier),
    )


def _parse(body: Mapping[str, Any]) -> Request:
    for name in REFUSED.keys() & body.keys():
        if body[name] is not None:
            raise malformed(f"#/{name}: {REFUSED[name]}")
    if body.get("store"):
        raise malformed("#/store: answers are not kept here, send false or leave the key out")
    request = parse(Request, {name: value for name, value in body.items() if name not in REFUSED})
    if request.max_tokens is not None and request.max_completion_tokens is not None:
        raise malformed("#: max_tokens and max_completion_tokens exclude each other, send max_completion_tokens alone")
    if request.top_logprobs is not None and not request.logprobs:
        raise malformed("#/top_logprobs: they come with logprobs, send logprobs: true")
    return request


def _read_turn(request: Request) -> dict[str, Any]:
    system, messages = _read_messages(request.messages)
    document_names.settle(messages)
    turn: dict[str, Any] = {"messages": messages}
    turn |= {"system": system} if system else {}
    turn |= given(inferenceConfig=_read_inference(request))
    if request.tools and request.tool_choice != "none":
        turn["toolConfig"] = _read_tools(request.tools, request.tool_choice)
    turn |= given(outputConfig=_read_output(request))
    return turn | given(additionalModelRequestFields=_read_additional(request))


def _read_additional(request: Request) -> Block:
    fields = given(**{name: getattr(request, name) for name in ADDITIONAL}, logprobs=request.logprobs or None)
    if request.reasoning_effort == "none":
        fields["thinking"] = {"type": "disabled"}
    return fields


def _read_inference(request: Request) -> Block:
    limit = request.max_completion_tokens if request.max_completion_tokens is not None else request.max_tokens
    stop = [request.stop] if isinstance(request.stop, str) else request.stop
    return given(maxTokens=limit, temperature=request.temperature, topP=request.top_p, stopSequences=stop or None)


def _read_output(request: Request) -> Block:
    config: Block = given(effort=request.reasoning_effort if request.reasoning_effort != "none" else None)
    match request.response_format:
        case AnyObjectFormat():
            config["textFormat"] = read_format(None)
        case SchemaFormat(json_schema=asked):
            config["textFormat"] = read_format(asked)
    return config


def _read_tools(tools: list[Tool], choice: str | NamedChoice | AllowedChoice | None) -> Block:
    if isinstance(choice, AllowedChoice):
        allowed = {tool.function.name for tool in choice.allowed_tools.tools}
        return _read_tools([tool for tool in tools if tool.function.name in allowed], choice.allowed_tools.mode)
    config: Block = {"tools": [{"toolSpec": _read_function(tool.function)} for tool in tools]}
    match choice:
        case "auto":
            config["toolChoice"] = {"auto": {}}
        case "required":
            config["toolChoice"] = {"any": {}}
        case NamedChoice(function=function):
            config["toolChoice"] = {"tool": {"name": function.name}}
    return config


def _read_function(function: Function) -> Block:
    schema = {"json": NO_PARAMETERS if function.parameters is None else function.parameters}
    return given(
        name=function.name, description=function.description or None, inputSchema=schema, strict=function.strict
    )


def _read_messages(messages: list[Message]) -> tuple[list[Block], list[Block]]:
    """The `system` blocks and messages of a turn.

    Leading system and developer messages become `system`, later ones messages of the role system. A run of tool
    messages and the user message after it become one message.
    """
    system: list[Block] = []
    turns: list[Block] = []
    for index, message in enumerate(messages):
        where = f"#/messages/{index}/content"
        match message:
            case SystemMessage(content=content) | DeveloperMessage(content=content):
                texts = [{"text": text} for text in _texts(content)]
                if turns:
                    turns.append({"role": "system", "content": texts})
                else:
                    system += texts
            case ToolMessage():
                result = {
                    "toolUseId": message.tool_call_id,
                    "content": [{"text": text} for text in _texts(message.content)],
                }
                results_of(turns).append({"toolResult": result})
            case UserMessage(content=content):
                blocks = (
                    [{"text": content}] if isinstance(content, str) else [_read_part(part, where) for part in content]
                )
                if turns and turns[-1]["role"] == "user" and "toolResult" in turns[-1]["content"][-1]:
                    turns[-1]["content"] += blocks
                else:
                    turns.append({"role": "user", "content": blocks})
            case AssistantMessage():
                said = list(_read_assistant(message))
                if not said:
                    raise malformed(f"{where}: an assistant message has to have content or tool_calls")
                turns.append({"role": "assistant", "content": said})
    return system, turns


def _texts(content: str | list[TextPart]) -> list[str]:
    return [content] if isinstance(content, str) else [part.text for part in content]


def _read_part(part: TextPart | ImagePart | AudioPart | FilePart, where: str) -> Block:
    match part:
        case TextPart(text=text):
            return {"text": text}
        case ImagePart(image_url=image):
            media_type, data = media.read_data_url(image.url, f"{where}/image_url/url")
            return {"image": {"format": media.format_of(media_type, media.IMAGES, where), "source": {"bytes": data}}}
        case AudioPart(input_audio=audio):
            return {"audio": {"format": audio.format, "source": {"bytes": audio.data}}}
        case FilePart(file=file):
            media_type, data = media.read_data_url(file.file_data, f"{where}/file/file_data")
            kind = media.format_of(media_type, media.DOCUMENTS, where)
            name = file.filename.removesuffix(f".{kind}")
            return {"document": {"format": kind, "name": name, "source": {"bytes": data}}}


def _read_assistant(message: AssistantMessage) -> Iterator[Block]:
    if message.reasoning_content:
        yield {"reasoningContent": {"reasoningText": {"text": message.reasoning_content}}}
    if isinstance(message.content, list):
        for part in message.content:
            yield {"text": part.text if isinstance(part, TextPart) else part.refusal}
    elif message.content:
        yield {"text": message.content}
    if message.refusal:
        yield {"text": message.refusal}
    for call in message.tool_calls or ():
        yield {
            "toolUse": {"toolUseId": call.id, "name": call.function.name, "input": tool_input(call.function.arguments)}
        }
