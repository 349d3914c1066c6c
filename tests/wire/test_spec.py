"""The service models, and what stands in them that others rely on."""

from pathlib import Path

import pytest

from craton.wire.spec import Service, bedrock_services


def test_every_service_of_bedrock_is_found() -> None:
    assert bedrock_services() == [
        "bedrock",
        "bedrock-agent",
        "bedrock-agent-runtime",
        "bedrock-agentcore",
        "bedrock-agentcore-control",
        "bedrock-data-automation",
        "bedrock-data-automation-runtime",
        "bedrock-runtime",
    ]


def test_what_services_sign_with_and_who_takes_api_keys(services: dict[str, Service]) -> None:
    assert {name for name, service in services.items() if service.bearer} == {"bedrock", "bedrock-runtime"}
    assert {service.signing_name for service in services.values()} == {"bedrock", "bedrock-agentcore"}
    assert services["bedrock-data-automation-runtime"].protocol == "json"


def test_operations_know_their_shapes_and_errors(services: dict[str, Service]) -> None:
    converse = services["bedrock-runtime"].operations["Converse"]
    assert (converse.method, converse.uri, converse.status) == ("POST", "/model/{modelId}/converse", 200)
    message = converse.input.members["messages"].shape.member
    assert message is not None
    assert message.shape.mandatory == ["role", "content"]
    throttled = converse.errors["ThrottlingException"].error
    assert throttled is not None
    assert throttled.http_status_code == 429


def test_every_agent_can_be_tagged(services: dict[str, Service]) -> None:
    """The published pattern says "/d" for a digit, which no ARN matches."""
    pattern = services["bedrock-agent"].shapes["TaggableResourcesArn"].pattern
    assert pattern is not None
    assert "/d" not in pattern


def test_timestamps_are_written_as_place_and_model_say(services: dict[str, Service]) -> None:
    list_jobs = services["bedrock"].operations["ListModelCustomizationJobs"]
    assert list_jobs.input.members["creationTimeAfter"].clock == "iso8601"
    events = services["bedrock-agentcore"].operations["CreateEvent"]
    assert events.input.members["eventTimestamp"].clock == "unixtimestamp"


def test_a_model_of_our_own_is_read_from_a_document() -> None:
    document = {
        "metadata": {"protocol": "rest-json", "endpointPrefix": "craton", "auth": ["smithy.api#httpBearerAuth"]},
        "operations": {"Ping": {"name": "Ping", "http": {"method": "GET", "requestUri": "/ping"}}},
        "shapes": {},
    }
    service = Service.parse(document)
    assert (service.name, service.signing_name, service.bearer) == ("craton", "craton", True)
    assert service.operations["Ping"].output.members == {}


def test_a_model_that_names_a_missing_shape_is_refused() -> None:
    document = {
        "metadata": {"protocol": "rest-json"},
        "operations": {"Ping": {"name": "Ping", "http": {}, "input": {"shape": "Nothing"}}},
        "shapes": {},
    }
    with pytest.raises(KeyError, match="Nothing"):
        Service.parse(document)


def test_botocore_is_not_imported_to_read_its_data() -> None:
    import subprocess
    import sys

    code = "import sys; from craton.wire import spec; spec.load_service('bedrock'); print('botocore' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path.cwd())
    assert found.stdout.strip() == "False"
