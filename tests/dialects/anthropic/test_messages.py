"""Messages bodies as Bedrock's users send them, and answers as they come back."""

from typing import Any

import pytest

from craton.dialects.anthropic import messages as anthropic
from craton.dialects.converse import Stamp
from craton.errors import ModelStreamErrorException, ThrottlingException, ValidationException

VERSION = {"anthropic_version": "bedrock-2023-05-31"}
USER = {"role": "user", "content": "Hi"}
BASE = {**VERSION, "max_tokens": 5, "messages": [USER]}
# As the API itself takes it, where the version is a header.
WHOLE = {name: value for name, value in BASE.items() if name != "anthropic_version"}
HELLO = {"messages": [{"role": "user", "content": [{"text": "Hi"}]}], "inferenceConfig": {"maxTokens": 5}}
SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}}
TOOL = {"name": "weather", "description": "The weather.", "input_schema": SCHEMA}
SPEC = {"toolSpec": {"name": "weather", "description": "The weather.", "inputSchema": {"json": SCHEMA}}}
CACHED = {"cache_control": {"type": "ephemeral"}}
POINT = {"cachePoint": {"type": "default"}}


@pytest.mark.parametrize(
    ("body", "turn"),
    [
        ({}, {}),
        ({"system": "Be brief."}, {"system": [{"text": "Be brief."}]}),
        ({"system": [{"type": "text", "text": "Be brief.", **CACHED}]}, {"system": [{"text": "Be brief."}, POINT]}),
        (
            {"temperature": 0, "top_p": 0.9, "stop_sequences": ["|"], "top_k": 250},
            {
                "inferenceConfig": {"maxTokens": 5, "temperature": 0.0, "topP": 0.9, "stopSequences": ["|"]},
                "additionalModelRequestFields": {"top_k": 250},
            },
        ),
        ({"tools": [TOOL | CACHED]}, {"toolConfig": {"tools": [SPEC, POINT]}}),
        (
            {"tools": [TOOL], "tool_choice": {"type": "any", "disable_parallel_tool_use": True}},
            {
                "toolConfig": {"tools": [SPEC], "toolChoice": {"any": {}}},
                "additionalModelRequestFields": {"parallel_tool_calls": False},
            },
        ),
        ({"tools": [TOOL], "tool_choice": {"type": "none"}}, {}),
        (
            {"thinking": {"type": "enabled", "budget_tokens": 1024}},
            {"additionalModelRequestFields": {"thinking": {"type": "enabled", "budget_tokens": 1024}}},
        ),
        (
            {"thinking": {"type": "disabled"}},
            {"additionalModelRequestFields": {"thinking": {"type": "disabled"}}},
        ),
        ({"anthropic_beta": ["x-1"]}, {"additionalModelRequestFields": {"anthropic_beta": ["x-1"]}}),
        ({"output_config": {"effort": "low"}}, {"outputConfig": {"effort": "low"}}),
        ({"output_config": {"effort": "high"}}, {}),  # says what saying nothing does
        ({"context_management": {"edits": [{"type": "clear_thinking_20251015", "keep": "all"}]}}, {}),
        (
            {"metadata": {"user_id": "u1"}, "user_profile_id": "p1"},
            {"requestMetadata": {"user_id": "u1", "user_profile_id": "p1"}},
        ),
        (
            {"output_format": {"type": "json_schema", "schema": {}}},
            {"outputConfig": {"textFormat": {"type": "json_schema", "structure": {"jsonSchema": {"schema": "{}"}}}}},
        ),
    ],
)
def test_request_becomes_a_turn(body: dict[str, Any], turn: dict[str, Any]) -> None:
    assert anthropic.read_request(BASE | body) == HELLO | turn


