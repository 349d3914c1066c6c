"""The AWS door over real connections: what is not a good request gets a modelled error, and the next one is served."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import boto3
import botocore.session
import pytest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from craton.wire.message import Request
from tests import scripted
from tests.command import craton
from tests.doors.calls import ADMIN_MODELS, Reply
from tests.doors.wires import connection, converse, exchange, frames, h2_client, h2_request, head, post, reply, signed
from tests.serving import ACCESS_KEY_ID, CLIENT, REGION, SECRET_ACCESS_KEY, Server

ACCOUNT = "123456789012"
MODEL_ARN = f"arn:aws:bedrock:{REGION}::foundation-model/{scripted.MODEL}"
LIMITS = """
[limits]
body_bytes = 65536
body_seconds = 0.3
"""


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with narrow limits, for testing."""
    home = tmp_path_factory.mktemp("strict") / "home"
    scripted.install(home)
    (home / "craton.toml").write_text(LIMITS)
    with Server(home, "--testing") as running:
        yield running


def assert_refused(answer: Reply, status: int, error: str) -> None:
    assert (answer.status, answer.error) == (status, error), answer
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-amzn-requestid"]
    assert " " in answer.json["message"]


def assert_serves(server: Server) -> None:
    answer = exchange(server, signed(server, converse("Hello.")))
    assert answer.status == 200, answer
    assert answer.json["output"]["message"]["content"] == [{"text": scripted.ANSWER}]


# --- bodies -------------------------------------------------------------------------------------------------


def test_a_body_announced_as_too_large_is_refused_before_it_is_sent(strict: Server) -> None:
    with connection(strict) as line:
        line.sendall(head(signed(strict, converse("Hello.")), {"content-length": "65537"}))
        assert_refused(reply(line), 413, "RequestEntityTooLargeException")
    assert_serves(strict)


def test_a_body_that_grows_too_large_without_a_length_is_refused(strict: Server) -> None:
    with connection(strict) as line:
        line.sendall(head(signed(strict, converse("Hello.")), {"transfer-encoding": "chunked"}))
        for _ in range(5):
            line.sendall(b"4000\r\n" + b" " * 0x4000 + b"\r\n")
        assert_refused(reply(line), 413, "RequestEntityTooLargeException")
    assert_serves(strict)


def test_a_body_that_comes_slowly_and_without_a_length_is_read(strict: Server) -> None:
    request = signed(strict, converse("Hello."))
    with connection(strict) as line:
        line.sendall(head(request, {"transfer-encoding": "chunked"}))
        for part in (request.body[:7], request.body[7:20], request.body[20:]):
            line.sendall(f"{len(part):x}\r\n".encode() + part + b"\r\n")
            time.sleep(0.06)  # a slow line, but within the time allowed
        line.sendall(b"0\r\n\r\n")
        assert reply(line).status == 200


def test_a_body_that_stalls_is_given_up(strict: Server) -> None:
    request = signed(strict, converse("Hello."))
    with connection(strict) as line:
        started = time.monotonic()
        line.sendall(head(request, {"content-length": str(len(request.body))}) + request.body[:10])
        assert_refused(reply(line), 408, "RequestTimeoutException")
        assert 0.3 <= time.monotonic() - started < 2
    assert_serves(strict)


def test_a_body_that_drips_is_given_up(strict: Server) -> None:
    """A byte now and then keeps a connection alive, not a request."""
    request = signed(strict, converse("Hello."))
    with connection(strict) as line:
        line.sendall(head(request, {"content-length": "60000"}))
        line.settimeout(0.05)
        started = time.monotonic()
        while time.monotonic() - started < 5:
            line.sendall(b"{")
            try:
                assert_refused(reply(line), 408, "RequestTimeoutException")
            except TimeoutError:
                continue
            return
    pytest.fail("the server went on reading")


@pytest.mark.parametrize("body", [b"{", b"\xff", b'{"messages": NaN}', b"[" * 50_000, b""])
def test_malformed_json_is_refused(strict: Server, body: bytes) -> None:
    request = signed(strict, replace(converse("Hello."), body=body))
    answer = exchange(strict, request)
    assert answer.status == 400
    assert answer.error in ("SerializationException", "ValidationException")
    assert_serves(strict)


