"""Calls are recognised in whatever syntax a model writes, and nothing else is taken for one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from craton.engines.text.calls import Found, Recogniser
from craton.engines.text.syntax import Form

NAMES = ("add", "add_all", "find")
LIST = Form(named='"', key=', "arguments":', closing="}", tail=r"\]\s*+(?:</tool_call>)?+", joint=",")


def read(pieces: list[str], after: Form | None = None) -> tuple[str, Found | None]:
    """The text shown and the call found, when the text comes in these pieces."""
    recogniser = Recogniser(NAMES, after)
    shown = ""
    for piece in pieces:
        shown += recogniser.feed(piece)
        if recogniser.found:
            return shown, recogniser.found
    return shown + recogniser.rest(), recogniser.found


@pytest.mark.parametrize(
    ("text", "closing"),
    [
        ('<tool_call>\n{"name": "add", "arguments":', "}\n</tool_call>"),
        ('<tool_call>{"type": "function", "name":"add","parameters":', "}\n</tool_call>"),
        ('{"name": "add", "arguments":', "}"),
        ('{"name": "add", "parameters":', "}"),
        ('{"tool": "add", "input":', "}"),
        ('{"function": "add", "args":', "}"),
        ('{"function": {"name": "add", "arguments":', "}}"),
        ('{"id": "1", "type": "function", "function": {"name": "add", "arguments":', "}}"),
        ('```json\n{"name": "add", "arguments":', "}\n```"),
        ('```\n{\n  "name": "add",\n  "arguments":', "}\n```"),
        ('[{"name": "add", "arguments":', "}"),
        ('{"tool_calls": [{"function": {"name": "add", "arguments":', "}}"),
        ('<|python_tag|>{"name": "add", "parameters":', "}"),
        ('[TOOL_CALLS] [{"name": "add", "arguments":', "}"),
        ("[TOOL_CALLS]add[ARGS]", ""),
        ("[TOOL_CALLS]add[CALL_ID]q8Xz1[ARGS]", ""),
        ('<|tool_call|>[{"name": "add", "arguments":', "}"),
        ("<function=add>", "\n</function>"),
        ("<tool_call>\n<function=add>", "\n</function>\n</tool_call>"),
        (
            "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>add\n```json\n",
            "\n```<｜tool▁call▁end｜>",
        ),
        ("<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>add<｜tool▁sep｜>", "<｜tool▁call▁end｜>"),
    ],
)
def test_each_syntax_is_recognised_as_soon_as_the_arguments_begin(text: str, closing: str) -> None:
    for pieces in (list("So: " + text), ["So: " + text + ' {"a": 1']):
        shown, found = read(pieces)
        assert shown == "So:"
        assert found and (found.cut, found.name, found.added) == (4 + len(text), "add", "")
        assert found.form.closing == closing


@pytest.mark.parametrize(
    "text",
    [
        '{"name": "Ada", "arguments": 1}',
        '{"name": "add"}',
        '{"name": "add", "age": 3}',
        'Use {"name": "subtract", "parameters": {}} or [1, 2].',
        "```json\n[1, 2, 3]\n```",
        "a < b, `code`, [x] and {y}",
        "The tag <tool_call> begins a call.",
        '{"arguments": {}, "name": "add"}',
        "  two  spaces  \n\n",
        "",
    ],
)
def test_what_is_no_call_is_shown_unchanged(text: str) -> None:
    assert read(list(text)) == read([text]) == (text, None)


@pytest.mark.parametrize(
    ("text", "cut", "name", "added"),
    [
        ('<tool_call>\n{"name": "subtract"', '<tool_call>\n{"name": "', None, ""),
        ('<tool_call>\n{"name": "add"}', '<tool_call>\n{"name": "add"', "add", ', "arguments":'),
        ('[TOOL_CALLS] [{"name": "x', '[TOOL_CALLS] [{"name": "', None, ""),
        ("<function=subtract>", "<function=", None, ""),
        ("<｜tool▁call▁begin｜>subtract", "<｜tool▁call▁begin｜>", None, ""),
    ],
)
def test_a_mark_that_leaves_no_doubt_makes_a_call_whose_rest_is_made_right(
    text: str, cut: str, name: str | None, added: str
) -> None:
    for pieces in (list(text), [text + "..."]):
        shown, found = read(pieces)
        assert shown == "" and found
        assert (found.cut, found.name, found.added) == (len(cut), name, added)


def test_text_is_held_back_only_while_it_may_be_a_call() -> None:
    recogniser = Recogniser(NAMES)
    assert recogniser.feed("See {") == "See"
    assert recogniser.feed('"name": "ad') == ""
    assert recogniser.feed('a"} there') == ' {"name": "ada"} there'
    assert recogniser.position == len('See {"name": "ada"} there')


def test_a_list_goes_on_with_another_call_or_ends() -> None:
    shown, found = read(list(' , {"name": "find", "arguments":'), LIST)
    assert shown == "" and found and (found.name, found.form.joint, found.form.closing) == ("find", ",", "}")
    assert read(list("]\n</tool_call>\nDone."), LIST) == ("Done.", None)
    assert read(list("] Done."), LIST) == ("Done.", None)
    assert read(["]", "\n", "</tool"], LIST) == ("</tool", None)
    assert read(list(', {"name": "Ada"}'), LIST) == (', {"name": "Ada"}', None)


FRAGMENTS = st.sampled_from(
    [
        *("<tool_call>", "</tool_call>", "\n", " ", "{", "}", "[", "]", ",", ":", "`", "```", "```json", "text", '"'),
        *('"name": "', "add", "add_all", 'add"', '"arguments":', '"parameters" :', '{"name": "add", "arguments":'),
        *("[TOOL_CALLS]", "[ARGS]", "<function=", ">", "<|python_tag|>", '"function": ', '"type": "function", '),
        *("<｜tool▁calls▁begin｜>", "<｜tool▁call▁begin｜>", "<｜tool▁sep｜>", "function", "\n```json\n"),
    ]
)


@st.composite
def cut_texts(draw: st.DrawFn) -> tuple[str, list[str]]:
    text = "".join(draw(st.lists(FRAGMENTS, max_size=14)))
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8)))
    return text, [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]


@given(cut_texts(), st.sampled_from([None, LIST]))
def test_how_a_text_is_cut_makes_no_difference(case: tuple[str, list[str]], after: Form | None) -> None:
    text, pieces = case
    assert read(pieces, after) == read(list(text), after)


@given(cut_texts())
def test_text_without_a_call_is_shown_whole_and_with_one_up_to_it(case: tuple[str, list[str]]) -> None:
    text, pieces = case
    shown, found = read(pieces)
    assert text.startswith(shown)
    if found is None:
        assert shown == text
    else:
        assert len(shown) < found.cut <= len(text)
