"""Bodies of every family of models with something wrong in them: a modelled refusal, or an answer."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from craton.wire.message import Request
from tests.doors.calls import Reply, sign
from tests.doors.conftest import Send
from tests.doors.test_fuzz import JSON, RAW

EMBEDDING = "amazon.titan-embed-text-v2:0"
TEXT = [{"text": "Hello."}]
CLAUDE = {"role": "user", "content": [{"type": "text", "text": "Hello."}]}
# A body of every family that InvokeModel serves, with a model of that family.
BODIES: dict[str, Any] = {
    "anthropic.claude-3-haiku-20240307-v1:0": {
        "anthropic_version": "bedrock-2023-05-31",
        "max_tokens": 9,
        "system": [{"type": "text", "text": "Be brief.", "cache_control": {"type": "ephemeral"}}],
        "messages": [CLAUDE, {"role": "assistant", "content": "Hi."}, CLAUDE],
        "stop_sequences": ["stop"],
        "temperature": 0.5,
        "tools": [{"name": "a", "description": "b", "input_schema": {"type": "object", "properties": {}}}],
        "thinking": {"type": "enabled", "budget_tokens": 1024},
    },
    "anthropic.claude-v2:1": {"prompt": "\n\nHuman: Hello.\n\nAssistant:", "max_tokens_to_sample": 9},
    "amazon.nova-micro-v1:0": {
        "schemaVersion": "messages-v1",
        "system": TEXT,
        "messages": [{"role": "user", "content": TEXT}],
        "inferenceConfig": {"maxTokens": 9, "topP": 0.5, "topK": 5, "stopSequences": ["stop"]},
    },
    "amazon.titan-text-express-v1": {
        "inputText": "Hello.",
        "textGenerationConfig": {"maxTokenCount": 9, "temperature": 0, "topP": 1, "stopSequences": []},
    },
    "meta.llama3-70b-instruct-v1:0": {"prompt": "Hello.", "max_gen_len": 9, "temperature": 0.5, "top_p": 0.5},
    "mistral.mistral-7b-instruct-v0:2": {"prompt": "<s>[INST] Hello. [/INST]", "max_tokens": 9, "stop": ["stop"]},
    "openai.gpt-oss-20b-1:0": {
        "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hello."}],
        "max_completion_tokens": 9,
        "reasoning_effort": "low",
        "tools": [{"type": "function", "function": {"name": "a", "parameters": {"type": "object"}}}],
    },
    EMBEDDING: {"inputText": "Hello.", "dimensions": 256, "normalize": True},
}


@pytest.mark.parametrize("operation", ["invoke", "invoke-with-response-stream"])
@pytest.mark.parametrize("model", BODIES)
def test_a_body_of_every_family_may_be_wrong_anywhere(send: Send, model: str, operation: str) -> None:
    def invoke(body: Any) -> Reply:
        headers = (("content-type", "application/json"),)
        return send(sign(Request("POST", f"/model/{model}/{operation}", "", headers, json.dumps(body).encode())))

    streams = model != EMBEDDING or operation == "invoke"
    assert invoke(BODIES[model]).status == (200 if streams else 400)

    @RAW
    @given(st.data())
    def check(data: st.DataObject) -> None:
        body = data.draw(changed(BODIES[model]))
        reply = invoke(body)
        assert reply.status < 500, reply
        assert reply.status == 200 or (reply.error, bool(reply.json["message"])) == ("ValidationException", True)

    check()


def changed(body: Any) -> st.SearchStrategy[Any]:
    """The body with one value replaced by any other, or left out, or with another beside it."""
    places = list(_places(body))
    return st.builds(_replaced, st.just(body), st.sampled_from(places), st.sampled_from((-1, 0, 1)), JSON | WILD)


# Numbers and texts that programs stumble over.
WILD = st.sampled_from((10**400, -1, 2**63, 2**31, 1e308, 0.1, "", "\ud800", "\0", "a" * 5000, [[]], {"": {}}, [None]))


def _places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield path
    for key, item in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from _places(item, (*path, key))


def _replaced(value: Any, path: tuple[str | int, ...], how: int, other: Any) -> Any:
    if not path:
        return {**value, "other": other} if how > 0 and isinstance(value, dict) else other
    copy: Any = dict(value) if isinstance(value, dict) else list(value)
    if len(path) == 1 and how < 0:
        del copy[path[0]]
    else:
        copy[path[0]] = _replaced(value[path[0]], path[1:], how, other)
    return copy