def test_a_wrong_content_type_is_refused(strict: Server) -> None:
    request = replace(converse("Hello."), headers=(("content-type", "application/xml"),))
    assert_refused(exchange(strict, signed(strict, request)), 415, "UnsupportedMediaTypeException")


# --- connections --------------------------------------------------------------------------------------------


def test_one_port_speaks_http_1_and_http_2(scripted_server: Server) -> None:
    request = signed(scripted_server, converse("Hello."))
    first = exchange(scripted_server, request)
    with h2_client(scripted_server) as client:
        second = client.send(h2_request(client, request))
    assert second.http_version == "HTTP/2"
    assert first.json["output"] == second.json()["output"]
    assert {*first.headers} - {"connection", "transfer-encoding"} == {*second.headers}


def test_http_2_carries_an_event_stream(scripted_server: Server) -> None:
    with h2_client(scripted_server) as client:
        request = h2_request(client, signed(scripted_server, converse("Hello.", stream=True)))
        response = client.send(request, stream=True)
        assert response.headers["content-type"] == "application/vnd.amazon.eventstream"
        events = list(frames(response.iter_raw()))
    assert [event[":event-type"] for event in events if event[":event-type"] != "contentBlockDelta"] == [
        "messageStart",
        "contentBlockStop",
        "messageStop",
        "metadata",
    ]
    text = "".join(event["payload"]["delta"]["text"] for event in events if "delta" in event["payload"])
    assert text == scripted.ANSWER


def test_many_requests_share_a_connection(scripted_server: Server) -> None:
    request = signed(scripted_server, converse("Hello."))
    refused = signed(scripted_server, post("/model/no-such-model/converse", {"messages": []}))
    with connection(scripted_server) as line:
        for each, status in ((request, 200), (refused, 400), (request, 200)):
            line.sendall(head(each, {"content-length": str(len(each.body))}) + each.body)
            assert reply(line).status == status


def test_the_slashes_of_an_arn_may_be_escaped_or_not(scripted_server: Server) -> None:
    bedrock = scripted_server.client("bedrock")
    made = bedrock.create_inference_profile(inferenceProfileName="slashes", modelSource={"copyFrom": MODEL_ARN})
    arn = made["inferenceProfileArn"]
    for name in (arn, arn.replace("/", "%2F"), arn.replace("/", "%2F").replace(":", "%3A"), arn.replace("/", "%2f")):
        found = exchange(scripted_server, signed(scripted_server, Request("GET", f"/inference-profiles/{name}")))
        assert (found.status, found.json["inferenceProfileName"]) == (200, "slashes"), name
        answered = exchange(scripted_server, signed(scripted_server, converse("Hello.", model=name)))
        assert answered.status == 200, name
    bedrock.delete_inference_profile(inferenceProfileIdentifier=arn)


# --- what is not served -------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/no/such/path", "/model//converse", "/_craton/reset", "/../etc/passwd"])
def test_an_unknown_path_is_no_operation(scripted_server: Server, path: str) -> None:
    answer = exchange(scripted_server, signed(scripted_server, post(path, {})))
    assert_refused(answer, 404, "UnknownOperationException")


def test_an_operation_that_nothing_serves_names_itself(scripted_server: Server) -> None:
    answer = exchange(scripted_server, signed(scripted_server, Request("GET", "/custom-models")))
    assert_refused(answer, 501, "NotImplementedException")
    assert "bedrock ListCustomModels" in answer.json["message"]


# --- who calls ----------------------------------------------------------------------------------------------


def test_an_unsigned_request_is_refused(scripted_server: Server) -> None:
    request = converse("Hello.")
    unsigned = replace(request, headers=(("host", "localhost"), *request.headers))
    assert_refused(exchange(scripted_server, unsigned), 403, "MissingAuthenticationTokenException")


def _another_body(request: Request) -> Request:
    return replace(request, body=request.body.replace(b"Hello", b"Hallo"))


def _another_path(request: Request) -> Request:
    return replace(request, path=request.path.replace("scripted", "scr1pted"))


def _another_query(request: Request) -> Request:
    return replace(request, query="x=1")


def _another_host(request: Request) -> Request:
    return _with(request, "host", lambda value: "craton.example")


def _another_date(request: Request) -> Request:
    return _with(request, "x-amz-date", lambda value: "20200101T000000Z")


def _another_signature(request: Request) -> Request:
    return _with(request, "authorization", lambda value: value[:-4] + ("0000" if value[-4:] != "0000" else "1111"))


