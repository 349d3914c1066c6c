"""AgenticRetrieveStream: plans, searches, results and answers."""

import uuid
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.guardrails.making import made
from tests.knowledge.answers import FERRY, LIGHTHOUSE, MODEL_ARN, MUSEUM, island
from tests.knowledge.house import MANAGED, House

CUSTOM_MODEL = {
    "foundationModelType": "CUSTOM",
    "foundationModelConfiguration": {
        "type": "BEDROCK_FOUNDATION_MODEL",
        "bedrockFoundationModelConfiguration": {"modelConfiguration": {"modelArn": MODEL_ARN}},
    },
}


@pytest.fixture(scope="module")
def base(house: House) -> str:
    return island(house)


def asking(question: str, *bases: str, config: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    retrievers = [
        {"configuration": {"knowledgeBase": {"knowledgeBaseId": each}}, "description": "All of it."} for each in bases
    ]
    return {
        "messages": [{"role": "user", "content": {"text": question}}],
        "retrievers": retrievers,
        "agenticRetrieveConfiguration": config or CUSTOM_MODEL,
        **more,
    }


def heard(house: House, **request: Any) -> tuple[list[tuple[str, str]], list[dict[str, Any]], str, dict[str, Any]]:
    """The steps and how they stood, the attributes of each, the text, and the result, which is the last event."""
    events = list(house.runtime.agentic_retrieve_stream(**request)["stream"])
    traces = [event["traceEvent"]["attributes"] for event in events if "traceEvent" in event]
    text = "".join(event["responseEvent"]["text"] for event in events if "responseEvent" in event)
    assert "result" in events[-1]
    return [(each["step"], each["status"]) for each in traces], traces, text, events[-1]["result"]


def test_what_is_found_at_once_may_be_enough(house: House, base: str) -> None:
    steps, traces, text, result = heard(house, **asking("who built the lighthouse?", base))
    assert steps == [
        ("SpeculativeRetrieval", "IN_PROGRESS"),
        ("SpeculativeRetrieval", "SUCCEEDED"),
        ("Planning", "IN_PROGRESS"),
        ("Planning", "SUCCEEDED"),
    ]
    assert traces[1]["retrievalMetadata"] == [{"identifier": base, "retrievalType": "BedrockKnowledgeBase"}]
    assert {each["content"]["text"] for each in traces[1]["retrievalResponse"]} == {LIGHTHOUSE, FERRY, MUSEUM}
    answer = result["generatedResponse"]
    assert answer["answer"] == text == "It was built in 1874 by Anna Lindqvist. It was painted red in 1950."
    (cited,) = answer["citations"]
    assert text[cited["startIndex"] : cited["endIndex"]] == "It was built in 1874 by Anna Lindqvist."
    (reference,) = cited["references"]
    supporting = result["results"][reference["resultIndex"]]
    assert supporting["content"] == {"text": LIGHTHOUSE, "mimeType": "text/plain"}
    assert supporting["sourceRetriever"] == {"identifier": base}
    assert supporting["metadata"]["_source_uri"] == "document-0"


def test_what_is_missing_is_searched_for_where_the_plan_says(house: House) -> None:
    tower, ferry = island(house, LIGHTHOUSE), island(house, FERRY, MUSEUM)
    request = asking("When was das Museum im Speicher geöffnet?", tower, ferry, generateResponse=False)
    for retriever in request["retrievers"]:
        retriever["configuration"]["knowledgeBase"]["retrievalOverrides"] = {"maxNumberOfResults": 1}
    steps, traces, text, result = heard(house, **request)
    assert steps[2:] == [
        ("Planning", "IN_PROGRESS"),
        ("Planning", "SUCCEEDED"),
        ("Retrieval", "IN_PROGRESS"),
        ("Retrieval", "SUCCEEDED"),
        ("Planning", "IN_PROGRESS"),
        ("Planning", "SUCCEEDED"),
    ]
    (action,) = traces[3]["actions"]
    assert action["retrieve"]["inputQuery"] == {"text": "ferry crossing Torsvik"}
    assert {each["identifier"] for each in action["retrieve"]["sourceRetrievers"]} == {tower, ferry}
    assert text == "" and "generatedResponse" not in result
    # Found twice, told once.
    assert sorted(each["content"]["text"] for each in result["results"]) == sorted([FERRY, LIGHTHOUSE, MUSEUM])


def test_a_whole_document_is_read_where_the_plan_says(house: House) -> None:
    long = "\n\n".join(f"Room {number} has {'a bed and a table and ' * 60}one window." for number in range(6))
    base = island(house, long)
    request = asking("expand", base, generateResponse=False)
    overrides = {"maxNumberOfResults": 1}
    request["retrievers"][0]["configuration"]["knowledgeBase"]["retrievalOverrides"] = overrides
    steps, traces, _, result = heard(house, **request)
    assert ("FullDocumentExpansion", "SUCCEEDED") in steps
    (action,) = traces[3]["actions"]
    assert action["fullDocumentExpansion"]["sourceRetriever"] == {"identifier": base}
    assert len(result["results"]) > 1
    assert {f"Room {number} " in str(result["results"]) for number in range(6)} == {True}


def test_no_rounds_are_one_search(house: House, base: str) -> None:
    steps, _, text, _ = heard(house, **asking("who built it?", base, config=CUSTOM_MODEL | {"maxAgentIteration": 0}))
    assert {step for step, _ in steps} == {"SpeculativeRetrieval"}
    assert text.startswith("It was built")


def test_the_model_of_the_configuration_answers_where_none_is_named(house: House) -> None:
    managed = house.base(MANAGED)["knowledgeBaseId"]
    config = {"foundationModelType": "MANAGED", "rerankingModelType": "MANAGED"}
    _, _, text, result = heard(house, **asking("who built it?", managed, config=config))
    assert text == "Sorry, I am unable to assist you with this request."
    assert result["results"] == [] and result["generatedResponse"] == {"answer": text, "citations": []}


def test_a_plan_that_cannot_be_read_ends_the_search_and_not_the_answer(house: House, base: str) -> None:
    steps, traces, text, result = heard(house, **asking("prose please", base))
    assert steps[-1] == ("Planning", "FAILED")
    assert "wrote none" in traces[-1]["failures"][0]["message"]
    assert text and result["results"]


def test_an_instruction_is_applied_and_told(house: House, base: str) -> None:
    agent = house.agent
    instruction = agent.create_retrieval_instruction(
        name=f"i-{uuid.uuid4().hex}", instruction={"persona": "A pilot.", "retrievalGuidance": "Newest first."}
    )["retrievalInstructionId"]
    agent.create_retrieval_instruction_version(retrievalInstructionId=instruction)
    applied = {"retrievalInstructionId": instruction, "version": "1"}
    request = asking("who built it?", base, retrievalInstructionConfiguration=applied)
    _, traces, text, _ = heard(house, **request)
    told = [each["appliedInstruction"] for each in traces if "appliedInstruction" in each]
    assert told == [{"id": instruction, "version": "1"}]
    assert text.startswith("It was built")
    applied["version"] = "7"
    with pytest.raises(ClientError) as refused:
        house.runtime.agentic_retrieve_stream(**request)
    assert refused.value.response["Error"]["Code"] == "ResourceNotFoundException"


def test_a_guardrail_lets_nothing_through_that_it_blocks(house: House, base: str) -> None:
    policy = {
        "bedrockGuardrailConfiguration": {
            "guardrailId": made(house.account.client("bedrock")),
            "guardrailVersion": "DRAFT",
        }
    }
    _, traces, text, result = heard(house, **asking("a durian?", base, policyConfiguration=policy))
    assert text == "Not here." and result["results"] == []
    (warning,) = traces[0]["warnings"]
    assert warning["guardrail"]["action"] == "INTERVENED"
    _steps, _, text, _ = heard(house, **asking("who built it?", base, policyConfiguration=policy))
    assert text.startswith("It was built")


def test_results_are_ranked_by_the_model_that_is_named(house: House, base: str) -> None:
    ranking = {
        "rerankingModelType": "CUSTOM",
        "rerankingConfiguration": {
            "type": "BEDROCK_RERANKING_MODEL",
            "bedrockRerankingConfiguration": {
                "modelConfiguration": {"modelArn": "arn:aws:bedrock:us-east-1::foundation-model/craton.vectors-v1:0"}
            },
        },
    }
    question = "crossing by ferry from Torsvik, 50 minutes"
    _, _, _, result = heard(house, **asking(question, base, config=CUSTOM_MODEL | ranking, generateResponse=False))
    assert result["results"][0]["content"]["text"] == FERRY


def test_a_conversation_is_told_in_messages(house: House, base: str) -> None:
    said = [("user", "Hello."), ("assistant", "Hello!"), ("user", "who built it?")]
    request = asking("", base)
    request["messages"] = [{"role": role, "content": {"text": text}} for role, text in said]
    _, _, text, _ = heard(house, **request)
    assert text.startswith("It was built")


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (
            {
                "memoryConfiguration": {"memoryId": f"memory-{'a' * 10}"},
            },
            "no AgentCore Memory",
        ),
        ({"nextToken": "x"}, "all results come in one event"),
        ({"messages": [{"role": "assistant", "content": {"text": "Hi"}}]}, "begin and end with one of the user"),
        ({"messages": [{"role": "user", "content": {"text": "x" * 10_001}}]}, "10001 characters"),
        ({"agenticRetrieveConfiguration": {"maxAgentIteration": 11}}, "may be 10"),
        ({"agenticRetrieveConfiguration": {"foundationModelType": "CUSTOM"}}, "needs a 'foundationModelConfiguration'"),
        (
            {
                "agenticRetrieveConfiguration": {
                    "foundationModelConfiguration": {
                        "type": "MANTLE_FOUNDATION_MODEL",
                        "mantleFoundationModelConfiguration": {"modelConfiguration": {"modelArn": MODEL_ARN}},
                    }
                }
            },
            "no Mantle models",
        ),
    ],
)
def test_what_is_not_served_is_refused_by_name(house: House, base: str, more: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ClientError, match=sentence) as refused:
        house.runtime.agentic_retrieve_stream(**asking("who?", base) | more)
    assert refused.value.response["Error"]["Code"] == "ValidationException"


def test_a_knowledge_base_that_is_not_there_is_told_before_anything_is_done(house: House, base: str) -> None:
    with pytest.raises(ClientError) as refused:
        house.runtime.agentic_retrieve_stream(**asking("who?", base, "NOTTHERE00"))
    assert refused.value.response["Error"]["Code"] == "ResourceNotFoundException"
