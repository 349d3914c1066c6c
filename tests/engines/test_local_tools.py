"""Tools, structured output and log-probabilities with a real model, on both engines."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from craton.dialects.converse import Answer, fold
from craton.engines.base import Engine
from craton.engines.supervisor import Engines
from craton.errors import ValidationException
from craton.models.files.library import Library
from tests.engines.turns import assert_grammar, collect, local, turn

pytestmark = pytest.mark.model

GREEDY = {"temperature": 0.0, "maxTokens": 160}
NUMBER = {"type": "integer", "minimum": 0, "maximum": 99}
WORD = {"type": "string", "minLength": 1, "maxLength": 12}
ADD = {
    "type": "object",
    "properties": {"a": NUMBER, "b": NUMBER},
    "required": ["a", "b"],
    "additionalProperties": False,
}
ORDER = {
    "type": "object",
    "properties": {
        "customer": {
            "type": "object",
            "properties": {"name": WORD, "tier": {"enum": ["gold", "silver"]}},
            "required": ["name", "tier"],
            "additionalProperties": False,
        },
        "items": {"type": "array", "items": {"anyOf": [WORD, NUMBER]}, "minItems": 1, "maxItems": 3},
    },
    "required": ["customer", "items"],
    "additionalProperties": False,
}
SCHEMAS = {"add": ADD, "place_order": ORDER}


def tools(choice: dict[str, Any] | None = None, **schemas: dict[str, Any]) -> dict[str, Any]:
    declared = [
        {"toolSpec": {"name": name, "description": f"To {name}.", "inputSchema": {"json": schema}}}
        for name, schema in (schemas or SCHEMAS).items()
    ]
    return {"tools": declared, **({"toolChoice": choice} if choice else {})}


def structured(schema: dict[str, Any]) -> dict[str, Any]:
    return {"textFormat": {"type": "json_schema", "structure": {"jsonSchema": {"schema": json.dumps(schema)}}}}


async def converse(engine: Engine, text: str, **members: Any) -> Answer:
    events = await collect(engine.converse(turn(text, inferenceConfig=GREEDY, **members)))
    assert_grammar(events)
    return fold(events)


def calls(answer: Answer) -> list[dict[str, Any]]:
    """The calls of the answer, each of which must be one of a declared tool, valid by its schema."""
    found = [block["toolUse"] for block in answer["output"]["message"]["content"] if "toolUse" in block]
    for call in found:
        jsonschema.validate(call["input"], SCHEMAS[call["name"]])
    assert len({call["toolUseId"] for call in found}) == len(found)
    return found


@pytest.fixture(scope="module", params=["llamacpp", "openvino"])
async def engine(request: pytest.FixtureRequest, model: Path) -> AsyncIterator[Engine]:
    if request.param == "openvino":
        pytest.importorskip("openvino_genai", reason="the openvino extra is not installed", exc_type=ImportError)
    supervisor = Engines()
    spec = local(request.param, model, default_system="You are a helpful assistant.", slots=4)
    async with supervisor.use(spec) as loaded:
        yield loaded
    await supervisor.close()


@pytest.mark.parametrize("name", list(SCHEMAS))
async def test_a_named_tool_is_called_with_valid_input(engine: Engine, name: str) -> None:
    answer = await converse(engine, "What is 17 plus 25?", toolConfig=tools({"tool": {"name": name}}))
    assert [call["name"] for call in calls(answer)] == [name] and answer["stopReason"] == "tool_use"


async def test_it_understands_what_it_is_asked(engine: Engine) -> None:
    answer = await converse(engine, "What is 17 plus 25?", toolConfig=tools({"tool": {"name": "add"}}))
    assert calls(answer)[0]["input"] == {"a": 17, "b": 25}


async def test_any_tool_is_called_one_at_a_time_where_that_is_wanted(engine: Engine) -> None:
    single = {"additionalModelRequestFields": {"parallel_tool_calls": False}}
    answer = await converse(engine, "What is 17 plus 25?", toolConfig=tools({"any": {}}), **single)
    assert len(calls(answer)) == 1 and answer["stopReason"] == "tool_use"
    assert calls(
        await converse(engine, "Order tea for Ada.", toolConfig=tools({"any": {}}, place_order=ORDER), **single)
    )


async def test_the_model_may_answer_in_text(engine: Engine) -> None:
    answer = await converse(engine, "Say hello.", toolConfig=tools())
    assert calls(answer) or answer["output"]["message"]["content"][0]["text"]


async def test_a_call_that_the_model_began_is_made_right(engine: Engine) -> None:
    """The beginning stands for a model that makes calls of itself, as this one does not."""
    request = turn("What is 1 + 2?", inferenceConfig=GREEDY, toolConfig=tools(add=ADD))
    request["messages"].append({"role": "assistant", "content": [{"text": 'I call it: ```json\n{"name": "add'}]})
    events = await collect(engine.converse(request))
    assert_grammar(events)
    assert events[-1]["metadata"]["usage"]["inputTokens"] == await engine.count_tokens(request)


async def test_results_are_read(engine: Engine) -> None:
    request = turn("What is 17 plus 25?", inferenceConfig=GREEDY, toolConfig=tools())
    call = {"toolUse": {"toolUseId": "x", "name": "add", "input": {"a": 17, "b": 25}}}
    for content, status in (([{"json": {"sum": 42}}], "success"), ([{"text": "The adder is broken."}], "error")):
        result = {"toolResult": {"toolUseId": "x", "content": content, "status": status}}
        rest = [{"role": "assistant", "content": [call]}, {"role": "user", "content": [result]}]
        events = await collect(engine.converse(request | {"messages": request["messages"] + rest}))
        assert_grammar(events)
        assert fold(events)["output"]["message"]["content"]


@pytest.mark.parametrize("name", list(SCHEMAS))
async def test_a_structured_answer_validates(engine: Engine, name: str) -> None:
    answer = await converse(engine, "Make one up.", outputConfig=structured(SCHEMAS[name]))
    assert answer["stopReason"] == "end_turn"
    jsonschema.validate(json.loads(answer["output"]["message"]["content"][0]["text"]), SCHEMAS[name])


async def test_with_tools_and_a_form_the_answer_is_one_of_them(engine: Engine) -> None:
    limited = {"additionalModelRequestFields": {"parallel_tool_calls": False}}
    answer = await converse(
        engine, "What is 17 plus 25?", toolConfig=tools(), outputConfig=structured(ORDER), **limited
    )
    if not calls(answer):
        jsonschema.validate(json.loads(answer["output"]["message"]["content"][0]["text"]), ORDER)


async def test_many_calls_at_once_do_not_mix(engine: Engine) -> None:
    asked = [(n, n + 10) for n in range(11, 19)]
    answers = await asyncio.gather(
        *(converse(engine, f"What is {a} plus {b}?", toolConfig=tools({"tool": {"name": "add"}})) for a, b in asked)
    )
    assert [len(calls(answer)) for answer in answers] == [1] * len(asked)


async def test_log_probabilities_are_those_of_the_text(engine: Engine) -> None:
    answer = await converse(engine, "Say hello.", additionalModelRequestFields={"logprobs": True})
    told = answer["logprobs"]
    assert (
        b"".join(bytes(entry["bytes"]) for entry in told).decode() == answer["output"]["message"]["content"][0]["text"]
    )
    assert all(entry["logprob"] <= 0 and entry["top_logprobs"] == [] for entry in told)


async def test_counted_is_what_a_forced_call_reads(engine: Engine) -> None:
    request = turn("What is 1 plus 2?", inferenceConfig=GREEDY, toolConfig=tools({"tool": {"name": "add"}}))
    events = await collect(engine.converse(request))
    assert events[-1]["metadata"]["usage"]["inputTokens"] == await engine.count_tokens(request)


async def test_a_context_that_ends_within_a_call_ends_the_answer(engine: Engine) -> None:
    long = {"type": "object", "properties": {"text": {"type": "string", "minLength": 9999}}, "required": ["text"]}
    config = tools({"tool": {"name": "write"}}, write=long)
    events = await collect(engine.converse(turn("Write.", toolConfig=config, inferenceConfig={"temperature": 0.0})))
    assert_grammar(events)
    answer = fold(events)
    assert answer["stopReason"] == "max_tokens" and answer["usage"]["totalTokens"] <= 768
    assert isinstance(answer["output"]["message"]["content"][0]["toolUse"]["input"], str)


async def test_alternatives_are_told_by_llamacpp_alone(model: Path) -> None:
    wanted = turn(
        "Say hello.", inferenceConfig=GREEDY, additionalModelRequestFields={"logprobs": True, "top_logprobs": 3}
    )
    supervisor = Engines()
    try:
        async with supervisor.use(local("llamacpp", model, slots=1)) as engine:
            told = fold(await collect(engine.converse(wanted)))["logprobs"]
        assert {len(entry["top_logprobs"]) for entry in told} == {3}
        assert told[0]["token"] == told[0]["top_logprobs"][0]["token"], "greedy takes the most probable"
        pytest.importorskip("openvino_genai", reason="the openvino extra is not installed", exc_type=ImportError)
        async with supervisor.use(local("openvino", model, slots=1)) as engine:
            with pytest.raises(ValidationException, match="top_logprobs"):
                await collect(engine.converse(wanted))
    finally:
        await supervisor.close()


async def test_a_model_that_knows_tools_calls_them_of_itself(library: Library) -> None:
    coder = library.get("qwen.qwen2-5-coder-0-5b-instruct-v1:0")
    if coder is None:
        pytest.skip("the model qwen2.5-coder-0.5b is not in the library of the tests")
    supervisor = Engines()
    try:
        async with supervisor.use(local("llamacpp", library.paths(coder)["model"], slots=1)) as engine:
            answer = await converse(engine, "What is 17 plus 25?", toolConfig=tools())
            assert [call["input"] for call in calls(answer)] == [{"a": 17, "b": 25}]
            assert answer["stopReason"] == "tool_use"
    finally:
        await supervisor.close()
