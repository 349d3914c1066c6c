"""Knowledge bases that an account may have, and the requests in which others may try to reach them."""

from collections.abc import Callable
from typing import Any

from tests import scripted
from tests.fronts import Account
from tests.knowledge.house import CUSTOM, VECTOR, House, until

Request = dict[str, Any]

TEXT = {"text": "Where is it?"}
DOCUMENT = "the-notice"
IDENTIFIED = [{"dataSourceType": "CUSTOM", "custom": {"id": DOCUMENT}}]
HANDED = {
    "content": {
        "dataSourceType": "CUSTOM",
        "custom": {
            "customDocumentIdentifier": {"id": DOCUMENT},
            "sourceType": "IN_LINE",
            "inlineContent": {"type": "TEXT", "textContent": {"data": "Mine."}},
        },
    }
}
RULE = {"persona": "A clerk."}


def house(account: Account, number: str) -> House:
    return House(account, role=f"arn:aws:iam::{number}:role/knowledge")


def made(owner: Account, account: str, name: str, mark: str, token: str) -> dict[str, str]:
    """A knowledge base with sources, a document, a job that has ended, a session and an instruction, by kind; parts are
    told with all that they are part of.
    """
    its = house(owner, account)
    tags = {"word": mark}
    base = its.base(name=name, description=mark, tags=tags, clientToken=token)
    key = base["knowledgeBaseId"]
    source = its.source(key, CUSTOM, name=name, description=mark)["dataSourceId"]
    its.ingested(key, source, DOCUMENT, f"The {mark} is in the cellar.")
    bucket = {"type": "S3", "s3Configuration": {"bucketArn": "arn:aws:s3:::of-nothing"}}
    listed = {"knowledgeBaseId": key, "dataSourceId": its.source(key, bucket, name=f"{name}-bucket")["dataSourceId"]}
    job = its.agent.start_ingestion_job(**listed, description=mark)["ingestionJob"]["ingestionJobId"]
    place = {**listed, "ingestionJobId": job}

    def ended() -> bool | None:
        return its.agent.get_ingestion_job(**place)["ingestionJob"]["status"] in ("COMPLETE", "FAILED") or None

    until(ended)
    session = its.runtime.retrieve_and_generate(**answered(key))["sessionId"]
    instruction = its.agent.create_retrieval_instruction(
        name=name, instruction=RULE, description=mark, tags=tags, clientToken=token
    )["retrievalInstructionId"]
    its.agent.create_retrieval_instruction_version(retrievalInstructionId=instruction)
    return {
        "base": key,
        "base arn": base["knowledgeBaseArn"],
        "source": source,
        "knowledge parts": f"{key} {source}",
        "job parts": " ".join(place.values()),
        "session": session,
        "instruction": instruction,
    }


def answered(base: str, **more: Any) -> Request:
    configuration = {"knowledgeBaseId": base, "modelArn": scripted.MODEL}
    return {
        "input": TEXT,
        "retrieveAndGenerateConfiguration": {
            "type": "KNOWLEDGE_BASE",
            "knowledgeBaseConfiguration": configuration,
        },
        **more,
    }


def agentic(base: str, **more: Any) -> Request:
    model = {"bedrockFoundationModelConfiguration": {"modelConfiguration": {"modelArn": scripted.MODEL}}}
    return {
        "agenticRetrieveConfiguration": {
            "foundationModelConfiguration": {"type": "BEDROCK_FOUNDATION_MODEL", **model},
            "foundationModelType": "CUSTOM",
        },
        "messages": [{"role": "user", "content": TEXT}],
        "retrievers": [{"configuration": {"knowledgeBase": {"knowledgeBaseId": base}}}],
        **more,
    }


def sql(arn: str) -> Request:
    return {
        "queryGenerationInput": {"type": "TEXT", **TEXT},
        "transformationConfiguration": {
            "mode": "TEXT_TO_SQL",
            "textToSqlConfiguration": {
                "type": "KNOWLEDGE_BASE",
                "knowledgeBaseConfiguration": {"knowledgeBaseArn": arn},
            },
        },
    }


