"""Which store a knowledge base is given, and what the operator may set."""

from typing import Any

import pytest

from craton.config.settings import KnowledgeSettings
from craton.errors import ValidationException
from craton.knowledge.bases.storage import Storage
from tests.knowledge.house import MANAGED, House, refused

SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:x"
FIELDS = {"vectorField": "v", "textField": "t", "metadataField": "m"}
OPENSEARCH = {
    "type": "OPENSEARCH_SERVERLESS",
    "opensearchServerlessConfiguration": {
        "collectionArn": "arn:aws:aoss:us-east-1:123456789012:collection/abc123",
        "vectorIndexName": "index",
        "fieldMapping": FIELDS,
    },
}
PINECONE = {
    "type": "PINECONE",
    "pineconeConfiguration": {
        "connectionString": "https://x",
        "credentialsSecretArn": SECRET,
        "fieldMapping": {"textField": "t", "metadataField": "m"},
    },
}
RDS = {
    "type": "RDS",
    "rdsConfiguration": {
        "resourceArn": "arn:aws:rds:us-east-1:123456789012:cluster:c",
        "credentialsSecretArn": SECRET,
        "databaseName": "d",
        "tableName": "t",
        "fieldMapping": {"primaryKeyField": "id", **FIELDS},
    },
}


def test_a_stand_in_is_told_back_as_configured(house: House) -> None:
    made = house.base(storageConfiguration=OPENSEARCH)
    assert made["storageConfiguration"] == OPENSEARCH
    place = {member: made[member] for member in ("knowledgeBaseId", "name", "roleArn", "knowledgeBaseConfiguration")}
    assert "'storageConfiguration'" in refused(house.agent.update_knowledge_base, **place)


@pytest.mark.parametrize(
    ("storage", "setting"),
    [(PINECONE, 'PINECONE = "embedded" under [knowledge.storage]'), (RDS, "`postgres` under [knowledge]")],
)
def test_another_type_is_refused_with_what_would_serve_it(house: House, storage: dict[str, Any], setting: str) -> None:
    assert setting in refused(house.base, storageConfiguration=storage)


def test_a_managed_knowledge_base_has_its_own(house: House) -> None:
    assert "'storageConfiguration'" in refused(house.base, configuration=MANAGED, storageConfiguration=OPENSEARCH)


def test_what_is_configured_must_fit_its_type() -> None:
    storage = Storage(KnowledgeSettings(storage={"PINECONE": "embedded"}))
    assert storage.of(PINECONE) == "embedded"
    with pytest.raises(ValidationException, match="needs 'pineconeConfiguration'"):
        storage.of({"type": "PINECONE"})
    with pytest.raises(ValidationException, match="'rdsConfiguration' does not belong"):
        storage.of(PINECONE | {"rdsConfiguration": RDS["rdsConfiguration"]})


def test_postgres_stands_for_rds_and_for_what_the_operator_says() -> None:
    storage = Storage(KnowledgeSettings(postgres="postgresql://x", storage={"default": "postgres"}))
    assert (storage.of(None), storage.of(RDS)) == ("postgres", "postgres")
    assert Storage(KnowledgeSettings(postgres="postgresql://x")).of(None) == "embedded"


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        (KnowledgeSettings(storage={"PINE": "embedded"}), "'PINE'"),
        (KnowledgeSettings(storage={"RDS": "postgres"}), "`postgres` under"),
    ],
)
def test_settings_that_cannot_work(settings: KnowledgeSettings, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        Storage(settings)
