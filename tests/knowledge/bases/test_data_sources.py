"""Data sources as boto3 makes, changes and lists them."""

import uuid
from typing import Any

import pytest

from tests import scripted
from tests.knowledge.house import CUSTOM, FUNCTION, MANAGED, VECTORS_ARN, House, connector, refused

SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:x"
S3 = {"type": "S3", "s3Configuration": {"bucketArn": "arn:aws:s3:::papers", "inclusionPrefixes": ["2024/"]}}
FIXED = {
    "chunkingConfiguration": {
        "chunkingStrategy": "FIXED_SIZE",
        "fixedSizeChunkingConfiguration": {"maxTokens": 100, "overlapPercentage": 20},
    }
}


@pytest.fixture(scope="module")
def base(house: House) -> str:
    made: str = house.base()["knowledgeBaseId"]
    return made


@pytest.fixture(scope="module")
def managed(house: House) -> str:
    made: str = house.base(MANAGED)["knowledgeBaseId"]
    return made


def web(*urls: str, **crawler: Any) -> dict[str, Any]:
    source = {"urlConfiguration": {"seedUrls": [{"url": url} for url in urls]} if urls else {}}
    return {"type": "WEB", "webConfiguration": {"sourceConfiguration": source, "crawlerConfiguration": crawler}}


def transformed(function: str) -> dict[str, Any]:
    step = {
        "stepToApply": "POST_CHUNKING",
        "transformationFunction": {"transformationLambdaConfiguration": {"lambdaArn": function}},
    }
    storage = {"s3Location": {"uri": "s3://papers/between/"}}
    return {"customTransformationConfiguration": {"intermediateStorage": storage, "transformations": [step]}}


def enriched(model: str) -> dict[str, Any]:
    strategy = {"enrichmentStrategyConfiguration": {"method": "CHUNK_ENTITY_EXTRACTION"}, "modelArn": model}
    configured = {"type": "BEDROCK_FOUNDATION_MODEL", "bedrockFoundationModelConfiguration": strategy}
    return {"contextEnrichmentConfiguration": configured}


@pytest.mark.parametrize(
    "configuration",
    [
        S3,
        CUSTOM,
        web(
            "https://example.com/docs/", scope="HOST_ONLY", crawlerLimits={"rateLimit": 60}, inclusionFilters=[".*docs"]
        ),
    ],
)
def test_what_was_made_reads_back(house: House, base: str, configuration: dict[str, Any]) -> None:
    text = f"arn:aws:bedrock:us-east-1::foundation-model/{scripted.MODEL}"
    ingesting = FIXED | transformed(FUNCTION) | enriched(text)
    more = {"description": "Papers.", "dataDeletionPolicy": "RETAIN", "vectorIngestionConfiguration": ingesting}
    made = house.source(base, configuration, **more)
    assert made["dataSourceConfiguration"] == configuration
    assert {member: made[member] for member in more} == more
    assert (made["status"], made["knowledgeBaseId"]) == ("AVAILABLE", base)
    place = {"knowledgeBaseId": base, "dataSourceId": made["dataSourceId"]}
    assert house.agent.get_data_source(**place)["dataSource"] == made


def test_documents_go_with_it_where_nothing_else_is_said(house: House, base: str) -> None:
    assert house.source(base)["dataDeletionPolicy"] == "DELETE"


def test_an_update_keeps_how_it_chunks(house: House, base: str) -> None:
    made = house.source(base, S3, vectorIngestionConfiguration=FIXED, dataDeletionPolicy="RETAIN", description="Old.")
    place = {"knowledgeBaseId": base, "dataSourceId": made["dataSourceId"], "name": f"ds-{uuid.uuid4().hex}"}
    other = {"type": "S3", "s3Configuration": {"bucketArn": "arn:aws:s3:::others"}}
    same = {"dataSourceConfiguration": other, "vectorIngestionConfiguration": FIXED}
    updated = house.agent.update_data_source(**place, **same)["dataSource"]
    assert (updated["name"], updated["dataSourceConfiguration"]) == (place["name"], other)
    assert updated["dataDeletionPolicy"] == "RETAIN"
    assert "description" not in updated
    for changed in ({"dataSourceConfiguration": other}, same | {"vectorIngestionConfiguration": enriched("a.b-v1")}):
        assert "chunkingConfiguration" in refused(house.agent.update_data_source, **place, **changed)
    assert "The type of a data source" in refused(
        house.agent.update_data_source, **place, **same | {"dataSourceConfiguration": CUSTOM}
    )


def test_lists_are_not_asked_for_later(house: House, managed: str) -> None:
    """What had been ingested without a list would be found by everybody still."""
    made = house.source(managed, connector(type="CUSTOM"))
    place = {"knowledgeBaseId": managed, "dataSourceId": made["dataSourceId"], "name": made["name"]}
    asking = connector(type="CUSTOM", aclEnabled=True)
    assert "aclEnabled" in refused(house.agent.update_data_source, **place, dataSourceConfiguration=asking)
    kept = house.agent.update_data_source(**place, dataSourceConfiguration=connector(type="CUSTOM", aclEnabled=False))
    assert kept["dataSource"]["status"] == "AVAILABLE"


def test_names_are_unique_in_a_knowledge_base(house: House, base: str) -> None:
    first, second = house.source(base), house.source(base)
    assert first["name"] in refused(house.source, "ConflictException", base=base, name=first["name"])
    place = {"knowledgeBaseId": base, "dataSourceId": second["dataSourceId"], "dataSourceConfiguration": CUSTOM}
    refused(house.agent.update_data_source, "ConflictException", **place, name=first["name"])
    assert house.agent.update_data_source(**place, name=second["name"])["dataSource"]["name"] == second["name"]
    assert house.source(house.base()["knowledgeBaseId"], name=first["name"])["name"] == first["name"]