IMAGE = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "iVBORw=="}}
PDF = {
    "type": "document",
    "source": {"type": "base64", "media_type": "application/pdf", "data": "JVBERg=="},
    "title": "Letter",
    "citations": {"enabled": True},
}
NOTE = {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": "A note"}, "title": "Note"}
CHUNKS = {
    "type": "document",
    "source": {"type": "content", "content": [{"type": "text", "text": "A"}]},
    "title": "Parts",
}
FOUND = {"type": "search_result", "source": "https://a.b", "title": "A", "content": [{"type": "text", "text": "found"}]}
LOCATIONS = [
    {"type": "char_location", "document_index": 0, "start_char_index": 1, "end_char_index": 2, "document_title": "T"},
    {"type": "page_location", "document_index": 0, "start_page_number": 1, "end_page_number": 2, "document_title": "T"},
    {
        "type": "content_block_location",
        "document_index": 0,
        "start_block_index": 1,
        "end_block_index": 2,
        "document_title": "T",
    },
    {
        "type": "search_result_location",
        "search_result_index": 0,
        "start_block_index": 1,
        "end_block_index": 2,
        "source": "s",
        "title": "T",
    },
]


@pytest.mark.parametrize(
    ("role", "block", "converse"),
    [
        ("user", IMAGE, {"image": {"format": "png", "source": {"bytes": b"\x89PNG"}}}),
        (
            "user",
            PDF,
            {
                "document": {
                    "format": "pdf",
                    "name": "Letter",
                    "source": {"bytes": b"%PDF"},
                    "citations": {"enabled": True},
                }
            },
        ),
        ("user", NOTE, {"document": {"format": "txt", "name": "Note", "source": {"text": "A note"}}}),
        ("user", CHUNKS, {"document": {"name": "Parts", "source": {"content": [{"text": "A"}]}}}),
        ("user", FOUND, {"searchResult": {"source": "https://a.b", "title": "A", "content": [{"text": "found"}]}}),
        (
            "assistant",
            {"type": "tool_use", "id": "t1", "name": "weather", "input": {"city": "Ulm"}},
            {"toolUse": {"toolUseId": "t1", "name": "weather", "input": {"city": "Ulm"}}},
        ),
        (
            "user",
            {
                "type": "tool_result",
                "tool_use_id": "t1",
                "content": [{"type": "text", "text": "Rain"}, IMAGE],
                "is_error": True,
            },
            {
                "toolResult": {
                    "toolUseId": "t1",
                    "content": [{"text": "Rain"}, {"image": {"format": "png", "source": {"bytes": b"\x89PNG"}}}],
                    "status": "error",
                }
            },
        ),
        (
            "assistant",
            {"type": "thinking", "thinking": "Hm", "signature": "sig"},
            {"reasoningContent": {"reasoningText": {"text": "Hm", "signature": "sig"}}},
        ),
        (
            "assistant",
            {"type": "redacted_thinking", "data": "AAE="},
            {"reasoningContent": {"redactedContent": b"\x00\x01"}},
        ),
    ],
)
def test_block_goes_there_and_back(role: str, block: dict[str, Any], converse: dict[str, Any]) -> None:
    body = BASE | {"messages": [{"role": role, "content": [block]}]}
    turn = anthropic.read_request(body)
    assert turn["messages"][0]["content"] == [converse]
    assert anthropic.write_request(turn) == {name: value for name, value in body.items() if name not in VERSION}


@pytest.mark.parametrize("location", LOCATIONS, ids=lambda location: location["type"])
def test_citation_goes_there_and_back(location: dict[str, Any]) -> None:
    block = {"type": "text", "text": "As said", "citations": [{**location, "cited_text": "said"}]}
    turn = anthropic.read_request(BASE | {"messages": [{"role": "assistant", "content": [block]}]})
    cited = turn["messages"][0]["content"][0]["citationsContent"]["citations"][0]
    assert (cited["title"], cited["sourceContent"]) == ("T", [{"text": "said"}])
    assert anthropic.write_request(turn)["messages"][0]["content"] == [block]


def test_whole_turn_goes_there_and_back() -> None:
    body = {
        "messages": [{"role": "user", "content": [{"type": "text", "text": "Hi", **CACHED}]}],
        "system": [{"type": "text", "text": "Be brief.", "cache_control": {"type": "ephemeral", "ttl": "1h"}}],
        "max_tokens": 5,
        "temperature": 0.5,
        "stop_sequences": ["|"],
        "tools": [TOOL],
        "tool_choice": {"type": "tool", "name": "weather", "disable_parallel_tool_use": True},
        "output_config": {"effort": "low", "format": {"type": "json_schema", "schema": SCHEMA}},
        "top_k": 4,
        "thinking": {"type": "adaptive"},
    }
    assert anthropic.write_request(anthropic.read_request(body)) == body


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"max_gen_len": 3}, ["extraneous key [max_gen_len]", "'max_tokens'"]),
        ({"max_tokens": None}, ["#/max_tokens", "`int`"]),
        ({"anthropic_version": "2023-06-01"}, ["#/anthropic_version", "2023-06-01"]),
        ({"tools": [{"type": "web_search_20250305", "name": "web_search"}]}, ["#/tools/0"]),
        ({"messages": [{"role": "robot", "content": "Hi"}]}, ["#/messages/0/role", "'robot'"]),
        ({"context_management": {"edits": [{"type": "compact_20260112"}]}}, ["#/context_management/edits/0"]),
        ({"thinking": {"type": "adaptive", "display": "omitted"}}, ["#/thinking/display", "omitted"]),
        (
            {"messages": [{"role": "user", "content": [{"type": "video"}]}]},
            ["#/messages/0/content/0/type", "'video'", "'tool_result'"],
        ),
        (
            {
                "messages": [
                    {"role": "user", "content": [{"type": "image", "source": {"type": "url", "url": "https://a.b"}}]}
                ]
            },
            ["#/messages/0/content/0/source/type", "'url'"],
        ),
        (
            {"messages": [{"role": "user", "content": [{"type": "tool_use", "id": "a", "name": "b", "input": "c"}]}]},
            ["#/messages/0/content/0/input", "`object`"],
        ),
        (
            {"messages": [{"role": "user", "content": [IMAGE | {"cache": 1}]}]},
            ["[cache]", "'cache_control'", "'source'"],
        ),
    ],
)
def test_malformed_request_is_refused_by_name(body: dict[str, Any], told: list[str]) -> None:
    with pytest.raises(ValidationException) as refused:
        anthropic.read_request(BASE | body)
    assert [words for words in told if words not in refused.value.message] == []


