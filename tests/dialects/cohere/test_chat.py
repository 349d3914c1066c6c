"""Command R's chat as users send it: history, documents with citations, tools in one step and in several."""

from typing import Any

import pytest

from craton.dialects.cohere import chat as cohere
from craton.dialects.converse import fold
from craton.dialects.stamps import Asked
from craton.errors import ValidationException

USAGE = {"inputTokens": 3, "outputTokens": 2, "totalTokens": 5}
TOOL = {
    "name": "weather",
    "description": "The weather.",
    "parameter_definitions": {
        "city": {"description": "Which city.", "type": "str", "required": True},
        "days": {"type": "List[int]", "required": False},
    },
}
SPEC = {
    "toolSpec": {
        "name": "weather",
        "description": "The weather.",
        "inputSchema": {
            "json": {
                "type": "object",
                "properties": {
                    "city": {"type": "string", "description": "Which city."},
                    "days": {"type": "array", "items": {"type": "integer"}},
                },
                "required": ["city"],
            }
        },
    }
}
CALL = {"name": "weather", "parameters": {"city": "Ulm"}}
USE = {"toolUse": {"toolUseId": "tooluse_0", "name": "weather", "input": {"city": "Ulm"}}}


def user(*blocks: dict[str, Any]) -> dict[str, Any]:
    return {"role": "user", "content": list(blocks)}


def assistant(*blocks: dict[str, Any]) -> dict[str, Any]:
    return {"role": "assistant", "content": list(blocks)}


def result(*content: dict[str, Any]) -> dict[str, Any]:
    return {"toolResult": {"toolUseId": "tooluse_0", "content": list(content)}}


def found(index: int, title: str, text: str) -> dict[str, Any]:
    result = {"source": f"doc_{index}", "title": title, "content": [{"text": text}], "citations": {"enabled": True}}
    return {"searchResult": result}


@pytest.mark.parametrize(
    ("body", "turn"),
    [
        (
            {"p": 0.9, "k": 4, "max_tokens": 10, "stop_sequences": ["|"], "seed": 7, "preamble": "Be brief."},
            {
                "messages": [user({"text": "Hi"})],
                "system": [{"text": "Be brief."}],
                "inferenceConfig": {"maxTokens": 10, "topP": 0.9, "stopSequences": ["|"]},
                "additionalModelRequestFields": {"top_k": 4, "seed": 7},
            },
        ),
        (
            {"chat_history": [{"role": "USER", "message": "a"}, {"role": "CHATBOT", "message": "b"}]},
            {"messages": [user({"text": "a"}), assistant({"text": "b"}), user({"text": "Hi"})]},
        ),
        (
            {"documents": [{"title": "T", "snippet": "S"}, {"snippet": "S2", "url": "u"}]},
            {"messages": [user(found(0, "T", "S"), found(1, "doc_1", "snippet: S2\nurl: u"), {"text": "Hi"})]},
        ),
        ({"tools": [TOOL]}, {"messages": [user({"text": "Hi"})], "toolConfig": {"tools": [SPEC]}}),
        # One step: the message that was asked, the call and its result in one request.
        (
            {"tool_results": [{"call": CALL, "outputs": [{"text": "Rain"}, {"degrees": 3}]}]},
            {
                "messages": [
                    user({"text": "Hi"}),
                    assistant(USE),
                    user(result({"text": "Rain"}, {"json": {"degrees": 3}})),
                ]
            },
        ),
        # Several steps: the call is in the history.
        (
            {
                "message": "",
                "chat_history": [
                    {"role": "USER", "message": "Hi"},
                    {"role": "CHATBOT", "message": "I look.", "tool_calls": [CALL]},
                ],
                "tool_results": [{"call": CALL, "outputs": [{"text": "Rain"}]}],
            },
            {
                "messages": [
                    user({"text": "Hi"}),
                    assistant({"text": "I look."}, USE),
                    user(result({"text": "Rain"})),
                ]
            },
        ),
    ],
)
def test_request_becomes_a_turn(body: dict[str, Any], turn: dict[str, Any]) -> None:
    assert cohere.read_request({"message": "Hi", **body}) == turn


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"message": ""}, "#/message: the message is empty"),
        ({"message": "Hi", "search_queries_only": True}, "#/search_queries_only"),
        ({"message": "Hi", "prompt_truncation": "AUTO_PRESERVE_ORDER"}, "#/prompt_truncation"),
        ({"message": "Hi", "raw_prompting": True}, "#/raw_prompting"),
        ({"message": "Hi", "documents": [{"title": "T"}]}, "#/documents/0: the document has no text"),
        ({"message": "Hi", "chat_history": [{"role": "BOT", "message": "a"}]}, "#/chat_history/0/role: .*'CHATBOT'"),
        (
            {"message": "Hi", "tools": [{"name": "t", "parameter_definitions": {"p": {"type": "Car"}}}]},
            "#/tools/0/parameter_definitions/p/type: the type 'Car' is not known; the types here are 'str'",
        ),
        (
            {
                "message": "",
                "chat_history": [
                    {"role": "USER", "message": "a"},
                    {"role": "CHATBOT", "tool_calls": [CALL, {"name": "time"}]},
                ],
                "tool_results": [{"call": CALL, "outputs": []}],
            },
            "#/tool_results: there must be one result for each call before it, in order: weather, time",
        ),
    ],
)
def test_malformed_request_is_refused_by_name(body: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationException, match=says):
        cohere.read_request(body)


