"""Turns to send and answers to read, for the tests of the engines."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

from craton.engines.base import Engine, Event, ModelSpec


def turn(text: str, **members: Any) -> dict[str, Any]:
    """A turn with one user message; the keywords are members of the request, `inferenceConfig` and the like."""
    return {"messages": [{"role": "user", "content": [{"text": text}]}], **members}


def scripted(*rules: Mapping[str, Any], id: str = "test.scripted-v1:0", **options: Any) -> ModelSpec:
    return ModelSpec(id, "scripted", {}, 4096, {"script": {"rules": list(rules)}, **options})


def local(engine: str, model: Path, **options: Any) -> ModelSpec:
    return ModelSpec(f"test.{engine}-v1:0", engine, {"model": model}, 768, options)


async def collect(events: AsyncIterator[Event]) -> list[Event]:
    """All events, without the counts that stand beside them."""
    return [{kind: body for kind, body in event.items() if kind != "usage"} async for event in events]


async def counts(events: AsyncIterator[Event]) -> list[Mapping[str, Any]]:
    """What stands beside the events, where it does."""
    return [event["usage"] async for event in events if "usage" in event]


async def answer(engine: Engine, request: Mapping[str, Any]) -> tuple[str, str, dict[str, int]]:
    """The text, the stop reason and the usage of an answer whose events are in the right order."""
    events = await collect(engine.converse(request))
    assert_grammar(events)
    deltas = [event["contentBlockDelta"]["delta"] for event in events if "contentBlockDelta" in event]
    text = "".join(delta.get("text", "") for delta in deltas)
    return text, events[-2]["messageStop"]["stopReason"], events[-1]["metadata"]["usage"]


def assert_grammar(events: list[Event]) -> None:
    """messageStart (contentBlockStart? contentBlockDelta* contentBlockStop)+ messageStop metadata"""
    kinds = [next(iter(event)) for event in events]
    assert kinds[0] == "messageStart" and kinds[-2:] == ["messageStop", "metadata"], kinds
    index, started, inside = 0, False, False
    for event in events[1:-2]:
        ((kind, body),) = event.items()
        assert body["contentBlockIndex"] == index, events
        if kind == "contentBlockStart":
            assert not inside and not started and "toolUse" in body["start"]
            started = True
        elif kind == "contentBlockStop":
            index, started, inside = index + 1, False, False
        else:
            assert kind == "contentBlockDelta"
            inside = True
    assert index > 0 and not inside and not started, kinds
