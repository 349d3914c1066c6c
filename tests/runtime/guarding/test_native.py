"""Guardrails in InvokeModel and its stream: headers, the member of the body, tags, and what native bodies tell."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.runtime.guarding.conftest import EMBEDDER, LONG

Json = dict[str, Any]
CLAUDE = "anthropic.claude-3-5-sonnet-20240620-v1:0"
NOVA = "amazon.nova-lite-v1:0"
TITAN = "amazon.titan-text-express-v1"
LLAMA = "meta.llama3-1-8b-instruct-v1:0"
GUARD = "amazon-bedrock-guardrails-guardContent_x1"


def claude(text: str) -> Json:
    messages = [{"role": "user", "content": text}]
    return {"anthropic_version": "bedrock-2023-05-31", "max_tokens": 500, "messages": messages}


BODIES = {
    CLAUDE: claude,
    NOVA: lambda text: {"messages": [{"role": "user", "content": [{"text": text}]}]},
    TITAN: lambda text: {"inputText": text},
    LLAMA: lambda text: {"prompt": text},
}


def asked(guardrail: str, model: str, text: str, config: Any = None, **members: str) -> Json:
    body = BODIES[model](text)
    if config is not None:
        body["amazon-bedrock-guardrailConfig"] = config
    named = {"guardrailIdentifier": guardrail, "guardrailVersion": "DRAFT", "trace": "ENABLED"}
    return {"modelId": model, "body": json.dumps(body), **named, **members}


def invoke(runtime: Any, request: Json) -> Json:
    answer: Json = json.loads(runtime.invoke_model(**request)["body"].read())
    return answer


def stream(runtime: Any, request: Json) -> list[Json]:
    chunks = runtime.invoke_model_with_response_stream(**request)["body"]
    return [json.loads(chunk["chunk"]["bytes"]) for chunk in chunks]


@pytest.mark.parametrize("model", BODIES)
def test_every_family_tells_it_in_its_own_body(runtime: Any, guardrail: str, model: str) -> None:
    answer = invoke(runtime, asked(guardrail, model, "Tell me an address"))
    assert "Write to {EMAIL} or to {EMAIL} today." in json.dumps(answer)
    assert answer["amazon-bedrock-guardrailAction"] == "INTERVENED"
    trace = answer["amazon-bedrock-trace"]["guardrail"]
    assert guardrail in trace["input"]
    (output,) = trace["outputs"]
    assert output[guardrail]["sensitiveInformationPolicy"]["piiEntities"][0]["type"] == "EMAIL"
    assert trace["actionReason"] == "No action.\nGuardrail masked."


@pytest.mark.parametrize("model", BODIES)
def test_every_family_streams_it(runtime: Any, guardrail: str, model: str) -> None:
    chunks = stream(runtime, asked(guardrail, model, "Tell me a long story"))
    told = json.dumps(chunks)
    assert "Not from me." in told and "durian" not in json.dumps(chunks[:-1])
    assert chunks[-1]["amazon-bedrock-guardrailAction"] == "INTERVENED"
    assert chunks[-1]["amazon-bedrock-trace"]["guardrail"]["actionReason"] == "No action.\nGuardrail blocked."
    assert chunks[-1]["amazon-bedrock-invocationMetrics"]["outputTokenCount"] > 0


def test_a_native_answer_that_is_masked_ends_as_the_model_ended_it(runtime: Any, guardrail: str) -> None:
    assert invoke(runtime, asked(guardrail, CLAUDE, "Tell me an address"))["stop_reason"] == "end_turn"
    assert invoke(runtime, asked(guardrail, CLAUDE, "Tell me of the fruit"))["stop_reason"] == "refusal"


def test_without_a_trace_the_action_alone_is_told(runtime: Any, guardrail: str) -> None:
    answer = invoke(runtime, asked(guardrail, CLAUDE, "Anything", trace="DISABLED"))
    assert answer["amazon-bedrock-guardrailAction"] == "NONE"
    assert "amazon-bedrock-trace" not in answer


def test_what_is_blocked_on_its_way_in_costs_no_tokens(runtime: Any, guardrail: str) -> None:
    response = runtime.invoke_model(**asked(guardrail, TITAN, "What is a durian?"))
    headers = response["ResponseMetadata"]["HTTPHeaders"]
    assert headers["x-amzn-bedrock-input-token-count"] == headers["x-amzn-bedrock-output-token-count"] == "0"
    answer = json.loads(response["body"].read())
    assert answer["results"][0]["outputText"] == "Not here."
    assert answer["results"][0]["completionReason"] == "CONTENT_FILTERED"


@pytest.mark.parametrize("model", BODIES)
def test_what_tags_hold_alone_is_judged_and_no_model_sees_them(runtime: Any, guardrail: str, model: str) -> None:
    text = f"A durian stands outside. <{GUARD}>Write to bob@example.com</{GUARD}>"
    answer = invoke(runtime, asked(guardrail, model, text, {"tagSuffix": "x1"}))
    assert "I was given a mask." in json.dumps(answer)
    coverage = answer["amazon-bedrock-trace"]["guardrail"]["input"][guardrail]["invocationMetrics"]["guardrailCoverage"]
    assert coverage["textCharacters"] == {"guarded": 24, "total": 49}


def test_a_native_stream_may_go_on_while_it_is_judged(runtime: Any, guardrail: str) -> None:
    config = {"streamProcessingMode": "ASYNCHRONOUS"}
    chunks = stream(runtime, asked(guardrail, NOVA, "Tell me what never ends", config))
    text = "".join(chunk.get("contentBlockDelta", {}).get("delta", {}).get("text", "") for chunk in chunks)
    assert text.startswith(LONG[:20]) and text.endswith("Not from me.")


def test_embeddings_have_nothing_to_judge(runtime: Any, guardrail: str) -> None:
    request = asked(guardrail, TITAN, "Anything") | {"modelId": EMBEDDER}
    with pytest.raises(ClientError, match="guardrails do not judge"):
        runtime.invoke_model(**request)


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({"guardrailIdentifier": "nosuchguardrail"}, "identifier or version provided in the request does not exist"),
        ({"guardrailVersion": "7"}, "identifier or version provided in the request does not exist"),
        ({"guardrailVersion": ""}, "none of its versions"),
        ({"guardrailIdentifier": ""}, "of no guardrail"),
    ],
)
def test_what_does_not_exist_is_an_error_and_never_a_pass(
    runtime: Any, guardrail: str, members: Json, words: str
) -> None:
    with pytest.raises(ClientError, match=words) as raised:
        runtime.invoke_model(**asked(guardrail, CLAUDE, "Anything", **members))
    assert raised.value.response["Error"]["Code"] == "ValidationException"
