"""Refusals of the dialects, as the doors read them."""

from collections.abc import Callable
from typing import Any

import pytest

from craton.dialects.anthropic import messages as anthropic
from craton.dialects.openai import chat as openai_chat
from craton.doors.malformed import Malformed, read
from craton.errors import ValidationException

HI = {"role": "user", "content": "Hi"}


def refusal(read_request: Callable[[dict[str, Any]], object], body: dict[str, Any]) -> Malformed:
    with pytest.raises(ValidationException) as refused:
        read_request(body)
    told = read(refused.value.message)
    assert told
    return told


@pytest.mark.parametrize(
    ("body", "path", "kind"),
    [
        ({"model": "m", "messages": [HI | {"x": 1}]}, ("messages", "0", "x"), "unknown"),
        ({"model": "m"}, ("messages",), "missing"),
        ({"model": "m", "messages": [HI], "temperature": 3}, ("temperature",), "invalid"),
        ({"model": "m", "messages": [HI], "max_tokens": 1, "max_completion_tokens": 1}, (), "invalid"),
    ],
)
def test_a_refusal_says_where_and_of_which_kind(body: dict[str, Any], path: tuple[str, ...], kind: str) -> None:
    told = refusal(openai_chat.read_completion, body)
    assert (told.path, told.kind) == (path, kind)
    assert "please reformat" not in told.reason


def test_a_key_of_another_api_is_told_by_name() -> None:
    told = refusal(anthropic.read_request, {"messages": [HI], "max_tokens": 1, "n": 2})
    assert (told.path, told.kind) == (("n",), "unknown")


def test_other_messages_are_left_alone() -> None:
    assert read("The provided model identifier is invalid.") is None
