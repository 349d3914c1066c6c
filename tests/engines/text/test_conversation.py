"""The answers that are made of a text model: phase by phase, whatever it says and however that is cut into pieces."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from craton.dialects.converse import fold
from craton.engines.base import Event
from craton.engines.text.conversation import converse
from craton.engines.text.model import Piece
from craton.errors import ModelErrorException
from tests.engines.text.models import ADD, SPEC, TOOLS, Fake, play, schema
from tests.engines.turns import assert_grammar, collect, counts, turn

PERSON = json.dumps(schema(name={"type": "string"}))
STRUCTURED = {"textFormat": {"type": "json_schema", "structure": {"jsonSchema": {"schema": PERSON}}}}
THINKS = {"template": "<think>"}


def content(events: list[Event]) -> list[dict[str, Any]]:
    """The blocks of the answer, without the ids of calls."""
    assert_grammar(events)
    blocks: list[dict[str, Any]] = fold(events)["output"]["message"]["content"]
    for block in blocks:
        if call := block.get("toolUse"):
            assert call.pop("toolUseId").startswith("tooluse_")
    return blocks


def reason(events: list[Event]) -> str:
    return str(events[-2]["messageStop"]["stopReason"])


def call(name: str, **arguments: Any) -> dict[str, Any]:
    return {"toolUse": {"name": name, "input": arguments}}


async def test_plain_text_takes_one_prompt() -> None:
    events, model = await play(turn("Hi"), "Hello there")
    assert content(events) == [{"text": "Hello there"}] and reason(events) == "end_turn"
    (prompt,) = model.prompts
    assert prompt.text == "<user>Hi<assistant>" and (prompt.grammar, prompt.logprobs) == (None, None)
    assert events[-1]["metadata"]["usage"] == {"inputTokens": 19, "outputTokens": 12, "totalTokens": 31}


async def test_what_is_used_is_told_as_it_is_used() -> None:
    told = await counts(converse(Fake(["Hello"], cut=lambda text: [text[:2], text[2:]]), SPEC, turn("Hi")))
    assert told == [{"inputTokens": 19}, {"outputTokens": 1}, {"outputTokens": 2}]


async def test_the_cache_is_told_of_before_the_first_token() -> None:
    marked = turn("Hi")
    marked["messages"][0]["content"].append({"cachePoint": {"type": "default"}})
    model = Fake(["Hello"])
    told = await counts(converse(model, SPEC, marked))
    usage = (await collect(converse(Fake(["Hello"]), SPEC, marked)))[-1]["metadata"]["usage"]
    assert told[0] == {name: count for name, count in usage.items() if name not in ("outputTokens", "totalTokens")}
    assert told[0]["cacheReadInputTokens"] == 7


async def test_an_empty_answer_is_an_empty_text() -> None:
    events, _ = await play(turn("Hi"), "")
    assert content(events) == [{"text": ""}]


async def test_a_call_in_the_text_is_cut_out_and_its_arguments_are_made_under_a_grammar() -> None:
    events, model = await play(
        turn("Hi", toolConfig=TOOLS),
        'Let me see.\n\n<tool_call>\n{"name": "add", "arguments": {"a": wrong',
        ' {"a": 1, "b": 2}',
        "\n",
    )
    assert content(events) == [{"text": "Let me see."}, call("add", a=1, b=2)]
    assert reason(events) == "tool_use"
    begun = 'Let me see.\n\n<tool_call>\n{"name": "add", "arguments":'
    assert model.begun == ["", begun, begun + ' {"a": 1, "b": 2}}\n</tool_call>']
    free, constrained, after = model.prompts
    assert free.grammar is after.grammar is None and constrained.grammar and "root ::=" in constrained.grammar
    usage = events[-1]["metadata"]["usage"]
    assert usage["inputTokens"] == len(free.text)
    # The tokens of the call's opening were made, those of the closing were written for the model.
    assert usage["outputTokens"] == len(begun) + len(' {"a": 1, "b": 2}') + 2


async def test_a_token_may_hold_the_end_of_the_input_and_what_follows_it() -> None:
    forced = {**TOOLS, "toolChoice": {"tool": {"name": "find"}}}
    events, _ = await play(
        turn("Hi", toolConfig=forced), '{"what": "a \\" } b"}}\n</tool_call>', cut=lambda text: [text[:-14], text[-14:]]
    )
    assert content(events) == [call("find", what='a " } b')] and reason(events) == "tool_use"


async def test_calls_follow_one_another_and_text_may_follow_them() -> None:
    events, _ = await play(
        turn("Hi", toolConfig=TOOLS),
        '<tool_call>{"name": "add", "arguments":',
        '{"a": 1, "b": 2}',
        '\n<tool_call>\n{"name": "find", "arguments":',
        '{"what": "x"}',
        "\nThat is all.",
    )
    assert content(events) == [call("add", a=1, b=2), call("find", what="x"), {"text": "That is all."}]
    assert reason(events) == "tool_use"


async def test_a_list_of_calls_is_taken_apart() -> None:
    events, model = await play(
        turn("Hi", toolConfig=TOOLS),
        '```json\n[{"name": "add", "arguments":',
        '{"a": 1, "b": 2}',
        ',\n  {"name": "find", "arguments":',
        '{"what": "x"}',
        "\n]\n```\n",
    )
    assert content(events) == [call("add", a=1, b=2), call("find", what="x")]
    assert model.begun[-1].endswith('"arguments":{"what": "x"}}')


async def test_without_parallel_calls_the_first_ends_the_answer() -> None:
    request = turn("Hi", toolConfig=TOOLS, additionalModelRequestFields={"parallel_tool_calls": False})
    events, _ = await play(request, '{"name": "add", "parameters":', '{"a": 1, "b": 2}')
    assert content(events) == [call("add", a=1, b=2)] and reason(events) == "tool_use"


async def test_the_model_chooses_where_any_tool_must_be_called() -> None:
    events, model = await play(
        turn("Hi", toolConfig={**TOOLS, "toolChoice": {"any": {}}}), 'find", "arguments":', '{"what": "x"}', "I did it"
    )
    assert content(events) == [call("find", what="x")] and reason(events) == "tool_use"
    assert model.begun[:2] == ['<tool_call>\n{"name": "', '<tool_call>\n{"name": "find", "arguments":']
    assert model.prompts[0].grammar and "add" in model.prompts[0].grammar


async def test_further_calls_count_where_any_tool_must_be_called_but_text_does_not() -> None:
    events, _ = await play(
        turn("Hi", toolConfig={**TOOLS, "toolChoice": {"any": {}}}),
        *(
            'add", "arguments":',
            '{"a": 1, "b": 2}',
            '\n<tool_call>\n{"name": "find", "arguments":',
            '{"what": "x"}',
            "Bye",
        ),
    )
    assert content(events) == [call("add", a=1, b=2), call("find", what="x")]


@pytest.mark.parametrize(
    "config", [{**TOOLS, "toolChoice": {"tool": {"name": "add"}}}, {"tools": [ADD], "toolChoice": {"any": {}}}]
)
async def test_where_only_one_tool_may_be_called_its_input_comes_at_once(config: dict[str, Any]) -> None:
    events, model = await play(turn("Hi", toolConfig=config), '{"a": 1, "b": 2}', "")
    assert content(events) == [call("add", a=1, b=2)]
    assert model.begun[0] == '<tool_call>\n{"name": "add", "arguments":'
    assert events[-1]["metadata"]["usage"]["inputTokens"] == len(model.prompts[0].text)


async def test_a_name_that_is_not_declared_is_chosen_anew() -> None:
    events, model = await play(
        turn("Hi", toolConfig=TOOLS),
        '<tool_call>{"name": "sum", "arguments"',
        'add", "arguments":',
        '{"a": 1, "b": 2}',
        "",
    )
    assert content(events) == [call("add", a=1, b=2)]
    assert model.begun[1] == '<tool_call>{"name": "'


async def test_tokens_that_run_out_within_a_call_leave_what_there_is_of_it() -> None:
    config = {"maxTokens": 5}
    forced = {**TOOLS, "toolChoice": {"tool": {"name": "add"}}}
    events, _ = await play(turn("Hi", toolConfig=forced, inferenceConfig=config), '{"a": 1, "b": 2}')
    assert content(events) == [{"toolUse": {"name": "add", "input": '{"a":'}}] and reason(events) == "max_tokens"
    assert events[-1]["metadata"]["usage"]["outputTokens"] == 5


async def test_the_limit_holds_for_all_phases_together() -> None:
    first, second = '{"name": "add", "arguments":', '{"a": 1, "b": 2}'
    for limit, end in (
        (len(first), "max_tokens"),
        (len(first) + 4, "max_tokens"),
        (len(first + second), "tool_use"),
    ):
        request = turn("Hi", toolConfig=TOOLS, inferenceConfig={"maxTokens": limit})
        events, model = await play(request, first, second, "more")
        assert reason(events) == end
        assert events[-1]["metadata"]["usage"]["outputTokens"] == limit
        assert all(prompt.limit <= limit for prompt in model.prompts)


async def test_stop_sequences_act_on_text_and_not_on_calls() -> None:
    request = turn("Hi", toolConfig=TOOLS, inferenceConfig={"stopSequences": ["a", "\n"]})
    events, _ = await play(request, 'Hm <tool_call>\n{"name": "add", "arguments":', '{"a": 1, "b": 2}', "a")
    assert content(events) == [{"text": "Hm"}, call("add", a=1, b=2)] and reason(events) == "stop_sequence"
    events, _ = await play(request, 'Haha {"name": "add", "arguments":')
    assert content(events) == [{"text": "H"}]
    assert events[-2]["messageStop"]["additionalModelResponseFields"] == {"stop_sequence": "a"}


async def test_a_structured_answer_is_made_under_its_grammar() -> None:
    events, model = await play(turn("Who?", outputConfig=STRUCTURED), '{"name": "Ada"}')
    assert content(events) == [{"text": '{"name": "Ada"}'}] and reason(events) == "end_turn"
    assert model.prompts[0].grammar and PERSON in model.prompts[0].text


async def test_with_tools_and_a_form_the_model_calls_a_tool_or_answers_in_the_form() -> None:
    request = turn("Who?", outputConfig=STRUCTURED, toolConfig=TOOLS)
    for began in ("It is Ada", '{"name": "Ada"}', '```json\n{"name": "find", "age": 1}', ""):
        events, model = await play(request, began, '{"name": "Ada"}')
        assert content(events) == [{"text": '{"name": "Ada"}'}] and reason(events) == "end_turn"
        assert model.begun == ["", ""] and model.prompts[1].grammar
    for began in ('<tool_call>\n{"name": "find", "arguments":', '{"name": "find", "parameters":'):
        events, _ = await play(request, began, '{"what": "x"}', "text is not the form")
        assert content(events) == [call("find", what="x")] and reason(events) == "tool_use"


@pytest.mark.parametrize("wrong", ["", '{"name": "Ada"', "Ada"])
async def test_what_no_grammar_held_is_never_passed_on_as_an_answer(wrong: str) -> None:
    with pytest.raises(ModelErrorException, match="not valid JSON"):
        await play(turn("Who?", outputConfig=STRUCTURED), wrong)
    forced = {**TOOLS, "toolChoice": {"tool": {"name": "add"}}}
    with pytest.raises(ModelErrorException, match="'add'"):
        await play(turn("Hi", toolConfig=forced), wrong)


async def test_thoughts_become_reasoning() -> None:
    events, _ = await play(turn("Hi"), "<think>\nHm, yes.\n</think>\n\nHello.", **THINKS)
    assert content(events) == [{"reasoningContent": {"reasoningText": {"text": "Hm, yes."}}}, {"text": "Hello."}]
    events, _ = await play(turn("Hi"), "Hm.\n</think>\nHello.", opened="<think>\n", **THINKS)
    assert content(events) == [{"reasoningContent": {"reasoningText": {"text": "Hm."}}}, {"text": "Hello."}]
    events, _ = await play(turn("Hi"), "<b>Hello", **THINKS)
    assert content(events) == [{"text": "<b>Hello"}]
    events, _ = await play(turn("Hi"), "<think>x</think>y")
    assert content(events) == [{"text": "<think>x</think>y"}]


async def test_thinking_may_be_wanted_or_not() -> None:
    off = turn("Hi", additionalModelRequestFields={"thinking": {"type": "disabled"}})
    _, model = await play(off, "Hello.", **THINKS)
    assert model.begun == ["<think>\n\n</think>\n\n"]
    _, model = await play(off, "Hello.", opened="<think>\n", **THINKS)
    assert model.begun == ["<think>\n\n</think>\n\n"]
    on = turn("Hi", additionalModelRequestFields={"thinking": {"type": "enabled"}})
    events, model = await play(on, "Hm.</think>Hello.", **THINKS)
    assert model.begun == ["<think>\n"] and content(events)[1] == {"text": "Hello."}


async def test_thoughts_end_with_their_budget() -> None:
    budget = turn("Hi", additionalModelRequestFields={"thinking": {"type": "enabled", "budget_tokens": 5}})
    events, model = await play(budget, "I wonder whether", "Hello.", **THINKS)
    assert content(events) == [{"reasoningContent": {"reasoningText": {"text": "I won"}}}, {"text": "Hello."}]
    assert model.begun[1] == "<think>\nI won\n</think>\n\n"
    events, _ = await play(budget, "A</think>B", "Hello.", **THINKS | {"cut": lambda text: [text]})
    assert content(events) == [{"reasoningContent": {"reasoningText": {"text": "A"}}}, {"text": "Hello."}]


async def test_grammars_begin_when_the_thoughts_have_ended() -> None:
    events, model = await play(
        turn("Who?", outputConfig=STRUCTURED), "<think>Hm.</think>\n\nI am", '{"name": "Ada"}', **THINKS
    )
    assert content(events)[1] == {"text": '{"name": "Ada"}'}
    assert model.begun == ["", "<think>Hm.</think>\n\n"]
    both = turn("Who?", outputConfig=STRUCTURED, toolConfig=TOOLS)
    events, model = await play(both, "<think>Hm.</think>\n\nI am", "I am", '{"name": "Ada"}', **THINKS)
    assert content(events)[1] == {"text": '{"name": "Ada"}'}
    assert model.begun == ["", "<think>Hm.</think>\n\n", "<think>Hm.</think>\n\n"]
    forced = {**TOOLS, "toolChoice": {"tool": {"name": "find"}}}
    events, model = await play(turn("Hi", toolConfig=forced), "No thoughts", '{"what": "x"}', **THINKS)
    assert content(events) == [call("find", what="x")]


async def test_a_model_that_thinks_may_call_a_tool() -> None:
    events, _ = await play(
        turn("Hi", toolConfig=TOOLS),
        *('<think>{"name": "add", "arguments":</think>{"name": "add", "arguments":', '{"a": 1, "b": 2}', ""),
        **THINKS,
    )
    assert [next(iter(block)) for block in content(events)] == ["reasoningContent", "toolUse"]


async def test_what_the_caller_began_is_continued() -> None:
    request = turn("Hi")
    request["messages"].append({"role": "assistant", "content": [{"text": "Well, "}]})
    events, model = await play(request, "hello", **THINKS)
    assert content(events) == [{"text": "hello"}]
    assert model.begun == ["<think>\n\n</think>\n\nWell, "]


async def test_log_probabilities_go_with_the_text_they_belong_to() -> None:
    wanted = {"logprobs": True, "top_logprobs": 2}
    request = turn(
        "Hi", toolConfig=TOOLS, inferenceConfig={"stopSequences": ["END"]}, additionalModelRequestFields=wanted
    )
    pieces = {"cut": lambda text: text.split("|")}
    events, model = await play(request, "Hello| E|NG| {|x|}| EN|D", **pieces)
    told = [event["contentBlockDelta"] for event in events if "contentBlockDelta" in event]
    assert "".join(delta["delta"]["text"] for delta in told) == "Hello ENG {x} "
    assert [entry["token"] for delta in told for entry in delta.get("logprobs", ())] == [
        *("Hello", " E", "NG", " {", "x", "}")
    ]
    assert model.prompts[0].logprobs == 2


async def test_a_cache_point_asks_what_the_cache_spared() -> None:
    request = turn("Hi", system=[{"text": "Long."}, {"cachePoint": {"type": "default"}}])
    events, model = await play(request, "Hello")
    assert model.prompts[0].cache
    usage = events[-1]["metadata"]["usage"]
    assert (usage["cacheReadInputTokens"], usage["cacheWriteInputTokens"]) == (7, len("<system>Long.") - 7)
    assert usage["inputTokens"] == len("<user>Hi<assistant>")


WORDS = st.sampled_from(["Hi ", "{", "}", "\n", "<", "`", '"name"', "END", "E", "<think>", "</think>", "[1, 2]"])
CALL = st.sampled_from(
    ['<tool_call>\n{"name": "add", "arguments":', '{"name": "find", "parameters":', "<function=add>"]
)
ARGUMENTS = {"add": '{"a": 1, "b": 2}', "find": '{"what": "x"}'}


@st.composite
def answers(draw: st.DrawFn) -> list[str]:
    """What a model says: free texts, each but the last ending in a call, and the arguments between them."""
    said: list[str] = []
    for _ in range(draw(st.integers(0, 2))):
        begun = draw(CALL)
        said += ["".join(draw(st.lists(WORDS, max_size=5))) + begun, ARGUMENTS["add" if "add" in begun else "find"]]
    return [*said, "".join(draw(st.lists(WORDS, max_size=6))), "", "", ""]


@given(answers(), st.lists(st.integers(1, 9), min_size=1, max_size=6), st.booleans())
async def test_how_the_pieces_are_cut_makes_no_difference(said: list[str], sizes: list[int], thinks: bool) -> None:
    def cut(text: str) -> list[str]:
        pieces = []
        while text:
            size = sizes[len(pieces) % len(sizes)]
            pieces, text = [*pieces, text[:size]], text[size:]
        return pieces

    request = turn("Hi", toolConfig=TOOLS, inferenceConfig={"stopSequences": ["END"]})
    template = "<think>" if thinks else ""
    whole, _ = await play(request, *said, template=template)
    other, _ = await play(request, *said, template=template, cut=cut)
    assert content(other) == content(whole) and reason(other) == reason(whole)


async def test_the_start_of_a_call_is_sent_before_its_input_is_there() -> None:
    seen: list[str] = []

    class Slow(Fake):
        async def generate(self, prompt: Any) -> Any:
            async for piece in Fake.generate(self, prompt):
                yield piece
                seen.append(piece.text if isinstance(piece, Piece) else "")

    model = Slow(['{"name": "add", "arguments":', '{"a": 1, "b": 2}', ""])
    async for event in converse(model, SPEC, turn("Hi", toolConfig=TOOLS)):
        seen.append(next(iter(event)))
    start = seen.index("contentBlockStart")
    assert "".join(seen[:start]).endswith('"arguments"'), "the call was recognised with its last character"
    assert seen[start + 1] == "contentBlockDelta" and seen[start + 2] == "{"
