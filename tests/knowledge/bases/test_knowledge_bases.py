"""Knowledge bases as boto3 makes, changes, lists and tags them."""

import uuid
from typing import Any

import pytest

from tests import scripted
from tests.knowledge.house import MANAGED, ROLE, VECTOR, VECTORS_ARN, House, refused

TEXT_ARN = f"arn:aws:bedrock:us-east-1::foundation-model/{scripted.MODEL}"


def vector(**options: Any) -> dict[str, Any]:
    model = {"bedrockEmbeddingModelConfiguration": options}
    return {
        "type": "VECTOR",
        "vectorKnowledgeBaseConfiguration": {"embeddingModelArn": VECTORS_ARN, "embeddingModelConfiguration": model},
    }


def test_what_was_made_reads_back(house: House) -> None:
    configuration = vector(dimensions=64, embeddingDataType="FLOAT32")
    made = house.base(configuration, description="What we know.")
    assert (
        made["knowledgeBaseArn"] == f"arn:aws:bedrock:us-east-1:123456789012:knowledge-base/{made['knowledgeBaseId']}"
    )
    assert (made["status"], made["roleArn"], made["description"]) == ("ACTIVE", ROLE, "What we know.")
    assert made["knowledgeBaseConfiguration"] == configuration
    assert house.agent.get_knowledge_base(knowledgeBaseId=made["knowledgeBaseId"])["knowledgeBase"] == made
    assert not {"storageConfiguration", "embedding", "store"} & set(made)


def test_an_update_changes_words_and_nothing_else(house: House) -> None:
    made = house.base(description="Old.")
    place, name = {"knowledgeBaseId": made["knowledgeBaseId"]}, f"kb-{uuid.uuid4().hex}"
    asked = {**place, "name": name, "roleArn": f"{ROLE}2", "knowledgeBaseConfiguration": VECTOR}
    updated = house.agent.update_knowledge_base(**asked)["knowledgeBase"]
    assert (updated["name"], updated["roleArn"]) == (name, f"{ROLE}2")
    assert "description" not in updated
    assert updated["createdAt"] == made["createdAt"] < updated["updatedAt"]
    other = asked | {"knowledgeBaseConfiguration": vector(dimensions=64)}
    assert "'knowledgeBaseConfiguration' of a knowledge base cannot" in refused(
        house.agent.update_knowledge_base, **other
    )
    searchable = [{"name": "year", "type": "STRING", "searchability": "ENABLED"}]
    told = refused(house.agent.update_knowledge_base, **asked, metadataConfigurations=searchable)
    assert "'metadataConfigurations'" in told


def test_names_are_unique_in_an_account(house: House) -> None:
    first = house.base()
    assert "has the name" in refused(house.base, "ConflictException", name=first["name"])


def test_a_repeated_request_makes_one(house: House) -> None:
    once = {"name": f"kb-{uuid.uuid4().hex}", "clientToken": str(uuid.uuid4())}
    assert house.base(**once)["knowledgeBaseId"] == house.base(**once)["knowledgeBaseId"]


def test_tags(house: House) -> None:
    arn = house.base(tags={"team": "a"})["knowledgeBaseArn"]
    house.agent.tag_resource(resourceArn=arn, tags={"stage": "test"})
    house.agent.untag_resource(resourceArn=arn, tagKeys=["team"])
    assert house.agent.list_tags_for_resource(resourceArn=arn)["tags"] == {"stage": "test"}


def test_pages_hold_all(house: House) -> None:
    made = [house.base()["knowledgeBaseId"] for _ in range(3)]
    pages = list(house.agent.get_paginator("list_knowledge_bases").paginate(PaginationConfig={"PageSize": 2}))
    summaries = [each for page in pages for each in page["knowledgeBaseSummaries"]]
    listed = [each["knowledgeBaseId"] for each in summaries]
    assert [each for each in listed if each in made] == made
    assert len(listed) == len(set(listed))
    assert all(len(page["knowledgeBaseSummaries"]) <= 2 for page in pages)
    assert set(summaries[0]) <= {"knowledgeBaseId", "name", "description", "status", "updatedAt"}


def test_a_managed_one_takes_an_embedding_model_that_is_here(house: House) -> None:
    assert house.base(MANAGED)["status"] == "ACTIVE"
    assert house.base({"type": "MANAGED"})["knowledgeBaseConfiguration"] == {"type": "MANAGED"}
    own = {"embeddingModelType": "CUSTOM", "embeddingModelArn": VECTORS_ARN}
    assert house.base({"type": "MANAGED", "managedKnowledgeBaseConfiguration": own})["status"] == "ACTIVE"


KENDRA = "arn:aws:kendra:us-east-1:123456789012:index/0123456789abcdef0123456789abcdef0123"


@pytest.mark.parametrize(
    ("configuration", "reason"),
    [
        (vector(dimensions=512), "embeddings have 64 dimensions"),
        (vector(embeddingDataType="BINARY"), "'FLOAT32'"),
        (vector(audio=[{"segmentationConfiguration": {"fixedLengthDuration": 5}}]), "'audio'"),
        ({"type": "VECTOR"}, "needs 'vectorKnowledgeBaseConfiguration'"),
        (VECTOR | {"type": "MANAGED"}, "'vectorKnowledgeBaseConfiguration' does not belong"),
        ({"type": "VECTOR", "vectorKnowledgeBaseConfiguration": {"embeddingModelArn": TEXT_ARN}}, "makes no vectors"),
        ({"type": "KENDRA", "kendraKnowledgeBaseConfiguration": {"kendraIndexArn": KENDRA}}, "no Kendra index"),
        (
            {"type": "MANAGED", "managedKnowledgeBaseConfiguration": {"embeddingModelType": "CUSTOM"}},
            "needs an 'embeddingModelArn'",
        ),
    ],
)
def test_what_cannot_be_made(house: House, configuration: dict[str, Any], reason: str) -> None:
    assert reason in refused(house.base, configuration=configuration)


def test_pictures_out_of_documents_are_stored_nowhere(house: House) -> None:
    storage = {"storageLocations": [{"type": "S3", "s3Location": {"uri": "s3://pictures"}}]}
    own = {"embeddingModelArn": VECTORS_ARN, "supplementalDataStorageConfiguration": storage}
    told = refused(house.base, configuration={"type": "VECTOR", "vectorKnowledgeBaseConfiguration": own})
    assert "'supplementalDataStorageConfiguration'" in told


def test_one_that_is_not_there(house: House) -> None:
    told = refused(house.agent.get_knowledge_base, "ResourceNotFoundException", knowledgeBaseId="ABCDEFGHIJ")
    assert "Knowledge base with id ABCDEFGHIJ does not exist" in told
