"""Reasoning in tags is cut out of a text, however the text was cut into pieces."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from craton.dialects.deepseek import text as deepseek
from craton.dialects.stamps import Asked
from craton.dialects.text import tags


def pieces(parts: list[str]) -> tuple[str, str]:
    splitter = tags.Splitter("<think>", "</think>")
    told = [piece for part in parts for piece in splitter.feed(part)] + list(splitter.end())
    return "".join(text for thought, text in told if thought), "".join(text for thought, text in told if not thought)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("<think>\nHm, < well\n</think>\n\nHi <b>", ("Hm, < well", "Hi <b>")),
        ("\n <think>Hm</think>Hi", ("Hm", "Hi")),
        ("Hi <think>x</think>", ("", "Hi <think>x</think>")),
        ("<think>never ended </thi", ("never ended </thi", "")),
        ("<thin ice", ("", "<thin ice")),
        ("<think></think>Hi", ("", "Hi")),
        ("", ("", "")),
    ],
)
@given(data=st.data())
def test_text_is_cut_at_its_tags(text: str, told: tuple[str, str], data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=6)))
    parts = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    assert pieces(parts) == told


def test_answer_of_a_prompt_that_opened_the_tag_does_not_open_it_again() -> None:
    thought = {"reasoningContent": {"reasoningText": {"text": "Hm"}}}
    answer = {
        "output": {"message": {"role": "assistant", "content": [thought, {"text": "Hi"}]}},
        "stopReason": "end_turn",
        "usage": {},
    }
    opened = Asked("1", "m", 0, body={"prompt": "<｜User｜>Hi<｜Assistant｜><think>\n"})
    told = deepseek.write_response(answer, opened)["choices"][0]
    assert told == {"text": "Hm\n</think>\n\nHi", "stop_reason": "stop"}
    closed = Asked("1", "m", 0, body={"prompt": "Hi"})
    assert deepseek.write_response(answer, closed)["choices"][0]["text"] == "<think>\nHm\n</think>\n\nHi"