def _with(request: Request, header: str, change: Callable[[str], str]) -> Request:
    headers = tuple((name, change(value) if name == header else value) for name, value in request.headers)
    return replace(request, headers=headers)


@pytest.mark.parametrize(
    "forge", [_another_body, _another_path, _another_query, _another_host, _another_date, _another_signature]
)
def test_a_request_changed_after_signing_is_refused(scripted_server: Server, forge: Any) -> None:
    forged = forge(signed(scripted_server, converse("Hello.")))
    assert_refused(exchange(scripted_server, forged), 403, "InvalidSignatureException")


@pytest.mark.parametrize(
    ("credentials", "error"),
    [
        (Credentials(ACCESS_KEY_ID, "another secret"), "InvalidSignatureException"),
        (Credentials("AKIANOBODYEVERMADETHIS", SECRET_ACCESS_KEY), "UnrecognizedClientException"),
        (Credentials(ACCESS_KEY_ID, SECRET_ACCESS_KEY, "a session token"), "UnrecognizedClientException"),
    ],
)
def test_credentials_that_are_not_good_are_refused(
    scripted_server: Server, credentials: Credentials, error: str
) -> None:
    with pytest.raises(ClientError) as caught:
        scripted_server.client(
            "bedrock-runtime",
            aws_access_key_id=credentials.access_key,
            aws_secret_access_key=credentials.secret_key,
            aws_session_token=credentials.token,
        ).converse(modelId=scripted.MODEL, messages=[{"role": "user", "content": [{"text": "Hello."}]}])
    assert caught.value.response["Error"]["Code"] == error
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403


def test_an_api_key_opens_only_the_services_that_take_one(scripted_server: Server) -> None:
    token = json.loads(craton("keys", "create", "--api-key", "--home", str(scripted_server.home), "--json").stdout)
    authorization = ("authorization", f"Bearer {token['apiKey']}")
    request = converse("Hello.")
    bearing = replace(request, headers=(("host", "localhost"), *request.headers, authorization))
    assert exchange(scripted_server, bearing).status == 200
    assert exchange(scripted_server, replace(bearing, method="GET", path="/inference-profiles")).status == 200
    for path in ("/agents/", "/knowledgebases/", "/flows/"):
        assert_refused(exchange(scripted_server, replace(bearing, path=path)), 403, "AccessDeniedException")
    forged = _with(bearing, "authorization", lambda value: value[:40] + "AAAA" + value[44:])
    assert_refused(exchange(scripted_server, forged), 403, "AccessDeniedException")


# --- accounts -----------------------------------------------------------------------------------------------


@pytest.fixture
def other_account(scripted_server: Server) -> dict[str, str]:
    """The credentials of an account beside the default one."""
    made = craton("keys", "create", "--account", "210987654321", "--home", str(scripted_server.home), "--json")
    key = json.loads(made.stdout)
    return {"aws_access_key_id": key["accessKeyId"], "aws_secret_access_key": key["secretAccessKey"]}


