"""Structured knowledge bases as they are made, and their tables as they are read."""

import sqlite3
from typing import Any

import pytest

from tests.knowledge.house import CUSTOM, VECTOR, gone, refused, until
from tests.knowledge.structured.shop import NOTES, WORKGROUP, Shop

METADATA = {"type": "REDSHIFT_METADATA"}


def changed(configuration: dict[str, Any], **redshift: Any) -> dict[str, Any]:
    """A configuration with other members of its `redshiftConfiguration`."""
    sql = configuration["sqlKnowledgeBaseConfiguration"]
    sql = {**sql, "redshiftConfiguration": {**sql["redshiftConfiguration"], **redshift}}
    return {**configuration, "sqlKnowledgeBaseConfiguration": sql}


def made(shop: Shop, configuration: dict[str, Any]) -> tuple[str, str]:
    base: str = shop.house.base(configuration)["knowledgeBaseId"]
    source: str = shop.house.source(base, METADATA)["dataSourceId"]
    return base, source


def test_what_was_made_reads_back(shop: Shop) -> None:
    configuration = shop.configuration()
    base = shop.house.base(configuration)
    got = shop.house.agent.get_knowledge_base(knowledgeBaseId=base["knowledgeBaseId"])["knowledgeBase"]
    assert got["knowledgeBaseConfiguration"] == configuration
    assert got["status"] == "ACTIVE" and "storageConfiguration" not in got


def test_a_database_that_nobody_named_is_refused_with_the_setting(sqlite_shop: Shop) -> None:
    store = {"type": "REDSHIFT", "redshiftConfiguration": {"databaseName": "other"}}
    configuration = changed(sqlite_shop.configuration([]), storageConfigurations=[store])
    told = refused(
        sqlite_shop.house.agent.create_knowledge_base,
        name="other",
        roleArn=sqlite_shop.house.role,
        knowledgeBaseConfiguration=configuration,
    )
    assert "[knowledge.databases]" in told and '"local-cluster/other" = ' in told


def test_a_workgroup_of_another_account_is_refused(sqlite_shop: Shop) -> None:
    auth = {"type": "IAM"}
    workgroup = {"workgroupArn": WORKGROUP.replace("123456789012", "999999999999"), "authConfiguration": auth}
    engine = {"type": "SERVERLESS", "serverlessConfiguration": workgroup}
    configuration = changed(sqlite_shop.configuration(), queryEngineConfiguration=engine)
    create, role = sqlite_shop.house.agent.create_knowledge_base, sqlite_shop.house.role
    assert "another account" in refused(create, name="foreign", roleArn=role, knowledgeBaseConfiguration=configuration)


@pytest.mark.parametrize(
    ("redshift", "told"),
    [
        (
            {
                "storageConfigurations": [
                    {
                        "type": "AWS_DATA_CATALOG",
                        "awsDataCatalogConfiguration": {"tableNames": ["sales.orders"]},
                    }
                ]
            },
            "'sales.orders'",
        ),
        ({"storageConfigurations": [{"type": "REDSHIFT"}]}, "needs 'redshiftConfiguration'"),
        ({"queryEngineConfiguration": {"type": "SERVERLESS"}}, "needs 'serverlessConfiguration'"),
        (
            {
                "queryEngineConfiguration": {
                    "type": "PROVISIONED",
                    "provisionedConfiguration": {
                        "clusterIdentifier": "local-cluster",
                        "authConfiguration": {"type": "USERNAME"},
                    },
                }
            },
            "needs 'databaseUser'",
        ),
        (
            {"queryGenerationConfiguration": {"generationContext": {"tables": [{"name": "other.main.orders"}]}}},
            "'shop.<schema>.<table>'",
        ),
    ],
)
def test_what_cannot_be_served_is_refused(sqlite_shop: Shop, redshift: dict[str, Any], told: str) -> None:
    configuration = changed(sqlite_shop.configuration(), **redshift)
    create = sqlite_shop.house.agent.create_knowledge_base
    role = sqlite_shop.house.role
    assert told in refused(create, name="refused", roleArn=role, knowledgeBaseConfiguration=configuration)


