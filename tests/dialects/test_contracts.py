"""Every family keeps its word in both directions: what it writes it reads as the same turn, answer or stream."""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from craton.dialects.converse import fold
from craton.dialects.families import FAMILIES
from craton.dialects.stamps import Asked

STAMP = Asked("1", "m", 0)
PLAIN = st.text("abcÄß XYZ.,?!\n", min_size=1, max_size=12).map(str.strip).filter(bool)
NAMES = st.text("abc_xyz", min_size=1, max_size=8)
SHARE = st.floats(0, 1, allow_subnormal=False)
INFERENCE: dict[str, st.SearchStrategy[Any]] = {
    "maxTokens": st.integers(1, 4096),
    "temperature": SHARE,
    "topP": SHARE,
    "stopSequences": st.lists(PLAIN, min_size=1, max_size=3),
}
SEED = {"seed": st.integers(0, 1000)}
PENALTIES = {"presence_penalty": SHARE, "frequency_penalty": SHARE}
TOP_K = {"top_k": st.integers(1, 100)}
AUTO, ANY, NAMED = {"auto": {}}, {"any": {}}, {"tool": {"name": "weather"}}


@dataclass(frozen=True)
class Contract:
    """What a family's bodies can say. `blocks` are the kinds of content of an answer, in order."""

    stops: tuple[str, ...]
    blocks: tuple[str, ...] = ("text",)
    inference: tuple[str, ...] = tuple(INFERENCE)
    required: tuple[str, ...] = ()
    additional: dict[str, st.SearchStrategy[Any]] = field(default_factory=dict)
    conversation: bool = True
    choices: tuple[dict[str, Any], ...] | None = None
    cache: bool = False
    effort: bool = False
    # Calls have no ids of their own.
    counted_calls: bool = False


COMPLETED = ("end_turn", "max_tokens")
CHAT = ("end_turn", "max_tokens", "content_filtered")
CONTRACTS = {
    "anthropic": Contract(
        ("end_turn", "max_tokens", "stop_sequence"),
        ("reasoning", "text", "tool"),
        required=("maxTokens",),
        additional=TOP_K,
        choices=(AUTO, ANY, NAMED),
    ),
    "anthropic_text": Contract(COMPLETED, required=("maxTokens",), additional=TOP_K),
    "cohere": Contract(
        ("end_turn", "max_tokens", "stop_sequence", "content_filtered"),
        ("text", "tool"),
        additional=TOP_K | SEED | PENALTIES,
        choices=(),
        counted_calls=True,
    ),
    "cohere_text": Contract(
        ("end_turn", "max_tokens", "stop_sequence", "content_filtered"), additional=TOP_K, conversation=False
    ),
    "deepseek": Contract(COMPLETED, ("reasoning", "text")),
    "gpt_oss": Contract(CHAT, ("reasoning", "text", "tool"), additional=SEED | PENALTIES, choices=(AUTO, ANY, NAMED)),
    "jamba": Contract(CHAT, ("text", "tool"), additional=PENALTIES, choices=()),
    "jurassic": Contract(
        ("end_turn", "max_tokens", "stop_sequence"),
        additional={name: st.floats(0.1, 1) for name in PENALTIES},
        conversation=False,
    ),
    "llama": Contract(COMPLETED, inference=("maxTokens", "temperature", "topP")),
    "mistral": Contract(COMPLETED, additional=TOP_K),
    "mistral_chat": Contract(CHAT, ("text", "tool"), additional=SEED | PENALTIES, choices=(AUTO, ANY, NAMED)),
    "nova": Contract(
        (*CHAT, "stop_sequence"),
        ("reasoning", "text", "tool"),
        additional=TOP_K,
        choices=(AUTO, ANY, NAMED),
        effort=True,
        cache=True,
    ),
    "openai_chat": Contract(CHAT, ("reasoning", "text", "tool"), additional=SEED, choices=(AUTO, ANY, NAMED)),
    "palmyra": Contract(CHAT, ("reasoning", "text", "tool"), additional=SEED | PENALTIES, choices=(AUTO, ANY, NAMED)),
    "titan_text": Contract((*COMPLETED, "stop_sequence", "content_filtered")),
}


