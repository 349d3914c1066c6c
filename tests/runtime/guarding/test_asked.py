"""What requests may say of the guardrail they ask for, and what is said of what they may not."""

from typing import Any

import pytest

from craton.errors import ValidationException
from craton.runtime.guarding.asked import Asked, Mode, Trace, configured, of_converse, of_headers, of_native


def test_each_way_to_ask_comes_to_the_same() -> None:
    expected = Asked("abc", "3", Trace.ENABLED_FULL, Mode.ASYNC)
    config = {"guardrailIdentifier": "abc", "guardrailVersion": "3", "trace": "enabled_full"}
    assert of_converse({"guardrailConfig": {**config, "streamProcessingMode": "async"}}) == expected
    named = of_native({**config, "trace": "ENABLED_FULL"})
    assert configured(named, {"amazon-bedrock-guardrailConfig": {"streamProcessingMode": "ASYNCHRONOUS"}}) == expected
    headers = {"guardrailidentifier": "abc", "guardrailversion": "3", "trace": "ENABLED_FULL"}
    headers = {f"x-amzn-bedrock-{name}": value for name, value in headers.items()}
    assert of_headers(headers.get) == named


def test_who_asks_for_nothing_gets_none() -> None:
    assert of_converse({}) is of_converse({"guardrailConfig": {}}) is of_native({}) is None
    assert configured(None, body := {"messages": []}) is None and body == {"messages": []}


def test_a_trace_may_be_asked_for_alone() -> None:
    """The account may enforce a guardrail, of which it tells."""
    assert of_native({"trace": "ENABLED"}) == Asked(trace=Trace.ENABLED)
    assert of_converse({"guardrailConfig": {"trace": "enabled"}}) == Asked(trace=Trace.ENABLED)


def test_the_body_s_own_member_is_taken_out_of_it() -> None:
    body: dict[str, Any] = {"messages": [], "amazon-bedrock-guardrailConfig": {"tagSuffix": "xyz1"}}
    asked = configured(Asked("abc", "1"), body)
    assert asked is not None and asked.tag_suffix == "xyz1" and body == {"messages": []}


@pytest.mark.parametrize(
    ("identifier", "version", "words"),
    [("abc", "", "none of its versions"), ("", "1", "of no guardrail")],
)
def test_one_without_the_other_is_refused(identifier: str, version: str, words: str) -> None:
    with pytest.raises(ValidationException, match=words):
        of_native({"guardrailIdentifier": identifier, "guardrailVersion": version})


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ("xyz", "must be a JSON object"),
        ({"suffix": "xyz"}, "no member 'suffix'"),
        ({"tagSuffix": "x-y"}, "1 to 20 letters and digits"),
        ({"tagSuffix": 3}, "1 to 20 letters and digits"),
        ({"streamProcessingMode": "LATER"}, "SYNCHRONOUS or ASYNCHRONOUS"),
    ],
)
def test_a_body_s_member_that_cannot_be_read_is_refused(config: Any, words: str) -> None:
    with pytest.raises(ValidationException, match=words):
        configured(Asked("abc", "1"), {"amazon-bedrock-guardrailConfig": config})


def test_a_body_s_member_without_a_guardrail_is_refused() -> None:
    with pytest.raises(ValidationException, match="names no guardrail"):
        configured(Asked(trace=Trace.ENABLED), {"amazon-bedrock-guardrailConfig": {}})


@pytest.mark.parametrize(
    ("header", "value", "words"),
    [
        ("guardrailidentifier", "No Such", "identifier is invalid"),
        ("guardrailversion", "0", "version '0' is invalid"),
        ("trace", "LOUD", "trace 'LOUD' is not known"),
    ],
)
def test_headers_of_other_apis_are_checked_as_the_service_model_checks_its_own(
    header: str, value: str, words: str
) -> None:
    given = {"guardrailidentifier": "abc", "guardrailversion": "1", header: value}
    headers = {f"x-amzn-bedrock-{name}": each for name, each in given.items()}
    with pytest.raises(ValidationException, match=words):
        of_headers(headers.get)


def test_a_job_keeps_it() -> None:
    asked = Asked("abc", "1", Trace.ENABLED, Mode.ASYNC, "xyz")
    assert Asked.read({name: str(value) for name, value in asked.record().items()}) == asked
