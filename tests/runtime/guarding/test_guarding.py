"""Guardrails in Converse and ConverseStream, as a boto3 program sees them."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.scripted import MODEL
from tests.serving import Server

Json = dict[str, Any]
TOOLS = {"tools": [{"toolSpec": {"name": "mail", "inputSchema": {"json": {"type": "object"}}}}]}


def config(guardrail: str, **members: str) -> Json:
    return {"guardrailIdentifier": guardrail, "guardrailVersion": "DRAFT", "trace": "enabled", **members}


def asking(text: str, guardrail: str, **members: str) -> Json:
    messages = [{"role": "user", "content": [{"text": text}]}]
    return {"modelId": MODEL, "messages": messages, "guardrailConfig": config(guardrail, **members)}


def text_of(answer: Json) -> str:
    return "".join(block.get("text", "") for block in answer["output"]["message"]["content"])


def streamed(runtime: Any, request: Json) -> tuple[str, str, Json]:
    """The text, the stop reason and the metadata of a stream."""
    events = list(runtime.converse_stream(**request)["stream"])
    deltas = [event["contentBlockDelta"]["delta"] for event in events if "contentBlockDelta" in event]
    (stop,) = (event["messageStop"]["stopReason"] for event in events if "messageStop" in event)
    return "".join(delta.get("text", "") for delta in deltas), stop, events[-1]["metadata"]


def test_what_is_blocked_on_its_way_in_reaches_no_model(runtime: Any, guardrail: str) -> None:
    answer = runtime.converse(**asking("What is a durian?", guardrail))
    assert text_of(answer) == "Not here."
    assert answer["stopReason"] == "guardrail_intervened"
    assert answer["usage"] == {"inputTokens": 0, "outputTokens": 0, "totalTokens": 0}
    trace = answer["trace"]["guardrail"]
    (word,) = trace["inputAssessment"][guardrail]["wordPolicy"]["customWords"]
    assert word == {"match": "durian", "action": "BLOCKED", "detected": True}
    assert trace["actionReason"] == "Guardrail blocked."
    assert "outputAssessments" not in trace and "modelOutput" not in trace


def test_what_is_masked_on_its_way_in_is_what_the_model_gets(runtime: Any, guardrail: str) -> None:
    answer = runtime.converse(**asking("Write to bob@example.com", guardrail))
    assert text_of(answer) == "I was given a mask."
    assert answer["stopReason"] == "end_turn"
    assessment = answer["trace"]["guardrail"]["inputAssessment"][guardrail]
    (entity,) = assessment["sensitiveInformationPolicy"]["piiEntities"]
    assert entity == {"match": "bob@example.com", "type": "EMAIL", "action": "ANONYMIZED", "detected": True}


def test_an_answer_is_masked_and_says_so(runtime: Any, guardrail: str) -> None:
    answer = runtime.converse(**asking("Tell me an address", guardrail))
    assert text_of(answer) == "Write to {EMAIL} or to {EMAIL} today."
    assert answer["stopReason"] == "guardrail_intervened"
    trace = answer["trace"]["guardrail"]
    assert trace["modelOutput"] == ["Write to eve@example.com or to mallory@example.org today."]
    assert trace["actionReason"] == "No action.\nGuardrail masked."
    (assessment,) = trace["outputAssessments"][guardrail]
    coverage = assessment["invocationMetrics"]["guardrailCoverage"]["textCharacters"]
    assert coverage == {"guarded": 57, "total": 57}
    assert assessment["invocationMetrics"]["usage"]["wordPolicyUnits"] == 1


def test_a_blocked_answer_is_the_message_alone_and_its_tokens_count(runtime: Any, guardrail: str) -> None:
    answer = runtime.converse(**asking("Tell me a long story", guardrail))
    assert text_of(answer) == "Not from me."
    assert answer["stopReason"] == "guardrail_intervened"
    assert answer["usage"]["inputTokens"] > 0 < answer["usage"]["outputTokens"]


def test_a_stream_lets_out_what_it_read_before_and_ends_with_the_message(runtime: Any, guardrail: str) -> None:
    text, stop, metadata = streamed(runtime, asking("Tell me a long story", guardrail))
    assert stop == "guardrail_intervened"
    assert text.startswith("The weather is fine") and text.endswith("Not from me.") and "durian" not in text
    assert metadata["trace"]["guardrail"]["actionReason"] == "No action.\nGuardrail blocked."
    assert metadata["usage"]["outputTokens"] > 0


def test_a_stream_that_is_blocked_stops_its_model(runtime: Any, guardrail: str) -> None:
    text, stop, _ = streamed(runtime, asking("Tell me what never ends", guardrail))
    assert (stop, text[-12:]) == ("guardrail_intervened", "Not from me.")


@pytest.mark.parametrize("mode", ["sync", "async"])
def test_a_stream_never_lets_out_what_is_masked(runtime: Any, guardrail: str, mode: str) -> None:
    text, stop, _ = streamed(runtime, asking("Say it letter by letter", guardrail, streamProcessingMode=mode))
    assert (text, stop) == ("Write to {EMAIL} today. ", "guardrail_intervened")


def test_in_async_mode_what_is_found_beside_ends_the_stream(runtime: Any, guardrail: str) -> None:
    request = asking("Tell me what never ends", guardrail, streamProcessingMode="async")
    text, stop, metadata = streamed(runtime, request)
    assert (stop, text[-12:]) == ("guardrail_intervened", "Not from me.")
    (assessment,) = metadata["trace"]["guardrail"]["outputAssessments"][guardrail]
    assert assessment["wordPolicy"]["customWords"][0]["match"] == "durian"


def test_without_a_trace_none_is_told(runtime: Any, guardrail: str) -> None:
    answer = runtime.converse(**asking("Tell me an address", guardrail, trace="disabled"))
    assert "trace" not in answer
    assert answer["stopReason"] == "guardrail_intervened"


def test_a_harmless_answer_is_as_it_was(runtime: Any, guardrail: str) -> None:
    answer = runtime.converse(**asking("Anything", guardrail))
    assert (text_of(answer), answer["stopReason"]) == ("A quiet answer.", "end_turn")
    trace = answer["trace"]["guardrail"]
    assert set(trace) == {"inputAssessment", "outputAssessments"}


def test_what_a_tool_is_called_with_is_masked_and_the_call_goes_on(runtime: Any, guardrail: str) -> None:
    answer = runtime.converse(**asking("Please call the tool", guardrail), toolConfig=TOOLS)
    assert answer["stopReason"] == "tool_use", "who called is to run the tool"
    call = answer["output"]["message"]["content"][-1]["toolUse"]
    assert call["input"] == {"to": ["{EMAIL}"], "copies": 2}


def test_a_call_of_a_tool_may_be_blocked(runtime: Any, guardrail: str) -> None:
    request = asking("Now call it with the fruit", guardrail)
    answer = runtime.converse(**request, toolConfig=TOOLS)
    assert answer["output"]["message"]["content"] == [{"text": "Not from me."}]
    text, stop, _ = streamed(runtime, {**request, "toolConfig": TOOLS})
    assert stop == "guardrail_intervened" and text.endswith("Not from me.")


def test_reasoning_is_not_judged_but_for_personal_data(runtime: Any, guardrail: str) -> None:
    (reasoning, said) = runtime.converse(**asking("First think", guardrail))["output"]["message"]["content"]
    thought = reasoning["reasoningContent"]["reasoningText"]["text"]
    assert thought == "A durian? I had better not tell {EMAIL}."
    assert said == {"text": "No."}


def test_what_is_marked_alone_is_judged(runtime: Any, guardrail: str) -> None:
    content = [
        {"text": "A durian, by bob@example.com: "},
        {"guardContent": {"text": {"text": "who is amy@example.com?"}}},
    ]
    request = asking("", guardrail) | {"messages": [{"role": "user", "content": content}]}
    answer = runtime.converse(**request)
    assert text_of(answer) == "I was given a mask."
    metrics = answer["trace"]["guardrail"]["inputAssessment"][guardrail]["invocationMetrics"]
    assert metrics["guardrailCoverage"]["textCharacters"] == {"guarded": 23, "total": 53}


def test_what_is_for_comparison_only_is_not_judged(runtime: Any, guardrail: str) -> None:
    def compared(text: str, qualifier: str) -> Json:
        return {"guardContent": {"text": {"text": text, "qualifiers": [qualifier]}}}

    content = [compared("A durian is a fruit.", "grounding_source"), compared("What is it?", "query")]
    request = asking("", guardrail) | {"messages": [{"role": "user", "content": content}]}
    answer = runtime.converse(**request)
    assert text_of(answer) == "A quiet answer."
    metrics = answer["trace"]["guardrail"]["inputAssessment"][guardrail]["invocationMetrics"]
    assert metrics["guardrailCoverage"]["textCharacters"] == {"guarded": 0, "total": 31}


def test_documents_are_judged_by_what_they_say(runtime: Any, guardrail: str) -> None:
    def about(text: str) -> Json:
        document = {"name": "note", "format": "txt", "source": {"bytes": text.encode()}}
        content = [{"document": document}, {"text": "Sum it up"}]
        return asking("", guardrail) | {"messages": [{"role": "user", "content": content}]}

    assert text_of(runtime.converse(**about("All of a durian."))) == "Not here."
    assert text_of(runtime.converse(**about("By bob@example.com."))) == "I was given a mask."


def test_a_policy_that_cannot_be_judged_blocks_and_says_why(runtime: Any, make: Callable[..., str]) -> None:
    """No model of names is in the home of this server."""
    guardrail = make(sensitiveInformationPolicyConfig={"piiEntitiesConfig": [{"type": "NAME", "action": "ANONYMIZE"}]})
    answer = runtime.converse(**asking("Anything", guardrail))
    assert (text_of(answer), answer["stopReason"]) == ("Not here.", "guardrail_intervened")
    assert "could not be judged" in answer["trace"]["guardrail"]["actionReason"]


def test_the_same_text_gets_the_same_decision_streamed_or_plain(runtime: Any, guardrail: str) -> None:
    for text in ("Tell me an address", "Tell me of the fruit", "Anything"):
        request = asking(text, guardrail)
        plain = runtime.converse(**request)
        assert streamed(runtime, request)[:2] == (text_of(plain), plain["stopReason"])


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({"guardrailIdentifier": "nosuchguardrail", "guardrailVersion": "DRAFT"}, "does not exist"),
        ({"guardrailIdentifier": "nosuchguardrail"}, "none of its versions"),
        ({"guardrailVersion": "1"}, "of no guardrail"),
    ],
)
def test_a_guardrail_that_is_not_there_is_an_error_and_never_a_pass(runtime: Any, config: Json, words: str) -> None:
    request = asking("Anything", "x") | {"guardrailConfig": config}
    for call in (runtime.converse, runtime.converse_stream):
        with pytest.raises(ClientError, match=words) as raised:
            call(**request)
        assert raised.value.response["Error"]["Code"] == "ValidationException"


def test_each_version_is_one_of_its_own(guarded: Server, runtime: Any, make: Callable[..., str]) -> None:
    guardrail = make(wordPolicyConfig={"wordsConfig": [{"text": "quiet"}]})
    version = guarded.client("bedrock").create_guardrail_version(guardrailIdentifier=guardrail)["version"]
    update = {"name": guardrail, "blockedInputMessaging": "No.", "blockedOutputsMessaging": "No."}
    words = {"wordsConfig": [{"text": "loud"}]}
    guarded.client("bedrock").update_guardrail(guardrailIdentifier=guardrail, wordPolicyConfig=words, **update)
    assert text_of(runtime.converse(**asking("Anything", guardrail))) == "A quiet answer."
    assert text_of(runtime.converse(**asking("Anything", guardrail, guardrailVersion=version))) == "Not from me."
