"""What a request that hands in a document says, checked, and as it is kept until its job reads it. Knows no store.

https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent_KnowledgeBaseDocument.html
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from craton.documents.formats import FORMATS
from craton.errors import ValidationException
from craton.knowledge.ingestion import documents
from craton.knowledge.ingestion.documents import CUSTOM, S3
from craton.knowledge.ingestion.metadata.metadata import MetadataError, of_request
from craton.knowledge.records import Source
from craton.store.records import Record

_TEXT = FORMATS["txt"].media_type


@dataclass(frozen=True, slots=True)
class Handed:
    """A document of a request. `data` is there where the request holds it; `metadata` is kept as `given` has it."""

    identifier: str
    uri: str
    location: Record
    data: bytes | None
    media_type: str | None
    owner: str | None
    metadata: Record | None

    def given(self, raw: str | None) -> Record:
        """What the record of the document keeps of it; `raw` is the name of its content."""
        return {"raw": raw, "mediaType": self.media_type, "owner": self.owner, "metadata": self.metadata}


def read(source: Source, shape: Mapping[str, Any]) -> Handed:
    """A KnowledgeBaseDocument for this source. Raises ValidationException."""
    content = shape["content"]
    if content["dataSourceType"] != source.configuration["type"]:
        _refuse(source, content["dataSourceType"])
    metadata = _metadata(shape["metadata"]) if "metadata" in shape else None
    if content["dataSourceType"] == S3:
        uri = _only(content, "s3", "dataSourceType")["s3Location"]["uri"]
        return Handed(uri, uri, {"type": S3, "s3Location": {"uri": uri}}, None, None, None, metadata)
    custom = _only(content, "custom", "dataSourceType")
    name = custom["customDocumentIdentifier"]["id"]
    location = {"type": CUSTOM, "customDocumentLocation": {"id": name}}
    if custom["sourceType"] == "S3_LOCATION":
        there = _only(custom, "s3Location", "sourceType", "customDocumentIdentifier")
        return Handed(name, there["uri"], location, None, None, there.get("bucketOwnerAccountId"), metadata)
    data, media_type = _inline(_only(custom, "inlineContent", "sourceType", "customDocumentIdentifier"))
    return Handed(name, name, location, data, media_type, None, metadata)


def identifier(source: Source, shape: Mapping[str, Any]) -> str:
    """What a DocumentIdentifier names in this source. Raises ValidationException."""
    kind = shape["dataSourceType"]
    if kind != documents.kind_of(source):
        _refuse(source, kind)
    named = _only(shape, kind.lower(), "dataSourceType")
    return str(named["uri"] if kind == S3 else named["id"])


def _refuse(source: Source, kind: str) -> NoReturn:
    raise ValidationException(
        f"The data source {source.id} is of type {source.configuration['type']} and holds no documents of the type "
        f"{kind}. Name documents as ListKnowledgeBaseDocuments tells of them."
    )


def _inline(content: Mapping[str, Any]) -> tuple[bytes, str]:
    if content["type"] == "TEXT":
        return _only(content, "textContent", "type")["data"].encode(), _TEXT
    inline = _only(content, "byteContent", "type")
    return inline["data"], inline["mimeType"]


def _metadata(shape: Mapping[str, Any]) -> Record:
    if shape["type"] == "S3_LOCATION":
        there = _only(shape, "s3Location", "type")
        return {"uri": there["uri"], "owner": there.get("bucketOwnerAccountId")}
    if "s3Location" in shape:
        raise ValidationException(
            "The metadata are of type IN_LINE_ATTRIBUTE, so 's3Location' does not belong to them."
        )
    try:
        metadata = of_request(shape)
    except MetadataError as error:
        raise ValidationException(f"The metadata cannot be used: {error}") from None
    return {"kept": metadata.kept, "acl": list(metadata.acl) if metadata.acl is not None else None}


def _only(shape: Mapping[str, Any], wanted: str, *beside: str) -> Any:
    """The one member that the type of a shape asks for. Raises ValidationException where it is missing, or others are
    there.
    """
    if wanted not in shape:
        raise ValidationException(f"{beside[0]!r} is {shape[beside[0]]!r} and needs {wanted!r}. Add it.")
    if others := [member for member in shape if member not in (wanted, *beside)]:
        raise ValidationException(
            f"{beside[0]!r} is {shape[beside[0]]!r}, so {others[0]!r} does not belong to it. Leave it out."
        )
    return shape[wanted]
