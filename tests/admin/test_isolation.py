"""What one account makes no other finds, whichever way it names it: by its id, by its ARN, or by an ARN of its own."""

import contextlib
import json
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError, ParamValidationError

from craton.wire.message import Request
from tests import scripted
from tests.doors.calls import Reply, sign
from tests.doors.wires import exchange
from tests.fronts import LOCAL, OTHER_ACCOUNT, Account
from tests.serving import Server

ACCOUNT = "123456789012"
HELLO: list[Any] = [{"role": "user", "content": [{"text": "Hello"}]}]
REFUSED = {"AccessDeniedException", "ResourceNotFoundException", "ValidationException"}
TEMPLATE = {"text": {"text": "Say {{word}}.", "inputVariables": [{"name": "word"}]}}
LOCAL_ARN = f"arn:aws:bedrock:us-east-1::foundation-model/{LOCAL}"
OUTPUT = {"s3OutputDataConfig": {"s3Uri": "s3://results/"}}

# What an account makes -> the names under which others may try to reach it.
Make = Callable[[Account], list[str]]
# What a stranger may try with a name.
Try = Callable[[Account, str], object]


@cache
def client(account: Account, service: str) -> Any:
    return account.client(service)


def names(arn: str) -> list[str]:
    """The ARN, that of a namesake in the stranger's account, and the id, with and without a version."""
    name = arn.rpartition("/")[2]
    return [arn, arn.replace(ACCOUNT, OTHER_ACCOUNT), name, name.partition(":")[0]]


def prompt(owner: Account) -> list[str]:
    agent = client(owner, "bedrock-agent")
    with contextlib.suppress(ClientError):  # the one that was made before
        variant = {"name": "a", "templateType": "TEXT", "modelId": LOCAL, "templateConfiguration": TEMPLATE}
        made = agent.create_prompt(name="secret", variants=[variant])
        agent.create_prompt_version(promptIdentifier=made["id"])
    summary = next(each for each in agent.list_prompts()["promptSummaries"] if each["name"] == "secret")
    return [*names(summary["arn"]), *names(f"{summary['arn']}:1")]


def profile(owner: Account) -> list[str]:
    made = client(owner, "bedrock").create_inference_profile(
        inferenceProfileName="secret", modelSource={"copyFrom": LOCAL_ARN}
    )
    client(owner, "craton").put_inference_profile_targets(
        inferenceProfileIdentifier=made["inferenceProfileArn"], targets=[{"modelId": LOCAL}]
    )
    return names(made["inferenceProfileArn"])


def router(owner: Account) -> list[str]:
    made = client(owner, "bedrock").create_prompt_router(
        promptRouterName="secret",
        models=[{"modelArn": LOCAL_ARN}, {"modelArn": "arn:aws:bedrock:us-east-1::foundation-model/chat.scripted"}],
        fallbackModel={"modelArn": LOCAL_ARN},
        routingCriteria={"responseQualityDifference": 10},
    )
    return names(made["promptRouterArn"])


def invocation(owner: Account) -> list[str]:
    runtime = client(owner, "bedrock-runtime")
    asked = {"modelId": LOCAL, "modelInput": {"messages": [{"role": "user", "content": "Hello"}]}}
    return names(runtime.start_async_invoke(**asked, outputDataConfig=OUTPUT)["invocationArn"])


def converse(account: Account, name: str, **more: Any) -> object:
    return client(account, "bedrock-runtime").converse(modelId=name, **more)


