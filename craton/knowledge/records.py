"""What the slice keeps: knowledge bases, their data sources, the documents of these, and ingestion jobs.

The body of a stored knowledge base, data source or job is what Get answers of it, but for its ids and times. That of a
knowledge base also has `embedding`, an `EmbeddingModel` as it was found when it was made, and `store`, where its
chunks lie. Knows no rule about what may be configured.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, cast

from craton.store.documents import Document
from craton.store.records import Record, Scope
from craton.store.vectors.stores import Store

BASE = "knowledge-base"
SOURCE = "data-source"  # its parent: the knowledge base; its id: `<knowledge base>/<data source>`
INGESTION = "ingestion-job"  # its parent: the id of the data source's record; its id: `<parent>/<job>`
DOCUMENT = "knowledge-base-document"  # its parent: the id of the data source's record

# The type of a data source of a managed knowledge base, whose `connectorParameters` say what it is.
CONNECTOR = "MANAGED_KNOWLEDGE_BASE_CONNECTOR"
# The type of the data sources of a structured knowledge base.
TABLES = "REDSHIFT_METADATA"

# Statuses of knowledge bases and data sources that can be used, and of those that are on their way out.
ACTIVE = "ACTIVE"
AVAILABLE = "AVAILABLE"
DELETING = "DELETING"
DELETE_UNSUCCESSFUL = "DELETE_UNSUCCESSFUL"

# What a stored knowledge base has that no answer tells.
_UNTOLD = ("embedding", "store", "retains")

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
RESTRICTED = f"{HIDDEN}restricted"  # of every chunk: whether its document has an access control list


@dataclass(frozen=True, slots=True)
class EmbeddingModel:
    """What makes a knowledge base's vectors, and how wide they are.

    `arn` is what was asked for and `id` the model that answered; `granted` are the ARNs of all that it led to, which
    whoever made the knowledge base was allowed to use, and so it is for everyone who may use that.
    """

    arn: str
    dimensions: int
    id: str
    granted: Sequence[str] = ()

    @property
    def kept(self) -> Record:
        return asdict(self)


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
    def store(self) -> Store:
        """Where its chunks lie."""
        return cast(Store, self.document.body["store"])

    @property
    def embedding(self) -> EmbeddingModel:
        """Of a knowledge base that has vectors, a managed one included."""
        return EmbeddingModel(**self.document.body["embedding"])

    @property
    def retains(self) -> bool:
        """Whether its index has chunks of data sources that are deleted: they are kept nowhere else."""
        return bool(self.document.body.get("retains"))

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
        """Its `dataSourceConfiguration`; that of a managed connector in the form of the type that it stands for."""
        configured: dict[str, Any] = self.document.body["dataSourceConfiguration"]
        if configured["type"] != CONNECTOR:
            return dict(configured)
        parameters = _parameters(configured)
        if parameters["type"] != "S3":
            return {"type": parameters["type"]}
        connection = parameters["connectionConfiguration"]
        objects = {"bucketArn": f"arn:aws:s3:::{connection['bucketName']}"}
        if owner := connection.get("bucketOwnerAccountId"):
            objects["bucketOwnerAccountId"] = owner
        return {"type": "S3", "s3Configuration": objects | parameters.get("filterConfiguration", {})}

    @property
    def acl_enabled(self) -> bool:
        """Whether a document without an access control list is nobody's to see, and so is not ingested."""
        configured: dict[str, Any] = self.document.body["dataSourceConfiguration"]
        return configured["type"] == CONNECTOR and _parameters(configured).get("aclEnabled") is True

    @property
    def ingesting(self) -> dict[str, Any]:
        """Its `vectorIngestionConfiguration`, empty where nothing is set."""
        return dict(self.document.body.get("vectorIngestionConfiguration", {}))


def _parameters(configured: dict[str, Any]) -> dict[str, Any]:
    parameters: dict[str, Any] = configured["managedKnowledgeBaseConnectorConfiguration"]["connectorParameters"]
    return parameters


def knowledge_base(document: Document) -> Record:
    """A knowledge base as GetKnowledgeBase answers it."""
    return {
        **{member: value for member, value in document.body.items() if member not in _UNTOLD},
        "knowledgeBaseId": document.id,
        "knowledgeBaseArn": document.arn,
        "createdAt": document.created_at,
        "updatedAt": document.updated_at,
    }


def data_source(document: Document) -> Record:
    """A data source as GetDataSource answers it."""
    base, _, name = document.id.partition("/")
    return {
        **document.body,
        "knowledgeBaseId": base,
        "dataSourceId": name,
        "createdAt": document.created_at,
        "updatedAt": document.updated_at,
    }


def summary(shown: Record) -> Record:
    """KnowledgeBaseSummary or DataSourceSummary of what is answered of one."""
    told = ("knowledgeBaseId", "dataSourceId", "name", "description", "status", "updatedAt")
    return {member: shown[member] for member in told if member in shown}
