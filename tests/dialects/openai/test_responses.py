"""OpenAI Responses: what is read, what is written, and that nothing is lost or let through silently."""

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from craton.dialects import document_names
from craton.dialects.converse import Stamp, fold
from craton.dialects.openai import responses as openai_responses
from craton.errors import ModelErrorException, ModelStreamErrorException, ThrottlingException, ValidationException
from tests.dialects.test_stream_properties import REASONING, REDACTED, SIGNED, TEXT, TEXTS, streams, tool

STAMP = Stamp("1", "m", 7)
PNG = b"\x89PNG\r\n"
TOOL = {"type": "function", "name": "weather", "parameters": {"type": "object"}, "strict": True}
SPEC = {"toolSpec": {"name": "weather", "inputSchema": {"json": {"type": "object"}}, "strict": True}}


def read(**body: Any) -> Any:
    return openai_responses.read_request({"input": "Hi", **body})


# Requests


def test_a_plain_text() -> None:
    assert read() == {"messages": [{"role": "user", "content": [{"text": "Hi"}]}]}


def test_every_parameter_has_its_place() -> None:
    turn = read(
        instructions="Be brief.",
        max_output_tokens=9,
        temperature=0.5,
        top_p=0.9,
        top_logprobs=3,
        include=["message.output_text.logprobs"],
        parallel_tool_calls=False,
        tools=[TOOL],
        tool_choice="required",
        text={"format": {"type": "json_schema", "name": "n", "schema": {"type": "object"}, "strict": True}},
        reasoning={"effort": "low"},
        service_tier="flex",
        metadata={"k": "v"},
        user="u",
        safety_identifier="s",
        prompt_cache_key="p",
        truncation="disabled",
        store=False,
    )
    assert turn == {
        "system": [{"text": "Be brief."}],
        "messages": [{"role": "user", "content": [{"text": "Hi"}]}],
        "inferenceConfig": {"maxTokens": 9, "temperature": 0.5, "topP": 0.9},
        "toolConfig": {"tools": [SPEC], "toolChoice": {"any": {}}},
        "outputConfig": {
            "effort": "low",
            "textFormat": {
                "type": "json_schema",
                "structure": {"jsonSchema": {"schema": '{"type": "object"}', "name": "n"}},
            },
        },
        "serviceTier": {"type": "flex"},
        "requestMetadata": {"k": "v", "user": "u", "safety_identifier": "s", "prompt_cache_key": "p"},
        "additionalModelRequestFields": {"parallel_tool_calls": False, "logprobs": True, "top_logprobs": 3},
    }


def test_items_become_messages() -> None:
    image = f"data:image/png;base64,{base64.b64encode(PNG).decode()}"
    turn = read(
        instructions="First.",
        input=[
            {"role": "developer", "content": "Second."},
            {
                "role": "user",
                "content": [{"type": "input_text", "text": "See"}, {"type": "input_image", "image_url": image}],
            },
            {"type": "reasoning", "id": "rs_1", "summary": [], "content": [{"type": "reasoning_text", "text": "Hm"}]},
            {
                "type": "message",
                "role": "assistant",
                "content": [{"type": "output_text", "text": "A", "annotations": []}],
            },
            {"type": "function_call", "call_id": "c1", "name": "weather", "arguments": '{"city": "Ulm"}'},
            {"type": "function_call", "call_id": "c2", "name": "weather", "arguments": "{}"},
            {"type": "function_call_output", "call_id": "c1", "output": "sun"},
            {"type": "function_call_output", "call_id": "c2", "output": [{"type": "input_text", "text": "rain"}]},
            {"role": "user", "content": "And now?"},
            {"role": "system", "content": "Later."},
        ],
    )
    assert turn["system"] == [{"text": "First."}, {"text": "Second."}]
    assert turn["messages"] == [
        {"role": "user", "content": [{"text": "See"}, {"image": {"format": "png", "source": {"bytes": PNG}}}]},
        {
            "role": "assistant",
            "content": [
                {"reasoningContent": {"reasoningText": {"text": "Hm"}}},
                {"text": "A"},
                {"toolUse": {"toolUseId": "c1", "name": "weather", "input": {"city": "Ulm"}}},
                {"toolUse": {"toolUseId": "c2", "name": "weather", "input": {}}},
            ],
        },
        {
            "role": "user",
            "content": [
                {"toolResult": {"toolUseId": "c1", "content": [{"text": "sun"}]}},
                {"toolResult": {"toolUseId": "c2", "content": [{"text": "rain"}]}},
                {"text": "And now?"},
            ],
        },
        {"role": "system", "content": [{"text": "Later."}]},
    ]


