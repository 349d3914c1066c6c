"""Policies of resources over the API, and what they let other accounts do."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests import scripted
from tests.fronts import OTHER_ACCOUNT, Account
from tests.iam.people import refusal, user

ACCOUNT = "123456789012"
MODEL_ARN = f"arn:aws:bedrock:us-east-1::foundation-model/{scripted.MODEL}"
HELLO: Any = {"messages": [{"role": "user", "content": [{"text": "Hello"}]}]}
BASE = f"arn:aws:bedrock:us-east-1:{ACCOUNT}:knowledge-base/ABCDEFGHIJ"


def profile(root: Account) -> str:
    made: str = root.client("bedrock").create_inference_profile(
        inferenceProfileName="shared", modelSource={"copyFrom": MODEL_ARN}
    )["inferenceProfileArn"]
    return made


def prompt(root: Account, model: str) -> str:
    agent = root.client("bedrock-agent")
    template = {"text": {"text": "Say hello."}}
    variant = {"name": "a", "templateType": "TEXT", "modelId": model, "templateConfiguration": template}
    made: str = agent.create_prompt(name=f"shared-{model[-12:]}".replace(":", "-"), variants=[variant])["arn"]
    return made


def sharing(resource: str, principal: str = OTHER_ACCOUNT, action: str = "bedrock:InvokeModel*") -> str:
    statement = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": action, "Resource": resource}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def test_a_policy_is_put_told_and_deleted(root: Account) -> None:
    bedrock, arn = root.client("bedrock"), profile(root)
    with pytest.raises(bedrock.exceptions.ResourceNotFoundException):
        bedrock.get_resource_policy(resourceArn=arn)
    assert bedrock.put_resource_policy(resourceArn=arn, resourcePolicy=sharing(arn))["resourceArn"] == arn
    assert bedrock.get_resource_policy(resourceArn=arn)["resourcePolicy"] == sharing(arn)
    bedrock.delete_resource_policy(resourceArn=arn)
    with pytest.raises(bedrock.exceptions.ResourceNotFoundException, match="has no resource policy"):
        bedrock.delete_resource_policy(resourceArn=arn)


def test_only_what_exists_can_have_a_policy(root: Account) -> None:
    bedrock, agent = root.client("bedrock"), root.client("bedrock-agent")
    missing = f"arn:aws:bedrock:us-east-1:{ACCOUNT}:application-inference-profile/abcdefghijkl"
    with pytest.raises(bedrock.exceptions.ValidationException, match="does not exist"):
        bedrock.put_resource_policy(resourceArn=missing, resourcePolicy=sharing(missing))
    for call, more in (
        (agent.put_resource_policy, {"policy": sharing(BASE), "expectedRevisionId": "1"}),
        (agent.get_resource_policy, {}),
        (agent.delete_resource_policy, {}),
    ):
        with pytest.raises(agent.exceptions.ResourceNotFoundException, match="does not exist"):
            call(resourceArn=BASE, **more)


def test_a_malformed_policy_is_refused_with_a_reason(root: Account) -> None:
    bedrock, arn = root.client("bedrock"), profile(root)
    with pytest.raises(bedrock.exceptions.ValidationException, match="'Who'"):
        bedrock.put_resource_policy(resourceArn=arn, resourcePolicy=sharing(arn).replace("Principal", "Who"))


def test_a_profile_is_used_by_another_account_where_both_sides_allow_it(root: Account, other_root: Account) -> None:
    arn = profile(root)
    runtime = other_root.client("bedrock-runtime")
    refused = f"on resource: {arn} because no resource-based policy allows the bedrock:InvokeModel action"
    assert refusal(runtime.converse, modelId=arn, **HELLO).endswith(refused)
    root.client("bedrock").put_resource_policy(resourceArn=arn, resourcePolicy=sharing(arn))
    answer = runtime.converse(modelId=arn, **HELLO)
    assert answer["output"]["message"]["content"][0]["text"] == scripted.ANSWER
    assert list(runtime.converse_stream(modelId=arn, **HELLO)["stream"])

    nothing = user(other_root).client("bedrock-runtime")
    assert "no identity-based policy allows" in refusal(nothing.converse, modelId=arn, **HELLO)
    allowed = user(other_root, {"Action": "bedrock:InvokeModel", "Resource": [arn, MODEL_ARN]})
    allowed.client("bedrock-runtime").converse(modelId=arn, **HELLO)

    root.client("bedrock").delete_resource_policy(resourceArn=arn)
    assert refusal(runtime.converse, modelId=arn, **HELLO).endswith(refused)


def test_sharing_lets_nobody_see_or_change_what_is_shared(root: Account, other_root: Account) -> None:
    arn = profile(root)
    bedrock, strange = root.client("bedrock"), other_root.client("bedrock")
    bedrock.put_resource_policy(resourceArn=arn, resourcePolicy=sharing(arn, action="*"))
    for call, request in (
        (strange.get_inference_profile, {"inferenceProfileIdentifier": arn}),
        (strange.delete_inference_profile, {"inferenceProfileIdentifier": arn}),
        (strange.tag_resource, {"resourceARN": arn, "tags": [{"key": "a", "value": "b"}]}),
    ):
        refusal(call, **request)
    for call, request in (
        (strange.get_resource_policy, {}),
        (strange.delete_resource_policy, {}),
        (strange.put_resource_policy, {"resourcePolicy": sharing(arn)}),
    ):
        with pytest.raises(ClientError, match="does not exist"):
            call(resourceArn=arn, **request)
    listed = strange.list_inference_profiles(typeEquals="APPLICATION")["inferenceProfileSummaries"]
    assert arn not in [each["inferenceProfileArn"] for each in listed]
    assert bedrock.get_inference_profile(inferenceProfileIdentifier=arn)["inferenceProfileArn"] == arn


def test_a_prompt_is_used_by_another_account_with_what_it_leads_to(root: Account, other_root: Account) -> None:
    bedrock, runtime = root.client("bedrock"), other_root.client("bedrock-runtime")
    through = profile(root)
    arn = prompt(root, through)
    refused = f"on resource: {arn} because no resource-based policy allows the bedrock:RenderPrompt action"
    assert refusal(runtime.converse, modelId=arn).endswith(refused)
    bedrock.put_resource_policy(resourceArn=arn, resourcePolicy=sharing(arn, action="bedrock:RenderPrompt"))
    assert f"bedrock:InvokeModel on resource: {through} because no resource-based policy" in refusal(
        runtime.converse, modelId=arn
    )
    bedrock.put_resource_policy(resourceArn=through, resourcePolicy=sharing(through))
    assert runtime.converse(modelId=arn)["output"]["message"]["content"][0]["text"] == scripted.ANSWER


def test_the_policy_of_a_resource_lets_a_user_of_the_account_in_and_keeps_others_out(root: Account) -> None:
    arn, bedrock = profile(root), root.client("bedrock")
    ada = user(root, {"Action": "bedrock:InvokeModel", "Resource": MODEL_ARN})
    eve = user(root, {"Action": "bedrock:*"})
    principal = f"arn:aws:iam::{ACCOUNT}:user/"
    statements = [
        {
            "Effect": "Allow",
            "Principal": {"AWS": principal + ada.name},
            "Action": "bedrock:InvokeModel",
            "Resource": arn,
        },
        {"Effect": "Deny", "Principal": {"AWS": principal + eve.name}, "Action": "bedrock:*", "Resource": arn},
    ]
    bedrock.put_resource_policy(
        resourceArn=arn, resourcePolicy=json.dumps({"Version": "2012-10-17", "Statement": statements})
    )
    ada.client("bedrock-runtime").converse(modelId=arn, **HELLO)
    message = refusal(eve.client("bedrock").get_inference_profile, inferenceProfileIdentifier=arn)
    assert message.endswith("with an explicit deny in a resource-based policy")


def test_putting_a_policy_is_an_action_too(root: Account) -> None:
    arn = profile(root)
    reader = user(root, {"Action": "bedrock:Get*"}).client("bedrock")
    request = {"resourceArn": arn, "resourcePolicy": sharing(arn)}
    assert f"bedrock:PutResourcePolicy on resource: {arn} " in refusal(reader.put_resource_policy, **request)
