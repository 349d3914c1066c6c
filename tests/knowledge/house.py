"""What tests of knowledge bases make: bases, data sources, and waiting for what is asynchronous."""

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import pytest
from botocore.exceptions import ClientError

from tests.fronts import Account

VECTORS = "craton.vectors-v1:0"
VECTORS_ARN = f"arn:aws:bedrock:us-east-1::foundation-model/{VECTORS}"
ROLE = "arn:aws:iam::123456789012:role/knowledge"
FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:chunks"
CONFIGURATION = f"""
[knowledge.storage]
OPENSEARCH_SERVERLESS = "embedded"

[knowledge.functions]
"{FUNCTION}" = "chunks.py:handler"
"""
VECTOR = {"type": "VECTOR", "vectorKnowledgeBaseConfiguration": {"embeddingModelArn": VECTORS_ARN}}
MANAGED = {"type": "MANAGED", "managedKnowledgeBaseConfiguration": {"embeddingModelType": "MANAGED"}}
CUSTOM = {"type": "CUSTOM"}
UNDER_WAY = ("STARTING", "PENDING", "IN_PROGRESS", "DELETING", "DELETE_IN_PROGRESS")

Found = TypeVar("Found")


def connector(**parameters: object) -> dict[str, Any]:
    """A data source of a managed knowledge base."""
    return {
        "type": "MANAGED_KNOWLEDGE_BASE_CONNECTOR",
        "managedKnowledgeBaseConnectorConfiguration": {"connectorParameters": {"version": "1", **parameters}},
    }


@dataclass(frozen=True)
class House:
    """An account's knowledge bases on one server."""

    account: Account
    region: str = "us-east-1"
    role: str = ROLE

    @cached_property
    def agent(self) -> Any:
        return self.account.client("bedrock-agent", self.region)

    @cached_property
    def runtime(self) -> Any:
        return self.account.client("bedrock-agent-runtime", self.region)

    @cached_property
    def craton(self) -> Any:
        return self.account.client("craton", self.region)

    def base(self, configuration: dict[str, Any] = VECTOR, **more: Any) -> dict[str, Any]:
        asked = {"name": f"kb-{uuid.uuid4().hex}", "roleArn": self.role, "knowledgeBaseConfiguration": configuration}
        made: dict[str, Any] = self.agent.create_knowledge_base(**asked | more)["knowledgeBase"]
        return made

    def source(self, base: str, configuration: dict[str, Any] = CUSTOM, **more: Any) -> dict[str, Any]:
        asked = {"name": f"ds-{uuid.uuid4().hex}", "dataSourceConfiguration": configuration}
        made: dict[str, Any] = self.agent.create_data_source(knowledgeBaseId=base, **asked | more)["dataSource"]
        return made

    def ingested(self, base: str, source: str, id: str, text: str, **metadata: Any) -> dict[str, Any]:
        """A document of a custom data source, once it is done."""
        inline = {"type": "TEXT", "textContent": {"data": text}}
        custom = {"customDocumentIdentifier": {"id": id}, "sourceType": "IN_LINE", "inlineContent": inline}
        document: dict[str, Any] = {"content": {"dataSourceType": "CUSTOM", "custom": custom}}
        if metadata:
            document["metadata"] = {"type": "IN_LINE_ATTRIBUTE", **metadata}
        place = {"knowledgeBaseId": base, "dataSourceId": source}
        self.agent.ingest_knowledge_base_documents(**place, documents=[document])
        return self.document(base, source, id)

    def document(self, base: str, source: str, id: str) -> dict[str, Any]:
        """How a document ended."""
        place = {"knowledgeBaseId": base, "dataSourceId": source}
        named = [{"dataSourceType": "CUSTOM", "custom": {"id": id}}]

        def ended() -> dict[str, Any] | None:
            asked = self.agent.get_knowledge_base_documents(**place, documentIdentifiers=named)
            detail: dict[str, Any] = asked["documentDetails"][0]
            return detail if detail["status"] not in UNDER_WAY else None

        return until(ended)

    def synced(self, **place: str) -> dict[str, Any]:
        """An ingestion job of a data source, once it is done."""
        started = self.agent.start_ingestion_job(**place)["ingestionJob"]

        def ended() -> dict[str, Any] | None:
            job: dict[str, Any] = self.agent.get_ingestion_job(**place, ingestionJobId=started["ingestionJobId"])
            return job["ingestionJob"] if job["ingestionJob"]["status"] in ("COMPLETE", "FAILED", "STOPPED") else None

        return until(ended)

    def found(self, base: str, query: str, **more: Any) -> list[dict[str, Any]]:
        answer = self.runtime.retrieve(knowledgeBaseId=base, retrievalQuery={"text": query}, **more)
        results: list[dict[str, Any]] = answer["retrievalResults"]
        return results


def until(look: Callable[[], Found | None], seconds: float = 30) -> Found:
    """What `look` finds, once it finds it."""
    deadline = time.monotonic() + seconds
    while (found := look()) is None:
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)
    return found


def gone(call: Callable[..., Any], **arguments: Any) -> bool | None:
    """Whether what is asked for does not exist; None while it does."""
    try:
        call(**arguments)
    except ClientError as error:
        assert error.response["Error"]["Code"] == "ResourceNotFoundException", error
        return True
    return None


def refused(call: Callable[..., Any], code: str = "ValidationException", **arguments: Any) -> str:
    """What the server says of a request that it refuses."""
    with pytest.raises(ClientError) as raised:
        call(**arguments)
    error = raised.value.response["Error"]
    assert error["Code"] == code, error
    message: str = error["Message"]
    return message