def test_allowed_tools_leave_the_others_out() -> None:
    other = {"type": "function", "name": "other"}
    choice = {"type": "allowed_tools", "mode": "required", "tools": [{"type": "function", "name": "weather"}]}
    assert read(tools=[TOOL, other], tool_choice=choice)["toolConfig"] == {"tools": [SPEC], "toolChoice": {"any": {}}}


def test_no_tool_may_be_called_with_tool_choice_none() -> None:
    assert "toolConfig" not in read(tools=[TOOL], tool_choice="none")


def test_no_effort_means_no_thinking() -> None:
    turn = read(reasoning={"effort": "none"})
    assert turn["additionalModelRequestFields"] == {"thinking": {"type": "disabled"}}
    assert "outputConfig" not in turn


@pytest.mark.parametrize(
    ("member", "said"),
    [
        ({"conversation": "conv_1"}, "#/conversation"),
        ({"prompt": {"id": "p"}}, "#/prompt"),
        ({"tools": [{"type": "web_search"}]}, "#/tools/0/type: 'web_search'"),
        ({"tools": [TOOL, {"type": "file_search"}]}, "#/tools/1/type: 'file_search'"),
        ({"tools": [{"type": "code_interpreter"}]}, "'code_interpreter'"),
        ({"tools": [{"type": "computer_use_preview"}]}, "'computer_use_preview'"),
        ({"tools": [{"type": "mcp"}]}, "'mcp'"),
        ({"tools": [{"type": "image_generation"}]}, "'image_generation'"),
        ({"tools": [{"type": "custom", "name": "c"}]}, "'custom'"),
        ({"tools": [TOOL], "tool_choice": {"type": "web_search_preview"}}, "#/tool_choice/type: 'web_search_preview'"),
        ({"tools": [TOOL], "tool_choice": {"type": "function", "name": "x"}}, "'x' is none of the tools"),
        ({"input": [{"type": "mcp_call", "id": "x"}]}, "#/input/0/type: 'mcp_call'"),
        ({"input": [{"role": "user", "content": [{"type": "output_text", "text": "x"}]}]}, "#/input/0/content/0"),
        (
            {"input": [{"role": "system", "content": [{"type": "input_image", "image_url": "x"}]}]},
            "#/input/0/content/0",
        ),
        ({"input": [{"type": "item_reference", "id": "msg_1"}]}, "'msg_1'"),
        ({"input": [{"id": "msg_1"}]}, "'msg_1'"),
        ({"input": []}, r"\[input\] not found"),
        ({"previous_response_id": "resp_1"}, "#/previous_response_id"),
        ({"background": True}, "#/background"),
        ({"include": ["web_search_call.action.sources"]}, "#/include/0"),
        ({"reasoning": {"summary": "concise"}}, "#/reasoning/summary"),
        ({"text": {"verbosity": "low"}}, "#/text/verbosity"),
        ({"stream_options": {"include_obfuscation": False}}, "#/stream_options"),
        ({"metadata": {"k": "v" * 513}}, "#/metadata"),
        ({"nothing": 1}, r"\[nothing\]"),
    ],
)
def test_what_is_not_served_is_refused_by_name(member: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationException, match=said):
        read(**member)


def test_background_work_must_be_kept() -> None:
    with pytest.raises(ValidationException, match="#/background"):
        openai_responses.read_creation({"model": "m", "input": "Hi", "background": True, "store": False})


def test_counting_takes_only_what_is_read() -> None:
    assert openai_responses.read_count({"model": "m", "input": "Hi", "tools": [TOOL]}).model == "m"
    with pytest.raises(ValidationException, match="max_output_tokens"):
        openai_responses.read_count({"model": "m", "input": "Hi", "max_output_tokens": 5})


