"""What an engine that computes tells of itself."""

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.serving import MODEL, Server

pytestmark = pytest.mark.model


def figure(server: Server, name: str) -> float:
    for family in text_string_to_metric_families(httpx.get(f"{server.endpoint}/metrics").text):
        for sample in family.samples:
            if sample.name == name and sample.labels["model_id"] == MODEL:
                return float(sample.value)
    raise AssertionError(name)


def test_the_key_value_cache_is_told(server: Server) -> None:
    message = {"role": "user", "content": [{"text": "Count to ten thousand, slowly."}]}
    answer = server.client("bedrock-runtime").converse_stream(
        modelId=MODEL, messages=[message], inferenceConfig={"maxTokens": 400}
    )
    events = iter(answer["stream"])
    next(events)
    assert 0 < figure(server, "craton_engine_cache_tokens_held") <= figure(server, "craton_engine_cache_tokens")
    assert figure(server, "craton_engine_slots_busy") >= 1
    answer["stream"].close()