@pytest.mark.parametrize(
    ("turn", "says"),
    [
        ({"messages": [user({"text": "a"}), assistant({"text": "b"})]}, "End the conversation with a user message"),
        ({"messages": [user({"image": {"format": "png", "source": {"bytes": b""}}})]}, "A 'image' block"),
        ({"messages": [user({"text": "a"})], "toolConfig": {"tools": [], "toolChoice": {"any": {}}}}, "toolChoice"),
        ({"messages": [user({"text": "a"})], "outputConfig": {"effort": "low"}}, "'outputConfig' has no form"),
        (
            {
                "messages": [user({"text": "a"})],
                "toolConfig": {
                    "tools": [
                        {
                            "toolSpec": {
                                "name": "t",
                                "inputSchema": {"json": {"properties": {"p": {"type": "string", "enum": ["a"]}}}},
                            }
                        }
                    ]
                },
            },
            r"'enum' in the schema of 't\.p' has no form",
        ),
    ],
)
def test_what_the_api_cannot_say_is_refused(turn: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationException, match=says):
        cohere.write_request(turn)


def test_tools_and_documents_go_there_and_back() -> None:
    body = {
        "message": "Hi",
        "documents": [{"title": "T", "snippet": "S"}],
        "tools": [{**TOOL, "parameter_definitions": {"city": {"type": "str", "required": True, "description": "W"}}}],
    }
    assert cohere.write_request(cohere.read_request(body)) == body


def cited(index: int) -> dict[str, Any]:
    place = {"searchResultIndex": index, "start": 0, "end": 1}
    return {"title": f"doc_{index}", "source": f"doc_{index}", "location": {"searchResultLocation": place}}


def test_citations_tell_where_in_the_answer_and_of_which_documents() -> None:
    blocks = [
        {"text": "It is said "},
        {"citationsContent": {"content": [{"text": "that it rains"}], "citations": [cited(1), cited(0)]}},
        {"text": "."},
    ]
    answer = {"output": {"message": assistant(*blocks)}, "stopReason": "end_turn", "usage": USAGE}
    asked = {"message": "Rain?", "documents": [{"snippet": "a"}, {"title": "T", "snippet": "b"}, {"snippet": "c"}]}
    body = cohere.write_response(answer, Asked("abc", "m", 0, body=asked))
    assert body == {
        "response_id": "abc",
        "text": "It is said that it rains.",
        "generation_id": "abc",
        "citations": [{"start": 11, "end": 24, "text": "that it rains", "document_ids": ["doc_1", "doc_0"]}],
        "documents": [{"id": "doc_0", "snippet": "a"}, {"id": "doc_1", "title": "T", "snippet": "b"}],
        "chat_history": [
            {"role": "USER", "message": "Rain?"},
            {"role": "CHATBOT", "message": "It is said that it rains."},
        ],
        "finish_reason": "COMPLETE",
    }
    assert cohere.read_response(body)["output"] == answer["output"]


def test_overlapping_citations_are_read_each_over_its_words() -> None:
    citations = [
        {"start": 0, "end": 4, "text": "abcd", "document_ids": ["doc_0"]},
        {"start": 2, "end": 6, "text": "cdef", "document_ids": ["doc_1"]},
    ]
    body = {"text": "abcdefg", "citations": citations, "finish_reason": "COMPLETE"}
    content = cohere.read_response(body)["output"]["message"]["content"]
    assert content == [
        {"citationsContent": {"content": [{"text": "ab"}], "citations": [cited(0)]}},
        {"citationsContent": {"content": [{"text": "cd"}], "citations": [cited(0), cited(1)]}},
        {"citationsContent": {"content": [{"text": "ef"}], "citations": [cited(1)]}},
        {"text": "g"},
    ]


def test_stream_ends_with_the_whole_answer() -> None:
    asked = {"message": "Rain?", "documents": [{"snippet": "a"}]}
    writer = cohere.EventWriter(Asked("abc", "m", 0, body=asked))
    start = {"toolUse": {"toolUseId": "t1", "name": "weather"}}
    events: list[dict[str, Any]] = [
        {"messageStart": {"role": "assistant"}},
        {"contentBlockDelta": {"contentBlockIndex": 0, "delta": {"text": "It "}}},
        {"contentBlockDelta": {"contentBlockIndex": 0, "delta": {"text": "rains"}}},
        {"contentBlockDelta": {"contentBlockIndex": 0, "delta": {"citation": cited(0)}}},
        {"contentBlockStop": {"contentBlockIndex": 0}},
        {"contentBlockStart": {"contentBlockIndex": 1, "start": start}},
        {"contentBlockDelta": {"contentBlockIndex": 1, "delta": {"toolUse": {"input": '{"city":'}}}},
        {"contentBlockDelta": {"contentBlockIndex": 1, "delta": {"toolUse": {"input": '"Ulm"}'}}}},
        {"contentBlockStop": {"contentBlockIndex": 1}},
        {"messageStop": {"stopReason": "tool_use"}},
        {"metadata": {"usage": USAGE}},
    ]
    chunks = [chunk for event in events for chunk in writer.write(event)]
    citations = [{"start": 0, "end": 8, "text": "It rains", "document_ids": ["doc_0"]}]
    assert [(chunk["event_type"], chunk["is_finished"]) for chunk in chunks] == [
        ("stream-start", False),
        ("text-generation", False),
        ("text-generation", False),
        ("citation-generation", False),
        ("tool-calls-chunk", False),
        ("tool-calls-chunk", False),
        ("tool-calls-chunk", False),
        ("tool-calls-generation", False),
        ("stream-end", True),
    ]
    assert chunks[3]["citations"] == citations
    assert chunks[4]["tool_call_delta"] == {"index": 0, "name": "weather"}
    assert chunks[7]["tool_calls"] == [CALL]
    whole = cohere.write_response(fold(events), Asked("abc", "m", 0, body=asked))
    assert chunks[-1]["response"] == whole
    assert whole["tool_calls"] == [CALL]