def test_the_answer_repeats_what_was_asked() -> None:
    asked = {"model": "m", "input": "Hi", "tools": [TOOL], "tool_choice": "required", "metadata": {"a": "b"}}
    echo = openai_responses.read_creation(asked).echo
    assert echo["tools"] == [TOOL]
    assert (echo["tool_choice"], echo["metadata"], echo["store"], echo["truncation"]) == (
        "required",
        {"a": "b"},
        True,
        "disabled",
    )


def test_items_are_kept_as_the_api_lists_them() -> None:
    creation = openai_responses.read_creation(
        {
            "model": "m",
            "input": [{"role": "user", "content": "Hi"}, {"id": "msg_9", "role": "assistant", "content": "Ho"}],
        }
    )
    assert openai_responses.with_ids(creation.items, "ab") == [
        {
            "id": "msg_abi0",
            "type": "message",
            "role": "user",
            "status": "completed",
            "content": [{"type": "input_text", "text": "Hi"}],
        },
        {
            "id": "msg_9",
            "type": "message",
            "role": "assistant",
            "status": "completed",
            "content": [{"type": "output_text", "text": "Ho", "annotations": []}],
        },
    ]


# Turns, both ways

JSON_OBJECTS = st.dictionaries(TEXT, st.integers() | TEXT, max_size=3)
NAMES = st.from_regex("[a-z]{1,8}", fullmatch=True)
USERS = st.lists(
    TEXT.map(lambda text: {"text": text})
    | st.just({"image": {"format": "png", "source": {"bytes": PNG}}})
    | NAMES.map(lambda n: {"document": {"format": "txt", "name": n, "source": {"bytes": b"x"}}}),
    min_size=1,
    max_size=3,
)
RESULTS = st.builds(lambda name, text: {"toolResult": {"toolUseId": name, "content": [{"text": text}]}}, TEXT, TEXT)
SAID = st.lists(
    TEXT.map(lambda text: {"text": text})
    | TEXT.map(lambda text: {"reasoningContent": {"reasoningText": {"text": text}}})
    | st.builds(lambda t, s: {"reasoningContent": {"reasoningText": {"text": t, "signature": s}}}, TEXT, TEXT)
    | st.binary(min_size=1, max_size=9).map(lambda data: {"reasoningContent": {"redactedContent": data}})
    | st.builds(lambda i, n, v: {"toolUse": {"toolUseId": i, "name": n, "input": v}}, TEXT, NAMES, JSON_OBJECTS),
    min_size=1,
    max_size=4,
)
TOOLS = st.lists(NAMES, min_size=1, max_size=3, unique=True).flatmap(
    lambda names: st.fixed_dictionaries(
        {
            "tools": st.just(
                [{"toolSpec": {"name": n, "inputSchema": {"json": {"type": "object"}}, "strict": False}} for n in names]
            )
        },
        optional={"toolChoice": st.sampled_from([{"auto": {}}, {"any": {}}, {"tool": {"name": names[0]}}])},
    )
)
FORMATS = st.builds(
    lambda name: {"type": "json_schema", "structure": {"jsonSchema": {"schema": '{"type": "object"}', "name": name}}},
    NAMES,
) | st.just({"type": "json_schema", "structure": {"jsonSchema": {"schema": '{"type":"object"}'}}})


@st.composite
def turns(draw: st.DrawFn) -> dict[str, Any]:
    messages: list[dict[str, Any]] = [{"role": "user", "content": draw(USERS)}]
    for _ in range(draw(st.integers(0, 2))):
        messages.append({"role": "assistant", "content": draw(SAID)})
        messages.append({"role": "user", "content": draw(st.lists(RESULTS, max_size=2)) + draw(USERS)})
    options = {
        "system": st.lists(TEXT.map(lambda text: {"text": text}), min_size=1, max_size=1),
        "inferenceConfig": st.fixed_dictionaries(
            {"maxTokens": st.integers(1, 99)}, optional={"temperature": st.floats(0, 1), "topP": st.floats(0, 1)}
        ),
        "toolConfig": TOOLS,
        "outputConfig": st.fixed_dictionaries(
            {}, optional={"effort": st.sampled_from(["low", "high"]), "textFormat": FORMATS}
        ).filter(bool),
        "additionalModelRequestFields": st.fixed_dictionaries(
            {},
            optional={
                "parallel_tool_calls": st.booleans(),
                "logprobs": st.just(True),
                "thinking": st.just({"type": "disabled"}),
            },
        ).filter(bool),
    }
    document_names.settle(messages)
    turn = draw(st.fixed_dictionaries({"messages": st.just(messages)}, optional=options))
    if "effort" in turn.get("outputConfig", {}):
        turn.get("additionalModelRequestFields", {}).pop("thinking", None)
    if not turn.get("additionalModelRequestFields", True):
        del turn["additionalModelRequestFields"]
    return turn


