"""Chat completions requests -> Converse turns. Knows no answer."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from craton.dialects import media
from craton.dialects.body import given, malformed, parse
from craton.dialects.converse import Block, Turn, tool_input
from craton.dialects.openai_chat.shapes import (
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
    SystemMessage,
    TextPart,
    Tool,
    ToolMessage,
    UserMessage,
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
)
NO_PARAMETERS = {"type": "object", "properties": {}}
# What `json_object` asks for, as a schema.
ANY_OBJECT = '{"type":"object"}'


def read_request(body: Mapping[str, Any]) -> Turn:
    """The turn of a chat completions request. Raises ValidationException that names what is wrong.

    `tool_choice: "none"` leaves the tools out, for Converse cannot offer a tool and forbid it.
    """
    request = parse(Request, body)
    if request.max_tokens is not None and request.max_completion_tokens is not None:
        raise malformed("#: max_tokens and max_completion_tokens exclude each other, send max_completion_tokens alone")
    system, messages = _read_messages(request.messages)
    turn: dict[str, Any] = {"messages": messages}
    turn |= {"system": system} if system else {}
    turn |= given(inferenceConfig=_read_inference(request))
    if request.tools and request.tool_choice != "none":
        turn["toolConfig"] = _read_tools(request.tools, request.tool_choice)
    turn |= given(outputConfig=_read_output(request))
    if request.service_tier not in (None, "auto"):
        turn["serviceTier"] = {"type": request.service_tier}
    turn |= given(requestMetadata=(request.metadata or {}) | given(user=request.user))
    turn |= given(additionalModelRequestFields=given(**{name: getattr(request, name) for name in ADDITIONAL}))
    return turn


def _read_inference(request: Request) -> Block:
    limit = request.max_completion_tokens if request.max_completion_tokens is not None else request.max_tokens
    stop = [request.stop] if isinstance(request.stop, str) else request.stop
    return given(maxTokens=limit, temperature=request.temperature, topP=request.top_p, stopSequences=stop or None)


def _read_output(request: Request) -> Block:
    config: Block = given(effort=request.reasoning_effort)
    match request.response_format:
        case AnyObjectFormat():
            config["textFormat"] = {"type": "json_schema", "structure": {"jsonSchema": {"schema": ANY_OBJECT}}}
        case SchemaFormat(json_schema=asked):
            schema = given(schema=json.dumps(asked.schema), name=asked.name, description=asked.description)
            config["textFormat"] = {"type": "json_schema", "structure": {"jsonSchema": schema}}
    return config


def _read_tools(tools: list[Tool], choice: str | NamedChoice | None) -> Block:
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
                _of_results(turns).append({"toolResult": result})
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


def _of_results(turns: list[Block]) -> list[Block]:
    """The content list that the next tool result joins."""
    if not (turns and turns[-1]["role"] == "user" and "toolResult" in turns[-1]["content"][-1]):
        turns.append({"role": "user", "content": []})
    content: list[Block] = turns[-1]["content"]
    return content


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
