"""Chunks are transformed while their documents are ingested, as the data source says."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import scripted
from tests.fronts import Account
from tests.knowledge.house import VECTORS, House
from tests.serving import Server

FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:lines"
MODEL = "craton.entities-v1:0"
MODEL_ARN = f"arn:aws:bedrock:us-east-1::foundation-model/{MODEL}"
HANDLER = """
import json
import boto3

def handler(event, context):
    s3 = boto3.client("s3")
    (file,) = event["inputFiles"]
    made = []
    for batch in file["contentBatches"]:
        body = s3.get_object(Bucket=event["bucketName"], Key=batch["key"])["Body"].read()
        for content in json.loads(body)["fileContents"]:
            for line in content["contentBody"].splitlines():
                if "forbidden" in line:
                    raise ValueError("a forbidden line")
                made.append({**content, "contentBody": line, "contentMetadata": {"team": line.split()[0].lower()}})
    s3.put_object(Bucket=event["bucketName"], Key="made.json", Body=json.dumps({"fileContents": made}))
    return {"outputFiles": [{**file, "contentBatches": [{"key": "made.json"}]}]}
"""
ENTITIES: list[dict[str, Any]] = [
    {"match": "Anna", "text": '{"entities": ["Anna Lindqvist", "Skarholm", "Skarholm", " "]}'},
    {"match": "prose", "text": "I see no entities here."},
    {"text": '{"entities": []}'},
]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    home: Path = tmp_path_factory.mktemp("transforming") / "home"
    scripted.install(home, VECTORS, output="EMBEDDING", dimensions=64)
    scripted.install(home, MODEL, script={"rules": ENTITIES})
    (home / "lines.py").write_text(HANDLER)
    (home / "craton.toml").write_text(f'[knowledge.functions]\n"{FUNCTION}" = "{home / "lines.py"}:handler"\n')
    with Server(home) as running:
        yield House(Account(running))


def transformed() -> dict[str, Any]:
    function = {"transformationLambdaConfiguration": {"lambdaArn": FUNCTION}}
    return {
        "chunkingConfiguration": {"chunkingStrategy": "NONE"},
        "customTransformationConfiguration": {
            "intermediateStorage": {"s3Location": {"uri": "s3://between/"}},
            "transformations": [{"stepToApply": "POST_CHUNKING", "transformationFunction": function}],
        },
    }


def enriched() -> dict[str, Any]:
    strategy = {"enrichmentStrategyConfiguration": {"method": "CHUNK_ENTITY_EXTRACTION"}}
    return {
        "contextEnrichmentConfiguration": {
            "type": "BEDROCK_FOUNDATION_MODEL",
            "bedrockFoundationModelConfiguration": {**strategy, "modelArn": MODEL_ARN},
        }
    }


def place(house: House, ingesting: dict[str, Any]) -> tuple[str, str]:
    base = house.base()["knowledgeBaseId"]
    source = house.source(base, vectorIngestionConfiguration=ingesting)["dataSourceId"]
    return base, source


def test_a_function_makes_the_chunks_and_their_metadata(house: House) -> None:
    base, source = place(house, transformed())
    document = house.ingested(base, source, "one", "Red wins the cup.\nBlue loses the match.")
    assert document["status"] == "INDEXED"
    only = {"equals": {"key": "team", "value": "blue"}}
    search = {"vectorSearchConfiguration": {"filter": only}}
    (found,) = house.found(base, "who wins", retrievalConfiguration=search)
    assert found["content"]["text"] == "Blue loses the match."
    assert found["metadata"]["team"] == "blue"


def test_a_document_that_a_function_fails_on_says_why(house: House) -> None:
    base, source = place(house, transformed())
    document = house.ingested(base, source, "one", "A forbidden thing.")
    assert document["status"] == "FAILED"
    assert "ValueError: a forbidden line" in document["statusReason"]
    assert house.ingested(base, source, "two", "Green draws.")["status"] == "INDEXED"


def test_a_model_names_the_entities_of_chunks(house: House) -> None:
    base, source = place(house, enriched())
    assert house.ingested(base, source, "one", "The lighthouse was built by Anna.")["status"] == "INDEXED"
    assert house.ingested(base, source, "two", "The ferry leaves at noon.")["status"] == "INDEXED"
    only = {"listContains": {"key": "entities", "value": "Skarholm"}}
    (found,) = house.found(base, "anything", retrievalConfiguration={"vectorSearchConfiguration": {"filter": only}})
    assert found["content"]["text"] == "The lighthouse was built by Anna."
    assert found["metadata"]["entities"] == ["Anna Lindqvist", "Skarholm"]
    # The name is not in the text.
    assert house.found(base, "Lindqvist")[0]["content"]["text"] == "The lighthouse was built by Anna."


def test_a_document_keeps_entities_of_its_own(house: House) -> None:
    base, source = place(house, enriched())
    own = [{"key": "entities", "value": {"type": "STRING_LIST", "stringListValue": ["Leuchtturm"]}}]
    house.ingested(base, source, "one", "The lighthouse was built by Anna.", inlineAttributes=own)
    (found,) = house.found(base, "Lindqvist")
    assert found["metadata"]["entities"] == ["Leuchtturm"]


def test_a_model_that_names_no_entities_in_json_fails_the_document(house: House) -> None:
    base, source = place(house, enriched())
    document = house.ingested(base, source, "one", "Mere prose.")
    assert document["status"] == "FAILED"
    assert "did not end its answer as JSON" in document["statusReason"]