@given(turn=turns())
def test_a_turn_survives(turn: dict[str, Any]) -> None:
    body = json.loads(json.dumps(openai_responses.write_request(turn)))
    assert openai_responses.read_request(body) == turn


@pytest.mark.parametrize(
    ("turn", "said"),
    [
        ({"inferenceConfig": {"stopSequences": ["x"]}}, "stopSequences"),
        ({"additionalModelRequestFields": {"top_k": 3}}, "top_k"),
        ({"toolConfig": {"tools": [{"systemTool": {"name": "x"}}]}}, "systemTool"),
        ({"messages": [{"role": "user", "content": [{"video": {}}]}]}, "video"),
    ],
)
def test_a_turn_that_the_api_cannot_say_is_refused_by_name(turn: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationException, match=said):
        openai_responses.write_request({"messages": [{"role": "user", "content": [{"text": "x"}]}], **turn})


# Answers and their streams

LOGPROBS = [{"token": "a", "logprob": -0.5, "bytes": [97], "top_logprobs": []}]


@st.composite
def blocks(draw: st.DrawFn) -> list[list[dict[str, Any]]]:
    return draw(st.lists(TEXTS | REASONING | SIGNED | REDACTED | tool(), min_size=1, max_size=5))


def stopped(blocks: list[list[dict[str, Any]]]) -> list[str]:
    """The stop reasons that the API can tell of an answer with these blocks."""
    ended = "tool_use" if any("toolUse" in part.get("start", {}) for block in blocks for part in block) else "end_turn"
    return [ended, "max_tokens", "content_filtered"]


ANSWERS = blocks().flatmap(lambda b: streams(b, stopped(b), ["cacheReadInputTokens", "cacheWriteInputTokens"]))


