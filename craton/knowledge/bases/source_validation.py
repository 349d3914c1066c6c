"""What a data source may be configured as. Knows no bucket and no page: whether they are there shows at ingestion."""

from collections.abc import Mapping
from typing import Any

from craton.errors import ValidationException
from craton.knowledge.acquiring.web.addresses import Asked
from craton.knowledge.bases import connectors
from craton.knowledge.bases.validation import MANAGED, SQL
from craton.knowledge.chunking import chunking
from craton.knowledge.records import CONNECTOR, TABLES

Members = Mapping[str, Any]

# The member that each type of data source is configured by; None where it needs none.
_SERVED: Mapping[str, str | None] = {
    "S3": "s3Configuration",
    "WEB": "webConfiguration",
    "CUSTOM": None,
    CONNECTOR: "managedKnowledgeBaseConnectorConfiguration",
    TABLES: None,
}


def check(base: Members, source: Members, functions: Members) -> None:
    """Whether a knowledge base can have this data source; both as their operations take them.

    `functions` are those that may transform chunks. Raises ValidationException.
    """
    _check_type(base["type"], source["dataSourceConfiguration"])
    if "kmsKeyArn" in source.get("serverSideEncryptionConfiguration", {}):
        raise ValidationException(
            "This server has no KMS keys to encrypt documents with. Leave out 'serverSideEncryptionConfiguration'."
        )
    ingesting = source.get("vectorIngestionConfiguration", {})
    if ingesting and base["type"] == SQL:
        raise ValidationException("Tables are not made into chunks. Leave out 'vectorIngestionConfiguration'.")
    if "chunkingConfiguration" in ingesting and _leaves_model(base):
        raise ValidationException(
            "A chunking strategy cannot be specified with a managed embedding model. Leave it out."
        )
    chunking.plan(ingesting)
    if "parsingConfiguration" in ingesting:
        strategy = ingesting["parsingConfiguration"]["parsingStrategy"]
        raise ValidationException(
            f"This server reads documents with its own parsers, not by {strategy!r}. Leave out 'parsingConfiguration'."
        )
    _check_transformation(ingesting.get("customTransformationConfiguration"), functions)


def enriching(ingesting: Members) -> str | None:
    """The model that a `vectorIngestionConfiguration` has chunks enriched by. Raises ValidationException."""
    enrichment = ingesting.get("contextEnrichmentConfiguration")
    if enrichment is None:
        return None
    member = "bedrockFoundationModelConfiguration"
    if member not in enrichment:
        raise ValidationException(f"The contextEnrichmentConfiguration needs {member!r}. Add it.")
    model: str = enrichment[member]["modelArn"]
    return model


def check_fixed(before: Members, after: Members) -> None:
    """What of a data source may not change: its type, how its documents are chunked, and that it begins to ask for
    access control lists, since those who have none are everybody's already.

    https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent_UpdateDataSource.html. Raises ValidationException.
    """
    old, new = (each["dataSourceConfiguration"]["type"] for each in (before, after))
    if old != new:
        raise ValidationException(
            f"The type of a data source cannot be changed from {old!r}. Make another data source."
        )
    old, new = (each.get("vectorIngestionConfiguration", {}).get("chunkingConfiguration") for each in (before, after))
    if old != new:
        raise ValidationException(
            "The chunkingConfiguration of a data source cannot be changed. Send it as GetDataSource tells it, or make "
            "another data source."
        )
    if connectors.asks_for_lists(after) and not connectors.asks_for_lists(before):
        raise ValidationException(
            "'aclEnabled' cannot be turned on later: documents that were ingested without an access control list would "
            "stay everybody's. Make another data source with it."
        )


def _check_type(base: str, configuration: Members) -> None:
    kind = configuration["type"]
    if (base == SQL) != (kind == TABLES):
        raise ValidationException(
            f"A data source of type {kind!r} does not belong to a knowledge base of type {base!r}. One of type 'SQL' "
            f"has data sources of type {TABLES!r}, which others have not."
        )
    if base == MANAGED and kind != CONNECTOR:
        raise ValidationException(
            f"Unsupported data source type for MANAGED knowledge base type: {kind!r}. Use {CONNECTOR!r}, whose "
            "connectorParameters say what it is."
        )
    if base != MANAGED and kind == CONNECTOR:
        raise ValidationException(
            f"A data source of type {kind!r} belongs to a managed knowledge base, and this one is of type {base!r}. "
            "Use 'S3', 'WEB' or 'CUSTOM'."
        )
    if kind not in _SERVED:
        raise ValidationException(
            f"This server reads no data source of type {kind!r}. Use 'S3', 'WEB' or 'CUSTOM'; documents of any origin "
            "can be ingested into a CUSTOM one."
        )
    wanted = _SERVED[kind]
    for member in configuration:
        if member not in ("type", wanted):
            raise ValidationException(
                f"The data source is of type {kind!r}, so {member!r} does not belong to it. Leave it out."
            )
    if wanted and wanted not in configuration:
        raise ValidationException(f"A data source of type {kind!r} needs {wanted!r}. Add it.")
    if kind == "WEB":
        _check_web(configuration["webConfiguration"])
    elif kind == CONNECTOR:
        connectors.check(configuration["managedKnowledgeBaseConnectorConfiguration"])


def _check_web(web: Members) -> None:
    for seed in web["sourceConfiguration"]["urlConfiguration"].get("seedUrls", ()):
        if "url" not in seed:
            raise ValidationException("A seed of 'seedUrls' has no 'url'. Add the address to begin at.")
    Asked(web)


def _check_transformation(configuration: Members | None, functions: Members) -> None:
    for transformation in (configuration or {}).get("transformations", ()):
        arn = transformation["transformationFunction"]["transformationLambdaConfiguration"]["lambdaArn"]
        if arn not in functions:
            raise ValidationException(
                f"This server has no function {arn!r}. Its operator names one under [knowledge.functions] in "
                'craton.toml, as "<ARN>" = "path/to/file.py:handler".'
            )


def _leaves_model(base: Members) -> bool:
    """Whether a knowledge base leaves its embedding model to the server."""
    managed = base.get("managedKnowledgeBaseConfiguration", {})
    return bool(base["type"] == MANAGED and managed.get("embeddingModelType", MANAGED) == MANAGED)
