"""What chat completions and Responses say alike of a turn, read and written. Knows neither's messages and items."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol

from craton.dialects import media
from craton.dialects.body import given, inexpressible
from craton.dialects.converse import Block

# Parameters that tell who asks, kept with the metadata.
IDENTIFYING = ("user", "safety_identifier", "prompt_cache_key")
# What `service_tier` asks for -> the tier that serves it, where that has another name.
TIERS = {None: "default", "auto": "default", "fast": "priority"}
NO_PARAMETERS = {"type": "object", "properties": {}}
# What `json_object` asks for, as a schema.
ANY_OBJECT = '{"type":"object"}'
# The largest budget of thinking, in tokens, that each effort stands for.
EFFORTS = ((2048, "low"), (8192, "medium"), (None, "high"))


class Asked(Protocol):
    """A request, as far as both APIs have the same members."""

    @property
    def service_tier(self) -> str | None: ...

    @property
    def metadata(self) -> Mapping[str, str] | None: ...


class NamedSchema(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def schema(self) -> Mapping[str, Any]: ...

    @property
    def description(self) -> str | None: ...


def serving_tier(asked: str | None) -> str:
    return TIERS.get(asked) or str(asked)


def read_tier_and_metadata(request: Asked) -> Block:
    tier = None if request.service_tier in (None, "auto") else {"type": serving_tier(request.service_tier)}
    return given(serviceTier=tier) | read_metadata(request)


def read_metadata(request: Asked) -> Block:
    sender = given(**{name: getattr(request, name) for name in IDENTIFYING})
    return given(requestMetadata={**(request.metadata or {}), **sender})


def read_format(asked: NamedSchema | None) -> Block:
    """Converse's `textFormat` of a schema, or of any object."""
    schema: Block = {"schema": ANY_OBJECT}
    if asked is not None:
        schema = given(schema=json.dumps(asked.schema), name=asked.name, description=asked.description)
    return {"type": "json_schema", "structure": {"jsonSchema": schema}}


def write_schema(text_format: Block) -> Block | None:
    """The named schema of Converse's `textFormat`; None: any object."""
    asked = text_format["structure"]["jsonSchema"]
    if asked["schema"] == ANY_OBJECT and "name" not in asked:
        return None
    named = given(name=asked.get("name", "answer"), description=asked.get("description"))
    return named | {"schema": json.loads(asked["schema"]), "strict": True}


def results_of(turns: list[Block]) -> list[Block]:
    """The content list that the next tool result joins."""
    if not (turns and turns[-1]["role"] == "user" and "toolResult" in turns[-1]["content"][-1]):
        turns.append({"role": "user", "content": []})
    content: list[Block] = turns[-1]["content"]
    return content


def effort_of(budget: int) -> str:
    return next(effort for most, effort in EFFORTS if most is None or budget <= most)


def system_texts(blocks: list[Block], api: str) -> Iterator[str]:
    """Raises ValidationException for what is not text."""
    for block in blocks:
        if "text" in block:
            yield block["text"]
        elif "text" in block.get("guardContent", {}):
            yield block["guardContent"]["text"]["text"]
        elif "cachePoint" not in block:
            raise inexpressible(api, block, "system")


def write_tools(config: Block, api: str, *, tool: Callable[[Block], Block], named: Callable[[str], Block]) -> Block:
    """`tool` writes a `toolSpec`, `named` the choice of one. Raises ValidationException for other kinds of tools."""
    tools: list[Block] = []
    for each in config.get("tools", []):
        if "toolSpec" in each:
            tools.append(tool(each["toolSpec"]))
        elif "cachePoint" not in each:
            raise inexpressible(api, each, "toolConfig.tools")
    match config.get("toolChoice"):
        case {"auto": _}:
            return {"tools": tools, "tool_choice": "auto"}
        case {"any": _}:
            return {"tools": tools, "tool_choice": "required"}
        case {"tool": {"name": name}}:
            return {"tools": tools, "tool_choice": named(name)}
    return {"tools": tools} if tools else {}


def write_file(document: Block, api: str, where: str) -> Block:
    """Raises ValidationException for a document in S3."""
    match document["source"]:
        case {"bytes": data}:
            kind = document.get("format", "txt")
        case {"text": text}:
            data, kind = text.encode(), "txt"
        case {"content": parts}:
            data, kind = "\n".join(part["text"] for part in parts).encode(), "txt"
        case _:
            raise inexpressible(api, {"s3Location": document["source"]}, f"{where}.document.source")
    return {"filename": f"{document['name']}.{kind}", "file_data": media.data_url(media.DOCUMENTS[kind], data)}
