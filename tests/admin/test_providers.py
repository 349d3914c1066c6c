"""Providers as operations: what an account makes is its own, and names no secret that is not for it."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.fronts import LOCAL, OTHER_ACCOUNT, Account
from tests.scripted import ANSWER, MODEL
from tests.serving import Server

HELLO: list[Any] = [{"role": "user", "content": [{"text": "Hello"}]}]


def body(upstream: Server, **more: Any) -> dict[str, Any]:
    """A request for a provider that is the upstream server."""
    given = {"kind": "bedrock", "region": "us-east-1", "baseUrl": upstream.endpoint, "secretFile": "upstream"}
    return given | {"models": [{"model": MODEL, "id": "mine.scripted"}]} | more


def says(account: Account, model: str) -> str:
    answer = account.client("bedrock-runtime").converse(modelId=model, messages=HELLO)
    text: str = answer["output"]["message"]["content"][0]["text"]
    return text


def listed(account: Account) -> list[str]:
    return [each["modelId"] for each in account.client("bedrock").list_foundation_models()["modelSummaries"]]


@pytest.fixture
def made(account: Account, upstream: Server) -> Any:
    """A provider of the account's own, for one test."""
    client = account.client("craton")
    yield client.create_provider(providerName="mine", **body(upstream))
    for each in client.list_providers()["providers"]:
        if each["source"] == "ACCOUNT":
            client.delete_provider(providerName=each["providerName"])


class TestOwn:
    def test_one_that_was_made_is_told_of_and_answers(self, made: Any, account: Account) -> None:
        assert made["source"] == "ACCOUNT"
        assert made["models"] == [{"model": MODEL, "id": "mine.scripted"}]
        found = account.client("craton").get_provider(providerName="mine")
        for answer in (made, found):
            del answer["ResponseMetadata"]
        assert found == made
        assert says(account, "mine.scripted") == ANSWER
        assert says(account, "us.mine.scripted") == ANSWER

    def test_its_models_are_those_of_the_account_and_of_nobody_else(
        self, made: Any, account: Account, stranger: Account
    ) -> None:
        assert "mine.scripted" in listed(account)
        assert "mine.scripted" not in listed(stranger)
        details = account.client("bedrock").get_foundation_model(modelIdentifier="mine.scripted")["modelDetails"]
        assert details["providerName"] == "mine"
        profiles = account.client("bedrock").list_inference_profiles(maxResults=1000)["inferenceProfileSummaries"]
        assert "us.mine.scripted" in [profile["inferenceProfileId"] for profile in profiles]
        with pytest.raises(ClientError, match="ValidationException"):
            says(stranger, "mine.scripted")
        theirs = stranger.client("craton")
        for operation in (theirs.get_provider, theirs.delete_provider, theirs.list_provider_models):
            with pytest.raises(ClientError, match="ResourceNotFoundException"):
                operation(providerName="mine")
        assert "mine" not in [each["providerName"] for each in theirs.list_providers()["providers"]]

    def test_one_that_leads_back_to_this_server_is_refused_when_it_is_used(
        self, made: Any, account: Account, upstream: Server
    ) -> None:
        itself = body(upstream, kind="openai", baseUrl=f"{account.server.endpoint}/v1")
        del itself["region"], itself["secretFile"]
        account.client("craton").update_provider(providerName="mine", **itself)
        with pytest.raises(ClientError, match=r"ValidationException.*leads back here"):
            says(account, "mine.scripted")

    def test_it_is_the_same_in_all_regions(self, made: Any, account: Account) -> None:
        client = account.client("craton", "eu-central-1")
        assert client.get_provider(providerName="mine")["providerName"] == "mine"

    def test_an_update_replaces_all_of_it(self, made: Any, account: Account, upstream: Server) -> None:
        client = account.client("craton")
        models = [{"model": MODEL}, {"model": "other", "name": "Other", "contextLength": 100}]
        changed = client.update_provider(providerName="mine", **body(upstream, models=models, retries=1))
        assert [model["id"] for model in changed["models"]] == ["mine.craton-scripted-v1:0", "mine.other"]
        assert changed["retries"] == 1
        assert says(account, "mine.craton-scripted-v1:0") == ANSWER
        with pytest.raises(ClientError, match="identifier is invalid"):
            says(account, "mine.scripted")

    def test_one_that_was_deleted_answers_no_more(self, made: Any, account: Account) -> None:
        account.client("craton").delete_provider(providerName="mine")
        with pytest.raises(ClientError, match="identifier is invalid"):
            says(account, "mine.scripted")
        with pytest.raises(ClientError, match="ResourceNotFoundException"):
            account.client("craton").delete_provider(providerName="mine")

    def test_two_accounts_may_use_one_name(
        self, made: Any, account: Account, stranger: Account, upstream: Server
    ) -> None:
        theirs = stranger.client("craton")
        theirs.create_provider(providerName="mine", **body(upstream, secretFile=f"{OTHER_ACCOUNT}/own"))
        try:
            assert says(stranger, "mine.scripted") == ANSWER
            assert says(account, "mine.scripted") == ANSWER
        finally:
            theirs.delete_provider(providerName="mine")

    def test_it_is_asked_what_it_has(self, made: Any, account: Account) -> None:
        models = account.client("craton").list_provider_models(providerName="mine")["models"]
        assert [(model["model"], model["modelId"]) for model in models] == [(MODEL, "mine.scripted")]

    def test_pages_go_over_both_kinds(self, made: Any, account: Account, upstream: Server) -> None:
        client = account.client("craton")
        client.create_provider(providerName="mine2", kind="openai", baseUrl=upstream.endpoint)
        names, more = [], {}
        while True:
            page = client.list_providers(maxResults=1, **more)
            names += [each["providerName"] for each in page["providers"]]
            if "nextToken" not in page:
                break
            more = {"nextToken": page["nextToken"]}
        assert names == ["chat", "dead", "messages", "up", "mine", "mine2"]