def counted(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Converse tells of the cache where there is something to tell."""
    usage = events[-1]["metadata"]["usage"]
    return [*events[:-1], {"metadata": {"usage": {name: n for name, n in usage.items() if n or "cache" not in name}}}]


def written(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    writer = openai_responses.EventWriter(STAMP)
    return [json.loads(json.dumps(told)) for event in events for told in writer.write(event)]


@given(events=ANSWERS)
def test_a_stream_keeps_the_answer(events: list[dict[str, Any]]) -> None:
    reader = openai_responses.EventReader()
    back = [event for told in written(events) for event in reader.read(told)]
    reader.end()
    assert fold(back) == fold(counted(events))


@given(events=ANSWERS)
def test_a_plain_answer_keeps_the_answer_and_is_the_end_of_its_stream(events: list[dict[str, Any]]) -> None:
    answer = fold(counted(events))
    body = json.loads(json.dumps(openai_responses.write_response(answer, STAMP)))
    assert openai_responses.read_response(body) == answer
    last = written(events)[-1]["response"]
    for item in [*body["output"], *last["output"]]:
        if "arguments" in item:
            item["arguments"] = json.loads(item["arguments"])
    assert last == body


@given(events=ANSWERS)
def test_the_events_stand_in_order_and_agree_with_the_whole(events: list[dict[str, Any]]) -> None:
    told = written(events)
    assert [event["sequence_number"] for event in told] == list(range(len(told)))
    assert [event["type"] for event in told[:2]] == ["response.created", "response.in_progress"]
    output = told[-1]["response"]["output"]
    for index, item in enumerate(output):
        own = [event for event in told if event.get("output_index") == index]
        assert own[0]["type"] == "response.output_item.added"
        assert (own[0]["item"]["id"], own[0]["item"]["status"]) == (item["id"], "in_progress")
        assert own[-1] == {**own[-1], "type": "response.output_item.done", "item": item}
        deltas = "".join(event["delta"] for event in own if event["type"].endswith(".delta"))
        whole = item.get("arguments") or "".join(part["text"] for part in item.get("content", []))
        assert deltas == whole or (deltas, whole) == ("", "{}")


def test_a_text_is_told_as_the_api_tells_it() -> None:
    usage = {"inputTokens": 1, "outputTokens": 1, "totalTokens": 2}
    told = written(
        [
            {"messageStart": {"role": "assistant"}},
            {"contentBlockDelta": {"contentBlockIndex": 0, "delta": {"text": "a"}, "logprobs": LOGPROBS}},
            {"contentBlockStop": {"contentBlockIndex": 0}},
            {"messageStop": {"stopReason": "max_tokens"}},
            {"metadata": {"usage": usage}},
        ]
    )
    part = {"type": "output_text", "text": "a", "annotations": [], "logprobs": LOGPROBS}
    place = {"item_id": "msg_1o0", "output_index": 0, "content_index": 0}
    item = {"type": "message", "id": "msg_1o0", "status": "incomplete", "role": "assistant", "content": [part]}
    assert told[2:-1] == [
        {
            "type": "response.output_item.added",
            "sequence_number": 2,
            "output_index": 0,
            "item": {**item, "status": "in_progress", "content": []},
        },
        {
            "type": "response.content_part.added",
            "sequence_number": 3,
            **place,
            "part": {**part, "text": "", "logprobs": []},
        },
        {"type": "response.output_text.delta", "sequence_number": 4, **place, "delta": "a", "logprobs": LOGPROBS},
        {"type": "response.output_text.done", "sequence_number": 5, **place, "text": "a", "logprobs": LOGPROBS},
        {"type": "response.content_part.done", "sequence_number": 6, **place, "part": part},
        {"type": "response.output_item.done", "sequence_number": 7, "output_index": 0, "item": item},
    ]
    assert told[-1]["type"] == "response.incomplete"
    response = told[-1]["response"]
    assert response["incomplete_details"] == {"reason": "max_output_tokens"}
    assert response["usage"] == {
        "input_tokens": 1,
        "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
        "output_tokens": 1,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": 2,
    }


def test_a_call_is_told_as_the_api_tells_it() -> None:
    told = written(
        [
            {"messageStart": {"role": "assistant"}},
            {"contentBlockStart": {"contentBlockIndex": 0, "start": {"toolUse": {"toolUseId": "c", "name": "f"}}}},
            {"contentBlockDelta": {"contentBlockIndex": 0, "delta": {"toolUse": {"input": '{"a"'}}}},
            {"contentBlockDelta": {"contentBlockIndex": 0, "delta": {"toolUse": {"input": ":1}"}}}},
            {"contentBlockStop": {"contentBlockIndex": 0}},
            {"messageStop": {"stopReason": "tool_use"}},
            {"metadata": {"usage": {"inputTokens": 1, "outputTokens": 1, "totalTokens": 2}}},
        ]
    )
    assert [event["type"].removeprefix("response.") for event in told] == [
        "created",
        "in_progress",
        "output_item.added",
        "function_call_arguments.delta",
        "function_call_arguments.delta",
        "function_call_arguments.done",
        "output_item.done",
        "completed",
    ]
    assert told[5]["arguments"] == '{"a":1}'
    assert told[6]["item"] == {
        "type": "function_call",
        "id": "fc_1o0",
        "status": "completed",
        "call_id": "c",
        "name": "f",
        "arguments": '{"a":1}',
    }


@pytest.mark.parametrize(
    ("echo", "names", "item"),
    [
        ({}, ["content_part.added", "reasoning_text.delta", "reasoning_text.done", "content_part.done"], "content"),
        (
            {"reasoning": {"summary": "auto"}},
            [
                "reasoning_summary_part.added",
                "reasoning_summary_text.delta",
                "reasoning_summary_text.done",
                "reasoning_summary_part.done",
            ],
            "summary",
        ),
    ],
)
def test_reasoning_is_told_openly_or_as_the_summary_that_was_asked_for(
    echo: dict[str, Any], names: list[str], item: str
) -> None:
    writer = openai_responses.EventWriter(STAMP, echo)
    events = [
        {"contentBlockDelta": {"contentBlockIndex": 0, "delta": {"reasoningContent": {"text": "Hm"}}}},
        {"contentBlockStop": {"contentBlockIndex": 0}},
        {"messageStop": {"stopReason": "end_turn"}},
    ]
    told = [each for event in events for each in writer.write(event)]
    assert [event["type"].removeprefix("response.") for event in told[1:-1]] == names
    assert [part["text"] for part in told[-1]["item"][item]] == ["Hm"]


def test_a_response_that_waits_says_so_first() -> None:
    writer = openai_responses.EventWriter(STAMP)
    told = [*writer.queue(), *writer.write({"messageStart": {"role": "assistant"}})]
    assert [(event["type"], event["response"]["status"]) for event in told] == [
        ("response.created", "queued"),
        ("response.queued", "queued"),
        ("response.in_progress", "in_progress"),
    ]


def test_a_stream_that_breaks_off_ends_with_what_was_said_and_why() -> None:
    writer = openai_responses.EventWriter(STAMP)
    writer.write({"contentBlockDelta": {"contentBlockIndex": 0, "delta": {"text": "Hel"}}})
    *_, done, failed = writer.fail(ThrottlingException("Too much."))
    assert done["item"]["status"] == "incomplete"
    assert failed["type"] == "response.failed"
    assert failed["response"]["error"] == {"code": "rate_limit_exceeded", "message": "Too much."}
    assert failed["response"]["output"] == [done["item"]]


# What other servers send


def test_a_reader_raises_what_failed() -> None:
    error = {"code": "rate_limit_exceeded", "message": "slow down"}
    with pytest.raises(ThrottlingException, match="slow down"):
        openai_responses.EventReader().read({"type": "response.failed", "response": {"error": error}})
    with pytest.raises(ModelStreamErrorException, match="broken"):
        openai_responses.EventReader().read({"type": "error", "code": None, "message": "broken"})
    with pytest.raises(ModelStreamErrorException, match=r"response\.completed"):
        openai_responses.EventReader().end()
    with pytest.raises(ModelErrorException, match="broken"):
        openai_responses.read_response({"status": "failed", "error": {"message": "broken"}, "output": []})


def test_an_answer_without_a_block_still_has_one() -> None:
    response = {"status": "completed", "output": [], "usage": {"input_tokens": 1, "output_tokens": 0}}
    events = openai_responses.EventReader().read({"type": "response.completed", "response": response})
    assert fold([{"messageStart": {"role": "assistant"}}, *events])["output"]["message"]["content"] == [{"text": ""}]
    assert openai_responses.read_response(response)["output"]["message"]["content"] == [{"text": ""}]


def test_several_summaries_of_one_reasoning_stay_apart() -> None:
    reader = openai_responses.EventReader()
    place = {"output_index": 0, "item_id": "rs_1"}
    told = [
        {"type": "response.reasoning_summary_part.added", "summary_index": 0, **place},
        {"type": "response.reasoning_summary_text.delta", "summary_index": 0, "delta": "One", **place},
        {"type": "response.reasoning_summary_part.added", "summary_index": 1, **place},
        {"type": "response.reasoning_summary_text.delta", "summary_index": 1, "delta": "Two", **place},
        {
            "type": "response.output_item.done",
            "output_index": 0,
            "item": {"type": "reasoning", "encrypted_content": "S"},
        },
    ]
    events = [{"messageStart": {"role": "assistant"}}, *(event for each in told for event in reader.read(each))]
    assert fold(events)["output"]["message"]["content"] == [
        {"reasoningContent": {"reasoningText": {"text": "One\n\nTwo", "signature": "S"}}}
    ]


def test_sealed_reasoning_goes_back_as_it_came() -> None:
    for sealed in ("gAAAAAB-x_y=", base64.b64encode(b"\x00\xff").decode()):
        item = {"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": sealed}
        answer = openai_responses.read_response(
            {"status": "completed", "output": [item], "usage": {"input_tokens": 1, "output_tokens": 1}}
        )
        turn = {"messages": [answer["output"]["message"]]}
        assert openai_responses.write_request(turn)["input"][0]["encrypted_content"] == sealed
