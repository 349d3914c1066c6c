"""Prompt routers, made and used through boto3 on a running server."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.fronts import LOCAL, OTHER_ACCOUNT, Account, key_of, serving, stranger_on
from tests.models.routes.prompts import EASY, HARD
from tests.scripted import ANSWER
from tests.serving import Server

ARN = "arn:aws:bedrock:us-east-1::foundation-model/"
OWN = "arn:aws:bedrock:us-east-1:123456789012:"
SONNET = "anthropic.claude-3-5-sonnet-20240620-v1:0"
HAIKU = "anthropic.claude-3-haiku-20240307-v1:0"


@pytest.fixture(scope="module")
def account(scripted_server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    home = tmp_path_factory.mktemp("routers") / "home"
    with serving(home, scripted_server, key_of(scripted_server)) as front:
        yield Account(front)


@pytest.fixture(scope="module")
def stranger(account: Account) -> Account:
    return stranger_on(account.server)


def create(account: Account, name: str = "mine", **more: Any) -> str:
    given: dict[str, Any] = {
        "models": [{"modelArn": ARN + LOCAL}, {"modelArn": f"{ARN}dead.any"}],
        "fallbackModel": {"modelArn": f"{ARN}dead.any"},
        "routingCriteria": {"responseQualityDifference": 10},
    }
    arn: str = account.client("bedrock").create_prompt_router(promptRouterName=name, **given | more)["promptRouterArn"]
    return arn


@pytest.fixture
def clean(account: Account) -> Iterator[None]:
    yield
    client = account.client("bedrock")
    for each in client.list_prompt_routers(type="custom")["promptRouterSummaries"]:
        client.delete_prompt_router(promptRouterArn=each["promptRouterArn"])


@pytest.mark.usefixtures("clean")
class TestCustom:
    def test_one_is_made_told_of_and_deleted(self, account: Account) -> None:
        client = account.client("bedrock")
        arn = create(account, "team a", description="For team A.", tags=[{"key": "team", "value": "a"}])
        assert arn.startswith(f"{OWN}prompt-router/")
        assert len(arn.rpartition("/")[2]) == 12
        found = client.get_prompt_router(promptRouterArn=arn)
        assert found["promptRouterName"] == "team a"
        assert found["description"] == "For team A."
        assert found["routingCriteria"] == {"responseQualityDifference": 10.0}
        assert found["models"] == [{"modelArn": ARN + LOCAL}, {"modelArn": f"{ARN}dead.any"}]
        assert found["fallbackModel"] == {"modelArn": f"{ARN}dead.any"}
        assert (found["status"], found["type"]) == ("AVAILABLE", "custom")
        assert client.list_tags_for_resource(resourceARN=arn)["tags"] == [{"key": "team", "value": "a"}]
        client.delete_prompt_router(promptRouterArn=arn)
        for operation in (client.get_prompt_router, client.delete_prompt_router):
            with pytest.raises(ClientError, match="ResourceNotFoundException"):
                operation(promptRouterArn=arn)

    def test_a_request_sent_again_makes_no_second_one(self, account: Account) -> None:
        first = create(account, clientRequestToken="token-1")
        assert create(account, clientRequestToken="token-1") == first
        with pytest.raises(ClientError, match="ConflictException"):
            create(account, clientRequestToken="token-2")

    def test_pages(self, account: Account) -> None:
        made = [create(account, f"number {number}") for number in range(3)]
        found: list[str] = []
        more: dict[str, str] = {}
        while True:
            page = account.client("bedrock").list_prompt_routers(maxResults=2, **more)
            found += [each["promptRouterArn"] for each in page["promptRouterSummaries"]]
            if "nextToken" not in page:
                break
            more = {"nextToken": page["nextToken"]}
        assert found == [f"{OWN}default-prompt-router/anthropic.claude:1", *made]

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"routingCriteria": {"responseQualityDifference": 0.1}}, "steps of 5"),
            ({"routingCriteria": {"responseQualityDifference": 105}}, "responseQualityDifference"),
            ({"models": [{"modelArn": f"{ARN}dead.any"}]}, "nothing to choose from"),
            ({"models": [{"modelArn": f"{ARN}nobody.nothing-v1:0"}]}, "identifier is invalid"),
            ({"fallbackModel": {"modelArn": f"{ARN}amazon.nova-lite-v1:0"}}, "AccessDenied"),
            ({"models": [{"modelArn": ARN.replace("us-east-1", "eu-west-1") + LOCAL}]}, "of region"),
        ],
    )
    def test_one_that_leads_nowhere_is_refused(self, account: Account, change: dict[str, Any], words: str) -> None:
        with pytest.raises(ClientError, match=words):
            create(account, **change)

    def test_they_are_the_accounts_own(self, account: Account, stranger: Account) -> None:
        arn = create(account)
        client = stranger.client("bedrock")
        theirs = arn.replace("123456789012", OTHER_ACCOUNT)
        for operation in (client.get_prompt_router, client.delete_prompt_router):
            with pytest.raises(ClientError, match="AccessDeniedException"):
                operation(promptRouterArn=arn)
            with pytest.raises(ClientError, match="ResourceNotFoundException"):
                operation(promptRouterArn=theirs)
        assert client.list_prompt_routers(type="custom")["promptRouterSummaries"] == []
        with pytest.raises(ClientError, match="AccessDeniedException"):
            ask(stranger, arn, "Hello")


def ask(account: Account, router: str, text: str) -> Any:
    return account.client("bedrock-runtime").converse(
        modelId=router, messages=[{"role": "user", "content": [{"text": text}]}]
    )


@pytest.mark.usefixtures("clean")
class TestRouting:
    """`up.large` is taken for much stronger than a model of a hundred million parameters would be."""

    @pytest.fixture
    def router(self, account: Account) -> str:
        return create(
            account,
            models=[{"modelArn": f"{ARN}up.large"}, {"modelArn": ARN + SONNET}],
            fallbackModel={"modelArn": ARN + SONNET},
        )

    def test_easy_prompts_and_hard_ones_go_their_ways(self, account: Account, router: str) -> None:
        """By their names `up.large` (85) is stronger than the model that stands in for Sonnet (65)."""
        for prompt, expected in ((EASY[0], SONNET), (HARD[1], "up.large")):
            answer = ask(account, router, prompt)
            assert answer["output"]["message"]["content"][0]["text"] == ANSWER
            assert answer["trace"]["promptRouter"]["invokedModelId"] == ARN + expected

    def test_invoke_model_and_streams_are_routed_alike(self, account: Account, router: str) -> None:
        client = account.client("bedrock-runtime")
        messages: list[Any] = [{"role": "user", "content": "Hi"}]
        body = {"anthropic_version": "bedrock-2023-05-31", "max_tokens": 50, "messages": messages}
        answer = client.invoke_model(modelId=router, body=json.dumps(body))
        assert ANSWER.encode() in answer["body"].read()
        assert answer["ResponseMetadata"]["HTTPHeaders"]["x-craton-served-by"] == LOCAL
        messages = [{"role": "user", "content": [{"text": HARD[1]}]}]
        events = list(client.converse_stream(modelId=router, messages=messages)["stream"])
        assert events[-1]["metadata"]["trace"]["promptRouter"]["invokedModelId"] == f"{ARN}up.large"

    def test_where_the_one_chosen_fails_the_other_answers(self, account: Account) -> None:
        router = create(account)
        answer = ask(account, router, HARD[1])
        assert answer["trace"]["promptRouter"]["invokedModelId"] == ARN + LOCAL


class TestDefault:
    def test_those_whose_models_are_served_are_there(self, account: Account) -> None:
        client = account.client("bedrock")
        (found,) = client.list_prompt_routers(type="default")["promptRouterSummaries"]
        arn = f"{OWN}default-prompt-router/anthropic.claude:1"
        assert found["promptRouterArn"] == arn
        assert (found["type"], found["status"]) == ("default", "AVAILABLE")
        assert found["models"] == [{"modelArn": ARN + HAIKU}, {"modelArn": ARN + SONNET}]
        assert client.get_prompt_router(promptRouterArn=arn)["fallbackModel"] == {"modelArn": ARN + SONNET}
        answer = ask(account, arn, HARD[1])
        assert answer["trace"]["promptRouter"]["invokedModelId"] in (ARN + HAIKU, ARN + SONNET)

    def test_the_others_are_not(self, account: Account) -> None:
        client = account.client("bedrock")
        with pytest.raises(ClientError, match="ResourceNotFoundException"):
            client.get_prompt_router(promptRouterArn=f"{OWN}default-prompt-router/amazon.nova:1")
        with pytest.raises(ClientError, match="cannot be deleted"):
            client.delete_prompt_router(promptRouterArn=f"{OWN}default-prompt-router/anthropic.claude:1")