@pytest.mark.parametrize("member", ["messages", "system", "tools"])
def test_additional_fields_do_not_replace_the_conversation(member: str) -> None:
    turn = {"messages": [{"role": "user", "content": [{"text": "Hi"}]}], "additionalModelRequestFields": {member: []}}
    with pytest.raises(ValidationException, match=f"may not hold '{member}'"):
        anthropic.write_request(turn)


def test_system_messages_within_a_conversation_go_there_and_back() -> None:
    messages = [
        {"role": "user", "content": [{"type": "text", "text": "Hi"}]},
        {"role": "system", "content": [{"type": "text", "text": "Be brief."}]},
    ]
    turn = anthropic.read_request({"max_tokens": 5, "messages": messages})
    assert turn["messages"][1] == {"role": "system", "content": [{"text": "Be brief."}]}
    assert anthropic.write_request(turn)["messages"] == messages


def test_cache_control_of_the_request_marks_its_last_block() -> None:
    turn = anthropic.read_request(BASE | {"cache_control": {"type": "ephemeral", "ttl": "1h"}})
    assert turn["messages"][-1]["content"][-1] == {"cachePoint": {"type": "default", "ttl": "1h"}}


def test_a_whole_request_names_its_model_and_leaves_the_platforms_business_out() -> None:
    body = WHOLE | {"model": "m", "stream": True, "service_tier": "standard_only", "metadata": {"user_id": "u"}}
    turn = {**HELLO, "requestMetadata": {"user_id": "u"}}
    assert anthropic.read_message(body, "2023-06-01") == anthropic.Asked("m", turn, True)


@pytest.mark.parametrize(
    ("body", "version", "told"),
    [
        ({}, "2023-06-01", "required key \\[model\\] not found"),
        ({"model": "m"}, "2020-01-01", "'2020-01-01' does not exist"),
        ({"model": "m", "temperature": 1}, "2026-10-21", "#/temperature"),
        ({"model": "m", "anthropic_version": "bedrock-2023-05-31"}, "2023-06-01", "anthropic_version"),
    ],
)
def test_a_whole_request_that_the_version_does_not_have_is_refused(
    body: dict[str, Any], version: str, told: str
) -> None:
    with pytest.raises(ValidationException, match=told):
        anthropic.read_message(WHOLE | body, version)


def test_tokens_are_counted_of_a_request_without_a_limit() -> None:
    body = {"model": "m", "messages": WHOLE["messages"]}
    assert anthropic.read_count(body, "2023-06-01").turn["messages"] == HELLO["messages"]
    with pytest.raises(ValidationException, match="max_tokens"):
        anthropic.read_count(body | {"max_tokens": 5}, "2023-06-01")


def test_cache_point_before_any_block_is_refused() -> None:
    with pytest.raises(ValidationException, match="cachePoint"):
        anthropic.write_request({"messages": [{"role": "user", "content": [POINT, {"text": "Hi"}]}]})


def test_answer_has_the_keys_in_the_order_of_the_service() -> None:
    answer = {
        "output": {"message": {"role": "assistant", "content": [{"text": "Hi"}]}},
        "stopReason": "stop_sequence",
        "additionalModelResponseFields": {"stop_sequence": "|"},
        "usage": {"inputTokens": 3, "outputTokens": 2, "totalTokens": 5},
    }
    body = anthropic.write_response(answer, Stamp("01ABC", "claude", 0))
    assert list(body) == ["id", "type", "role", "model", "content", "stop_reason", "stop_sequence", "usage"]
    assert (body["id"], body["stop_sequence"]) == ("msg_bdrk_01ABC", "|")
    assert anthropic.read_response(body) == answer


def test_input_tokens_not_counted_before_are_told_at_the_end() -> None:
    writer = anthropic.EventWriter(Stamp("1", "claude", 0))
    writer.write({"messageStart": {"role": "assistant"}})
    writer.write({"messageStop": {"stopReason": "end_turn"}})
    usage = {"inputTokens": 3, "outputTokens": 2, "totalTokens": 5}
    delta, stop = writer.write({"metadata": {"usage": usage}})
    assert delta["usage"] == {"input_tokens": 3, "output_tokens": 2}
    assert stop == {"type": "message_stop"}


@pytest.mark.parametrize(
    ("kind", "error"), [("rate_limit_error", ThrottlingException), ("api_error", ModelStreamErrorException)]
)
def test_error_event_is_raised(kind: str, error: type[Exception]) -> None:
    with pytest.raises(error, match="Too much"):
        anthropic.EventReader().read({"type": "error", "error": {"type": kind, "message": "Too much"}})


def test_the_version_without_sampling_parameters() -> None:
    body = {"anthropic_version": "2026-10-21", "max_tokens": 5, "messages": [{"role": "user", "content": "Hello"}]}
    assert anthropic.read_request(body)["inferenceConfig"] == {"maxTokens": 5}
    for name in ("temperature", "top_p", "top_k"):
        with pytest.raises(ValidationException, match=f"#/{name}"):
            anthropic.read_request({**body, name: 1})
