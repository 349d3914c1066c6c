"""One schema document: finding its subschemas and following its references.

Knows no constraint and no grammar.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from craton.engines.grammar.refusal import UnsupportedSchema, pointer

# Members on the way to a subschema, of which each level of objects takes two.
_MAX_DEPTH = 400

Schema = Mapping[str, Any] | bool


class Document:
    """A schema and its subschemas, each known by the JSON Pointer of its place."""

    def __init__(self, schema: Schema) -> None:
        self._root = schema
        self._found: dict[str, Schema] = {}
        self._id = schema.get("$id", "") if isinstance(schema, Mapping) else ""
        self.keep("", schema, "$schema")

    def keep(self, at: str, schema: object, keyword: str) -> str:
        """Note what stands at this pointer; raises UnsupportedSchema, of this keyword, unless it is a schema."""
        if not isinstance(schema, Mapping | bool):
            raise UnsupportedSchema(keyword, at, f"Put a schema there, an object or a boolean, instead of {schema!r}.")
        if at.count("/") > _MAX_DEPTH:
            raise UnsupportedSchema(keyword, at, "Nest it less deep.")
        self._found.setdefault(at, schema)
        return at

    def at(self, at: str) -> Schema:
        return self._found[at]

    def target(self, reference: object, at: str) -> str:
        """The pointer of the schema that a `$ref` at `at` means."""
        if not isinstance(reference, str):
            raise UnsupportedSchema("$ref", at, f"Give a text such as '#/$defs/name' instead of {reference!r}.")
        local = reference.removeprefix(self._id) if isinstance(self._id, str) else reference
        if local and not local.startswith("#"):
            raise UnsupportedSchema(
                "$ref", at, f"Copy what {reference!r} means into '$defs' and refer to that: nothing is fetched."
            )
        fragment = unquote(local[1:])
        if fragment and not fragment.startswith("/"):
            return self._anchor(fragment, at)
        found: object = self._root
        for token in fragment.split("/")[1:]:
            token = token.replace("~1", "/").replace("~0", "~")
            if isinstance(found, Mapping) and token in found:
                found = found[token]
            elif isinstance(found, list) and token.isdecimal() and len(token) < 7 and int(token) < len(found):
                found = found[int(token)]
            else:
                raise UnsupportedSchema("$ref", at, f"Nothing stands at {reference!r}: define it, or correct the text.")
        return self.keep(fragment, found, "$ref")

    def _anchor(self, name: str, at: str) -> str:
        """Search the schema for the subschema with this `$anchor`."""
        waiting: list[tuple[str, object]] = [("", self._root)]
        while waiting:
            place, found = waiting.pop()
            if isinstance(found, Mapping):
                if found.get("$anchor") == name:
                    return self.keep(place, found, "$ref")
                waiting += [(pointer(place, str(key)), value) for key, value in found.items()]
            elif isinstance(found, list):
                waiting += [(pointer(place, index), value) for index, value in enumerate(found)]
        raise UnsupportedSchema("$ref", at, f"No subschema has the $anchor {name!r}: define it, or correct the text.")
