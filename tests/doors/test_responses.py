"""The Responses API as it is on the wire: statuses, bodies and events to the letter."""

import json
from typing import Any

import pytest

from craton.wire.message import Request
from tests import scripted
from tests.doors.calls import Reply, sign
from tests.doors.conftest import EMBEDDER, Send

WORDS = scripted.ANSWER.split()
TOOL = {"type": "function", "name": "weather", "parameters": {"type": "object"}}


def ask(send: Send, method: str, path: str, body: Any = None, *, base: str = "/v1") -> Reply:
    data = b"" if body is None else json.dumps(body).encode()
    path, _, query = path.partition("?")
    headers = (("content-type", "application/json"),)
    return send(sign(Request(method, f"{base}{path}", query=query, headers=headers, body=data), "bedrock"))


def create(send: Send, **body: Any) -> Reply:
    return ask(send, "POST", "/responses", {"model": scripted.MODEL, "input": "Hello"} | body)


def events(reply: Reply) -> list[Any]:
    """The data of each event, which is named for its type."""
    *told, rest = reply.body.decode().split("\n\n")
    assert rest == ""
    found = []
    for each in told:
        name, data = each.split("\n")
        found.append(json.loads(data.removeprefix("data: ")))
        assert name == f"event: {found[-1]['type']}"
    return found


def error(reply: Reply) -> tuple[int, str, str | None, str | None]:
    told = reply.json["error"]
    assert told["message"]
    return reply.status, told["type"], told["param"], told["code"]


@pytest.mark.parametrize("base", ["/v1", "/openai/v1"])
def test_a_response_is_that_of_the_api(send: Send, base: str) -> None:
    body = {"model": scripted.MODEL, "input": "Hello", "metadata": {"a": "b"}, "user": "u", "tools": [TOOL]}
    reply = ask(send, "POST", "/responses", body, base=base)
    made = reply.json
    assert reply.status == 200
    name = made.pop("id")
    assert name.startswith("resp_")
    assert made.pop("completed_at") >= made.pop("created_at") > 1_700_000_000
    item = made["output"][0].pop("id")
    assert item.startswith("msg_")
    part = {"type": "output_text", "text": scripted.ANSWER, "annotations": [], "logprobs": []}
    assert made == {
        "object": "response",
        "status": "completed",
        "model": scripted.MODEL,
        "output": [{"type": "message", "status": "completed", "role": "assistant", "content": [part]}],
        "error": None,
        "incomplete_details": None,
        "usage": {
            "input_tokens": made["usage"]["input_tokens"],
            "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
            "output_tokens": len(WORDS),
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": made["usage"]["input_tokens"] + len(WORDS),
        },
        "background": False,
        "instructions": None,
        "max_output_tokens": None,
        "max_tool_calls": None,
        "metadata": {"a": "b"},
        "parallel_tool_calls": True,
        "previous_response_id": None,
        "prompt_cache_key": None,
        "reasoning": {"effort": None, "summary": None},
        "safety_identifier": None,
        "service_tier": "default",
        "store": True,
        "temperature": None,
        "text": {"format": {"type": "text"}, "verbosity": "medium"},
        "tool_choice": "auto",
        "tools": [TOOL],
        "top_logprobs": 0,
        "top_p": None,
        "truncation": "disabled",
        "user": "u",
    }
    assert ask(send, "GET", f"/responses/{name}", base=base).json["output"][0]["id"] == item


def test_a_stream_tells_every_step(send: Send) -> None:
    reply = create(send, stream=True, stream_options={"include_obfuscation": False})
    assert reply.headers["content-type"] == "text/event-stream; charset=utf-8"
    told = events(reply)
    assert [event["sequence_number"] for event in told] == list(range(len(told)))
    assert [event["type"].removeprefix("response.") for event in told] == [
        "created",
        "in_progress",
        "output_item.added",
        "content_part.added",
        *["output_text.delta"] * len(WORDS),
        "output_text.done",
        "content_part.done",
        "output_item.done",
        "completed",
    ]
    assert "".join(event["delta"] for event in told if "delta" in event) == scripted.ANSWER
    assert not any("obfuscation" in event for event in told)
    whole = ask(send, "GET", f"/responses/{told[0]['response']['id']}").json
    assert told[-1]["response"] == whole


def test_deltas_are_padded_unless_the_caller_does_not_want_it(send: Send) -> None:
    padded = {event["type"] for event in events(create(send, stream=True)) if "obfuscation" in event}
    assert padded == {"response.output_text.delta"}


def test_what_is_cut_is_incomplete(send: Send) -> None:
    made = create(send, max_output_tokens=2).json
    assert (made["status"], made["incomplete_details"]) == ("incomplete", {"reason": "max_output_tokens"})
    assert made["output"][0]["status"] == "incomplete"
    assert events(create(send, stream=True, max_output_tokens=2))[-1]["type"] == "response.incomplete"


def test_a_model_that_fails_first_is_an_error_and_later_the_last_event(send: Send) -> None:
    assert error(create(send, input="fail before", stream=True)) == (429, "requests", None, "rate_limit_exceeded")
    assert error(create(send, input="fail before"))[0] == 429
    last = events(create(send, input="fail after", stream=True))[-1]
    assert last["type"] == "response.failed"
    assert last["response"]["error"] == {"code": "server_error", "message": "The script broke off."}
    assert error(create(send, input="fail after"))[0] == 500