KINDS: dict[str, tuple[Make, list[Try]]] = {
    "prompt": (
        prompt,
        [
            lambda account, name: client(account, "bedrock-agent").get_prompt(promptIdentifier=name),
            lambda account, name: client(account, "bedrock-agent").delete_prompt(promptIdentifier=name),
            lambda account, name: client(account, "bedrock-agent").create_prompt_version(promptIdentifier=name),
            lambda account, name: client(account, "bedrock-agent").list_prompts(promptIdentifier=name),
            lambda account, name: client(account, "bedrock-agent").update_prompt(promptIdentifier=name, name="mine"),
            lambda account, name: client(account, "bedrock-agent").tag_resource(resourceArn=name, tags={"a": "b"}),
            lambda account, name: client(account, "bedrock-agent").list_tags_for_resource(resourceArn=name),
            lambda account, name: converse(account, name, promptVariables={"word": {"text": "a"}}),
        ],
    ),
    "inference profile": (
        profile,
        [
            lambda account, name: client(account, "bedrock").get_inference_profile(inferenceProfileIdentifier=name),
            lambda account, name: client(account, "bedrock").delete_inference_profile(inferenceProfileIdentifier=name),
            lambda account, name: client(account, "bedrock").tag_resource(
                resourceARN=name, tags=[{"key": "a", "value": "b"}]
            ),
            lambda account, name: client(account, "craton").get_inference_profile_targets(
                inferenceProfileIdentifier=name
            ),
            lambda account, name: client(account, "craton").put_inference_profile_targets(
                inferenceProfileIdentifier=name, targets=[{"modelId": LOCAL}]
            ),
            lambda account, name: client(account, "craton").delete_inference_profile_targets(
                inferenceProfileIdentifier=name
            ),
            lambda account, name: target(account, name),
            lambda account, name: converse(account, name, messages=HELLO),
        ],
    ),
    "prompt router": (
        router,
        [
            lambda account, name: client(account, "bedrock").get_prompt_router(promptRouterArn=name),
            lambda account, name: client(account, "bedrock").delete_prompt_router(promptRouterArn=name),
            lambda account, name: target(account, name),
            lambda account, name: converse(account, name, messages=HELLO),
        ],
    ),
    "asynchronous invocation": (
        invocation,
        [lambda account, name: client(account, "bedrock-runtime").get_async_invoke(invocationArn=name)],
    ),
}


def target(account: Account, name: str) -> None:
    """Have a profile of one's own lead there."""
    bedrock = client(account, "bedrock")
    own = bedrock.create_inference_profile(inferenceProfileName="own", modelSource={"copyFrom": LOCAL_ARN})
    identifier = own["inferenceProfileArn"]
    try:
        client(account, "craton").put_inference_profile_targets(
            inferenceProfileIdentifier=identifier, targets=[{"modelId": name}]
        )
    finally:
        bedrock.delete_inference_profile(inferenceProfileIdentifier=identifier)


@pytest.fixture(scope="module", params=KINDS)
def made(request: pytest.FixtureRequest, account: Account) -> Iterator[tuple[list[str], list[Try]]]:
    make, tries = KINDS[request.param]
    yield make(account), tries


def test_nobody_else_reaches_it(made: tuple[list[str], list[Try]], account: Account, stranger: Account) -> None:
    found, tries = made
    for attempt in tries:
        for name in found:
            with pytest.raises((ClientError, ParamValidationError)) as refused:  # botocore itself refuses some
                attempt(stranger, name)
            if isinstance(refused.value, ClientError):
                assert refused.value.response["Error"]["Code"] in REFUSED, refused.value
    first, *_ = tries
    first(account, found[0])  # it is still there


def test_nobody_else_sees_it_in_a_list(account: Account, stranger: Account) -> None:
    lists: list[Callable[[Account], Any]] = [
        lambda owner: client(owner, "bedrock-agent").list_prompts()["promptSummaries"],
        lambda owner: client(owner, "bedrock").list_inference_profiles(typeEquals="APPLICATION"),
        lambda owner: client(owner, "bedrock").list_prompt_routers(type="custom"),
        lambda owner: client(owner, "bedrock-runtime").list_async_invokes(),
    ]
    prompt(account)
    invocation(account)
    for listed in lists:
        assert ACCOUNT not in json.dumps(listed(stranger), default=str)
    assert ACCOUNT in json.dumps(lists[0](account), default=str)


def test_a_token_of_one_account_is_none_of_another(account: Account, stranger: Account) -> None:
    """Neither that of a page nor that of a request that may be repeated."""
    for _ in range(2):
        invocation(account)
    token = client(account, "bedrock-runtime").list_async_invokes(maxResults=1)["nextToken"]
    with pytest.raises(ClientError, match="ValidationException"):
        client(stranger, "bedrock-runtime").list_async_invokes(maxResults=1, nextToken=token)
    asked: dict[str, Any] = {"inferenceProfileName": "repeated", "modelSource": {"copyFrom": LOCAL_ARN}}
    asked["clientRequestToken"] = "the-same-for-both"
    first, second = (client(each, "bedrock").create_inference_profile(**asked) for each in (account, stranger))
    assert (ACCOUNT in first["inferenceProfileArn"], OTHER_ACCOUNT in second["inferenceProfileArn"]) == (True, True)


