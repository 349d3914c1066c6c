"""Chat completions as users send them, and answers as they come back."""

import json
from typing import Any

import pytest

from craton.dialects.converse import Stamp
from craton.dialects.openai import chat as openai_chat
from craton.errors import ModelStreamErrorException, ValidationException

STAMP = Stamp("abc", "some-model", 1700000000)
USER = {"role": "user", "content": "Hi"}
SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}}
TOOL = {"type": "function", "function": {"name": "weather", "description": "The weather.", "parameters": SCHEMA}}
SPEC = {"toolSpec": {"name": "weather", "description": "The weather.", "inputSchema": {"json": SCHEMA}}}
PIXEL = "data:image/png;base64,iVBORw=="
HI = {"token": "Hi", "logprob": -0.5, "bytes": [72, 105], "top_logprobs": []}
HELLO = [{"role": "user", "content": [{"text": "Hi"}]}]


@pytest.mark.parametrize(
    ("body", "turn"),
    [
        ({}, {}),
        ({"model": "openai.gpt-oss-20b-1:0", "stream": True, "stream_options": {"include_usage": True}}, {}),
        (
            {"max_completion_tokens": 5, "temperature": 0, "top_p": 0.5, "stop": "|"},
            {"inferenceConfig": {"maxTokens": 5, "temperature": 0.0, "topP": 0.5, "stopSequences": ["|"]}},
        ),
        ({"max_tokens": 5, "stop": ["a", "b"]}, {"inferenceConfig": {"maxTokens": 5, "stopSequences": ["a", "b"]}}),
        ({"seed": 7, "top_k": 3}, {"additionalModelRequestFields": {"seed": 7, "top_k": 3}}),
        ({"tools": [TOOL]}, {"toolConfig": {"tools": [SPEC]}}),
        (
            {"tools": [TOOL], "tool_choice": "required", "parallel_tool_calls": False},
            {
                "toolConfig": {"tools": [SPEC], "toolChoice": {"any": {}}},
                "additionalModelRequestFields": {"parallel_tool_calls": False},
            },
        ),
        (
            {"tools": [TOOL], "tool_choice": {"type": "function", "function": {"name": "weather"}}},
            {"toolConfig": {"tools": [SPEC], "toolChoice": {"tool": {"name": "weather"}}}},
        ),
        ({"tools": [TOOL], "tool_choice": "none"}, {}),
        (
            {
                "tools": [TOOL, TOOL | {"function": {"name": "forbidden"}}],
                "tool_choice": {
                    "type": "allowed_tools",
                    "allowed_tools": {
                        "mode": "required",
                        "tools": [{"type": "function", "function": {"name": "weather"}}],
                    },
                },
            },
            {"toolConfig": {"tools": [SPEC], "toolChoice": {"any": {}}}},
        ),
        ({"reasoning_effort": "low"}, {"outputConfig": {"effort": "low"}}),
        ({"reasoning_effort": "none"}, {"additionalModelRequestFields": {"thinking": {"type": "disabled"}}}),
        (
            {"logprobs": True, "top_logprobs": 3},
            {"additionalModelRequestFields": {"logprobs": True, "top_logprobs": 3}},
        ),
        (
            {"user": "u1", "metadata": {"a": "b"}, "prompt_cache_key": "k"},
            {"requestMetadata": {"a": "b", "user": "u1", "prompt_cache_key": "k"}},
        ),
        ({"service_tier": "auto"}, {}),
        ({"service_tier": "fast"}, {"serviceTier": {"type": "priority"}}),
        ({"n": 1, "logprobs": False, "response_format": {"type": "text"}}, {}),
        ({"temperature": None, "tools": None, "stop": None}, {}),
    ],
)
def test_request_becomes_a_turn(body: dict[str, Any], turn: dict[str, Any]) -> None:
    assert openai_chat.read_request({"messages": [USER], **body}) == {"messages": HELLO} | turn


def test_json_schema_becomes_the_output_format() -> None:
    response_format = {"type": "json_schema", "json_schema": {"name": "place", "schema": SCHEMA, "strict": True}}
    turn = openai_chat.read_request({"messages": [USER], "response_format": response_format})
    schema = turn["outputConfig"]["textFormat"]["structure"]["jsonSchema"]
    assert (json.loads(schema["schema"]), schema["name"]) == (SCHEMA, "place")
    assert openai_chat.write_request(turn)["response_format"] == response_format


