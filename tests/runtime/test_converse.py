"""Converse and ConverseStream as a boto3 program sees them, answered by the real default model."""

from typing import Any

import pytest

from tests.serving import MODEL, Server

pytestmark = pytest.mark.model


@pytest.fixture
def runtime(server: Server) -> Any:
    return server.client("bedrock-runtime")


def ask(text: str) -> list[dict[str, Any]]:
    return [{"role": "user", "content": [{"text": text}]}]


def test_a_question_is_answered(runtime: Any) -> None:
    answer = runtime.converse(
        modelId=MODEL, messages=ask("What is the capital of France?"), inferenceConfig={"temperature": 0}
    )
    assert "Paris" in answer["output"]["message"]["content"][0]["text"]
    assert answer["stopReason"] == "end_turn"
    usage = answer["usage"]
    assert usage["inputTokens"] > 0 < usage["outputTokens"]
    assert usage["totalTokens"] == usage["inputTokens"] + usage["outputTokens"]
    assert answer["metrics"]["latencyMs"] > 0


def test_the_stream_folds_to_the_plain_answer(runtime: Any) -> None:
    request = {"modelId": MODEL, "messages": ask("Name three fruits."), "inferenceConfig": {"temperature": 0}}
    plain = runtime.converse(**request)
    events = list(runtime.converse_stream(**request)["stream"])
    kinds = [next(iter(event)) for event in events]
    assert kinds[0] == "messageStart"
    assert kinds[-3:] == ["contentBlockStop", "messageStop", "metadata"]
    assert set(kinds[1:-3]) == {"contentBlockDelta"}
    text = "".join(event["contentBlockDelta"]["delta"]["text"] for event in events[1:-3])
    assert text == plain["output"]["message"]["content"][0]["text"]
    assert events[-2]["messageStop"]["stopReason"] == plain["stopReason"]
    assert events[-1]["metadata"]["usage"] == plain["usage"]


def test_the_stop_sequence_that_was_met_is_told_when_asked_for(runtime: Any) -> None:
    request = {
        "modelId": MODEL,
        "messages": ask("What is the capital of France?"),
        "inferenceConfig": {"temperature": 0, "stopSequences": ["Rome", "Paris"]},
    }
    answer = runtime.converse(**request, additionalModelResponseFieldPaths=["/stop_sequence"])
    assert answer["stopReason"] == "stop_sequence"
    assert answer["additionalModelResponseFields"] == {"stop_sequence": "Paris"}
    assert "Paris" not in answer["output"]["message"]["content"][0]["text"]
    assert "additionalModelResponseFields" not in runtime.converse(**request)
