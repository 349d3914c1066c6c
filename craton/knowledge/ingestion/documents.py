"""What is kept of each document of a data source, and how that is told. Knows no index and no job.

The body of a DOCUMENT record:

- `identifier`: which it is within its source: an address, or the id that a custom document was given
- `uri`, `location`: where it is, the latter as a RetrievalResultLocation
- `status`, `reason`: how far it is, and a sentence that says why where it did not get on
- `version`, `metadataVersion`, `memo`: what its source said of it when it was last ingested
- `raw`, `text`, `vectors`: what `Contents` keeps of it: its bytes, where its source does not have them, its text, and
  the vectors of its chunks; `mediaType`: of its bytes
- `metadata`, `acl`: its attributes as `Metadata.kept` gives them, and its DocumentAccessControlList
- `indexed`: whether chunks of it have ever been found; `chunks`: how many can be found now
- `request`, `given`: the request that was the last to hand it in or to delete it, and what came with it, while that
  is not done
"""

import hashlib
from collections.abc import Mapping
from typing import Any, Literal

from craton.knowledge.records import DOCUMENT, Source
from craton.store.documents import Document
from craton.store.records import Record
from craton.store.transaction import Transaction, View

# https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent_KnowledgeBaseDocumentDetail.html
Status = Literal[
    "STARTING",
    "PENDING",
    "IN_PROGRESS",
    "INDEXED",
    "PARTIALLY_INDEXED",
    "METADATA_UPDATE_FAILED",
    "FAILED",
    "IGNORED",
    "DELETING",
    "DELETE_IN_PROGRESS",
    "NOT_FOUND",
]
STARTING: Status = "STARTING"
PENDING: Status = "PENDING"
IN_PROGRESS: Status = "IN_PROGRESS"
INDEXED: Status = "INDEXED"
METADATA_UPDATE_FAILED: Status = "METADATA_UPDATE_FAILED"
FAILED: Status = "FAILED"
IGNORED: Status = "IGNORED"
DELETING: Status = "DELETING"
DELETE_IN_PROGRESS: Status = "DELETE_IN_PROGRESS"
NOT_FOUND: Status = "NOT_FOUND"

S3 = "S3"
CUSTOM = "CUSTOM"
LONGEST_REASON = 2048


# What is left of a document that failed.
NOTHING: Record = {"chunks": 0, "raw": None, "text": None, "vectors": None}


def id_of(source: str, identifier: str) -> str:
    """The id of the record, and of the document in the index; `source` is the id of the data source's record."""
    return f"{source}/{hashlib.sha256(identifier.encode()).hexdigest()[:32]}"


def blank(identifier: str, uri: str, location: Mapping[str, Any]) -> Record:
    """The body of a document of which nothing is known yet."""
    return {
        "identifier": identifier,
        "uri": uri,
        "location": dict(location),
        "status": PENDING,
        "reason": None,
        "version": None,
        "metadataVersion": None,
        "memo": None,
        "raw": None,
        "text": None,
        "vectors": None,
        "mediaType": None,
        "metadata": None,
        "acl": None,
        "indexed": False,
        "chunks": 0,
        "request": None,
        "given": None,
    }


def contents(body: Mapping[str, Any]) -> list[str | None]:
    """The names of all that is kept of a document."""
    return [body["raw"], body["text"], body["vectors"], (body["given"] or {}).get("raw")]


def find(view: View, source: Source, identifier: str) -> Document | None:
    return view.find(source.base.scope, DOCUMENT, id_of(source.document.id, identifier))


def put(t: Transaction, source: Source, identifier: str, body: Record) -> Document:
    """Make the record, or give it this body."""
    scope, name = source.base.scope, id_of(source.document.id, identifier)
    if t.find(scope, DOCUMENT, name):
        return t.replace(scope, DOCUMENT, name, body)
    return t.create(scope, DOCUMENT, name, body, parent=source.document.id)


def kind_of(source: Source) -> str:
    """The ContentDataSourceType of its documents. Only objects are told by their address; a page is a custom document
    whose id is its address.
    """
    return S3 if source.configuration["type"] == S3 else CUSTOM


def shape_of(source: Source, identifier: str) -> Record:
    """The DocumentIdentifier."""
    if kind_of(source) == S3:
        return {"dataSourceType": S3, "s3": {"uri": identifier}}
    return {"dataSourceType": CUSTOM, "custom": {"id": identifier}}


def detail(source: Source, identifier: str, record: Document | None) -> Record:
    """The KnowledgeBaseDocumentDetail of a document; None is one that is not there."""
    told: Record = {
        "knowledgeBaseId": source.base.id,
        "dataSourceId": source.id,
        "status": NOT_FOUND,
        "identifier": shape_of(source, identifier),
    }
    if record:
        told |= {"status": record.body["status"], "updatedAt": record.updated_at}
        if reason := record.body["reason"]:
            told["statusReason"] = reason
    return told