def test_conversation_with_tools_and_images_goes_there_and_back() -> None:
    call = {"id": "c1", "type": "function", "function": {"name": "weather", "arguments": '{"city": "Köln"}'}}
    parts = [{"type": "text", "text": "And this?"}, {"type": "image_url", "image_url": {"url": PIXEL}}]
    pdf = {"filename": "letter.pdf", "file_data": "data:application/pdf;base64,JVBERg=="}
    messages = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Weather?"},
        {"role": "assistant", "content": None, "reasoning_content": "I must look.", "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "c1", "content": "Rain"},
        {"role": "user", "content": parts},
        {"role": "assistant", "content": "A pixel."},
        {"role": "user", "content": [{"type": "file", "file": pdf}]},
    ]
    turn = openai_chat.read_request({"messages": messages})
    assert turn["system"] == [{"text": "Be brief."}]
    assert [message["role"] for message in turn["messages"]] == ["user", "assistant", "user", "assistant", "user"]
    assert turn["messages"][1]["content"] == [
        {"reasoningContent": {"reasoningText": {"text": "I must look."}}},
        {"toolUse": {"toolUseId": "c1", "name": "weather", "input": {"city": "Köln"}}},
    ]
    assert turn["messages"][2]["content"] == [
        {"toolResult": {"toolUseId": "c1", "content": [{"text": "Rain"}]}},
        {"text": "And this?"},
        {"image": {"format": "png", "source": {"bytes": b"\x89PNG"}}},
    ]
    assert turn["messages"][4]["content"] == [
        {"document": {"format": "pdf", "name": "letter", "source": {"bytes": b"%PDF"}}}
    ]
    assert openai_chat.write_request(turn)["messages"] == messages


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"messages": [USER], "best_of": 2}, ["extraneous key [best_of]", "'messages'", "'temperature'"]),
        ({"messages": [USER], "max_tokens": "5"}, ["#/max_tokens", "`int | null`", "`str`"]),
        ({"messages": [USER], "n": 2}, ["#/n"]),
        ({"messages": [{"role": "robot", "content": "Hi"}]}, ["#/messages/0/role", "'robot'", "'assistant'", "'user'"]),
        (
            {"messages": [{"role": "user", "content": [{"type": "text", "txt": "Hi"}]}]},
            ["#/messages/0/content/0", "[txt]", "'text'"],
        ),
        (
            {
                "messages": [
                    {"role": "user", "content": [{"type": "image_url", "image_url": {"url": "https://a.b/c.png"}}]}
                ]
            },
            ["#/messages/0/content/image_url/url", "data:"],
        ),
        (
            {
                "messages": [
                    {
                        "role": "user",
                        "content": [{"type": "image_url", "image_url": {"url": "data:image/tiff;base64,AA=="}}],
                    }
                ]
            },
            ["'image/tiff'", "image/png"],
        ),
        ({"messages": [{"role": "user", "content": "Hi", "name": "Ann"}]}, ["#/messages/0/name"]),
        ({"messages": [USER], "max_tokens": 1, "max_completion_tokens": 2}, ["max_completion_tokens alone"]),
        ({"messages": [USER], "store": True}, ["#/store", "not kept"]),
        ({"messages": [USER], "web_search_options": {}}, ["#/web_search_options", "searched"]),
        ({"messages": [USER], "functions": []}, ["#/functions", "send tools"]),
        ({"messages": [USER], "top_logprobs": 3}, ["#/top_logprobs", "logprobs: true"]),
        ({"messages": [USER], "service_tier": "scale"}, ["#/service_tier", "scale"]),
        ({}, ["required key [messages] not found"]),
    ],
)
def test_malformed_request_is_refused_by_name(body: dict[str, Any], told: list[str]) -> None:
    with pytest.raises(ValidationException) as refused:
        openai_chat.read_request(body)
    assert refused.value.message.startswith("Malformed input request: ")
    assert refused.value.message.endswith(", please reformat your input and try again.")
    assert [words for words in told if words not in refused.value.message] == []


@pytest.mark.parametrize(
    "block",
    [
        {"video": {"format": "mp4", "source": {"bytes": b""}}},
        {"image": {"format": "png", "source": {"s3Location": {"uri": "s3://b/k"}}}},
        {"document": {"format": "pdf", "name": "d", "source": {"bytes": b""}, "citations": {"enabled": True}}},
        {"reasoningContent": {"redactedContent": b"x"}},
    ],
)
def test_what_the_api_cannot_say_is_refused(block: dict[str, Any]) -> None:
    with pytest.raises(ValidationException, match=next(iter(block))):
        openai_chat.write_request({"messages": [{"role": "user", "content": [block]}]})


