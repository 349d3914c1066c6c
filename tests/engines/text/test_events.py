"""Content blocks and usage, in the forms of the real service."""

import re

from craton.engines.text.events import Blocks, call_id, usage
from tests.engines.turns import assert_grammar


def test_blocks_follow_one_another() -> None:
    blocks = Blocks()
    blocks.reasoning("Hm")
    blocks.text("a")
    blocks.text("b")
    blocks.call("add")
    blocks.input("{}")
    blocks.close()
    blocks.call("add")
    blocks.end()
    events = [{"messageStart": {"role": "assistant"}}, *blocks.take(), {"messageStop": {}}, {"metadata": {}}]
    assert_grammar(events)
    assert [event["contentBlockStop"]["contentBlockIndex"] for event in events if "contentBlockStop" in event] == [
        *(0, 1, 2, 3)
    ]
    assert blocks.take() == []


def test_ids_of_calls_look_like_the_services_own() -> None:
    assert re.fullmatch(r"tooluse_[A-Za-z0-9_-]{22}", call_id())
    assert call_id() != call_id()


def test_cache_figures_appear_only_with_a_cache_point_and_add_up() -> None:
    assert usage(100, 5, cached=60) == {
        "metadata": {"usage": {"inputTokens": 100, "outputTokens": 5, "totalTokens": 105}}
    }
    counts = usage(100, 5, cached=60, marked=80)["metadata"]["usage"]
    assert (counts["inputTokens"], counts["cacheReadInputTokens"], counts["cacheWriteInputTokens"]) == (20, 60, 20)
    assert counts["totalTokens"] == 105
