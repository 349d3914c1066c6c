"""What one account makes in one region, no other account and no other region ever sees."""

import json
from typing import Any

import pytest

from tests.command import craton
from tests.fronts import OTHER_ACCOUNT, Account
from tests.knowledge.house import CUSTOM, ROLE, House, refused

SECRET = "The password of the vault is swordfish."


@pytest.fixture(scope="module")
def strangers(house: House) -> list[House]:
    """Another account in the same region, and the same account in another one."""
    done = craton("keys", "create", "--account", OTHER_ACCOUNT, "--json", "--home", str(house.account.server.home))
    made = json.loads(done.stdout)
    other = Account(house.account.server, made["accessKeyId"], made["secretAccessKey"])
    return [House(other, role=ROLE.replace("123456789012", OTHER_ACCOUNT)), House(house.account, "eu-central-1")]


@pytest.fixture(scope="module")
def secret(house: House) -> dict[str, Any]:
    base = house.base(name="vault")
    source = house.source(base["knowledgeBaseId"], name="vault")["dataSourceId"]
    house.ingested(base["knowledgeBaseId"], source, "password", SECRET)
    return {"knowledgeBaseId": base["knowledgeBaseId"], "dataSourceId": source, "arn": base["knowledgeBaseArn"]}


def test_nothing_is_listed(strangers: list[House], secret: dict[str, Any]) -> None:
    for stranger in strangers:
        listed = stranger.agent.list_knowledge_bases()["knowledgeBaseSummaries"]
        assert secret["knowledgeBaseId"] not in [each["knowledgeBaseId"] for each in listed]


def test_pages_of_one_are_no_pages_of_another(house: House, strangers: list[House]) -> None:
    house.base()
    house.base()
    token = house.agent.list_knowledge_bases(maxResults=1)["nextToken"]
    for stranger in strangers:
        refused(stranger.agent.list_knowledge_bases, nextToken=token)


def test_no_name_leads_to_it(strangers: list[House], secret: dict[str, Any]) -> None:
    base, source, arn = secret["knowledgeBaseId"], secret["dataSourceId"], secret["arn"]
    place = {"knowledgeBaseId": base, "dataSourceId": source}
    query = {"retrievalQuery": {"text": "password"}}
    named = [{"dataSourceType": "CUSTOM", "custom": {"id": "password"}}]
    for stranger in strangers:
        agent, runtime, own = stranger.agent, stranger.runtime, stranger.craton
        for call, asked in (
            (agent.get_knowledge_base, {"knowledgeBaseId": base}),
            (agent.delete_knowledge_base, {"knowledgeBaseId": base}),
            (agent.list_data_sources, {"knowledgeBaseId": base}),
            (agent.create_data_source, {"knowledgeBaseId": base, "name": "x", "dataSourceConfiguration": CUSTOM}),
            (agent.get_data_source, place),
            (agent.delete_data_source, place),
            (agent.start_ingestion_job, place),
            (agent.get_knowledge_base_documents, place | {"documentIdentifiers": named}),
            (runtime.retrieve, {"knowledgeBaseId": base, **query}),
            (runtime.get_document_content, place | {"documentId": "password"}),
            (runtime.get_ingested_document_acl, place | {"documentId": "password"}),
            (own.list_knowledge_base_chunks, place | {"documentId": "password"}),
            (own.rebuild_knowledge_base, {"knowledgeBaseId": base}),
            (own.upload_knowledge_base_document, place | {"fileName": "a.txt", "content": b"a"}),
        ):
            assert "does not exist" in refused(call, "ResourceNotFoundException", **asked), call
        code = "AccessDeniedException" if stranger is strangers[0] else "ResourceNotFoundException"
        refused(runtime.retrieve, code, knowledgeBaseId=arn, **query)
        theirs = arn.replace("123456789012", OTHER_ACCOUNT).replace("us-east-1", stranger.region)
        code = "ResourceNotFoundException" if stranger is strangers[0] else "AccessDeniedException"
        refused(runtime.retrieve, code, knowledgeBaseId=theirs, **query)


def test_a_namesake_holds_its_own_chunks(house: House, strangers: list[House], secret: dict[str, Any]) -> None:
    stranger = strangers[0]
    base = stranger.base(name="vault")["knowledgeBaseId"]
    source = stranger.source(base, name="vault")["dataSourceId"]
    stranger.ingested(base, source, "password", "Ours is tuna.")
    assert [each["content"]["text"] for each in stranger.found(base, "password")] == ["Ours is tuna."]
    assert [each["content"]["text"] for each in house.found(secret["knowledgeBaseId"], "password")] == [SECRET]
    asked = {"knowledgeBaseId": secret["knowledgeBaseId"], "dataSourceId": source}
    refused(house.agent.get_data_source, "ResourceNotFoundException", **asked)