def test_answer_has_the_keys_of_a_chat_completion() -> None:
    answer = {
        "output": {"message": {"role": "assistant", "content": [{"text": "Hi"}]}},
        "stopReason": "max_tokens",
        "usage": {"inputTokens": 3, "outputTokens": 2, "totalTokens": 9, "cacheReadInputTokens": 4},
    }
    body = openai_chat.write_response(answer, STAMP)
    assert body == {
        "id": "chatcmpl-abc",
        "object": "chat.completion",
        "created": 1700000000,
        "model": "some-model",
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": "Hi", "refusal": None},
                "logprobs": None,
                "finish_reason": "length",
            }
        ],
        "usage": {
            "prompt_tokens": 7,
            "completion_tokens": 2,
            "total_tokens": 9,
            "prompt_tokens_details": {"cached_tokens": 4},
        },
    }
    assert openai_chat.read_response(body) == answer


def test_cache_writes_are_prompt_tokens_too() -> None:
    usage = {
        "inputTokens": 3,
        "outputTokens": 2,
        "totalTokens": 9,
        "cacheReadInputTokens": 1,
        "cacheWriteInputTokens": 3,
    }
    answer = {
        "output": {"message": {"role": "assistant", "content": [{"text": "Hi"}]}},
        "stopReason": "end_turn",
        "usage": usage,
    }
    body = openai_chat.write_response(answer, STAMP)
    assert body["usage"]["prompt_tokens"] == 7
    assert body["usage"]["prompt_tokens_details"] == {"cached_tokens": 1, "cache_write_tokens": 3}
    assert openai_chat.read_response(body)["usage"] == usage


def test_answers_to_one_request_are_its_choices_and_share_one_prompt() -> None:
    def answer(text: str, tokens: int) -> dict[str, Any]:
        return {
            "output": {"message": {"role": "assistant", "content": [{"text": text}]}},
            "stopReason": "end_turn",
            "usage": {"inputTokens": 3, "outputTokens": tokens, "totalTokens": 3 + tokens},
            "logprobs": [HI],
        }

    body = openai_chat.write_completion([answer("Hi", 1), answer("Hello", 4)], STAMP)
    assert [choice["index"] for choice in body["choices"]] == [0, 1]
    assert [choice["message"]["content"] for choice in body["choices"]] == ["Hi", "Hello"]
    assert body["choices"][1]["logprobs"] == {"content": [HI], "refusal": None}
    assert (body["usage"]["prompt_tokens"], body["usage"]["completion_tokens"]) == (3, 5)


@pytest.mark.parametrize(
    ("thinking", "written"),
    [
        ({"type": "disabled"}, {"reasoning_effort": "none"}),
        ({"type": "enabled", "budget_tokens": 1024}, {"reasoning_effort": "low"}),
        ({"type": "enabled", "budget_tokens": 9000}, {"reasoning_effort": "high"}),
        ({"type": "adaptive"}, {}),
    ],
)
def test_thinking_is_an_effort_in_this_api(thinking: dict[str, Any], written: dict[str, Any]) -> None:
    turn = {"messages": HELLO, "additionalModelRequestFields": {"thinking": thinking}}
    assert openai_chat.write_request(turn) == {"messages": [USER]} | written


@pytest.mark.parametrize("member", ["messages", "tools", "functions", "chat_template"])
def test_additional_fields_do_not_replace_the_conversation(member: str) -> None:
    turn = {"messages": HELLO, "additionalModelRequestFields": {"seed": 1, member: [{"role": "user", "content": "x"}]}}
    with pytest.raises(ValidationException, match=f"may not hold '{member}'"):
        openai_chat.write_request(turn)


def test_a_whole_request_says_what_is_asked_beside_the_turn() -> None:
    body = {"messages": [USER], "model": "m", "n": 2, "service_tier": "flex", "stream": True, "user": "u"}
    completion = openai_chat.read_completion(body | {"stream_options": {"include_usage": True}})
    turn = {"messages": HELLO, "requestMetadata": {"user": "u"}}
    assert completion == openai_chat.Completion("m", turn, 2, True, True, False, "flex", "flex")
    assert openai_chat.read_completion({"messages": [USER], "model": "m"}).serving_tier == "default"


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"messages": [USER]}, "required key \\[model\\] not found"),
        ({"messages": [USER], "model": "m", "stream_options": {}}, "#/stream_options: .* send stream: true"),
        ({"messages": [USER], "model": "m", "n": 0}, "#/n"),
    ],
)
def test_a_whole_request_that_makes_no_sense_is_refused(body: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationException, match=told):
        openai_chat.read_completion(body)