def cases(case: Callable[[str | None, Callable[[str], Request]], Any], own: Callable[[], str]) -> dict[str, Any]:
    """By service and operation, the requests. `own` is a knowledge base of the caller's."""

    def by(kind: str | None, member: str, **rest: Any) -> Any:
        return case(kind, lambda name: {member: name, **rest})

    def base(**rest: Any) -> list[Any]:
        return [by("base", "knowledgeBaseId", **rest)]

    def part(*members: str, **rest: Any) -> list[Any]:
        """A part of a knowledge base by all names, and by its own within a knowledge base of the caller's."""
        named = ("knowledgeBaseId", "dataSourceId", *members)

        def whole(name: str) -> Request:
            return dict(zip(named, f"{name} x x".split(), strict=False)) | rest

        def within(name: str) -> Request:
            return {"knowledgeBaseId": own(), **dict.fromkeys(members, "0000000000"), "dataSourceId": name} | rest

        return [case("job parts" if members else "knowledge parts", whole), case("source", within)]

    def document(**rest: Any) -> list[Any]:
        return part(documentId=DOCUMENT, **rest)

    def instruction(**rest: Any) -> list[Any]:
        return [by("instruction", "retrievalInstructionId", **rest)]

    role = "arn:aws:iam::222233334444:role/knowledge"
    described = {"name": "mine", "roleArn": role, "knowledgeBaseConfiguration": VECTOR}
    new = described | {"name": "quartz-1", "clientToken": "a-token-that-everyone-may-happen-to-send-1"}
    source = {"name": "mine", "dataSourceConfiguration": CUSTOM}
    rule = {"name": "quartz-1", "instruction": RULE, "clientToken": "a-token-that-everyone-may-happen-to-send-1"}
    nobody = {"userContext": {"userId": "nobody"}}
    return {
        "bedrock-agent": {
            "CreateDataSource": base(**source),
            "CreateKnowledgeBase": [case(None, lambda _: new)],
            "CreateRetrievalInstruction": [case(None, lambda _: rule)],
            "CreateRetrievalInstructionVersion": instruction(),
            "DeleteDataSource": part(),
            "DeleteKnowledgeBase": base(),
            "DeleteKnowledgeBaseDocuments": part(documentIdentifiers=IDENTIFIED),
            "DeleteRetrievalInstruction": instruction(),
            "GetDataSource": part(),
            "GetIngestionJob": part("ingestionJobId"),
            "GetKnowledgeBase": base(),
            "GetKnowledgeBaseDocuments": part(documentIdentifiers=IDENTIFIED),
            "GetRetrievalInstruction": instruction(),
            "IngestKnowledgeBaseDocuments": part(documents=[HANDED]),
            "ListDataSources": base(),
            "ListIngestionJobs": part(),
            "ListKnowledgeBaseDocuments": part(),
            "ListKnowledgeBases": [case(None, lambda _: {})],
            "ListRetrievalInstructionVersions": instruction(),
            "ListRetrievalInstructions": [case(None, lambda _: {})],
            "StartIngestionJob": part(),
            "StopIngestionJob": part("ingestionJobId"),
            "UpdateDataSource": part(**source),
            "UpdateKnowledgeBase": base(**described),
            "UpdateRetrievalInstruction": instruction(instruction=RULE),
        },
        "bedrock-agent-runtime": {
            "AgenticRetrieveStream": [
                case("base", agentic),
                case(
                    "instruction",
                    lambda name: agentic(own(), retrievalInstructionConfiguration={"retrievalInstructionId": name}),
                ),
            ],
            "CheckIngestedDocumentAcl": document(**nobody),
            "GenerateQuery": [case("base arn", sql)],
            "GetDocumentContent": document(**nobody),
            "GetIngestedDocumentAcl": document(),
            "Retrieve": [
                *base(retrievalQuery=TEXT),
                by("base arn", "knowledgeBaseId", retrievalQuery=TEXT),
            ],
            "RetrieveAndGenerate": [
                case("base", answered),
                case("session", lambda name: answered(own(), sessionId=name)),
            ],
            "RetrieveAndGenerateStream": [
                case("base", answered),
                case("session", lambda name: answered(own(), sessionId=name)),
            ],
        },
        "craton": {
            "ListKnowledgeBaseChunks": document(),
            "RebuildKnowledgeBase": base(),
            "UploadKnowledgeBaseDocument": document(fileName="mine.txt", content="Mine."),
        },
    }
