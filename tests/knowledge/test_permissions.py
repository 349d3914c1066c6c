"""What a user's policies must allow to ask, and to change, a knowledge base."""

import json
import uuid
from typing import Any

import pytest

from tests.fronts import Account
from tests.knowledge.house import CUSTOM, ROLE, VECTOR, VECTORS_ARN, House, refused

MANAGES = ["bedrock:CreateKnowledgeBase", "bedrock:CreateDataSource", "bedrock:DeleteKnowledgeBase"]


@pytest.fixture(scope="module")
def base(house: House) -> dict[str, Any]:
    made = house.base()
    source = house.source(made["knowledgeBaseId"])["dataSourceId"]
    house.ingested(made["knowledgeBaseId"], source, "note", "Bees make honey.")
    return made


def user(house: House, *statements: dict[str, Any]) -> House:
    """A new user with these statements for a policy."""
    name = f"u-{uuid.uuid4().hex}"
    house.craton.create_user(userName=name)
    document = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    house.craton.put_user_policy(userName=name, policyName="own", policyDocument=document)
    made = house.craton.create_access_key(userName=name)
    return House(Account(house.account.server, made["accessKeyId"], made["secretAccessKey"]))


def allow(*actions: str, resource: str = "*") -> dict[str, Any]:
    return {"Effect": "Allow", "Action": list(actions), "Resource": resource}


def test_who_may_ask_needs_no_permission_for_the_embedding_model(house: House, base: dict[str, Any]) -> None:
    asking = user(house, allow("bedrock:Retrieve", resource=base["knowledgeBaseArn"]))
    (found,) = asking.found(base["knowledgeBaseId"], "honey")
    assert found["content"]["text"] == "Bees make honey."
    other = house.base()["knowledgeBaseId"]
    call = asking.runtime.retrieve
    refused(call, "AccessDeniedException", knowledgeBaseId=other, retrievalQuery={"text": "honey"})
    named = {"knowledgeBaseId": base["knowledgeBaseId"]}
    for change in (asking.agent.delete_knowledge_base, asking.craton.rebuild_knowledge_base):
        assert "not authorized" in refused(change, "AccessDeniedException", **named)


def test_who_makes_one_must_be_allowed_the_model_and_the_role(house: House) -> None:
    asked = {"name": f"kb-{uuid.uuid4().hex}", "roleArn": ROLE, "knowledgeBaseConfiguration": VECTOR}
    role = allow("iam:PassRole", resource=ROLE)
    without_role = user(house, allow(*MANAGES, "bedrock:InvokeModel"))
    told = refused(without_role.agent.create_knowledge_base, "AccessDeniedException", **asked)
    assert "iam:PassRole" in told
    without_model = user(house, allow(*MANAGES), role)
    told = refused(without_model.agent.create_knowledge_base, "AccessDeniedException", **asked)
    assert "bedrock:InvokeModel" in told
    whole = user(house, allow(*MANAGES), role, allow("bedrock:InvokeModel", resource=VECTORS_ARN))
    made = whole.agent.create_knowledge_base(**asked)["knowledgeBase"]
    place = {"knowledgeBaseId": made["knowledgeBaseId"], "name": "own", "dataSourceConfiguration": CUSTOM}
    assert whole.agent.create_data_source(**place)["dataSource"]["status"] == "AVAILABLE"