def test_a_bucket_of_one_account_is_none_of_another(account: Account, stranger: Account, front: Server) -> None:
    folder = front.home / "buckets" / "private"
    folder.mkdir(parents=True)
    (folder / "a.txt").write_text("The secret is 42.")
    own = front.home / "buckets" / f"@{OTHER_ACCOUNT}" / "theirs"
    own.mkdir(parents=True)
    (own / "link").symlink_to(folder)

    def ask(uri: str, **more: str) -> object:
        source = {"s3Location": {"uri": uri, **more}}
        document = {"document": {"format": "txt", "name": "a", "source": source}}
        return converse(stranger, LOCAL, messages=[{"role": "user", "content": [{"text": "What?"}, document]}])

    for uri, more in (
        ("s3://private/a.txt", {}),
        ("s3://private/a.txt", {"bucketOwner": ACCOUNT}),
        ("s3://theirs/../../private/a.txt", {}),
        ("s3://theirs/..%2f..%2fprivate/a.txt", {}),
        ("s3://theirs/%2e%2e/%2e%2e/private/a.txt", {}),
        ("s3://theirs/link/a.txt", {}),
        (f"s3://@{OTHER_ACCOUNT}/theirs/a.txt", {}),
        ("s3://../private/a.txt", {}),
        (f"s3://{ACCOUNT}/a.txt", {}),
    ):
        with pytest.raises(ClientError) as refused:
            ask(uri, **more)
        assert refused.value.response["Error"]["Code"] in REFUSED, uri
        assert "42" not in str(refused.value)


def as_of(server: Server, account: Account, method: str, path: str, body: Any = None) -> Reply:
    data = b"" if body is None else json.dumps(body).encode()
    credentials = Credentials(account.access_key_id, account.secret)
    request = Request(method, path, headers=(("content-type", "application/json"),), body=data)
    return exchange(server, sign(request, "bedrock", credentials, host=f"127.0.0.1:{server.port}"))


def test_a_response_of_one_account_is_none_of_another(account: Account, stranger: Account, front: Server) -> None:
    asked = {"model": LOCAL, "input": "The word is xylophone."}
    kept = as_of(front, account, "POST", "/v1/responses", asked).json
    item = as_of(front, account, "GET", f"/v1/responses/{kept['id']}/input_items").json["data"][0]["id"]
    path = f"/v1/responses/{kept['id']}"
    for method, where in (("GET", path), ("DELETE", path), ("POST", f"{path}/cancel"), ("GET", f"{path}/input_items")):
        assert as_of(front, stranger, method, where).status == 404
    for body in (
        {"model": LOCAL, "input": "Go on.", "previous_response_id": kept["id"]},
        {"model": LOCAL, "input": [{"type": "item_reference", "id": item}]},
        {"model": LOCAL, "input": [{"type": "item_reference", "id": kept["output"][0]["id"]}]},
    ):
        assert as_of(front, stranger, "POST", "/v1/responses", body).status == 400
        assert as_of(front, account, "POST", "/v1/responses", body).status == 200
    assert as_of(front, account, "GET", path).json["output"][0]["content"][0]["text"] == scripted.ANSWER


def test_models_of_an_account_s_provider_are_unknown_to_all_doors(
    account: Account, stranger: Account, front: Server, upstream: Server
) -> None:
    client(account, "craton").create_provider(
        providerName="secret",
        kind="openai",
        baseUrl=f"{upstream.endpoint}/v1",
        secretFile="upstream",
        models=[{"model": scripted.MODEL, "id": "secret.model"}],
    )
    try:
        ask = {"model": "secret.model", "max_tokens": 9, "messages": [{"role": "user", "content": "Hello"}]}
        for path in ("/v1/chat/completions", "/v1/messages"):
            assert as_of(front, account, "POST", path, ask).status == 200
            assert as_of(front, stranger, "POST", path, ask).status == 404
        assert "secret.model" in as_of(front, account, "GET", "/v1/models").body.decode()
        assert "secret.model" not in as_of(front, stranger, "GET", "/v1/models").body.decode()
        assert as_of(front, stranger, "GET", "/v1/models/secret.model").status == 404
        with pytest.raises(ClientError, match=r"ValidationException|ResourceNotFound"):
            target(stranger, "secret.model")
    finally:
        client(account, "craton").delete_provider(providerName="secret")
