"""InvokeModel and its stream in every family's bodies, as boto3 programs for those models send them.

A scripted model answers for all of them: one question with words, one with a thought first, one with a tool's call.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests import scripted
from tests.serving import Server

SCRIPT = {
    "rules": [
        {"match": "think", "reasoning": "Let me see.", "text": "It is so."},
        {"match": "look", "text": "I look.", "tools": [{"name": "weather", "input": {"city": "Ulm"}}]},
        {"text": "It is so."},
    ]
}
CALL = {"name": "weather", "parameters": {"city": "Ulm"}}
OPENAI_TOOL = {"type": "function", "function": {"name": "weather", "parameters": {"type": "object"}}}
COHERE_TOOL = {"name": "weather", "description": "d", "parameter_definitions": {"city": {"type": "str"}}}
USER = {"role": "user", "content": "Is it?"}
LOOK = {"role": "user", "content": "look"}


@pytest.fixture(scope="module")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    home: Path = tmp_path_factory.mktemp("families") / "home"
    model = scripted.install(home, script=SCRIPT)
    with Server(home, "--stand-in", f"*.*={model}") as server:
        yield server.client("bedrock-runtime")


def openai(answer: dict[str, Any]) -> str:
    return str(answer["choices"][0]["message"]["content"])


# The model, its body, and where its answer has the text.
PLAIN: list[tuple[str, dict[str, Any], Any]] = [
    ("ai21.jamba-1-5-mini-v1:0", {"messages": [USER], "max_tokens": 99}, openai),
    ("ai21.j2-mid-v1", {"prompt": "Is it?", "maxTokens": 99}, lambda b: b["completions"][0]["data"]["text"]),
    ("amazon.titan-text-express-v1", {"inputText": "Is it?"}, lambda b: b["results"][0]["outputText"]),
    (
        "amazon.nova-lite-v1:0",
        {"messages": [{"role": "user", "content": [{"text": "Is it?"}]}]},
        lambda b: b["output"]["message"]["content"][0]["text"],
    ),
    (
        "anthropic.claude-3-haiku-20240307-v1:0",
        {"anthropic_version": "bedrock-2023-05-31", "max_tokens": 99, "messages": [USER]},
        lambda b: b["content"][0]["text"],
    ),
    (
        "anthropic.claude-v2:1",
        {"prompt": "\n\nHuman: Is it?\n\nAssistant:", "max_tokens_to_sample": 99},
        lambda b: b["completion"],
    ),
    ("cohere.command-r-v1:0", {"message": "Is it?"}, lambda b: b["text"]),
    ("cohere.command-r-plus-v1:0", {"prompt": "Is it?"}, lambda b: b["generations"][0]["text"]),
    ("cohere.command-text-v14", {"prompt": "Is it?", "stream": True}, lambda b: b["generations"][0]["text"]),
    ("us.deepseek.r1-v1:0", {"prompt": "Is it?"}, lambda b: b["choices"][0]["text"]),
    ("us.deepseek.r1-v1:0", {"messages": [USER]}, openai),
    ("deepseek.v3-v1:0", {"messages": [USER]}, openai),
    ("meta.llama3-8b-instruct-v1:0", {"prompt": "Is it?"}, lambda b: b["generation"]),
    ("mistral.mistral-7b-instruct-v0:2", {"prompt": "<s>[INST] Is it? [/INST]"}, lambda b: b["outputs"][0]["text"]),
    ("mistral.mistral-large-2402-v1:0", {"prompt": "<s>[INST] Is it? [/INST]"}, lambda b: b["outputs"][0]["text"]),
    ("mistral.mistral-large-2402-v1:0", {"messages": [USER]}, openai),
    ("mistral.mistral-large-2407-v1:0", {"messages": [USER]}, openai),
    ("us.mistral.pixtral-large-2502-v1:0", {"messages": [USER]}, openai),
    ("openai.gpt-oss-20b-1:0", {"messages": [USER]}, openai),
    ("qwen.qwen3-32b-v1:0", {"messages": [USER]}, openai),
    ("us.writer.palmyra-x5-v1:0", {"messages": [{"role": "user", "content": {"text": "Is it?"}}]}, openai),
]
IDS = [f"{model}-{next(iter(body))}" for model, body, _ in PLAIN]


def invoke(runtime: Any, model: str, body: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    answer = runtime.invoke_model(modelId=model, body=json.dumps(body))
    return json.loads(answer["body"].read()), answer["ResponseMetadata"]["HTTPHeaders"]


def stream(runtime: Any, model: str, body: dict[str, Any]) -> list[dict[str, Any]]:
    answer = runtime.invoke_model_with_response_stream(modelId=model, body=json.dumps(body))
    return [json.loads(event["chunk"]["bytes"]) for event in answer["body"]]


@pytest.mark.parametrize(("model", "body", "text_of"), PLAIN, ids=IDS)
def test_family_answers_and_counts(runtime: Any, model: str, body: dict[str, Any], text_of: Any) -> None:
    answer, headers = invoke(runtime, model, body)
    assert text_of(answer) == "It is so."
    assert (headers["x-amzn-bedrock-input-token-count"], headers["x-amzn-bedrock-output-token-count"]) == ("2", "3")
    assert int(headers["x-amzn-bedrock-invocation-latency"]) >= 0


@pytest.mark.parametrize(
    ("model", "body"),
    [each[:2] for each in PLAIN if "j2" not in each[0]],
    ids=[name for name in IDS if "j2" not in name],
)
def test_last_chunk_tells_the_metrics(runtime: Any, model: str, body: dict[str, Any]) -> None:
    *others, last = stream(runtime, model, body)
    metrics = last["amazon-bedrock-invocationMetrics"]
    assert (metrics["inputTokenCount"], metrics["outputTokenCount"]) == (2, 3)
    assert 0 <= metrics["firstByteLatency"] <= metrics["invocationLatency"]
    assert not any("amazon-bedrock-invocationMetrics" in chunk for chunk in others)


def test_family_without_streams_says_so(runtime: Any) -> None:
    with pytest.raises(ClientError, match=r"does not stream its answers\. Call InvokeModel instead"):
        stream(runtime, "ai21.j2-mid-v1", {"prompt": "Hi"})


def test_command_r_streams_events_and_ends_with_the_whole_answer(runtime: Any) -> None:
    body = {"message": "look", "tools": [COHERE_TOOL], "chat_history": [{"role": "USER", "message": "a"}]}
    chunks = stream(runtime, "cohere.command-r-v1:0", body)
    kinds = list(dict.fromkeys(chunk["event_type"] for chunk in chunks))
    assert kinds == ["stream-start", "text-generation", "tool-calls-chunk", "tool-calls-generation", "stream-end"]
    response = chunks[-1]["response"]
    assert (response["text"], response["tool_calls"], response["finish_reason"]) == ("I look.", [CALL], "COMPLETE")
    said = {"role": "CHATBOT", "message": "I look.", "tool_calls": [CALL]}
    assert response["chat_history"] == [*body["chat_history"], {"role": "USER", "message": "look"}, said]


def test_command_r_goes_on_with_what_it_answered(runtime: Any) -> None:
    asked = {"message": "look", "tools": [COHERE_TOOL]}
    first, _ = invoke(runtime, "cohere.command-r-v1:0", asked)
    results = [{"call": call, "outputs": [{"text": "Rain"}]} for call in first["tool_calls"]]
    one_step = {**asked, "tool_results": results}
    steps = {**asked, "message": "", "chat_history": first["chat_history"], "tool_results": results}
    for body in (one_step, steps):
        answer, _ = invoke(runtime, "cohere.command-r-v1:0", body)
        assert answer["text"]


@pytest.mark.parametrize(
    ("model", "body"),
    [
        ("mistral.mistral-large-2407-v1:0", {"messages": [LOOK], "tools": [OPENAI_TOOL], "tool_choice": "auto"}),
        ("ai21.jamba-1-5-large-v1:0", {"messages": [LOOK], "tools": [OPENAI_TOOL]}),
        ("us.writer.palmyra-x5-v1:0", {"messages": [LOOK], "tools": [OPENAI_TOOL]}),
        ("qwen.qwen3-32b-v1:0", {"messages": [LOOK], "tools": [OPENAI_TOOL]}),
    ],
)
def test_tools_are_called_in_openai_s_form(runtime: Any, model: str, body: dict[str, Any]) -> None:
    answer, _ = invoke(runtime, model, body)
    (choice,) = answer["choices"]
    assert choice["finish_reason"] == "tool_calls"
    (call,) = choice["message"]["tool_calls"]
    assert (call["function"]["name"], json.loads(call["function"]["arguments"])) == ("weather", {"city": "Ulm"})
    pieces = [
        c["delta"] if "delta" in c else c["message"] for chunk in stream(runtime, model, body) for c in chunk["choices"]
    ]
    calls = [call["function"] for piece in pieces for call in piece.get("tool_calls") or ()]
    assert json.loads("".join(call.get("arguments", "") for call in calls)) == {"city": "Ulm"}


def test_deepseek_thinks_in_tags(runtime: Any) -> None:
    answer, _ = invoke(runtime, "us.deepseek.r1-v1:0", {"prompt": "think"})
    assert answer["choices"][0]["text"] == "<think>\nLet me see.\n</think>\n\nIt is so."
    chunks = stream(runtime, "us.deepseek.r1-v1:0", {"prompt": "<｜User｜>think<｜Assistant｜><think>\n"})
    assert "".join(chunk["choices"][0]["text"] for chunk in chunks) == "Let me see.\n</think>\n\nIt is so."


def test_gpt_oss_thinks_in_tags(runtime: Any) -> None:
    body = {"messages": [{"role": "user", "content": "think"}]}
    answer, _ = invoke(runtime, "openai.gpt-oss-20b-1:0", body)
    assert openai(answer) == "<reasoning>Let me see.</reasoning>It is so."


def test_tokens_of_a_native_body_are_counted(runtime: Any) -> None:
    counted = runtime.count_tokens(
        modelId="cohere.command-r-v1:0", input={"invokeModel": {"body": json.dumps({"message": "one two three"})}}
    )
    assert counted["inputTokens"] == 3