def test_tables_are_counted_as_documents(shop: Shop) -> None:
    base, source = made(shop, shop.configuration())
    place = {"knowledgeBaseId": base, "dataSourceId": source}
    first = shop.house.synced(**place)["statistics"]
    assert (first["numberOfDocumentsScanned"], first["numberOfNewDocumentsIndexed"]) == (3, 3)
    again = shop.house.synced(**place)["statistics"]
    counts = [
        again[f"numberOf{name}"] for name in ("DocumentsScanned", "NewDocumentsIndexed", "ModifiedDocumentsIndexed")
    ]
    assert counts == [3, 0, 0]


def test_questions_need_tables_that_were_read(sqlite_shop: Shop) -> None:
    base, source = made(sqlite_shop, sqlite_shop.configuration())
    asked: dict[str, Any] = {"knowledgeBaseId": base, "retrievalQuery": {"text": "Who lives in Ulm?"}}
    assert "REDSHIFT_METADATA" in refused(sqlite_shop.house.runtime.retrieve, **asked)
    sqlite_shop.house.synced(knowledgeBaseId=base, dataSourceId=source)
    assert sqlite_shop.house.found(base, "Who lives in Ulm?")
    sqlite_shop.house.agent.delete_data_source(knowledgeBaseId=base, dataSourceId=source)
    until(lambda: gone(sqlite_shop.house.agent.get_data_source, knowledgeBaseId=base, dataSourceId=source))
    assert "REDSHIFT_METADATA" in refused(sqlite_shop.house.runtime.retrieve, **asked)
    sqlite_shop.house.agent.delete_knowledge_base(knowledgeBaseId=base)
    until(lambda: gone(sqlite_shop.house.agent.get_knowledge_base, knowledgeBaseId=base))


def test_a_changed_table_is_known_after_the_next_job(sqlite_shop: Shop) -> None:
    path = sqlite_shop.house.account.server.home / "shop.db"
    base, source = made(sqlite_shop, sqlite_shop.configuration())
    place = {"knowledgeBaseId": base, "dataSourceId": source}
    sqlite_shop.house.synced(**place)
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE visits (day TEXT)")
    try:
        told = sqlite_shop.house.synced(**place)["statistics"]
        assert told["numberOfNewDocumentsIndexed"] == 1
    finally:
        connection.execute("DROP TABLE visits")
        connection.close()
    assert sqlite_shop.house.synced(**place)["statistics"]["numberOfDocumentsDeleted"] == 1


def test_a_context_that_names_nothing_there_fails_the_job(shop: Shop) -> None:
    """It may have been to exclude what it does not name rightly."""
    base, source = made(shop, shop.configuration([*NOTES, {"name": "shop.{schema}.salarys", "inclusion": "EXCLUDE"}]))
    job = shop.house.synced(knowledgeBaseId=base, dataSourceId=source)
    assert job["status"] == "FAILED" and "salarys" in job["failureReasons"][0]


def test_data_sources_stay_with_their_kind(sqlite_shop: Shop) -> None:
    house = sqlite_shop.house
    sql, vectors = house.base(sqlite_shop.configuration()), house.base(VECTOR)
    create = house.agent.create_data_source
    for base, kind in ((sql, CUSTOM), (vectors, METADATA)):
        told = refused(create, knowledgeBaseId=base["knowledgeBaseId"], name="wrong", dataSourceConfiguration=kind)
        assert "REDSHIFT_METADATA" in told
    source = house.source(sql["knowledgeBaseId"], METADATA)["dataSourceId"]
    document = {"content": {"dataSourceType": "CUSTOM"}}
    place = {"knowledgeBaseId": sql["knowledgeBaseId"], "dataSourceId": source}
    refused(house.agent.ingest_knowledge_base_documents, **place, documents=[document])
    refused(house.craton.rebuild_knowledge_base, knowledgeBaseId=sql["knowledgeBaseId"])
    generating = sqlite_shop.generating(vectors["knowledgeBaseId"], "Who?")
    assert "type 'SQL'" in refused(house.runtime.generate_query, **generating)


def test_a_search_of_rows_takes_no_filter(sqlite_shop: Shop) -> None:
    base = sqlite_shop.base()
    asked = {"vectorSearchConfiguration": {"filter": {"equals": {"key": "a", "value": "b"}}}}
    told = refused(
        sqlite_shop.house.runtime.retrieve,
        knowledgeBaseId=base,
        retrievalQuery={"text": "Who lives in Ulm?"},
        retrievalConfiguration=asked,
    )
    assert "'filter'" in told