def test_responses_are_listed_continued_and_deleted(send: Send) -> None:
    first = create(send, input=[{"role": "user", "content": str(number)} for number in range(3)]).json
    page = ask(send, "GET", f"/responses/{first['id']}/input_items?limit=2&order=asc").json
    assert (page["object"], page["has_more"], len(page["data"])) == ("list", True, 2)
    assert (page["first_id"], page["last_id"]) == (page["data"][0]["id"], page["data"][1]["id"])
    rest = ask(send, "GET", f"/responses/{first['id']}/input_items?order=asc&after={page['last_id']}").json
    assert [item["content"][0]["text"] for item in rest["data"]] == ["2"]
    second = create(send, previous_response_id=first["id"]).json
    assert second["usage"]["input_tokens"] > create(send).json["usage"]["input_tokens"]
    deleted = ask(send, "DELETE", f"/responses/{first['id']}")
    assert deleted.json == {"id": first["id"], "object": "response", "deleted": True}
    assert error(ask(send, "GET", f"/responses/{first['id']}")) == (404, "invalid_request_error", None, None)
    gone = error(create(send, previous_response_id=first["id"]))
    assert gone == (400, "invalid_request_error", "previous_response_id", "invalid_value")


def test_input_tokens_are_those_that_are_billed(send: Send) -> None:
    asked = {"model": scripted.MODEL, "input": "One two three", "instructions": "Be brief."}
    counted = ask(send, "POST", "/responses/input_tokens", asked).json
    assert counted == {
        "object": "response.input_tokens",
        "input_tokens": create(send, **asked).json["usage"]["input_tokens"],
    }


@pytest.mark.parametrize(
    ("body", "param", "code"),
    [
        ({"tools": [{"type": "web_search"}]}, "tools[0].type", "invalid_value"),
        ({"conversation": "conv_1"}, "conversation", "invalid_value"),
        ({"nothing": 1}, "nothing", "unknown_parameter"),
        ({"model": None}, "model", "missing_required_parameter"),
        ({"input": None}, "input", "missing_required_parameter"),
        ({"temperature": 3}, "temperature", "invalid_value"),
        ({"previous_response_id": "resp_x"}, "previous_response_id", "invalid_value"),
        ({"input": [{"type": "item_reference", "id": "msg_x"}]}, "input", "invalid_value"),
        ({"input": [{"role": "user", "content": "x"}] * 10_001}, "input", "invalid_value"),
        ({"model": EMBEDDER}, "model", "invalid_value"),
        ({"background": True, "store": False}, "background", "invalid_value"),
    ],
)
def test_what_is_wrong_is_named(send: Send, body: dict[str, Any], param: str, code: str) -> None:
    assert error(create(send, **body)) == (400, "invalid_request_error", param, code)


@pytest.mark.parametrize(
    ("query", "param"),
    [
        ("stream=maybe", "stream"),
        ("starting_after=3", "starting_after"),
        ("stream=true&starting_after=-1", "starting_after"),
        (f"stream=true&starting_after={'9' * 5000}", "starting_after"),
        ("include%5B%5D=file_search_call.results", "include[0]"),
    ],
)
def test_a_query_is_read_strictly(send: Send, query: str, param: str) -> None:
    made = create(send).json["id"]
    assert error(ask(send, "GET", f"/responses/{made}?{query}"))[:3] == (400, "invalid_request_error", param)
    wrong = error(ask(send, "GET", f"/responses/{made}/input_items?limit=0"))
    assert wrong[:3] == (400, "invalid_request_error", "limit")
    assert ask(send, "GET", f"/responses/{made}?include%5B%5D=message.output_text.logprobs").status == 200


def test_an_unknown_model_is_not_found(send: Send) -> None:
    assert error(create(send, model="nothing.here")) == (404, "invalid_request_error", None, "model_not_found")


def test_a_response_of_the_foreground_is_neither_cancelled_nor_streamed(send: Send) -> None:
    made = create(send).json["id"]
    assert error(ask(send, "POST", f"/responses/{made}/cancel"))[0] == 400
    assert error(ask(send, "GET", f"/responses/{made}?stream=true"))[0] == 400
    assert error(ask(send, "POST", "/responses/resp_x/cancel"))[0] == 404


def test_a_background_response_is_fetched_until_it_is_done(send: Send) -> None:
    made = create(send, background=True).json
    assert made["status"] == "queued"
    for _ in range(2000):
        if (now := ask(send, "GET", f"/responses/{made['id']}").json)["status"] == "completed":
            break
    assert now["output"][0]["content"][0]["text"] == scripted.ANSWER


def test_a_background_stream_is_fetched_again(send: Send) -> None:
    told = events(create(send, background=True, stream=True, stream_options={"include_obfuscation": False}))
    assert [event["type"] for event in told[:2]] == ["response.created", "response.queued"]
    path = f"/responses/{told[0]['response']['id']}?stream=true&include_obfuscation=false"
    assert events(ask(send, "GET", path)) == told
    assert events(ask(send, "GET", f"{path}&starting_after=5")) == told[6:]
