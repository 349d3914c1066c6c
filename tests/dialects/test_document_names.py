"""Documents get names that Converse takes, each its own."""

import time
from typing import Any

from craton.dialects.document_names import settle


def settled(*names: str) -> list[str]:
    documents: list[dict[str, Any]] = [{"document": {"name": name}} for name in names]
    result = {"toolResult": {"content": documents[1:]}}
    settle([{"content": documents[:1]}, {"content": [result]}])
    return [each["document"]["name"] for each in documents]


def test_what_is_not_allowed_is_replaced() -> None:
    assert settled("a/b.pdf", "  ", "x" * 300, "Ä  (1) [2]") == ["a-b-pdf", "document", "x" * 200, "- (1) [2]"]


def test_no_two_are_the_same() -> None:
    assert settled("a", "a", "a 2", "a 3", "b", "a", "a 2") == ["a", "a 2", "a 2 2", "a 3", "b", "a 4", "a 2 3"]


def test_many_of_one_name_take_no_time() -> None:
    started = time.process_time()
    assert settled(*["same"] * 50_000)[-1] == "same 50000"
    assert time.process_time() - started < 2
