"""The recorded interactions, and what is compared of one: never the words."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.doors.calls import Reply
from tests.doors.wires import frames

Record = dict[str, Any]
# What a request may limit the answer to, in every family's spelling.
LIMITS = {"maxTokens", "max_tokens", "max_new_tokens", "max_gen_len", "maxTokenCount", "max_tokens_to_sample"}
SHORT = 4
# Members of a message whose strings are no text.
NO_TEXT = {"id", "name", "qualifiers", "role", "status", "toolUseId", "tool_use_id", "type"}


def load(folder: Path) -> list[Record]:
    paths = sorted((folder / "golden").glob("*.jsonl"))
    return [json.loads(line) for path in paths for line in path.read_text().splitlines()]


def shortened(body: Record) -> Record:
    """The request's body, asking for a few tokens only; where it sets no limit, with one in the words of its API."""
    short: Record = _limited(body)
    if short == body:
        place, limit = (
            ("textGenerationConfig", "maxTokenCount") if "inputText" in body else ("inferenceConfig", "maxTokens")
        )
        short[place] = {**body.get(place, {}), limit: SHORT}
    return short


def has_tools(body: Record) -> bool:
    return bool(body.get("toolConfig") or body.get("tools"))


def marked(body: Record, mark: str) -> Record:
    """The request's body with a mark at the end of its last text, for a script to know it by."""
    copy: Record = json.loads(json.dumps(body))
    *_, (holder, key) = _texts(copy["messages"][-1] if "messages" in copy else copy)
    holder[key] += f" {mark}"
    return copy


def _texts(value: Any) -> Iterator[tuple[Any, Any]]:
    """Where in a message there are texts, in order."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        if key in NO_TEXT:
            continue
        if isinstance(item, str):
            yield value, key
        yield from _texts(item)


def rule(answer: Record, mark: str) -> Record:
    """A rule of a script that says what the recorded answer said in kind: text or none, and the same calls."""
    body = answer["body"]
    told = body["events"] if body["kind"] == "eventstream" else body["body"]
    calls = [{"name": name, "input": {"location": "Seattle"}} for name in _called(told)]
    return {"match": mark, "text": "So." if '"text"' in json.dumps(told) else "", "tools": calls}


def _called(value: Any) -> Iterator[str]:
    """The names of the tools that an answer or its stream calls, in order."""
    if isinstance(value, dict):
        if "name" in value and ("toolUseId" in value or value.get("type") == "tool_use"):
            yield value["name"]
        for item in value.values():
            yield from _called(item)
    elif isinstance(value, list):
        for item in value:
            yield from _called(item)


def _limited(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: SHORT if key in LIMITS else _limited(item) for key, item in value.items()}
    return [_limited(item) for item in value] if isinstance(value, list) else value


def differences(record: Record, reply: Reply) -> Iterator[str]:
    """What in the answer is not as recorded: `-` before what is missing, `+` before what was not there, `!` else."""
    recorded = record["response"]
    if recorded["status"] != reply.status:
        yield f"! status {recorded['status']} is {reply.status} {reply.error}"
        return
    headers = {name.lower(): value for name, value in recorded["headers"]}
    yield from _lacks_and_beyond("header", _own(headers), _own(reply.headers))
    if headers["content-type"] != reply.headers["content-type"]:
        yield f"! content-type {headers['content-type']} is {reply.headers['content-type']}"
    if headers.get("x-amzn-errortype") != reply.headers.get("x-amzn-errortype"):
        yield f"! error type {headers.get('x-amzn-errortype')} is {reply.headers.get('x-amzn-errortype')}"
    body = recorded["body"]
    if body["kind"] == "eventstream":
        yield from _stream_differences(body["events"], list(frames([reply.body])))
    elif "body" in body:
        yield from _tree_differences("", body["body"], reply.json)


def _own(headers: dict[str, str]) -> set[str]:
    """The service's own headers, not those of the connection."""
    return {name for name in headers if name.startswith(("x-amzn-", "content-type"))}


def _lacks_and_beyond(what: str, recorded: set[str], ours: set[str]) -> Iterator[str]:
    yield from (f"- {what} {name}" for name in sorted(recorded - ours))
    yield from (f"+ {what} {name}" for name in sorted(ours - recorded))


def _tree_differences(name: str, recorded: Any, ours: Any) -> Iterator[str]:
    yield from _lacks_and_beyond("key", {*_tree(name, recorded)}, {*_tree(name, ours)})


def _tree(path: str, value: Any) -> Iterator[str]:
    """Each leaf of a JSON value as its path and type; items of a list are alike."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _tree(f"{path}/{key}", item)
    elif isinstance(value, list):
        yield f"{path}: list"
        for item in value:
            yield from _tree(f"{path}[]", item)
    else:
        yield f"{path}: {type(value).__name__}"


def _stream_differences(recorded: list[Record], ours: list[Record]) -> Iterator[str]:
    for event in ours:
        yield from _frame_differences(event)
    theirs = [{**event["headers"], "payload": event["payload"]} for event in recorded]
    assert all(event["header_order"] == HEADER_ORDER for event in recorded)
    if (expected := _grammar(theirs)) != (actual := _grammar(ours)):
        yield f"! order {' '.join(expected)} is {' '.join(actual)}"
    trees = [{leaf for event in events for leaf in _tree(*_content(event))} for events in (theirs, ours)]
    yield from _lacks_and_beyond("key", *trees)


HEADER_ORDER = [":event-type", ":content-type", ":message-type"]
ALPHABET = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


def _frame_differences(event: Record) -> Iterator[str]:
    names = [name for name in event if name != "payload"]
    if names != HEADER_ORDER:
        yield f"! frame headers {names}"
    payload = event["payload"]
    if list(payload) != sorted(payload):
        yield f"! payload keys {list(payload)}"
    if not payload.get("p") or not ALPHABET.startswith(payload["p"]):
        yield f"! padding {payload.get('p')!r}"


def _content(event: Record) -> tuple[str, Any]:
    """The event's name and what it says: a chunk's is in its bytes."""
    payload = dict(event["payload"])
    payload.pop("p", None)
    if isinstance(payload.get("bytes"), str):
        payload["bytes"] = {"$b64json": json.loads(base64.b64decode(payload["bytes"]))}
    return event[":event-type"], payload


def _grammar(events: list[Record]) -> list[str]:
    """The kinds of event in order, repetitions as one."""
    kinds: list[str] = []
    for event in events:
        name, content = _content(event)
        chunk = content.get("bytes", {}).get("$b64json", content) if name == "chunk" else {}
        kind = chunk.get("type") or next((key for key in chunk if key in EVENTS), name)
        if kinds[-1:] != [kind]:
            kinds.append(kind)
    return kinds


EVENTS = {"messageStart", "contentBlockStart", "contentBlockDelta", "contentBlockStop", "messageStop", "metadata"}
