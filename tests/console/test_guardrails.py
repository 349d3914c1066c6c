"""The guardrails in the console: from nothing to a version that programs use."""

from collections.abc import Iterator

import pytest

from tests.console.conftest import Journey, clean
from tests.console.stage import stage
from tests.serving import Server


@pytest.fixture(scope="module")
def place(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose models play a script, and which has no guardrail yet."""
    home = tmp_path_factory.mktemp("guardrails") / "home"
    stage(home)
    with Server(home) as running:
        yield running


def test_a_guardrail_is_made_tried_frozen_used_enforced_and_deleted(journey: Journey, place: Server) -> None:
    found = journey("guardrails")
    refused = found.pop("complaints")
    assert ["400 (Bad Request)" in complaint for complaint in refused] == [True, True], "a bad name, and one in use"
    clean(found | {"complaints": []}, place)
    assert "regular expression pattern" in found["refused"], "what is refused stands at its field"
    assert found["requestId"] >= 1

    assert "Decided by: Words (durian)." in found["blocked"]
    assert "I cannot talk about this." in found["blocked"], "what the user gets instead"
    assert [mark.split() for mark in found["marks"]] == [["durian", "Words"], ["orla@example.org", "{EMAIL}"]]
    assert found["address"].startswith("/console/guardrails/")
    assert "Write to {EMAIL}." in found["masked"]
    assert "Sensitive information (E-mail addresses)" in found["masked"]

    assert found["unsaved"] == 1
    assert "Is durian sold? Write to {EMAIL}." in found["after"], "what was taken from the list blocks no more"
    assert "durian" in found["compared"]
    assert "mango" not in found["compared"], "what is alike is no difference"
    assert "version=1" in found["tested"]
    assert "{EMAIL}" in found["printed"]
    assert "I cannot talk about this." in found["chat"]
    assert "Version 1" in found["goes"], "what goes with it is told before it goes"
    assert place.client("bedrock").list_guardrails()["guardrails"] == []