def test_names_of_files_become_names_that_converse_takes() -> None:
    def file(**members: str) -> dict[str, Any]:
        return {"type": "file", "file": {"file_data": "data:application/pdf;base64,JVBERg==", **members}}

    parts = [file(filename="My résumé (v1.2).pdf"), file(filename="a.pdf"), file(filename="a.pdf"), file()]
    turn = openai_chat.read_request({"messages": [{"role": "user", "content": parts}]})
    names = [block["document"]["name"] for block in turn["messages"][0]["content"]]
    assert names == ["My r-sum- (v1-2)", "a", "a 2", "document"]


def chunk(delta: dict[str, Any], finish: str | None = None, **rest: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": delta, "finish_reason": finish}], **rest}


def test_chunks_of_a_server_become_events() -> None:
    reader = openai_chat.EventReader()
    call = {"index": 0, "id": "c1", "type": "function", "function": {"name": "weather", "arguments": ""}}
    usage = {"prompt_tokens": 9, "completion_tokens": 4, "total_tokens": 13}
    chunks = [
        chunk({"role": "assistant", "content": None}),
        chunk({"reasoning_content": "Hm"}),
        chunk({"content": "I look"}),
        chunk({"tool_calls": [call]}),
        chunk({"tool_calls": [{"index": 0, "function": {"arguments": '{"city"'}}]}),
        chunk({"tool_calls": [{"index": 0, "function": {"arguments": ':"Ulm"}'}}]}),
        chunk({}, "tool_calls"),
        {"choices": [], "usage": usage},
    ]
    events = [event for each in chunks for event in reader.read(each)]
    reader.end()
    assert events == [
        {"messageStart": {"role": "assistant"}},
        {"contentBlockDelta": {"contentBlockIndex": 0, "delta": {"reasoningContent": {"text": "Hm"}}}},
        {"contentBlockStop": {"contentBlockIndex": 0}},
        {"contentBlockDelta": {"contentBlockIndex": 1, "delta": {"text": "I look"}}},
        {"contentBlockStop": {"contentBlockIndex": 1}},
        {"contentBlockStart": {"start": {"toolUse": {"toolUseId": "c1", "name": "weather"}}, "contentBlockIndex": 2}},
        {"contentBlockDelta": {"contentBlockIndex": 2, "delta": {"toolUse": {"input": '{"city"'}}}},
        {"contentBlockDelta": {"contentBlockIndex": 2, "delta": {"toolUse": {"input": ':"Ulm"}'}}}},
        {"contentBlockStop": {"contentBlockIndex": 2}},
        {"messageStop": {"stopReason": "tool_use"}},
        {"metadata": {"usage": {"inputTokens": 9, "outputTokens": 4, "totalTokens": 13}}},
    ]


@pytest.mark.parametrize(
    ("finish", "stop_reason"), [("stop", "end_turn"), ("length", "max_tokens"), ("content_filter", "content_filtered")]
)
def test_empty_answer_still_has_a_block(finish: str, stop_reason: str) -> None:
    usage = {"prompt_tokens": 9, "completion_tokens": 0, "total_tokens": 9}
    events = openai_chat.EventReader().read(chunk({}, finish, usage=usage))
    assert events[1:3] == [
        {"contentBlockStop": {"contentBlockIndex": 0}},
        {"messageStop": {"stopReason": stop_reason}},
    ]
    assert "metadata" in events[3]


def test_stop_string_that_the_server_names_is_a_stop_sequence() -> None:
    reader = openai_chat.EventReader()
    last = {"choices": [{"index": 0, "delta": {"content": "x"}, "finish_reason": "stop", "stop_reason": "|"}]}
    assert {"messageStop": {"stopReason": "stop_sequence"}} in reader.read(last)


def test_stream_that_breaks_off_is_an_error() -> None:
    reader = openai_chat.EventReader()
    reader.read(chunk({"content": "Hel"}))
    with pytest.raises(ModelStreamErrorException, match="finish_reason"):
        reader.end()
