"""Paths as clients send them, and what becomes of paths that nobody serves."""

import time

import pytest

from craton.errors import SerializationException, UnknownOperationException
from craton.wire.message import Request
from craton.wire.router import Route, Router
from craton.wire.spec import Service

ARN = "arn:aws:bedrock:us-east-1:123456789012:custom-model/amazon.titan-text/abcdefghijkl"
ENCODED_ARN = ARN.replace(":", "%3A").replace("/", "%2F")


def match(router: Router, method: str, path: str, body: bytes = b"") -> Route:
    return router.match(Request(method, path, body=body))


@pytest.mark.parametrize("label", [ARN, ENCODED_ARN, ARN.replace(":", "%3a"), ARN.replace("/", "%2f")])
def test_an_arn_may_be_encoded_or_not(router: Router, label: str) -> None:
    route = match(router, "POST", f"/model/{label}/converse")
    assert route.operation.name == "Converse"
    assert route.labels == {"modelId": ARN}


def test_an_arn_may_end_the_path(router: Router) -> None:
    route = match(router, "GET", f"/foundation-models/{ARN}")
    assert route.operation.name == "GetFoundationModel"
    assert route.labels == {"modelIdentifier": ARN}


def test_two_arns_with_slashes_in_one_path(router: Router) -> None:
    flow = "arn:aws:bedrock:us-east-1:123456789012:flow/ABCDEFGHIJ"
    alias = f"{flow}/alias/KLMNOPQRST"
    route = match(router, "POST", f"/flows/{flow}/aliases/{alias}")
    assert route.operation.name == "InvokeFlow"
    assert route.labels == {"flowIdentifier": flow, "flowAliasIdentifier": alias}


def test_a_label_that_is_no_arn_is_one_segment(router: Router) -> None:
    with pytest.raises(UnknownOperationException):
        match(router, "POST", "/model/amazon/nova/converse")


@pytest.mark.parametrize("path", ["/model/./converse", "/x/../foundation-models", "/./foundation-models"])
def test_dot_segments_lead_nowhere(router: Router, path: str) -> None:
    with pytest.raises(UnknownOperationException, match="Leave them out"):
        match(router, "POST", path)


def test_a_slash_at_the_end_tells_operations_apart(router: Router) -> None:
    assert match(router, "POST", "/agents/ABCDEFGHIJ/").operation.name == "PrepareAgent"
    assert match(router, "POST", "/agents/ABCDEFGHIJ").operation.name == "InvokeInlineAgent"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/model/amazon.nova-lite-v1:0/converse"),
        ("POST", "/model//converse"),
        ("POST", "/model/x/converse/"),
        ("POST", "model/x/converse"),
        ("GET", "/"),
        ("GET", ""),
        ("post", "/model/x/converse"),
        ("POST", "/no/such/path"),
    ],
)
def test_what_nobody_serves_is_an_unknown_operation(router: Router, method: str, path: str) -> None:
    with pytest.raises(UnknownOperationException, match="Check the method, the path"):
        match(router, method, path)


@pytest.mark.parametrize("label", ["%", "%4", "%zz", "%ff", "a%C3"])
def test_a_label_must_be_percent_encoded_utf8(router: Router, label: str) -> None:
    with pytest.raises(SerializationException):
        match(router, "POST", f"/model/{label}/converse")


@pytest.mark.parametrize(
    ("arn", "service"),
    [
        ("arn:aws:bedrock:us-east-1:123456789012:agent/ABCDEFGHIJ", "bedrock-agent"),
        (
            "arn:aws:bedrock:us-east-1:123456789012:session/01234567-89ab-cdef-0123-456789abcdef",
            "bedrock-agent-runtime",
        ),
        ("arn:aws:bedrock-agentcore:us-east-1:123456789012:memory/abc-1234567890", "bedrock-agentcore-control"),
    ],
)
def test_the_arn_in_the_path_says_whose_tags_are_meant(router: Router, arn: str, service: str) -> None:
    for label in (arn, arn.replace(":", "%3A").replace("/", "%2F")):
        route = match(router, "GET", f"/tags/{label}")
        assert (route.operation.service.name, route.operation.name) == (service, "ListTagsForResource")
        assert route.labels == {"resourceArn": arn}


@pytest.mark.parametrize(
    ("arn", "service"),
    [
        ("arn:aws:bedrock:us-east-1:123456789012:guardrail/abc", "bedrock"),
        ("arn:aws:bedrock:us-east-1:123456789012:blueprint/abcdefghijkl", "bedrock-data-automation"),
        ("no arn at all", "bedrock"),
    ],
)
def test_the_arn_in_the_body_says_whose_tags_are_meant(router: Router, arn: str, service: str) -> None:
    body = b'{"resourceARN": "%s"}' % arn.encode()
    assert match(router, "POST", "/listTagsForResource", body).operation.service.name == service


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b'{"resourceARN": 3}', b"[" * 10_000])
def test_a_malformed_body_still_has_an_operation(router: Router, body: bytes) -> None:
    assert match(router, "POST", "/tagResource", body).operation.name == "TagResource"


def test_json_rpc_operations_are_named_by_their_target(router: Router) -> None:
    target = "AmazonBedrockKeystoneRuntimeService.GetDataAutomationStatus"
    route = router.match(Request("POST", "/", headers=(("x-amz-target", target),)))
    assert route.operation.name == "GetDataAutomationStatus"
    for unknown in ("AmazonBedrockKeystoneRuntimeService.Nothing", "", "GetDataAutomationStatus"):
        with pytest.raises(UnknownOperationException, match="AmazonBedrockKeystoneRuntimeService"):
            router.match(Request("POST", "/", headers=(("x-amz-target", unknown),)))
    with pytest.raises(UnknownOperationException):
        router.match(Request("GET", "/", headers=(("x-amz-target", target),)))


def test_a_path_of_many_arns_is_refused_quickly(router: Router) -> None:
    started = time.process_time()
    with pytest.raises(UnknownOperationException):
        match(router, "POST", "/flows" + "/arn:" * 5000)
    assert time.process_time() - started < 1


def test_greedy_labels_take_the_slashes() -> None:
    document = {
        "metadata": {"protocol": "rest-json"},
        "operations": {
            "Read": {
                "name": "Read",
                "http": {"method": "GET", "requestUri": "/files/{path+}/content"},
                "input": {"shape": "I"},
            }
        },
        "shapes": {
            "I": {
                "type": "structure",
                "members": {"path": {"shape": "S", "location": "uri", "locationName": "path"}},
            },
            "S": {"type": "string"},
        },
    }
    route = match(Router([Service.parse(document)]), "GET", "/files/a/b%2Fc/content")
    assert route.labels == {"path": "a/b/c"}