def test_pages_are_of_one_knowledge_base(house: House, base: str) -> None:
    other = house.base()["knowledgeBaseId"]
    made = [house.source(other)["dataSourceId"] for _ in range(3)]
    house.source(base)
    first = house.agent.list_data_sources(knowledgeBaseId=other, maxResults=2)
    rest = house.agent.list_data_sources(knowledgeBaseId=other, maxResults=2, nextToken=first["nextToken"])
    summaries = first["dataSourceSummaries"] + rest["dataSourceSummaries"]
    assert [each["dataSourceId"] for each in summaries] == made
    assert "nextToken" not in rest
    token = {"knowledgeBaseId": base, "nextToken": first["nextToken"]}
    assert "nextToken" in refused(house.agent.list_data_sources, **token)


CONFLUENCE = {
    "type": "CONFLUENCE",
    "confluenceConfiguration": {
        "sourceConfiguration": {
            "hostUrl": "https://x.atlassian.net",
            "hostType": "SAAS",
            "authType": "BASIC",
            "credentialsSecretArn": SECRET,
        }
    },
}


@pytest.mark.parametrize(
    ("configuration", "reason"),
    [
        (CONFLUENCE, "'CONFLUENCE'"),
        ({"type": "REDSHIFT_METADATA"}, "'REDSHIFT_METADATA'"),
        ({"type": "S3"}, "needs 's3Configuration'"),
        (S3 | {"type": "CUSTOM"}, "'s3Configuration' does not belong"),
        (connector(type="CUSTOM"), "belongs to a managed knowledge base"),
        (web(), "seedUrls"),
        (web("http://a:b:c"), "cannot be crawled"),
        (web("https://example.com", exclusionFilters=["(["]), "no regular expression"),
    ],
)
def test_what_cannot_be_made(house: House, base: str, configuration: dict[str, Any], reason: str) -> None:
    assert reason in refused(house.source, base=base, configuration=configuration)


@pytest.mark.parametrize(
    ("ingesting", "reason"),
    [
        ({"parsingConfiguration": {"parsingStrategy": "BEDROCK_DATA_AUTOMATION"}}, "'parsingConfiguration'"),
        (transformed(f"{FUNCTION}-2"), "[knowledge.functions]"),
        (enriched(VECTORS_ARN), "writes no text"),
        ({"contextEnrichmentConfiguration": {"type": "BEDROCK_FOUNDATION_MODEL"}}, "needs"),
        ({"chunkingConfiguration": {"chunkingStrategy": "FIXED_SIZE"}}, "fixedSizeChunkingConfiguration"),
    ],
)
def test_documents_that_cannot_be_read_so(house: House, base: str, ingesting: dict[str, Any], reason: str) -> None:
    assert reason in refused(house.source, base=base, vectorIngestionConfiguration=ingesting)


def test_no_keys_of_another_service(house: House, base: str) -> None:
    key = {"kmsKeyArn": f"arn:aws:kms:us-east-1:123456789012:key/{uuid.uuid4()}"}
    told = refused(house.source, base=base, serverSideEncryptionConfiguration=key)
    assert "'serverSideEncryptionConfiguration'" in told


class TestManaged:
    """The connectors of managed knowledge bases, which alone take them."""

    @pytest.mark.parametrize(
        "configuration",
        [
            connector(type="CUSTOM", aclEnabled=True),
            connector(
                type="S3",
                connectionConfiguration={"bucketName": "papers", "bucketOwnerAccountId": "123456789012"},
                filterConfiguration={"inclusionPrefixes": ["2024/", "2025/"]},
            ),
        ],
    )
    def test_reads_back(self, house: House, managed: str, configuration: dict[str, Any]) -> None:
        assert house.source(managed, configuration)["dataSourceConfiguration"] == configuration

    @pytest.mark.parametrize(
        ("configuration", "reason"),
        [
            (CUSTOM, "Unsupported data source type for MANAGED"),
            (connector(type="SHAREPOINT"), "no connector of type 'SHAREPOINT'"),
            (connector(type="CUSTOM", version="2"), "'version'"),
            (connector(type="S3"), "needs a 'bucketName'"),
            (connector(type="S3", connectionConfiguration={"bucketName": 1}), "should be of type string"),
            (connector(type="S3", filterConfiguration={"exclusionPatterns": ["x"]}), "exclusionPatterns"),
            (connector(type="S3", aclConfiguration={"globalAccessControlListS3Uri": "s3://a/b"}), ".metadata.json"),
        ],
    )
    def test_refused(self, house: House, managed: str, configuration: dict[str, Any], reason: str) -> None:
        assert reason in refused(house.source, base=managed, configuration=configuration)

    @pytest.mark.parametrize(
        ("member", "value"),
        [
            ("syncSchedule", {"daily": {}}),
            ("deletionProtectionConfiguration", {"deletionProtectionStatus": "ENABLED"}),
            (
                "mediaExtractionConfiguration",
                {"audioExtractionConfiguration": {"audioExtractionStatus": "ENABLED"}},
            ),
        ],
    )
    def test_what_no_connector_does(self, house: House, managed: str, member: str, value: dict[str, Any]) -> None:
        configuration = connector(type="CUSTOM")
        configuration["managedKnowledgeBaseConnectorConfiguration"][member] = value
        told = refused(house.source, base=managed, configuration=configuration)
        assert "Leave out" in told

    def test_the_server_that_has_the_model_chunks_too(self, house: House, managed: str) -> None:
        asked = {"configuration": connector(type="CUSTOM"), "vectorIngestionConfiguration": FIXED}
        assert "A chunking strategy cannot be specified" in refused(house.source, base=managed, **asked)
