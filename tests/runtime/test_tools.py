"""Tools and structured output as a boto3 program sees them, answered by the real default model."""

import json
from typing import Any

import jsonschema
import pytest
from botocore.exceptions import ClientError

from tests.serving import MODEL, Server

pytestmark = pytest.mark.model

FORECAST: dict[str, Any] = {
    "type": "object",
    "properties": {
        "city": {"type": "string", "maxLength": 30},
        "days": {"type": "integer", "minimum": 1, "maximum": 14},
        "unit": {"enum": ["celsius", "fahrenheit"]},
    },
    "required": ["city", "days"],
    "additionalProperties": False,
}
TOOL = {"toolSpec": {"name": "forecast", "description": "The weather to come.", "inputSchema": {"json": FORECAST}}}
OTHER = {"toolSpec": {"name": "news", "inputSchema": {"json": {"type": "object", "properties": {}}}}}


@pytest.fixture
def runtime(server: Server) -> Any:
    return server.client("bedrock-runtime")


def ask(**members: Any) -> dict[str, Any]:
    question = "What is the weather in Berlin for the next 3 days?"
    messages = [{"role": "user", "content": [{"text": question}]}]
    return {"modelId": MODEL, "messages": messages, "inferenceConfig": {"temperature": 0, "maxTokens": 300}} | members


def structured(schema: object) -> dict[str, Any]:
    return {"textFormat": {"type": "json_schema", "structure": {"jsonSchema": {"schema": json.dumps(schema)}}}}


@pytest.mark.parametrize("choice", [{"any": {}}, {"tool": {"name": "forecast"}}])
def test_a_call_names_a_declared_tool_and_its_input_satisfies_the_schema(runtime: Any, choice: dict[str, Any]) -> None:
    answer = runtime.converse(**ask(toolConfig={"tools": [TOOL, OTHER], "toolChoice": choice}))
    assert answer["stopReason"] == "tool_use"
    use = answer["output"]["message"]["content"][0]["toolUse"]
    assert use["name"] in ("forecast", "news") and use["toolUseId"]
    if use["name"] == "forecast":
        jsonschema.validate(use["input"], FORECAST)


def test_a_call_is_streamed_as_it_is_made_and_its_result_goes_back(runtime: Any) -> None:
    config = {"tools": [TOOL], "toolChoice": {"any": {}}}
    events = list(runtime.converse_stream(**ask(toolConfig=config))["stream"])
    (start,) = [event["contentBlockStart"] for event in events if "contentBlockStart" in event]
    deltas = [event["contentBlockDelta"]["delta"] for event in events if "contentBlockDelta" in event]
    made = json.loads("".join(delta["toolUse"]["input"] for delta in deltas))
    jsonschema.validate(made, FORECAST)
    assert len(deltas) > 1 and events[-2]["messageStop"]["stopReason"] == "tool_use"
    use = {**start["start"]["toolUse"], "input": made}
    result = {"toolUseId": use["toolUseId"], "content": [{"text": "The service is down."}], "status": "error"}
    messages = [
        *ask()["messages"],
        {"role": "assistant", "content": [{"toolUse": use}]},
        {"role": "user", "content": [{"toolResult": result}]},
    ]
    after = runtime.converse(**ask(messages=messages, toolConfig={"tools": [TOOL]}))
    assert after["output"]["message"]["content"]
    with pytest.raises(ClientError, match="toolConfig field must be defined"):
        runtime.converse(**ask(messages=messages))


def test_a_structured_answer_validates(runtime: Any) -> None:
    answer = runtime.converse(**ask(outputConfig=structured(FORECAST)))
    assert answer["stopReason"] == "end_turn"
    jsonschema.validate(json.loads(answer["output"]["message"]["content"][0]["text"]), FORECAST)


@pytest.mark.parametrize(
    "asked",
    [
        {"outputConfig": structured({"type": "object", "not": {"required": ["a"]}})},
        {"toolConfig": {"tools": [{"toolSpec": {"name": "t", "inputSchema": {"json": {"not": {"required": ["a"]}}}}}]}},
    ],
)
def test_what_no_grammar_can_hold_is_refused_by_keyword(runtime: Any, asked: dict[str, Any]) -> None:
    with pytest.raises(ClientError, match="'not'") as refused:
        runtime.converse(**ask(**asked))
    assert refused.value.response["Error"]["Code"] == "ValidationException"