def test_accounts_see_nothing_of_each_other(scripted_server: Server, other_account: dict[str, str]) -> None:
    ours = scripted_server.client("bedrock")
    theirs = scripted_server.client("bedrock", **other_account)
    arn = ours.create_inference_profile(
        inferenceProfileName="ours", modelSource={"copyFrom": MODEL_ARN}, tags=[{"key": "team", "value": "red"}]
    )["inferenceProfileArn"]
    name = arn.rpartition("/")[2]

    def applications(client: Any) -> list[str]:
        listed = client.list_inference_profiles(typeEquals="APPLICATION")["inferenceProfileSummaries"]
        return [each["inferenceProfileArn"] for each in listed]

    assert applications(ours) == [arn]
    assert applications(theirs) == []
    runtime = scripted_server.client("bedrock-runtime", **other_account)
    messages = [{"role": "user", "content": [{"text": "Hello."}]}]
    attempts: list[tuple[str, Callable[[], object]]] = [
        ("ResourceNotFoundException", lambda: theirs.get_inference_profile(inferenceProfileIdentifier=name)),
        ("AccessDeniedException", lambda: theirs.get_inference_profile(inferenceProfileIdentifier=arn)),
        ("ResourceNotFoundException", lambda: theirs.delete_inference_profile(inferenceProfileIdentifier=name)),
        ("AccessDeniedException", lambda: theirs.delete_inference_profile(inferenceProfileIdentifier=arn)),
        ("AccessDeniedException", lambda: theirs.list_tags_for_resource(resourceARN=arn)),
        ("AccessDeniedException", lambda: theirs.tag_resource(resourceARN=arn, tags=[{"key": "a", "value": "b"}])),
        ("AccessDeniedException", lambda: theirs.untag_resource(resourceARN=arn, tagKeys=["team"])),
        ("ResourceNotFoundException", lambda: runtime.converse(modelId=name, messages=messages)),
        ("AccessDeniedException", lambda: runtime.converse(modelId=arn, messages=messages)),
    ]
    for code, attempt in attempts:
        with pytest.raises(ClientError) as caught:
            attempt()
        assert caught.value.response["Error"]["Code"] == code
    # An ARN with the thief's own account in it is not there either.
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        theirs.get_inference_profile(inferenceProfileIdentifier=arn.replace(ACCOUNT, "210987654321"))
    assert ours.list_tags_for_resource(resourceARN=arn)["tags"] == [{"key": "team", "value": "red"}]
    elsewhere = scripted_server.client("bedrock", region="eu-central-1")
    assert applications(elsewhere) == []
    ours.delete_inference_profile(inferenceProfileIdentifier=arn)


# --- the server's own operations ----------------------------------------------------------------------------


def test_a_reset_empties_the_state_and_keeps_the_credentials(strict: Server) -> None:
    bedrock = strict.client("bedrock")
    made = bedrock.create_inference_profile(inferenceProfileName="short-lived", modelSource={"copyFrom": MODEL_ARN})
    host = ("host", "localhost")
    assert exchange(strict, Request("GET", "/_craton/reset", headers=(host,))).status == 404
    assert exchange(strict, Request("POST", "/_craton/reset", headers=(host,))).status == 200
    assert bedrock.list_inference_profiles(typeEquals="APPLICATION")["inferenceProfileSummaries"] == []
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        bedrock.get_inference_profile(inferenceProfileIdentifier=made["inferenceProfileArn"])
    assert_serves(strict)


def test_craton_is_a_service_of_boto3(strict: Server) -> None:
    core = botocore.session.Session()
    core.set_config_variable("data_path", ADMIN_MODELS)
    session = boto3.Session(ACCESS_KEY_ID, SECRET_ACCESS_KEY, region_name=REGION, botocore_session=core)
    craton_client = session.client("craton", endpoint_url=strict.endpoint, config=CLIENT)

    craton_client.create_user(userName="alice")
    craton_client.attach_user_policy(userName="alice", policyArn="arn:aws:iam::aws:policy/AmazonBedrockReadOnly")
    made = craton_client.create_access_key(userName="alice")
    alice = {"aws_access_key_id": made["accessKeyId"], "aws_secret_access_key": made["secretAccessKey"]}
    listed = {key["keyId"]: key for key in craton_client.list_keys()["keys"]}
    assert listed[made["accessKeyId"]]["status"] == "ACTIVE"
    assert listed[made["accessKeyId"]]["userName"] == "alice"
    assert made["secretAccessKey"] not in json.dumps(listed, default=str)

    bedrock = strict.client("bedrock", **alice)
    assert bedrock.list_inference_profiles()["inferenceProfileSummaries"]
    craton_client.revoke_key(keyId=made["accessKeyId"])
    with pytest.raises(ClientError, match="UnrecognizedClientException"):
        bedrock.list_inference_profiles()
    listed = {key["keyId"]: key for key in craton_client.list_keys()["keys"]}
    assert listed[made["accessKeyId"]]["status"] == "REVOKED"

    token = craton_client.create_api_key()
    headers = (("host", "localhost"), ("authorization", f"Bearer {token['apiKey']}"))
    listing = Request("GET", "/inference-profiles", headers=headers)
    assert exchange(strict, listing).status == 200
    craton_client.revoke_key(keyId=token["keyId"])
    assert_refused(exchange(strict, listing), 403, "AccessDeniedException")
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        craton_client.revoke_key(keyId="AKIANOBODYEVERMADETHIS")

    models = {model["modelId"]: model for model in craton_client.list_local_models()["models"]}
    assert models[scripted.MODEL]["installed"]