def test_every_family_has_a_contract() -> None:
    assert CONTRACTS.keys() == FAMILIES.keys()


def said(text: str) -> dict[str, Any]:
    return {"text": text}


@st.composite
def calls(draw: st.DrawFn, contract: Contract, begin: int) -> list[dict[str, Any]]:
    number = draw(st.integers(1, 2))
    inputs = st.dictionaries(NAMES, PLAIN, max_size=2)
    return [
        {"toolUse": {"toolUseId": _id(contract, begin + index), "name": "weather", "input": draw(inputs)}}
        for index in range(number)
    ]


def _id(contract: Contract, number: int) -> str:
    return f"tooluse_{number}" if contract.counted_calls else f"call-{number}"


@st.composite
def messages(draw: st.DrawFn, contract: Contract, tools: bool) -> list[dict[str, Any]]:
    conversation = [{"role": "user", "content": [said(draw(PLAIN))]}]
    called = 0
    for _ in range(draw(st.integers(0, 2 if contract.conversation else 0))):
        answer = [said(draw(PLAIN))]
        reply = [said(draw(PLAIN))]
        if tools and draw(st.booleans()):
            answer = [*draw(st.sampled_from([answer, []])), *draw(calls(contract, called))]
            made = [block["toolUse"]["toolUseId"] for block in answer if "toolUse" in block]
            called += len(made)
            reply = [{"toolResult": {"toolUseId": name, "content": [said(draw(PLAIN))]}} for name in made]
        conversation += [{"role": "assistant", "content": answer}, {"role": "user", "content": reply}]
    return conversation


@st.composite
def tool_configs(draw: st.DrawFn, choices: tuple[dict[str, Any], ...]) -> dict[str, Any]:
    properties = draw(
        st.dictionaries(
            NAMES,
            st.sampled_from([{"type": "string"}, {"type": "integer", "description": "A number."}]),
            min_size=1,
            max_size=3,
        )
    )
    schema: dict[str, Any] = {"type": "object", "properties": properties}
    if draw(st.booleans()):
        schema["required"] = [min(properties)]
    spec = {"name": "weather", "description": draw(PLAIN), "inputSchema": {"json": schema}}
    config: dict[str, Any] = {"tools": [{"toolSpec": spec}]}
    if choices and draw(st.booleans()):
        config["toolChoice"] = draw(st.sampled_from(choices))
    return config


@st.composite
def turns(draw: st.DrawFn, contract: Contract) -> dict[str, Any]:
    tools = contract.choices is not None and draw(st.booleans())
    turn: dict[str, Any] = {"messages": draw(messages(contract, tools))}
    if contract.conversation and draw(st.booleans()):
        turn["system"] = [said(draw(PLAIN))]
    wanted = {name for name in contract.inference if name in contract.required or draw(st.booleans())}
    inference = {name: draw(INFERENCE[name]) for name in sorted(wanted)}
    additional = {name: draw(values) for name, values in contract.additional.items() if draw(st.booleans())}
    if tools:
        turn["toolConfig"] = draw(tool_configs(contract.choices or ()))
    if contract.effort and draw(st.booleans()):
        turn["outputConfig"] = {"effort": draw(st.sampled_from(["low", "high"]))}
        additional["thinking"] = {"type": "enabled"}
    turn |= {"inferenceConfig": inference} if inference else {}
    return turn | ({"additionalModelRequestFields": additional} if additional else {})


