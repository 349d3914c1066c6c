"""Knowledge bases of a running server, made and filled as any program would."""

import time
from typing import Any

from tests.fronts import Account
from tests.serving import REGION

MODEL = "google.use-multilingual-v3:0"
ACCOUNT = "123456789012"
_ENDED = ("COMPLETE", "FAILED", "STOPPED")


def base(account: Account, name: str, model: str = MODEL) -> str:
    """The id of a new one."""
    arn = f"arn:aws:bedrock:{REGION}::foundation-model/{model}"
    vectors = {"type": "VECTOR", "vectorKnowledgeBaseConfiguration": {"embeddingModelArn": arn}}
    role = f"arn:aws:iam::{ACCOUNT}:role/knowledge"
    agent = account.client("bedrock-agent")
    made = agent.create_knowledge_base(name=name, roleArn=role, knowledgeBaseConfiguration=vectors)
    return str(made["knowledgeBase"]["knowledgeBaseId"])


def source(account: Account, base_id: str, bucket: str) -> dict[str, str]:
    """A data source of a bucket: the members by which requests name it."""
    s3 = {"type": "S3", "s3Configuration": {"bucketArn": f"arn:aws:s3:::{bucket}"}}
    agent = account.client("bedrock-agent")
    made = agent.create_data_source(knowledgeBaseId=base_id, name=bucket, dataSourceConfiguration=s3)["dataSource"]
    return {"knowledgeBaseId": base_id, "dataSourceId": made["dataSourceId"]}


def ingested(account: Account, place: dict[str, str]) -> dict[str, Any]:
    """The statistics of an ingestion job, once it is complete. Raises RuntimeError where documents failed."""
    agent = account.client("bedrock-agent")
    name = agent.start_ingestion_job(**place)["ingestionJob"]["ingestionJobId"]
    while (job := agent.get_ingestion_job(**place, ingestionJobId=name)["ingestionJob"])["status"] not in _ENDED:
        time.sleep(0.1)
    if job["status"] != "COMPLETE" or job["statistics"]["numberOfDocumentsFailed"]:
        raise RuntimeError(f"The documents were not ingested: {job}")
    return dict(job["statistics"])
