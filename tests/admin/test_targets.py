"""Targets of inference profiles: turns go where they say, and on where that fails."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.fronts import LOCAL, Account
from tests.scripted import ANSWER

HELLO: list[Any] = [{"role": "user", "content": [{"text": "Hello"}]}]
ARN = "arn:aws:bedrock:us-east-1::foundation-model/"


def make(account: Account, name: str, model: str = LOCAL) -> str:
    made = account.client("bedrock").create_inference_profile(
        inferenceProfileName=name, modelSource={"copyFrom": ARN + model}
    )
    arn: str = made["inferenceProfileArn"]
    return arn


def put(account: Account, profile: str, *targets: dict[str, Any]) -> Any:
    return account.client("craton").put_inference_profile_targets(
        inferenceProfileIdentifier=profile, targets=list(targets)
    )


def invoked(account: Account, model: str, text: str = "Hello") -> str:
    """The model that the trace says was invoked, checked to have answered."""
    answer = account.client("bedrock-runtime").converse(
        modelId=model, messages=[{"role": "user", "content": [{"text": text}]}]
    )
    assert answer["output"]["message"]["content"][0]["text"] == ANSWER
    trace: str = answer["trace"]["promptRouter"]["invokedModelId"]
    return trace


@pytest.fixture
def profile(account: Account) -> Iterator[str]:
    arn = make(account, "routed")
    yield arn
    account.client("bedrock").delete_inference_profile(inferenceProfileIdentifier=arn)


def test_they_are_put_told_and_deleted(account: Account, profile: str) -> None:
    client = account.client("craton")
    assert client.get_inference_profile_targets(inferenceProfileIdentifier=profile)["targets"] == []
    answer = put(account, profile, {"modelId": "up.large"}, {"modelId": LOCAL, "weight": 3.0, "priority": 1})
    told = client.get_inference_profile_targets(inferenceProfileIdentifier=profile.rpartition("/")[2])
    assert answer["targets"] == told["targets"]
    assert told["inferenceProfileArn"] == profile
    assert told["targets"] == [
        {"modelId": "up.large", "weight": 1.0, "priority": 0},
        {"modelId": LOCAL, "weight": 3.0, "priority": 1},
    ]
    assert invoked(account, profile) == f"{ARN}up.large"
    found = account.client("bedrock").get_inference_profile(inferenceProfileIdentifier=profile)
    assert found["models"] == [{"modelArn": ARN + LOCAL}]
    client.delete_inference_profile_targets(inferenceProfileIdentifier=profile)
    assert client.get_inference_profile_targets(inferenceProfileIdentifier=profile)["targets"] == []
    plain = account.client("bedrock-runtime").converse(modelId=profile, messages=HELLO)
    assert "trace" not in plain


def test_the_next_one_answers_where_one_cannot_be_reached(account: Account, profile: str) -> None:
    put(account, profile, {"modelId": "dead.any"}, {"modelId": LOCAL, "priority": 1})
    assert invoked(account, profile) == f"{ARN}{LOCAL}"
    stream = account.client("bedrock-runtime").converse_stream(modelId=profile, messages=HELLO)["stream"]
    metadata = [event["metadata"] for event in stream if "metadata" in event]
    assert metadata[0]["trace"]["promptRouter"]["invokedModelId"] == f"{ARN}{LOCAL}"


def test_weights_share_the_traffic(account: Account, profile: str) -> None:
    put(account, profile, {"modelId": LOCAL, "weight": 1.0}, {"modelId": "up.large", "weight": 1.0})
    assert set(Counter(invoked(account, profile) for _ in range(24))) == {ARN + LOCAL, ARN + "up.large"}


def test_a_system_defined_profile_a_stand_in_and_a_router_may_be_targets(account: Account, profile: str) -> None:
    put(account, profile, {"modelId": "us.anthropic.claude-3-haiku-20240307-v1:0"})
    answer = account.client("bedrock-runtime").converse(modelId=profile, messages=HELLO)
    own = profile.rpartition(":")[0]
    assert answer["trace"]["promptRouter"]["invokedModelId"] == (
        f"{own}:inference-profile/us.anthropic.claude-3-haiku-20240307-v1:0"
    )
    assert answer["ResponseMetadata"]["HTTPHeaders"]["x-craton-served-by"] == "up.large"


def test_a_target_that_has_gone_is_left_out(account: Account, profile: str) -> None:
    client = account.client("craton")
    client.create_provider(
        providerName="passing", kind="openai", baseUrl="http://127.0.0.1:9/v1", models=[{"model": "model"}]
    )
    put(account, profile, {"modelId": "passing.model"}, {"modelId": LOCAL, "priority": 1})
    client.delete_provider(providerName="passing")
    assert invoked(account, profile) == f"{ARN}{LOCAL}"


def test_what_leads_in_a_circle_is_refused(account: Account, profile: str) -> None:
    other = make(account, "other")
    router = account.client("bedrock").create_prompt_router(
        promptRouterName="in the circle",
        models=[{"modelArn": other}],
        fallbackModel={"modelArn": ARN + LOCAL},
        routingCriteria={"responseQualityDifference": 10},
    )["promptRouterArn"]
    put(account, profile, {"modelId": other})
    for target in (profile, router):
        with pytest.raises(ClientError, match=r"ValidationException.*leads back"):
            put(account, other, {"modelId": target})
    with pytest.raises(ClientError, match=r"ValidationException.*leads back"):
        put(account, profile, {"modelId": profile})
    account.client("bedrock").delete_prompt_router(promptRouterArn=router)


@pytest.mark.parametrize(
    ("targets", "words"),
    [
        ([{"modelId": "nobody.nothing"}], "identifier is invalid"),
        ([{"modelId": "amazon.nova-lite-v1:0"}], "AccessDenied"),
        ([{"modelId": LOCAL, "weight": 0.0}], "weight 0"),
        ([{"modelId": LOCAL}, {"modelId": LOCAL}], "twice"),
    ],
)
def test_what_leads_nowhere_is_refused(
    account: Account, profile: str, targets: list[dict[str, Any]], words: str
) -> None:
    with pytest.raises(ClientError, match=words):
        put(account, profile, *targets)


def test_they_are_the_accounts_own(account: Account, stranger: Account, profile: str) -> None:
    client = stranger.client("craton")
    name = profile.rpartition("/")[2]
    for operation in (client.get_inference_profile_targets, client.delete_inference_profile_targets):
        with pytest.raises(ClientError, match="ResourceNotFoundException"):
            operation(inferenceProfileIdentifier=name)
        with pytest.raises(ClientError, match="AccessDeniedException"):
            operation(inferenceProfileIdentifier=profile)
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        put(stranger, name, {"modelId": LOCAL})


def test_those_of_the_system_have_none(account: Account) -> None:
    with pytest.raises(ClientError, match="defined by the system"):
        put(account, f"us.{LOCAL}", {"modelId": LOCAL})
