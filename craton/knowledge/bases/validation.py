"""What a `knowledgeBaseConfiguration` may say. Knows no model and no storage."""

from collections.abc import Mapping
from typing import Any

from craton.errors import ValidationException

VECTOR, MANAGED, SQL = "VECTOR", "MANAGED", "SQL"

# The member that each type of knowledge base is configured by.
MEMBERS: Mapping[str, str] = {
    VECTOR: "vectorKnowledgeBaseConfiguration",
    MANAGED: "managedKnowledgeBaseConfiguration",
    SQL: "sqlKnowledgeBaseConfiguration",
    "KENDRA": "kendraKnowledgeBaseConfiguration",
}

Configuration = Mapping[str, Any]


def check(configuration: Configuration) -> None:
    """Raises ValidationException for what no knowledge base can be made of here."""
    kind = configuration["type"]
    wanted = MEMBERS[kind]
    for member in configuration:
        if member not in ("type", wanted):
            raise ValidationException(
                f"The knowledge base is of type {kind!r}, so {member!r} does not belong to it. Leave it out."
            )
    if kind == "KENDRA":
        raise ValidationException(
            "This server has no Kendra index. Make a knowledge base of type 'VECTOR' and data sources of its documents."
        )
    if wanted not in configuration and kind != MANAGED:
        raise ValidationException(f"A knowledge base of type {kind!r} needs {wanted!r}. Add it.")
    if kind == VECTOR:
        _check_vectors(configuration[wanted])
    elif kind == MANAGED:
        _check_managed(configuration.get(wanted, {}))


def embedding_arn(configuration: Configuration) -> str | None:
    """The embedding model that a configuration names."""
    named: str | None = configuration.get(MEMBERS[configuration["type"]], {}).get("embeddingModelArn")
    return named


def embedding_options(configuration: Configuration) -> Configuration:
    """Its `bedrockEmbeddingModelConfiguration`."""
    model = configuration.get(MEMBERS[configuration["type"]], {}).get("embeddingModelConfiguration", {})
    options: Configuration = model.get("bedrockEmbeddingModelConfiguration", {})
    return options


def _check_managed(managed: Configuration) -> None:
    named = "embeddingModelArn" in managed
    if managed.get("embeddingModelType") == "CUSTOM" and not named:
        raise ValidationException("embeddingModelType 'CUSTOM' needs an 'embeddingModelArn'. Add it.")
    if managed.get("embeddingModelType", "MANAGED") == "MANAGED" and named:
        raise ValidationException(
            "embeddingModelType 'MANAGED' leaves the model to the server. Leave out 'embeddingModelArn', or ask for "
            "'CUSTOM'."
        )
    if "kmsKeyArn" in managed.get("serverSideEncryptionConfiguration", {}):
        raise ValidationException(
            "This server has no KMS keys to encrypt a knowledge base with. Leave out 'kmsKeyArn' of the "
            "'serverSideEncryptionConfiguration'."
        )
    _check_vectors(managed)


def _check_vectors(vectors: Configuration) -> None:
    options = vectors.get("embeddingModelConfiguration", {}).get("bedrockEmbeddingModelConfiguration", {})
    if options.get("embeddingDataType", "FLOAT32") != "FLOAT32":
        raise ValidationException(
            "This server keeps vectors of numbers alone. Ask for embeddingDataType 'FLOAT32', or leave it out."
        )
    for member in ("audio", "video", "modelConfiguration"):
        if member in options:
            raise ValidationException(
                f"No embedding model of this server reads more than text. Leave out {member!r} of the "
                "'bedrockEmbeddingModelConfiguration'."
            )
    if "supplementalDataStorageConfiguration" in vectors:
        raise ValidationException(
            "This server takes no pictures out of documents to store them. Leave out "
            "'supplementalDataStorageConfiguration'."
        )
