"""Service tiers as a boto3 program sees them; who goes first is proved in tests/engines/test_admission.py."""

import json
from typing import Any

import pytest

from tests.scripted import MODEL
from tests.serving import Server


@pytest.mark.parametrize("tier", ["reserved", "priority", "default", "flex"])
def test_a_tier_is_served_and_told(scripted_server: Server, tier: str) -> None:
    runtime = scripted_server.client("bedrock-runtime")
    request: dict[str, Any] = {"modelId": MODEL, "messages": [{"role": "user", "content": [{"text": "Hi"}]}]}
    request["serviceTier"] = {"type": tier}
    assert runtime.converse(**request)["serviceTier"] == {"type": tier}
    *_, last = runtime.converse_stream(**request)["stream"]
    assert last["metadata"]["serviceTier"] == {"type": tier}
    body = json.dumps({"messages": [{"role": "user", "content": "Hi"}]})
    assert runtime.invoke_model(modelId=MODEL, body=body, serviceTier=tier)["serviceTier"] == tier
    streamed = runtime.invoke_model_with_response_stream(modelId=MODEL, body=body, serviceTier=tier)
    assert streamed["serviceTier"] == tier
    list(streamed["body"])


def test_no_tier_is_told_where_none_was_asked_for(scripted_server: Server) -> None:
    runtime = scripted_server.client("bedrock-runtime")
    answer = runtime.converse(modelId=MODEL, messages=[{"role": "user", "content": [{"text": "Hi"}]}])
    assert "serviceTier" not in answer
