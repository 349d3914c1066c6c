"""Raw prompts in a documented template become the conversation they spell; anything else is one user message."""

from typing import Any

import pytest

from craton.dialects.text.transcripts import conversation, inst, labelled, llama3, llama4

HEAD = "<|begin_of_text|>"


def part(role: str, text: str) -> str:
    return f"<|start_header_id|>{role}<|end_header_id|>\n\n{text}<|eot_id|>"


OPEN = "<|start_header_id|>assistant<|end_header_id|>\n\n"


def spelt(*texts: str, system: str | None = None) -> dict[str, Any]:
    roles = ["user", "assistant"] * len(texts)
    messages = [{"role": role, "content": [{"text": text}]} for role, text in zip(roles, texts, strict=False)]
    return ({"system": [{"text": system}]} if system else {}) | {"messages": messages}


@pytest.mark.parametrize(
    ("prompt", "turn"),
    [
        (HEAD + part("user", "Hi") + OPEN, spelt("Hi")),
        (part("user", "Hi") + OPEN, spelt("Hi")),
        (HEAD + part("system", "Be brief.") + part("user", "Hi") + OPEN, spelt("Hi", system="Be brief.")),
        (
            HEAD + part("user", "Hi") + part("assistant", "Yes?") + part("user", "Bye") + OPEN,
            spelt("Hi", "Yes?", "Bye"),
        ),
        (HEAD + part("user", "Count") + OPEN + "1, 2,", spelt("Count", "1, 2,")),
        (f"\n{HEAD}\n{part('user', 'Hi')}\n{OPEN}\n", spelt("Hi")),
        ("<|header_start|>user<|header_end|>\n\nHi<|eot|><|header_start|>assistant<|header_end|>\n\n", spelt("Hi")),
        ("<s>[INST] Hi [/INST]", spelt("Hi")),
        ("[INST] <<SYS>>\nBe brief.\n<</SYS>>\n\nHi [/INST]", spelt("Hi", system="Be brief.")),
        ("<s>[INST] Hi [/INST] Yes? </s><s>[INST] Bye [/INST]", spelt("Hi", "Yes?", "Bye")),
    ],
)
def test_template_is_read_into_turns(prompt: str, turn: dict[str, Any]) -> None:
    assert conversation(prompt, llama3, llama4, inst) == turn


@pytest.mark.parametrize(
    "prompt",
    [
        "Say this is a test",
        "",
        HEAD + part("user", "Hi"),
        HEAD + part("assistant", "Hi") + OPEN,
        HEAD + part("user", "Hi") + part("user", "Again") + OPEN,
        HEAD + part("ipython", "{}") + OPEN,
        "Before " + part("user", "Hi") + OPEN,
        part("user", "Hi") + "between" + OPEN,
        "[INST] Hi",
        "[INST] Hi [/INST] a [/INST]",
        "[INST] [/INST]",
    ],
)
def test_anything_else_is_one_user_message(prompt: str) -> None:
    assert conversation(prompt, llama3, llama4, inst) == {"messages": [{"role": "user", "content": [{"text": prompt}]}]}


@pytest.mark.parametrize(
    ("prompt", "turn"),
    [
        ("\n\nHuman: Hi\n\nAssistant:", spelt("Hi")),
        ("Human: Hi\n\nAssistant: Yes?\n\nHuman: Bye\n\nAssistant:", spelt("Hi", "Yes?", "Bye")),
        ("Be brief.\n\nHuman: Hi\n\nAssistant: {", spelt("Hi", "{", system="Be brief.")),
        ("What did the Human: say?", spelt("What did the Human: say?")),
        ("\n\nHuman: Hi", spelt("\n\nHuman: Hi")),
    ],
)
def test_labels_tell_turns(prompt: str, turn: dict[str, Any]) -> None:
    assert conversation(prompt, labelled("Human", "Assistant")) == turn
