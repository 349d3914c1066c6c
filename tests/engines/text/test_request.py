"""What a turn asks of a text model, and what is refused by name."""

import json
from typing import Any

import pytest

from craton.engines.base import ModelSpec
from craton.engines.text import request as requests
from craton.engines.text.request import Request
from craton.errors import ValidationException
from tests.engines.text.models import ADD, SPEC, TOOLS, Fake
from tests.engines.turns import turn

OPTIONS = {"default_system": "Be brief.", "max_output_tokens": 500, "sampling": {"top_k": 7}}
BRIEF = ModelSpec(SPEC.id, SPEC.engine, SPEC.files, SPEC.context_length, OPTIONS)


def read(asked: dict[str, Any], spec: ModelSpec = BRIEF, **settings: Any) -> Request:
    return requests.read(asked, spec, Fake([], **settings))


def structured(schema: Any, **members: Any) -> dict[str, Any]:
    text = schema if isinstance(schema, str) else json.dumps(schema)
    return {"textFormat": {"type": "json_schema", "structure": {"jsonSchema": {"schema": text, **members}}}}


def fields(**members: Any) -> dict[str, Any]:
    return {"additionalModelRequestFields": members}


def test_a_turn_becomes_messages_and_settings() -> None:
    request = read(
        {
            "system": [{"text": "Be kind."}, {"text": "Be short."}],
            "messages": [
                {"role": "user", "content": [{"text": "Hi "}, {"guardContent": {"text": {"text": "you"}}}]},
                {"role": "assistant", "content": [{"text": "Hello"}]},
                {"role": "user", "content": [{"text": "Bye"}]},
            ],
            "inferenceConfig": {"maxTokens": 5, "temperature": 0.0, "topP": 0.5, "stopSequences": ["\n"]},
            "additionalModelRequestFields": {"seed": 3, "repeat_penalty": 1.5},
        }
    )
    assert request.transcript.messages == [
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
    assert read(turn("Hi")).transcript.messages[0] == {"role": "system", "content": "Be brief."}
    assert read(turn("Hi", system=[{"text": "Mine"}])).transcript.messages[0]["content"] == "Mine"


def test_without_max_tokens_the_models_own_limit_holds() -> None:
    request = read(turn("Hi"))
    assert (request.max_tokens, request.limit) == (None, 500)


def test_a_model_that_cannot_think_may_be_left_to_decide_how_much_it_does() -> None:
    assert not read(turn("Hi", **fields(thinking={"type": "adaptive"}))).thinks


def test_the_form_of_the_answer_is_told_in_the_system_prompt() -> None:
    schema = json.dumps({"type": "object", "properties": {"age": {"type": "integer"}}})
    request = read(turn("Hi", outputConfig=structured(schema, description="A person", name="person")))
    told = request.transcript.messages[0]["content"]
    assert told.startswith("Be brief.\n\nAnswer with JSON only (A person)") and told.endswith(schema)
    assert request.answer is not None


@pytest.mark.parametrize(
    ("members", "named"),
    [
        ({"messages": [{"role": "user", "content": [{"image": {"format": "png"}}]}]}, "'image'"),
        ({"messages": [{"role": "user", "content": [{"guardContent": {"image": {}}}]}]}, "guardContent"),
        ({"messages": [{"role": "user", "content": []}]}, "no text"),
        (fields(tok_k=1), "tok_k"),
        (fields(temperature=1), "temperature"),
        (fields(top_k="many"), "top_k"),
        (fields(seed=-1), "seed"),
        (fields(parallel_tool_calls="no"), "parallel_tool_calls"),
        (fields(thinking={"type": "enabled"}), "does not think"),
        (fields(thinking={"type": "sometimes"}), "thinking.type"),
        (fields(logprobs=True, top_logprobs=21), "top_logprobs"),
        (fields(top_logprobs=2), "set logprobs"),
        ({"inferenceConfig": {"maxTokens": 501}}, "500"),
        ({"outputConfig": {"effort": "high"}}, "effort"),
        ({"outputConfig": structured("{nonsense")}, "is not JSON"),
        ({"outputConfig": structured("[]")}, "not an object"),
        ({"outputConfig": structured({"type": "object", "minProperties": "x"})}, "minProperties"),
    ],
)
def test_what_is_not_served_is_refused_by_name(members: dict[str, Any], named: str) -> None:
    asked = turn("Hi") | members
    if "messages" in members:
        asked["system"] = [{"cachePoint": {"type": "default"}}]
    with pytest.raises(ValidationException, match=named):
        read(asked, SPEC)


def test_an_engine_without_alternatives_says_so() -> None:
    assert read(turn("Hi", **fields(logprobs=True)), alternatives=False).logprobs == 0
    with pytest.raises(ValidationException, match="top_logprobs"):
        read(turn("Hi", **fields(logprobs=True, top_logprobs=1)), alternatives=False)


def test_a_schema_that_no_grammar_can_hold_is_refused_with_its_keyword_and_its_tool() -> None:
    impossible = {"type": "object", "properties": {"x": {"not": {"type": "string", "contentEncoding": "base64"}}}}
    tool = {"toolSpec": {"name": "weigh", "inputSchema": {"json": impossible}}}
    with pytest.raises(ValidationException, match=r"'weigh'.*'not'|'weigh'.*/properties/x"):
        read(turn("Hi", toolConfig={"tools": [ADD, tool]}))
    with pytest.raises(ValidationException, match=r"outputConfig.*/properties/x"):
        read(turn("Hi", outputConfig=structured(impossible)))


def test_thinking_and_syntax_are_seen_from_the_template_or_set() -> None:
    assert read(turn("Hi"), template="{{ '<think>' }}").thinks
    assert not read(turn("Hi")).thinks
    forced = ModelSpec(SPEC.id, SPEC.engine, {}, 1000, {"thinks": False, "tool_syntax": "mistral"})
    request = read(turn("Hi", toolConfig=TOOLS), forced, template="<think>")
    assert not request.thinks and request.syntax.form.opening.startswith("[TOOL_CALLS]")
