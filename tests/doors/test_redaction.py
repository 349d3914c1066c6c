"""What is written down of a request's parameters: enough to know what was asked, nothing that lets anybody in."""

import json
from typing import Any

import pytest

from craton.app.services import admin_service
from craton.doors import acts
from craton.doors.redaction import redacted
from craton.wire.spec import Service, load_service

HIDDEN = "HIDDEN_DUE_TO_SECURITY_REASONS"


@pytest.fixture(scope="module")
def bedrock() -> Service:
    return load_service("bedrock")


@pytest.fixture(scope="module")
def agent() -> Service:
    return load_service("bedrock-agent")


def told(service: Service, operation: str, **parameters: Any) -> dict[str, object]:
    return redacted(service.operations[operation].input, parameters)


def test_names_and_numbers_are_told(bedrock: Service) -> None:
    parameters: dict[str, Any] = {
        "inferenceProfileName": "mine",
        "tags": [{"key": "team", "value": "research"}],
        "clientRequestToken": "a-token-of-idempotency",
    }
    assert told(bedrock, "CreateInferenceProfile", **parameters) == parameters


def test_what_the_model_calls_sensitive_is_not(bedrock: Service) -> None:
    blocked = told(bedrock, "CreateGuardrail", blockedInputMessaging="the words")
    assert blocked == {"blockedInputMessaging": HIDDEN}


def test_contents_deep_inside_are_not(agent: Service) -> None:
    variant = {
        "name": "a",
        "templateType": "TEXT",
        "templateConfiguration": {"text": {"text": "the words", "inputVariables": [{"name": "city"}]}},
    }
    written = json.dumps(told(agent, "CreatePrompt", name="mine", variants=[variant]))
    assert "the words" not in written
    assert '"name": "mine"' in written


def test_members_named_for_secrets_are_not() -> None:
    provider = {
        "providerName": "mine",
        "secretFile": "upstream",
        "headers": {"x-team": "research", "x-secret-token": "let me in"},
    }
    written = told(admin_service(), "CreateProvider", **provider)
    assert "let me in" not in json.dumps(written)
    assert (written["providerName"], written["secretFile"]) == ("mine", "upstream")


def test_members_that_no_model_knows_are_not(bedrock: Service) -> None:
    assert told(bedrock, "CreateGuardrail", unheardOf="a") == {"unheardOf": HIDDEN}


def test_bytes_are_not_and_long_texts_are_cut(bedrock: Service) -> None:
    written = told(bedrock, "CreateInferenceProfile", inferenceProfileName="n" * 5000, clientRequestToken=b"bytes")
    assert written["clientRequestToken"] == HIDDEN
    assert len(str(written["inferenceProfileName"])) < 600


@pytest.mark.parametrize(
    ("service", "operation", "expected"),
    [
        ("bedrock", "CreateGuardrail", True),
        ("bedrock", "GetGuardrail", False),
        ("bedrock", "ListTagsForResource", False),
        ("bedrock", "TagResource", True),
        ("bedrock", "BatchDeleteEvaluationJob", True),
        ("bedrock-agent", "PrepareAgent", True),
        ("bedrock-agent", "ValidateFlowDefinition", False),
        ("bedrock-runtime", "Converse", False),
        ("bedrock-agent-runtime", "InvokeAgent", False),
    ],
)
def test_acts_are_what_changes_something(service: str, operation: str, expected: bool) -> None:
    assert acts.is_act(load_service(service).operations[operation]) is expected


def test_craton_s_own_operations_are_acts_by_what_they_do() -> None:
    reading = {name for name, each in admin_service().operations.items() if not acts.is_act(each)}
    assert {"ListKeys", "GetRequest", "VerifyAudit"} <= reading
    assert all(name.startswith(("Get", "List", "Verify", "Simulate", "Export", "Describe")) for name in reading), (
        reading
    )
    assert all(not name.startswith(("Create", "Put", "Delete", "Revoke", "Update")) for name in reading)


def test_what_a_policy_allows_is_told_to_its_end() -> None:
    statements = [{"Sid": f"Harmless{number}", "Effect": "Deny", "Action": "a:b"} for number in range(60)]
    written = json.dumps({"Statement": [*statements, {"Effect": "Allow", "Action": "*"}]}, indent=200)
    for operation, member in (
        ("PutUserPolicy", "policyDocument"),
        ("CreateRole", "assumeRolePolicyDocument"),
        ("AssumeRole", "policy"),
    ):
        shown = told(admin_service(), operation, **{member: written})[member]
        assert isinstance(shown, str)
        assert json.loads(shown) == json.loads(written)
    assert told(load_service("bedrock"), "PutResourcePolicy", resourcePolicy="x" * 10**6) == {
        "resourcePolicy": "x" * 20480 + "..."
    }
