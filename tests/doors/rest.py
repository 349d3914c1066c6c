"""The routes of the OpenAI and Anthropic doors, what may be sent to them, and what their answers have to be."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from craton.wire.message import Request
from tests import scripted
from tests.doors.calls import Reply, sign
from tests.doors.conftest import EMBEDDER, Send

# What the model says where it fails.
BUSY, BROKEN = "The script is busy.", "The script broke off."
# What an answer is, by the API's own type; None for what its types have no name for.
Told = tuple[str, Any]


@dataclass(frozen=True)
class Api:
    """`types` are those of the errors."""

    name: str
    request_id: str
    headers: tuple[tuple[str, str], ...]
    types: frozenset[str]


OPENAI = Api(
    "openai",
    "x-request-id",
    (),
    frozenset({"invalid_request_error", "requests", "server_error"}),
)
ANTHROPIC = Api(
    "anthropic",
    "request-id",
    (("anthropic-version", "2023-06-01"),),
    frozenset({"invalid_request_error", "authentication_error", "not_found_error", "rate_limit_error", "api_error"})
    | {"request_too_large"},
)


@dataclass(frozen=True)
class Route:
    """`read` takes a 200 apart into what it tells; it raises AssertionError where that is nothing of the API's.

    An `{id}` in the path is that of a response made in the background.
    """

    api: Api
    method: str
    path: str
    bodies: st.SearchStrategy[Any]
    read: Callable[[Reply], Iterator[Told]]
    queries: st.SearchStrategy[str] = field(default_factory=lambda: st.just(""))

    def request(self, send: Send, body: Any, query: str = "") -> Request:
        headers = (("content-type", "application/json"), *self.api.headers)
        data = b"" if body is None else json.dumps(body).encode()
        return Request(self.method, self._path(send), query, headers, data)

    def _path(self, send: Send) -> str:
        if "{id}" not in self.path:
            return self.path
        body = {"model": scripted.MODEL, "input": "Hello.", "background": True, "stream": True}
        data = send(sign(Request("POST", "/v1/responses", body=json.dumps(body).encode()))).body
        return self.path.replace("{id}", json.loads(data.partition(b"data: ")[2].partition(b"\n")[0])["response"]["id"])


def check_error(api: Api, reply: Reply) -> str:
    """The message of an error in the API's own form, which is the server's fault only where its model failed."""
    assert reply.headers["content-type"] == "application/json", reply
    message = _message(api, reply.json, reply.headers[api.request_id])
    assert 400 <= reply.status < 500 or (reply.status, message) == (500, BROKEN), reply
    return message


def _message(api: Api, body: Any, request_id: str) -> str:
    assert request_id
    told = body["error"]
    if api is ANTHROPIC:
        assert (body.keys(), told.keys()) == ({"type", "error", "request_id"}, {"type", "message"})
        assert (body["type"], body["request_id"]) == ("error", request_id)
    else:
        assert (body.keys(), told.keys()) == ({"error"}, {"message", "type", "param", "code"})
    assert told["type"] in api.types, told
    message: str = told["message"]
    assert len(message.split()) > 2, told
    return message


# --- what may be sent -------------------------------------------------------------------------------------------------

WORDS = st.sampled_from(["Hello.", "Was ist das?\n", "x", "🙂 é\u0000", "fail before", "fail after", "call two tools"])
SAID = WORDS | st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=9)
NAMES = st.sampled_from([scripted.MODEL, "us." + scripted.MODEL, "openai.gpt-oss-20b-1:0", "anthropic.claude-v2:1"])
SHARES = st.sampled_from([0, 1, 0.5])
STOPS = st.lists(st.sampled_from(["stop", "seven", "\n"]), min_size=1, max_size=4)
SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
FUNCTION = {"name": "weather", "description": "Tells it.", "parameters": SCHEMA, "strict": True}

OPENAI_TOOLS = [{"type": "function", "function": FUNCTION}, {"type": "function", "function": {"name": "b"}}]
CALL = {"id": "call_1", "type": "function", "function": {"name": "weather", "arguments": '{"city": "Ulm"}'}}
CALLED = [
    {"role": "assistant", "content": None, "tool_calls": [CALL], "refusal": None},
    {"role": "tool", "tool_call_id": "call_1", "content": [{"type": "text", "text": "7 degrees"}]},
]
FILE = {"type": "file", "file": {"filename": "a.txt", "file_data": "data:text/plain;base64,SGVsbG8="}}


@st.composite
def _openai_messages(draw: st.DrawFn) -> list[Any]:
    first = draw(st.sampled_from(["system", "developer", None]))
    messages: list[Any] = [{"role": first, "content": draw(SAID)}] if first else []
    for _ in range(draw(st.integers(0, 2))):
        messages += [{"role": "user", "content": draw(SAID)}, {"role": "assistant", "content": draw(SAID)}]
    if draw(st.booleans()):
        messages += [{"role": "user", "content": draw(SAID)}, *CALLED]
    text = {"type": "text", "text": draw(SAID)}
    content = draw(st.sampled_from([text["text"], [text], [FILE, text]]))
    return [*messages, {"role": "user", "content": content}]


_CHAT = st.fixed_dictionaries(
    {"model": NAMES, "messages": _openai_messages()},
    optional={
        "frequency_penalty": st.floats(-2, 2),
        "max_completion_tokens": st.integers(1, 9),
        "metadata": st.just({"a": "b"}),
        "n": st.integers(1, 3),
        "parallel_tool_calls": st.booleans(),
        "reasoning_effort": st.sampled_from(["none", "low"]),
        "response_format": st.sampled_from(
            [
                {"type": "text"},
                {"type": "json_object"},
                {"type": "json_schema", "json_schema": {"name": "a", "schema": SCHEMA}},
            ]
        ),
        "seed": st.integers(-(2**63), 2**63 - 1),
        "service_tier": st.sampled_from(["auto", "default", "flex", "priority"]),
        "stop": STOPS | st.just("seven"),
        "store": st.just(False),
        "temperature": SHARES,
        "tool_choice": st.sampled_from(
            ["auto", "none", "required", {"type": "function", "function": {"name": "weather"}}]
        ),
        "tools": st.just(OPENAI_TOOLS),
        "top_p": SHARES,
        "user": SAID,
    },
)
_STREAMED = {
    "stream_options": st.fixed_dictionaries(
        {}, optional={"include_usage": st.booleans(), "include_obfuscation": st.booleans()}
    )
}
CHAT = st.one_of(
    _CHAT,
    st.builds(lambda body, more: body | more, _CHAT, st.just({"logprobs": True, "top_logprobs": 1})),
    st.builds(
        lambda body, more: body | more,
        _CHAT,
        st.fixed_dictionaries({"stream": st.just(True)}, optional=_STREAMED),
    ),
)

EMBEDDINGS = st.fixed_dictionaries(
    {"model": st.sampled_from([EMBEDDER, "amazon.titan-embed-text-v2:0"]), "input": SAID | st.lists(SAID, min_size=1)},
    optional={
        "encoding_format": st.sampled_from(["float", "base64"]),
        "dimensions": st.just(256),
        "user": SAID,
    },
)

ITEMS = [
    {"role": "developer", "content": "Be brief."},
    {"role": "user", "content": [{"type": "input_text", "text": "How warm?"}]},
    {"type": "reasoning", "id": "rs_1", "summary": [], "content": [{"type": "reasoning_text", "text": "So."}]},
    {"type": "function_call", "call_id": "call_1", "name": "weather", "arguments": '{"city": "Ulm"}'},
    {"type": "function_call_output", "call_id": "call_1", "output": "7 degrees"},
]
_READ = {
    "instructions": SAID,
    "parallel_tool_calls": st.booleans(),
    "reasoning": st.sampled_from([{"effort": "none"}, {"effort": "low", "summary": "auto"}]),
    "text": st.sampled_from(
        [{"format": {"type": "json_schema", "name": "a", "schema": SCHEMA}}, {"format": {"type": "text"}}]
    ),
    "tool_choice": st.sampled_from(["auto", "none", "required", {"type": "function", "name": "weather"}]),
    "tools": st.just([{"type": "function", **FUNCTION}]),
    "truncation": st.sampled_from(["auto", "disabled"]),
}
_INPUT = {"model": NAMES, "input": SAID | SAID.map(lambda text: [*ITEMS, {"role": "user", "content": text}])}
_CREATE = st.fixed_dictionaries(
    _INPUT,
    optional={
        **_READ,
        "background": st.booleans(),
        "include": st.just(["message.output_text.logprobs"]),
        "max_output_tokens": st.integers(1, 9),
        "metadata": st.just({"a": "b"}),
        "service_tier": st.sampled_from(["auto", "flex"]),
        "stream": st.booleans(),
        "temperature": SHARES,
        "top_logprobs": st.integers(0, 1),
        "top_p": SHARES,
        "user": SAID,
    },
)
# One that chooses a tool has it; background work is kept.
CREATE = _CREATE.map(
    lambda body: {name: value for name, value in body.items() if name != "tool_choice" or "tools" in body}
)
INPUT = st.fixed_dictionaries(_INPUT, optional={name: _READ[name] for name in ("instructions", "tools", "truncation")})

EPHEMERAL = {"type": "ephemeral"}
ANTHROPIC_TOOLS = [
    {"name": "weather", "description": "Tells it.", "input_schema": SCHEMA, "cache_control": EPHEMERAL},
    {"name": "b", "input_schema": {"type": "object"}, "type": "custom"},
]
USED = [
    {
        "role": "assistant",
        "content": [
            {"type": "thinking", "thinking": "So.", "signature": "s"},
            {"type": "tool_use", "id": "toolu_1", "name": "weather", "input": {"city": "Ulm"}},
        ],
    },
    {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "toolu_1", "content": "7 degrees"}]},
]
DOCUMENT = {
    "type": "document",
    "title": "a",
    "source": {"type": "text", "media_type": "text/plain", "data": "Hello. It is seven."},
    "citations": {"enabled": True},
}


@st.composite
def _anthropic_messages(draw: st.DrawFn) -> list[Any]:
    messages: list[Any] = []
    for _ in range(draw(st.integers(0, 2))):
        messages += [{"role": "user", "content": draw(SAID)}, {"role": "assistant", "content": draw(SAID)}]
    if draw(st.booleans()):
        messages += [{"role": "user", "content": draw(SAID)}, *USED]
    text = {"type": "text", "text": draw(SAID), "cache_control": EPHEMERAL}
    content = draw(st.sampled_from([text["text"], [text], [DOCUMENT, text]]))
    return [*messages, {"role": "user", "content": content}]


_COUNTED = {
    "system": SAID | st.just([{"type": "text", "text": "Be brief.", "cache_control": EPHEMERAL}]),
    "thinking": st.sampled_from([{"type": "disabled"}, {"type": "enabled", "budget_tokens": 1024}]),
    "tool_choice": st.sampled_from(
        [{"type": "auto"}, {"type": "any"}, {"type": "none"}, {"type": "tool", "name": "weather"}]
    ),
    "tools": st.just(ANTHROPIC_TOOLS),
}
_ASKED = {"model": NAMES, "messages": _anthropic_messages()}
MESSAGES = st.fixed_dictionaries(
    {**_ASKED, "max_tokens": st.integers(1, 9)},
    optional={
        **_COUNTED,
        "metadata": st.just({"user_id": "u"}),
        "output_config": st.sampled_from([{"effort": "high"}, {"format": {"type": "json_schema", "schema": SCHEMA}}]),
        "service_tier": st.sampled_from(["auto", "standard_only"]),
        "stop_sequences": STOPS,
        "stream": st.booleans(),
        "temperature": SHARES,
        "top_k": st.integers(0, 9),
        "top_p": SHARES,
    },
)
COUNTED = st.fixed_dictionaries(_ASKED, optional=_COUNTED)
PAGES = st.sampled_from(["", "limit=1", "limit=1000", "after_id=a", "before_id=zzz&limit=2"])


# --- what is answered -------------------------------------------------------------------------------------------------


def read_chat(reply: Reply) -> Iterator[Told]:
    if not reply.headers["content-type"].startswith("text/event-stream"):
        for choice in reply.json["choices"]:
            assert choice["message"]["content"] is not None or choice["message"]["tool_calls"]
        yield "ChatCompletion", reply.json
        return
    *parts, rest = reply.body.decode().split("\n\n")
    assert rest == ""
    assert all(part.startswith("data: ") and "\n" not in part for part in parts)
    *chunks, last = [part.removeprefix("data: ") for part in parts]
    if last == "[DONE]":
        read = [json.loads(chunk) for chunk in chunks]
        choices = [choice for chunk in read for choice in chunk["choices"]]
        ended = [choice["index"] for choice in choices if choice["finish_reason"]]
        assert sorted(ended) == sorted({choice["index"] for choice in choices}), "each choice ends once"
    else:
        assert _message(OPENAI, json.loads(last), reply.headers["x-request-id"]) == BROKEN
        read = [json.loads(chunk) for chunk in chunks]
    yield from (("ChatCompletionChunk", chunk) for chunk in read)


def read_embeddings(reply: Reply) -> Iterator[Told]:
    assert [entry["index"] for entry in reply.json["data"]] == list(range(len(reply.json["data"])))
    if all(isinstance(entry["embedding"], list) for entry in reply.json["data"]):  # the type knows no base64
        yield "CreateEmbeddingResponse", reply.json


def read_models(reply: Reply) -> Iterator[Told]:
    yield from (("Model", model) for model in reply.json["data"])


def read_model(reply: Reply) -> Iterator[Told]:
    yield "Model", reply.json


def read_response(reply: Reply) -> Iterator[Told]:
    if not reply.headers["content-type"].startswith("text/event-stream"):
        yield "Response", reply.json
        return
    events = _named(reply)
    first = events[0]["sequence_number"]
    assert [event["sequence_number"] for event in events] == list(range(first, first + len(events)))
    *_, last = events
    assert last["type"] in ("response.completed", "response.incomplete", "response.failed")
    if last["type"] == "response.failed":
        assert last["response"]["error"]["message"] in (BUSY, BROKEN)
    yield from (("ResponseStreamEvent", event) for event in events)


def read_items(reply: Reply) -> Iterator[Told]:
    assert reply.json["data"]
    yield "ResponseItemList", reply.json


def read_plain(reply: Reply) -> Iterator[Told]:
    """What the types have no name for."""
    assert reply.json["object"]
    yield from ()


def _named(reply: Reply) -> list[Any]:
    """The data of each event, which is named for its type."""
    *parts, rest = reply.body.decode().split("\n\n")
    assert rest == ""
    events = []
    for part in parts:
        name, data = part.split("\n")
        events.append(json.loads(data.removeprefix("data: ")))
        assert name == f"event: {events[-1]['type']}"
    return events


def read_messages(reply: Reply) -> Iterator[Told]:
    if not reply.headers["content-type"].startswith("text/event-stream"):
        assert reply.json["content"]
        yield "Message", reply.json
        return
    events = _named(reply)
    kinds = [event["type"] for event in events]
    assert kinds[:2] == ["message_start", "ping"]
    if kinds[-1] == "error":
        assert _message(ANTHROPIC, events.pop(), reply.headers["request-id"]) == BROKEN
    else:
        assert kinds[-2:] == ["message_delta", "message_stop"]
        for kind in ("content_block_start", "content_block_stop"):
            numbers = [event["index"] for event in events if event["type"] == kind]
            assert numbers == list(range(len(numbers))), "blocks follow each other"
    yield from (("RawMessageStreamEvent", event) for event in events if event["type"] != "ping")


def read_count(reply: Reply) -> Iterator[Told]:
    yield "MessageTokensCount", reply.json


def read_model_infos(reply: Reply) -> Iterator[Told]:
    yield from (("ModelInfo", model) for model in reply.json["data"])


def read_model_info(reply: Reply) -> Iterator[Told]:
    yield "ModelInfo", reply.json


NOTHING = st.none()
FETCHES = st.sampled_from(
    ["", "stream=true&starting_after=1&include_obfuscation=false", "include%5B%5D=reasoning.encrypted_content"]
)
ITEM_PAGES = st.sampled_from(["", "limit=1&order=asc", "include%5B%5D=message.output_text.logprobs"])
ROUTES = {
    "openai.chat.completions": Route(OPENAI, "POST", "/v1/chat/completions", CHAT, read_chat),
    "openai.embeddings": Route(OPENAI, "POST", "/openai/v1/embeddings", EMBEDDINGS, read_embeddings),
    "openai.models.list": Route(OPENAI, "GET", "/v1/models", NOTHING, read_models),
    "openai.models.retrieve": Route(OPENAI, "GET", f"/v1/models/{scripted.MODEL}", NOTHING, read_model),
    "openai.responses.create": Route(OPENAI, "POST", "/v1/responses", CREATE, read_response),
    "openai.responses.input_tokens": Route(OPENAI, "POST", "/v1/responses/input_tokens", INPUT, read_plain),
    "openai.responses.retrieve": Route(OPENAI, "GET", "/v1/responses/{id}", NOTHING, read_response, FETCHES),
    "openai.responses.cancel": Route(OPENAI, "POST", "/v1/responses/{id}/cancel", NOTHING, read_response),
    "openai.responses.delete": Route(OPENAI, "DELETE", "/v1/responses/{id}", NOTHING, read_plain),
    "openai.responses.input_items": Route(
        OPENAI, "GET", "/v1/responses/{id}/input_items", NOTHING, read_items, ITEM_PAGES
    ),
    "anthropic.messages": Route(ANTHROPIC, "POST", "/v1/messages", MESSAGES, read_messages),
    "anthropic.count_tokens": Route(ANTHROPIC, "POST", "/anthropic/v1/messages/count_tokens", COUNTED, read_count),
    "anthropic.models.list": Route(ANTHROPIC, "GET", "/v1/models", NOTHING, read_model_infos, PAGES),
    "anthropic.models.retrieve": Route(
        ANTHROPIC, "GET", f"/anthropic/v1/models/{scripted.MODEL}", NOTHING, read_model_info
    ),
}