class TestOfTheConfiguration:
    def test_everybody_sees_them_without_their_secrets(self, account: Account, stranger: Account) -> None:
        for caller in (account, stranger):
            found = caller.client("craton").get_provider(providerName="up")
            assert found["source"] == "CONFIGURATION"
            assert found["models"] == [
                {"model": MODEL, "id": "up.large", "name": "Large", "contextLength": 8192},
            ]
            assert not {"secretEnv", "secretFile", "headers"} & set(found)
            assert {"up.large", "dead.any", LOCAL} <= set(listed(caller))
            assert says(caller, "up.large") == ANSWER

    @pytest.mark.parametrize("model", ["up.large", "chat.scripted", "messages.scripted"])
    def test_all_kinds_answer_and_stream(self, account: Account, model: str) -> None:
        assert says(account, model) == ANSWER
        stream = account.client("bedrock-runtime").converse_stream(modelId=model, messages=HELLO)["stream"]
        events = list(stream)
        text = "".join(
            each["contentBlockDelta"]["delta"].get("text", "") for each in events if "contentBlockDelta" in each
        )
        assert text == ANSWER
        assert events[-1]["metadata"]["usage"]["outputTokens"] > 0

    @pytest.mark.parametrize("provider", ["up", "chat", "messages"])
    def test_all_kinds_tell_which_models_they_have(self, account: Account, provider: str) -> None:
        models = account.client("craton").list_provider_models(providerName=provider)["models"]
        assert MODEL in [model["model"] for model in models]

    def test_nobody_changes_them(self, account: Account, upstream: Server) -> None:
        client = account.client("craton")
        with pytest.raises(ClientError, match=r"ValidationException.*configuration"):
            client.delete_provider(providerName="up")
        with pytest.raises(ClientError, match=r"ValidationException.*configuration"):
            client.update_provider(providerName="up", **body(upstream))
        with pytest.raises(ClientError, match=r"ConflictException.*configuration"):
            client.create_provider(providerName="up", **body(upstream))

    def test_a_stand_in_may_be_theirs(self, account: Account) -> None:
        answer = account.client("bedrock-runtime").converse(
            modelId="anthropic.claude-3-haiku-20240307-v1:0", messages=HELLO
        )
        assert answer["ResponseMetadata"]["HTTPHeaders"]["x-craton-served-by"] == "up.large"

    def test_ids_are_passed_on_as_they_are(self, account: Account) -> None:
        """The provider knows the very id that was asked for, geography and all; what it does not know it refuses."""
        assert says(account, MODEL) == ANSWER
        assert says(account, f"us.{MODEL}") == ANSWER
        with pytest.raises(ClientError) as refused:
            says(account, "cohere.command-r-v1:0")
        assert refused.value.response["Error"]["Code"] in ("AccessDeniedException", "ValidationException")

    def test_one_that_cannot_be_reached_is_said_so(self, account: Account) -> None:
        with pytest.raises(ClientError) as refused:
            account.client("craton").list_provider_models(providerName="dead")
        assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 424
        assert "dead" in str(refused.value)


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"secretFile": None, "secretEnv": "AWS_SECRET_ACCESS_KEY"}, "CRATON_SECRET_"),
    ({"secretFile": None, "secretEnv": "CRATON_ROOT_SECRET_ACCESS_KEY"}, "CRATON_SECRET_"),
    ({"secretFile": None, "secretEnv": f"CRATON_SECRET_{OTHER_ACCOUNT}_KEY"}, "this account alone"),
    ({"secretFile": "/etc/passwd"}, "folder 'secrets'"),
    ({"secretFile": "../craton.db"}, "folder 'secrets'"),
    ({"secretFile": "a/../../craton.db"}, "folder 'secrets'"),
    ({"secretFile": "~/key"}, "folder 'secrets'"),
    ({"secretFile": f"{OTHER_ACCOUNT}/own"}, "this account alone"),
    ({"secretFile": None}, "needs secretEnv or secretFile"),
    ({"secretEnv": "CRATON_SECRET_X"}, "one secret"),
    ({"baseUrl": "ftp://example.com"}, "no address of a server"),
    ({"baseUrl": "file:///etc/passwd"}, "no address of a server"),
    ({"baseUrl": "http://me:key@example.com"}, "no user name or password"),
    ({"baseUrl": "http://example.com?key=1"}, "query or fragment"),
    ({"baseUrl": "http://169.254.169.254/latest"}, "link-local"),
    ({"baseUrl": "http://[fe80::1]/"}, "link-local"),
    ({"baseUrl": "http://[::ffff:169.254.169.254]/"}, "link-local"),
    ({"baseUrl": "http://[fd00:ec2::254]/"}, "link-local"),
    ({"baseUrl": "http://2852039166/"}, "link-local"),
    ({"baseUrl": "http://0xa9.0xfe.0xa9.0xfe/"}, "link-local"),
    ({"baseUrl": "http://metadata.google.internal/"}, "link-local"),
    ({"headers": {"Authorization": "Bearer x"}}, "holds a secret"),
    ({"headers": {"Host": "x"}}, "cannot be set"),
    ({"headers": {"x": "a\r\nb: c"}}, "no HTTP header"),
    ({"region": None}, "needs the region"),
    ({"connectTimeout": 0.0}, "timeout"),
    ({"models": [{"model": "a", "id": "eu.mine"}]}, "no id for a model"),
    ({"models": [{"model": "a", "id": LOCAL}]}, "already"),
    ({"models": [{"model": "a", "id": "up.large"}]}, "already"),
    ({"models": [{"model": "a", "id": "mine.big"}, {"model": "b", "id": "mine.big"}]}, "same id"),
]


@pytest.mark.parametrize(("change", "words"), REFUSED, ids=lambda value: str(value)[:60])
def test_what_would_reach_too_far_is_refused(
    account: Account, upstream: Server, change: dict[str, Any], words: str
) -> None:
    request = {member: value for member, value in (body(upstream) | change).items() if value is not None}
    client = account.client("craton")
    with pytest.raises(ClientError, match=words):
        client.create_provider(providerName="mine", **request)
    assert "mine" not in [each["providerName"] for each in client.list_providers()["providers"]]


@pytest.mark.parametrize("name", ["eu", "global", "Mine", "a.b", "-a", "x" * 31])
def test_a_name_that_ids_cannot_begin_with_is_refused(account: Account, upstream: Server, name: str) -> None:
    with pytest.raises(ClientError, match="ValidationException"):
        account.client("craton").create_provider(providerName=name, **body(upstream))


def test_secrets_stay_out_of_answers_logs_and_the_store(
    made: Any, account: Account, front: Server, upstream_key: str
) -> None:
    says(account, "mine.scripted")
    assert upstream_key not in repr(made)
    assert upstream_key not in front.log.read_text()
    stored = b"".join(path.read_bytes() for path in front.home.glob("craton.db*"))
    assert upstream_key.encode() not in stored
