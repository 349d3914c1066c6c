"""RetrieveAndGenerate and RetrieveAndGenerateStream over a knowledge base."""

from typing import Any

import pytest
from botocore.exceptions import ClientError, EventStreamError

from tests.knowledge import answers
from tests.knowledge.answers import FERRY, LIGHTHOUSE, asking, island
from tests.knowledge.house import MANAGED, House, until


@pytest.fixture(scope="module")
def base(house: House) -> str:
    return island(house)


def parts(answer: dict[str, Any]) -> list[tuple[str, list[str]]]:
    """The text of each citation, with the texts that support it."""
    return [
        (
            citation["generatedResponsePart"]["textResponsePart"]["text"],
            [reference["content"]["text"] for reference in citation["retrievedReferences"]],
        )
        for citation in answer["citations"]
    ]


def custom(template: str) -> dict[str, Any]:
    return {"generationConfiguration": {"promptTemplate": {"textPromptTemplate": template}}}


def test_each_sentence_is_cited_with_what_supports_it(house: House, base: str) -> None:
    answer = house.runtime.retrieve_and_generate(**asking(base, "who built the lighthouse?"))
    text = answer["output"]["text"]
    assert text == "It was built in 1874 by Anna Lindqvist. It was painted red in 1950."
    assert parts(answer) == [
        ("It was built in 1874 by Anna Lindqvist.", [LIGHTHOUSE]),
        ("It was painted red in 1950.", []),
    ]
    for citation in answer["citations"]:
        part = citation["generatedResponsePart"]["textResponsePart"]
        assert text[part["span"]["start"] : part["span"]["end"] + 1] == part["text"]
    (reference,) = answer["citations"][0]["retrievedReferences"]
    assert reference["location"] == {"type": "CUSTOM", "customDocumentLocation": {"id": "document-0"}}
    assert reference["metadata"]["x-amz-bedrock-kb-source-uri"] == "document-0"


def test_german_sentences_are_cited_too(house: House, base: str) -> None:
    answer = house.runtime.retrieve_and_generate(**asking(base, "Was kostet das Museum?"))
    assert parts(answer) == [("Der Eintritt kostet 8 Euro.", [answers.MUSEUM]), ("Kinder zahlen nichts.", [])]


def test_the_stream_says_the_same_each_citation_behind_its_sentence(house: House, base: str) -> None:
    plain = house.runtime.retrieve_and_generate(**asking(base, "who built the lighthouse?"))
    streamed = house.runtime.retrieve_and_generate_stream(**asking(base, "who built the lighthouse?"))
    text, citations = "", []
    for event in streamed["stream"]:
        if "output" in event:
            text += event["output"]["text"]
            continue
        told = event["citation"]
        citations.append(told["citation"])
        assert told["generatedResponsePart"] == told["citation"]["generatedResponsePart"]
        assert told["retrievedReferences"] == told["citation"]["retrievedReferences"]
        # All of its sentence is out, and nothing of the next one.
        assert text.strip().endswith(told["citation"]["generatedResponsePart"]["textResponsePart"]["text"])
    assert text == plain["output"]["text"]
    assert citations == plain["citations"]
    assert streamed["sessionId"] != plain["sessionId"]


def test_a_session_remembers_what_was_said(house: House, base: str) -> None:
    first = house.runtime.retrieve_and_generate(**asking(base, "who built the lighthouse?"))
    only = {"retrievalConfiguration": {"vectorSearchConfiguration": {"numberOfResults": 1}}}
    request = asking(base, "And how high is it?", **only)
    second = house.runtime.retrieve_and_generate(**request, sessionId=first["sessionId"])
    assert second["sessionId"] == first["sessionId"]
    # The model was asked what "it" is: the question alone leads elsewhere.
    assert parts(second) == [("The lighthouse is 41 metres high.", [LIGHTHOUSE])]
    assert "output" in second


@pytest.mark.parametrize("user", [None, {"userId": "ann"}])
def test_a_session_that_is_not_there_is_refused(house: House, base: str, user: dict[str, str] | None) -> None:
    first = house.runtime.retrieve_and_generate(**asking(base, "who built it?"), userContext={"userId": "eve"})
    more = {"userContext": user} if user else {}
    for session in ("00000000-0000-0000-0000-000000000000", first["sessionId"]):
        with pytest.raises(ClientError) as refused:
            house.runtime.retrieve_and_generate(**asking(base, "And how high?"), sessionId=session, **more)
        assert refused.value.response["Error"] == {
            "Code": "ValidationException",
            "Message": f"Session with Id {session} is not valid. Please check and try again.",
        }


def test_a_question_is_taken_apart_where_that_is_asked_for(house: House, base: str) -> None:
    decomposed = {
        "orchestrationConfiguration": {"queryTransformationConfiguration": {"type": "QUERY_DECOMPOSITION"}},
        "retrievalConfiguration": {"vectorSearchConfiguration": {"numberOfResults": 1}},
    }
    answer = house.runtime.retrieve_and_generate(**asking(base, "Compare them.", **decomposed))
    assert parts(answer) == [
        ("The lighthouse was built in 1874.", [LIGHTHOUSE]),
        ("The crossing takes 50 minutes.", [FERRY]),
    ]


