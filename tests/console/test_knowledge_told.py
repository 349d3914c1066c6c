"""What is told of documents in the console, and data sources that are changed in place."""

from collections.abc import Iterator

import pytest

from tests import scripted
from tests.console.conftest import Journey, clean
from tests.knowledge import answers
from tests.knowledge.house import VECTORS
from tests.serving import Server

CHUNKING = {"chunkingStrategy": "NONE"}


@pytest.fixture(scope="module")
def place(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose models play a script, with a bucket of which a part is the quay's."""
    home = tmp_path_factory.mktemp("told") / "home"
    scripted.install(home, VECTORS, output="EMBEDDING", dimensions=64)
    answers.install(home)
    (home / "craton.toml").write_text(answers.CONFIGURATION)
    quay = home / "buckets" / "island" / "quay"
    quay.mkdir(parents=True)
    (quay / "crane.md").write_text("The crane stands on the quay.")
    (quay.parent / "lighthouse.md").write_text(answers.LIGHTHOUSE)
    with Server(home) as running:
        yield running


def test_attributes_and_access_are_told_and_searched_by_and_a_source_is_changed(
    journey: Journey, place: Server
) -> None:
    agent = place.client("bedrock-agent")
    base = agent.create_knowledge_base(
        name="island",
        roleArn="arn:aws:iam::123456789012:role/knowledge",
        knowledgeBaseConfiguration={
            "type": "VECTOR",
            "vectorKnowledgeBaseConfiguration": {
                "embeddingModelArn": f"arn:aws:bedrock:us-east-1::foundation-model/{VECTORS}"
            },
        },
    )["knowledgeBase"]["knowledgeBaseId"]

    def source(name: str, **configuration: object) -> str:
        made = agent.create_data_source(
            knowledgeBaseId=base,
            name=name,
            dataSourceConfiguration=configuration,
            vectorIngestionConfiguration={"chunkingConfiguration": CHUNKING},
        )
        return str(made["dataSource"]["dataSourceId"])

    uploads = source("uploads", type="CUSTOM")
    bucket = source("bucket", type="S3", s3Configuration={"bucketArn": "arn:aws:s3:::island"})
    agent.start_ingestion_job(knowledgeBaseId=base, dataSourceId=bucket)
    found = journey("knowledge_told", BASE=base, BUCKET=bucket, UPLOADS=uploads)
    clean(found, place)
    assert found["wrong"] == 1, "what is no number is told before anything is sent"
    assert found["sent"].count("year = 2024 · topics = ferry, prices · draft = No") == 2
    assert found["sent"].count("only for ada@example.com") == 1
    assert "Everybody who may search here" in found["told"]["tide.txt"]
    assert "only for ada@example.com" in found["told"]["harbour.txt"]
    for told in found["told"].values():
        assert "ferry, prices" in told
    (result,) = found["filtered"]
    assert "waits for the tide" in result
    assert found["both"] == []
    assert found["either"] == found["filtered"]
    assert len(found["ada"]) == 2, "the user sees what only the user may"
    assert '"orAll"' in found["code"] and '"listContains"' in found["code"] and '"value": 2030' in found["code"]
    assert "takes out what does not" in found["means"] and "at once" in found["means"]
    assert "Removed\n1" in found["figures"]
    changed = agent.get_data_source(knowledgeBaseId=base, dataSourceId=bucket)["dataSource"]
    assert changed["description"] == "All about the quay"
    assert changed["dataSourceConfiguration"]["s3Configuration"]["inclusionPrefixes"] == ["quay/"]
    assert changed["vectorIngestionConfiguration"]["chunkingConfiguration"] == CHUNKING
