"""Cohere's tools <-> Converse's: parameter definitions are a small part of JSON Schema. Knows no message."""

import re

from craton.dialects.body import Json, given, malformed
from craton.dialects.cohere.chat.shapes import Tool
from craton.dialects.converse import Block
from craton.errors import ValidationException

# The types by Python's names, as Cohere's documentation has them, and by JSON Schema's.
TYPES = {
    "str": "string",
    "int": "integer",
    "float": "number",
    "bool": "boolean",
    "list": "array",
    "dict": "object",
}
NAMES = {schema: name for name, schema in TYPES.items()}
LIST = re.compile(r"(?:list|array)\[(.*)\]")
# What a parameter's schema may say that a definition can say too.
KNOWN = {"type", "description", "items"}


def read_tool(tool: Tool, where: str) -> Block:
    """`toolSpec` of a tool. Raises ValidationException that lists the types there are."""
    properties = {
        name: _read_type(definition.type, f"{where}/parameter_definitions/{name}/type")
        | given(description=definition.description or None)
        for name, definition in tool.parameter_definitions.items()
    }
    required = [name for name, definition in tool.parameter_definitions.items() if definition.required]
    schema: Block = {"type": "object", "properties": properties} | given(required=required or None)
    return {
        "toolSpec": {"name": tool.name, "inputSchema": {"json": schema}} | given(description=tool.description or None)
    }


def _read_type(name: str, where: str) -> Block:
    plain = name.strip().lower()
    if inner := LIST.fullmatch(plain):
        return {"type": "array", "items": _read_type(inner[1], where)}
    plain = re.sub(r"^dict\[.*\]$", "dict", plain)
    if (kind := TYPES.get(plain, plain)) not in NAMES:
        known = ", ".join(repr(each) for each in (*TYPES, *NAMES))
        raise malformed(
            f"{where}: the type {name!r} is not known; the types here are {known} and lists such as 'list[str]'"
        )
    return {"type": kind}


def write_tool(spec: Json) -> Block:
    """A tool of Cohere's. Raises ValidationException for a schema that parameter definitions cannot say."""
    schema = spec["inputSchema"]["json"]
    required = schema.get("required", ())
    definitions = {
        name: {"type": _write_type(part, f"{spec['name']}.{name}"), "required": name in required}
        | given(description=part.get("description"))
        for name, part in schema.get("properties", {}).items()
    }
    return {"name": spec["name"], "description": spec.get("description", ""), "parameter_definitions": definitions}


def _write_type(schema: Json, where: str) -> str:
    unknown = sorted(schema.keys() - KNOWN)
    if unknown or schema.get("type") not in NAMES:
        what = repr(unknown[0]) if unknown else f"the type {schema.get('type')!r}"
        raise ValidationException(
            f"{what} in the schema of {where!r} has no form in Cohere's chat, the API this model is served in. "
            f"A parameter has a type ({', '.join(map(repr, NAMES))}), a description, and whether it is required."
        )
    name = NAMES[schema["type"]]
    return f"{name}[{_write_type(schema['items'], where)}]" if "items" in schema else name