def test_a_template_of_ones_own_for_queries_is_used(house: House, base: str) -> None:
    template = {"textPromptTemplate": "History: $conversation_history$ $output_format_instructions$"}
    prose = asking(base, "prose please", orchestrationConfiguration={"promptTemplate": template})
    with pytest.raises(ClientError, match="was asked for search queries and wrote none") as refused:
        house.runtime.retrieve_and_generate(**prose)
    assert refused.value.response["Error"]["Code"] == "DependencyFailedException"


def test_without_its_placeholder_a_template_gets_no_citations(house: House, base: str) -> None:
    answer = house.runtime.retrieve_and_generate(
        **asking(base, "who built it?", **custom("Use $search_results$ only."))
    )
    assert parts(answer) == [(answer["output"]["text"], [])]


def test_marks_that_a_template_asks_for_are_followed(house: House, base: str) -> None:
    template = custom("$search_results$\n$output_format_instructions$\nWrite %[1]% behind what result 1 says.")
    best = {"retrievalConfiguration": {"vectorSearchConfiguration": {"numberOfResults": 2}}}
    answer = house.runtime.retrieve_and_generate(
        **asking(base, "lighthouse of Skarholm, with marks", **template, **best)
    )
    assert answer["output"]["text"] == "Something of my own words. Nothing of %[7]% it."
    assert parts(answer) == [("Something of my own words.", [LIGHTHOUSE]), ("Nothing of %[7]% it.", [])]


def test_an_answer_in_parts_is_cited_part_by_part(house: House, base: str) -> None:
    template = custom(
        "$search_results$\n$output_format_instructions$\n<answer><answer_part><text></text><sources></sources>"
        "</answer_part></answer>"
    )
    answer = house.runtime.retrieve_and_generate(**asking(base, "lighthouse of Skarholm, in parts", **template))
    assert parts(answer) == [("One thing. Another.", [LIGHTHOUSE]), ("No source.", [])]
    assert "<" not in answer["output"]["text"]


def test_nothing_is_made_up_where_nothing_is_found(house: House) -> None:
    empty = house.base()["knowledgeBaseId"]
    answer = house.runtime.retrieve_and_generate(**asking(empty, "who built the lighthouse?"))
    assert answer["output"]["text"] == "Sorry, I am unable to assist you with this request."
    assert parts(answer) == [(answer["output"]["text"], [])]


def test_a_model_that_fails_is_told_of_in_terms_of_the_operation(house: House, base: str) -> None:
    with pytest.raises(ClientError) as refused:
        house.runtime.retrieve_and_generate_stream(**asking(base, "fail at once"))
    assert refused.value.response["Error"]["Code"] == "DependencyFailedException"
    stream = house.runtime.retrieve_and_generate_stream(**asking(base, "break off"))["stream"]
    heard: list[str] = []
    with pytest.raises(EventStreamError, match="dependencyFailedException"):
        heard.extend(event["output"]["text"] for event in stream if "output" in event)
    assert "".join(heard).startswith("It was")


@pytest.mark.parametrize(
    ("config", "sentence"),
    [
        (custom("Answer."), r"must include the \$search_results\$ variable"),
        (
            {"orchestrationConfiguration": {"promptTemplate": {"textPromptTemplate": "$query$"}}},
            r"must include the \$conversation_history\$ and \$output_format_instructions\$",
        ),
        ({"generationConfiguration": {"performanceConfig": {"latency": "optimized"}}}, "one latency"),
        ({"orchestrationConfiguration": {"performanceConfig": {"latency": "optimized"}}}, "one latency"),
    ],
)
def test_what_cannot_be_meant_is_refused(house: House, base: str, config: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ClientError, match=sentence) as refused:
        house.runtime.retrieve_and_generate(**asking(base, "who built it?", **config))
    assert refused.value.response["Error"]["Code"] == "ValidationException"


def test_keys_for_sessions_are_refused(house: House, base: str) -> None:
    key = f"arn:aws:kms:us-east-1:123456789012:key/{'a' * 36}"
    with pytest.raises(ClientError, match="no KMS keys"):
        house.runtime.retrieve_and_generate(**asking(base, "who?"), sessionConfiguration={"kmsKeyArn": key})


def test_managed_knowledge_bases_are_for_other_operations(house: House) -> None:
    managed = house.base(MANAGED)["knowledgeBaseId"]
    with pytest.raises(ClientError, match="cannot be used with managed knowledge bases"):
        house.runtime.retrieve_and_generate(**asking(managed, "who?"))


def test_the_configuration_must_be_of_the_type_that_is_named(house: House, base: str) -> None:
    request = asking(base, "who?")
    request["retrieveAndGenerateConfiguration"]["type"] = "EXTERNAL_SOURCES"
    with pytest.raises(ClientError, match="wants 'externalSourcesConfiguration' and nothing else"):
        house.runtime.retrieve_and_generate(**request)


def test_a_client_that_vanishes_ends_the_answer(house: House, base: str) -> None:
    stream = house.runtime.retrieve_and_generate_stream(**asking(base, "talk forever"))
    heard = iter(stream["stream"])
    assert [next(heard)["output"]["text"] for _ in range(3)] == ["tick", " tick", " tick"]
    stream["stream"].close()
    request = stream["ResponseMetadata"]["RequestId"]

    def ended() -> dict[str, Any] | None:
        lines = [line for line in house.account.server.requests_logged() if line["request_id"] == request]
        return lines[0] if lines else None

    assert until(ended)["operation"] == "bedrock-agent-runtime.RetrieveAndGenerateStream"
