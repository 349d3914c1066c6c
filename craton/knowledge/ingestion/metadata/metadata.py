"""What is told of a document beside its content: attributes to filter by, and who may find it. Knows no file's place.

A metadata file is JSON of either form that
https://docs.aws.amazon.com/bedrock/latest/userguide/s3-data-source-connector.html tells of, plain values or typed ones:

    {"metadataAttributes": {"year": 2024}}
    {"metadataAttributes": {"year": {"value": {"type": "NUMBER", "numberValue": 2024}, "includeForEmbedding": true}}}

and beside these, for a table, the columns that are read: `documentStructureConfiguration`, as
https://docs.aws.amazon.com/bedrock/latest/userguide/kb-metadata.html has it.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from craton.errors import ValidationException
from craton.knowledge.access.lists import Entry, read
from craton.knowledge.ingestion.metadata.rows import TAKEN, Columns
from craton.store.records import Record
from craton.store.vectors.records import Value

# https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent_MetadataAttributeValue.html and _MetadataAttribute
LONGEST_KEY = 200
LONGEST_STRING = 2048
MOST_ATTRIBUTES = 50

_ROWS = "RECORD_BASED_STRUCTURE_METADATA"


class MetadataError(Exception):
    """Metadata that cannot be used. The message is a full sentence."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """`embedded` are the attributes that its vectors are made of, too. `acl` is a DocumentAccessControlList."""

    attributes: Mapping[str, Value] = field(default_factory=dict)
    embedded: Sequence[str] = ()
    columns: Columns | None = None
    acl: Sequence[Entry] | None = None

    @property
    def kept(self) -> Record:
        """What `again` reads."""
        kept: Record = {"attributes": dict(self.attributes), "embedded": list(self.embedded)}
        return kept | ({"columns": self.columns.kept} if self.columns else {})

    @classmethod
    def again(cls, kept: Mapping[str, Any], acl: Sequence[Entry] | None) -> "Metadata":
        columns = kept.get("columns")
        return cls(kept["attributes"], kept["embedded"], Columns.again(columns) if columns else None, acl)

    @property
    def preface(self) -> str:
        """What stands before a chunk when its vector is made."""
        return "".join(f"{key}: {_words(self.attributes[key])}\n" for key in self.embedded)


NONE = Metadata()


def of_file(data: bytes, uri: str) -> Metadata:
    """What a metadata file says. Raises MetadataError, which calls it by its address."""
    try:
        body = json.loads(data.decode("utf-8-sig"))
        json.dumps(body, ensure_ascii=False).encode()  # fails for halves of surrogate pairs, which nothing can keep
    except (ValueError, RecursionError):
        raise MetadataError(f"The metadata file {uri!r} is no JSON.") from None
    attributes = body.get("metadataAttributes", {}) if isinstance(body, dict) else None
    if not isinstance(attributes, dict):
        raise MetadataError(f"The metadata file {uri!r} has no object of the name 'metadataAttributes'.")
    try:
        values = {key: _in_file(key, value) for key, value in attributes.items()}
        _check(values)
        acl = _acl(body.get("accessControlList"), uri)
        columns = _columns(body.get("documentStructureConfiguration"))
    except MetadataError as error:
        raise MetadataError(f"The metadata file {uri!r} cannot be used: {error}") from None
    return Metadata(values, [key for key, value in attributes.items() if _is_embedded(value)], columns, acl)


def of_request(shape: Mapping[str, Any]) -> Metadata:
    """A DocumentMetadata that holds its attributes itself. Raises MetadataError."""
    attributes = shape.get("inlineAttributes", ())
    values = {attribute["key"]: _typed(attribute["key"], attribute["value"]) for attribute in attributes}
    if len(values) < len(attributes):
        raise MetadataError("An attribute is there twice; give each key once.")
    _check(values)
    return Metadata(values, acl=shape.get("accessControlList"))


def _check(values: Mapping[str, Value]) -> None:
    if len(values) > MOST_ATTRIBUTES:
        raise MetadataError(f"there are {len(values)} attributes, and {MOST_ATTRIBUTES} are the most.")
    for key, value in values.items():
        if not 0 < len(key) <= LONGEST_KEY:
            raise MetadataError(f"the key {key[:50]!r} must have 1 to {LONGEST_KEY} characters.")
        if key.startswith(TAKEN):
            raise MetadataError(f"the key {key!r} begins as those that are given to chunks by the service; rename it.")
        for text in [value] if isinstance(value, str) else value if isinstance(value, list) else ():
            if not 0 < len(text) <= LONGEST_STRING:
                raise MetadataError(f"a string of {key!r} must have 1 to {LONGEST_STRING} characters.")


def _in_file(key: str, value: object) -> Value:
    if isinstance(value, dict):
        if not isinstance(typed := value.get("value"), dict):
            raise MetadataError(f"{key!r} has no object of the name 'value', with a type and a value of it.")
        return _typed(key, typed)
    return _plain(key, value)


def _is_embedded(value: object) -> bool:
    return isinstance(value, dict) and value.get("includeForEmbedding") is True


# The member of a MetadataAttributeValue that holds a value of each type, and what it is in JSON.
_TYPES: Mapping[str, tuple[str, type | tuple[type, ...]]] = {
    "STRING": ("stringValue", str),
    "NUMBER": ("numberValue", (int, float)),
    "BOOLEAN": ("booleanValue", bool),
    "STRING_LIST": ("stringListValue", list),
}


def _typed(key: str, value: Mapping[str, Any]) -> Value:
    name = value.get("type")
    if not isinstance(name, str) or name not in _TYPES:
        raise MetadataError(f"{key!r} is of the type {name!r}; the types are {', '.join(_TYPES)}.")
    member, wanted = _TYPES[name]
    found = value.get(member)
    if not isinstance(found, wanted) or (wanted is not bool and isinstance(found, bool)):
        raise MetadataError(f"{key!r} is of the type {name!r} and needs {member!r}, a value of that type.")
    if others := [other for other in value if other not in ("type", member)]:
        raise MetadataError(f"{key!r} is of the type {name!r}, so {others[0]!r} does not belong to it.")
    return _plain(key, found)


def _plain(key: str, value: object) -> Value:
    if isinstance(value, str | bool):
        return value
    if isinstance(value, int | float):
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        if not math.isfinite(number):
            raise MetadataError(f"{key!r} holds a number that is none, or too large.")
        return number
    if isinstance(value, list) and value and all(isinstance(each, str) for each in value):
        return list(value)
    raise MetadataError(f"{key!r} must be a string, a number, true or false, or a list of strings.")


def _acl(entries: object, uri: str) -> Sequence[Entry] | None:
    if entries is None:
        return None
    try:
        return read(entries, f"the metadata file {uri!r}")
    except ValidationException as error:
        raise MetadataError(error.message) from None


def _columns(configuration: object) -> Columns | None:
    if configuration is None:
        return None
    body = configuration.get("recordBasedStructureMetadata") if isinstance(configuration, dict) else None
    if not isinstance(body, dict) or not isinstance(configuration, dict) or configuration.get("type") != _ROWS:
        raise MetadataError(
            f"'documentStructureConfiguration' needs the type {_ROWS!r} and an object 'recordBasedStructureMetadata'."
        )
    told = body.get("metadataFieldsSpecification", {})
    content = _names(body.get("contentFields"))
    if len(content) != 1 or not isinstance(told, dict):
        raise MetadataError("'recordBasedStructureMetadata' needs one field as its 'contentFields'.")
    include, exclude = (_names(told.get(member, [])) for member in ("fieldsToInclude", "fieldsToExclude"))
    return Columns(content[0], include, exclude)


def _names(fields: object) -> list[str]:
    names = [each.get("fieldName") for each in fields if isinstance(each, dict)] if isinstance(fields, list) else []
    if not isinstance(fields, list) or len(names) < len(fields) or not all(isinstance(name, str) for name in names):
        raise MetadataError("the fields of a table are a list of objects with a 'fieldName' each.")
    return [str(name) for name in names]


def _words(value: Value) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:.15g}"
    return value if isinstance(value, str) else ", ".join(value)
