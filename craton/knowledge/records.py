"""What the slice keeps: knowledge bases, their data sources, the documents of these, and ingestion jobs.

The body of a stored knowledge base, data source or job is what Get answers of it, but for its ids and times. That of a
knowledge base also has `embedding`, `{arn, dimensions}` as they were found when it was made, and `store`, where its
chunks lie. Knows no rule about what may be configured.
"""

from dataclasses import dataclass
from typing import Any

from craton.store.documents import Document
from craton.store.records import Scope

BASE = "knowledge-base"
SOURCE = "data-source"  # its parent: the knowledge base; its id: `<knowledge base>/<data source>`
INGESTION = "ingestion-job"  # its parent: the id of the data source's record; its id: `<parent>/<job>`
DOCUMENT = "knowledge-base-document"  # its parent: the id of the data source's record

# Attributes that the service itself gives to chunks begin so, and no other may:
# https://docs.aws.amazon.com/bedrock/latest/userguide/kb-test-config.html
RESERVED = "x-amz-bedrock-kb-"
SOURCE_ID = f"{RESERVED}data-source-id"
SOURCE_URI = f"{RESERVED}source-uri"
CHUNK_ID = f"{RESERVED}chunk-id"
PAGE_NUMBER = f"{RESERVED}document-page-number"
# Attributes of Craton's own, which no request can name and no answer tells.
HIDDEN = "craton:"
ALLOWED = f"{HIDDEN}allowed"
DENIED = f"{HIDDEN}denied"


@dataclass(frozen=True, slots=True)
class EmbeddingModel:
    """What makes a knowledge base's vectors; `dimensions` None: as wide as the model makes them."""

    arn: str
    dimensions: int | None


@dataclass(frozen=True, slots=True)
class Base:
    """A knowledge base, as those who ingest and retrieve see it."""

    scope: Scope
    document: Document

    @property
    def id(self) -> str:
        return self.document.id

    @property
    def arn(self) -> str:
        return self.document.arn

    @property
    def configuration(self) -> dict[str, Any]:
        """Its `knowledgeBaseConfiguration`."""
        return dict(self.document.body["knowledgeBaseConfiguration"])

    @property
    def embedding(self) -> EmbeddingModel:
        """Of a knowledge base that has vectors, a managed one included."""
        kept = self.document.body["embedding"]
        return EmbeddingModel(kept["arn"], kept["dimensions"])

    @property
    def index(self) -> str:
        """The name of its index, which no other has."""
        return f"{self.scope.account}-{self.scope.region}-{self.id}"


@dataclass(frozen=True, slots=True)
class Source:
    """A data source of a knowledge base."""

    base: Base
    document: Document

    @property
    def id(self) -> str:
        return self.document.id.rpartition("/")[2]

    @property
    def configuration(self) -> dict[str, Any]:
        """Its `dataSourceConfiguration`."""
        return dict(self.document.body["dataSourceConfiguration"])

    @property
    def ingesting(self) -> dict[str, Any]:
        """Its `vectorIngestionConfiguration`, empty where nothing is set."""
        return dict(self.document.body.get("vectorIngestionConfiguration", {}))
