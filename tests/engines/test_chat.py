from pathlib import Path
from typing import Any

import pytest

from craton.engines import chat
from craton.engines.base import ModelSpec
from craton.errors import ValidationException
from tests.engines.turns import turn

SPEC = ModelSpec(
    "test.chat-v1:0",
    "llamacpp",
    {"model": Path("model.gguf")},
    1000,
    {"default_system": "Be brief.", "max_output_tokens": 500, "sampling": {"top_k": 7}},
)


def test_a_turn_becomes_messages_and_settings() -> None:
    request = chat.read(
        {
            "system": [{"text": "Be kind."}, {"text": "Be short."}],
            "messages": [
                {"role": "user", "content": [{"text": "Hi "}, {"guardContent": {"text": {"text": "you"}}}]},
                {"role": "assistant", "content": [{"text": "Hello"}]},
                {"role": "user", "content": [{"text": "Bye"}]},
            ],
            "inferenceConfig": {"maxTokens": 5, "temperature": 0.0, "topP": 0.5, "stopSequences": ["\n"]},
            "additionalModelRequestFields": {"seed": 3, "repeat_penalty": 1.5},
        },
        SPEC,
    )
    assert request.messages == [
        {"role": "system", "content": "Be kind.\n\nBe short."},
        {"role": "user", "content": "Hi you"},
        {"role": "assistant", "content": "Hello"},
        {"role": "user", "content": "Bye"},
    ]
    assert (request.max_tokens, request.limit, request.stops) == (5, 5, ("\n",))
    sampling = request.sampling
    assert (sampling.temperature, sampling.top_p, sampling.seed, sampling.repeat_penalty) == (0.0, 0.5, 3, 1.5)
    assert sampling.top_k == 7


def test_the_default_system_prompt_stands_in_where_there_is_none() -> None:
    assert chat.read(turn("Hi"), SPEC).messages[0] == {"role": "system", "content": "Be brief."}
    assert chat.read(turn("Hi", system=[{"text": "Mine"}]), SPEC).messages[0]["content"] == "Mine"


def test_without_max_tokens_the_models_own_limit_holds() -> None:
    request = chat.read(turn("Hi"), SPEC)
    assert (request.max_tokens, request.limit) == (None, 500)


@pytest.mark.parametrize(
    ("members", "named"),
    [
        ({"toolConfig": {"tools": [{}]}}, "toolConfig"),
        ({"outputConfig": {"textFormat": {}}}, "outputConfig"),
        ({"messages": [{"role": "user", "content": [{"image": {"format": "png"}}]}]}, "image"),
        ({"messages": [{"role": "user", "content": [{"guardContent": {"image": {}}}]}]}, "guardContent"),
        ({"messages": [{"role": "user", "content": [{"toolResult": {}}]}]}, "toolResult"),
        ({"additionalModelRequestFields": {"tok_k": 1}}, "tok_k"),
        ({"additionalModelRequestFields": {"temperature": 1}}, "temperature"),
        ({"additionalModelRequestFields": {"top_k": "many"}}, "top_k"),
        ({"additionalModelRequestFields": {"seed": -1}}, "seed"),
        ({"inferenceConfig": {"maxTokens": 501}}, "500"),
        ({"messages": [{"role": "user", "content": []}]}, "no text"),
    ],
)
def test_what_is_not_served_is_refused_by_name(members: dict[str, Any], named: str) -> None:
    if "messages" in members:
        members["system"] = [{"cachePoint": {"type": "default"}}]
    with pytest.raises(ValidationException, match=named):
        chat.read(turn("Hi") | members, SPEC)


def test_cache_figures_appear_only_with_a_cache_point_and_add_up() -> None:
    assert chat.usage(100, 5, cached=60) == {
        "metadata": {"usage": {"inputTokens": 100, "outputTokens": 5, "totalTokens": 105}}
    }
    request = chat.read(
        {
            "system": [{"text": "Long text."}, {"cachePoint": {"type": "default"}}],
            "messages": [{"role": "user", "content": [{"text": "Hi"}]}],
        },
        SPEC,
    )
    assert request.marked == [{"role": "system", "content": "Long text."}]
    counts = chat.usage(100, 5, cached=60, marked=80)["metadata"]["usage"]
    assert (counts["inputTokens"], counts["cacheReadInputTokens"], counts["cacheWriteInputTokens"]) == (20, 60, 20)
    assert counts["totalTokens"] == 105