@st.composite
def streams(draw: st.DrawFn, contract: Contract) -> list[dict[str, Any]]:
    """One answer as its stream; each kind of block once, in the order that the family has them in."""
    kinds = [kind for kind in contract.blocks if kind == "text" or draw(st.booleans())]
    if "tool" in kinds and draw(st.booleans()):
        kinds = [kind for kind in kinds if kind != "text"]
    stream: list[dict[str, Any]] = [{"messageStart": {"role": "assistant"}}]
    for index, kind in enumerate(kinds):
        pieces = draw(st.lists(PLAIN, min_size=1, max_size=3))
        deltas: list[dict[str, Any]] = [{"text": piece} for piece in pieces]
        if kind == "tool":
            tool = {"toolUseId": _id(contract, 0), "name": "weather"}
            stream.append({"contentBlockStart": {"start": {"toolUse": tool}, "contentBlockIndex": index}})
            deltas = [{"toolUse": {"input": json.dumps({"city": "".join(pieces)})}}]
        elif kind == "reasoning":
            deltas = [{"reasoningContent": delta} for delta in deltas]
        stream += [{"contentBlockDelta": {"delta": delta, "contentBlockIndex": index}} for delta in deltas]
        stream.append({"contentBlockStop": {"contentBlockIndex": index}})
    reason = "tool_use" if "tool" in kinds else draw(st.sampled_from(contract.stops))
    counts = (
        "inputTokens",
        "outputTokens",
        *(("cacheReadInputTokens", "cacheWriteInputTokens") if contract.cache else ()),
    )
    usage = {name: draw(st.integers(0, 1000)) for name in counts}
    usage["totalTokens"] = sum(usage.values())
    return [*stream, {"messageStop": {"stopReason": reason}}, {"metadata": {"usage": usage}}]


def sent(value: Any) -> Any:
    """As the other side reads it off the wire."""
    return json.loads(json.dumps(value))


QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize("name", CONTRACTS)
@QUICK
@given(data=st.data())
def test_turn_survives(name: str, data: st.DataObject) -> None:
    turn = data.draw(turns(CONTRACTS[name]))
    bodies = FAMILIES[name].bodies
    assert bodies.read_request(sent(bodies.write_request(turn))) == turn


@pytest.mark.parametrize("name", CONTRACTS)
@QUICK
@given(data=st.data())
def test_answer_survives(name: str, data: st.DataObject) -> None:
    answer = fold(data.draw(streams(CONTRACTS[name])))
    family = FAMILIES[name]
    # The usage as the headers of the answer would tell it.
    body = family.bodies.write_response(answer, STAMP) | family.metrics(answer["usage"], 10, 5)
    assert family.bodies.read_response(sent(body)) == answer


@pytest.mark.parametrize("name", [name for name, family in FAMILIES.items() if family.chunks])
@QUICK
@given(data=st.data())
def test_stream_survives(name: str, data: st.DataObject) -> None:
    events = data.draw(streams(CONTRACTS[name]))
    family = FAMILIES[name]
    writer, reader = family.chunks.EventWriter(STAMP), family.chunks.EventReader()
    chunks = [chunk for event in events for chunk in writer.write(event)]
    chunks[-1] |= family.metrics(events[-1]["metadata"]["usage"], 10, 5)
    read = [event for chunk in chunks for event in reader.read(sent(chunk))]
    reader.end()
    assert fold(read) == fold(events)
    assert [next(iter(event)) for event in (read[0], *read[-2:])] == ["messageStart", "messageStop", "metadata"]
    opened: set[int] = set()
    for event in read[1:-2]:
        ((kind, body),) = event.items()
        opened ^= {body["contentBlockIndex"]} if kind == "contentBlockStop" or not opened else set()
        assert kind == "contentBlockStop" or opened == {body["contentBlockIndex"]}


@pytest.mark.parametrize("name", [name for name, family in FAMILIES.items() if family.chunks])
def test_stream_that_breaks_off_is_an_error(name: str) -> None:
    reader = FAMILIES[name].chunks.EventReader()
    with pytest.raises(Exception, match="stream"):
        reader.end()
