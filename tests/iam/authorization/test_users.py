"""Users with policies, as boto3 and the other APIs' clients meet them."""

import json
import urllib.error
import urllib.request
from typing import Any

import pytest

from tests import scripted
from tests.fronts import Account
from tests.iam.people import User, refusal, user
from tests.serving import Server

ACCOUNT = "123456789012"
OWN = f"arn:aws:bedrock:us-east-1:{ACCOUNT}:"
MODEL_ARN = f"arn:aws:bedrock:us-east-1::foundation-model/{scripted.MODEL}"
SYSTEM_PROFILE = f"us.{scripted.MODEL}"
HELLO: Any = {"messages": [{"role": "user", "content": [{"text": "Hello"}]}]}
BODY = json.dumps({"messages": [{"role": "user", "content": "Hello"}]})


def arn(someone: User) -> str:
    return f"arn:aws:iam::{ACCOUNT}:user/{someone.name}"


def invoke(resource: str | list[str], **more: Any) -> dict[str, Any]:
    return {"Action": "bedrock:InvokeModel*", "Resource": resource, **more}


def profile(root: Account, **tags: str) -> str:
    bedrock = root.client("bedrock")
    listed = [{"key": key, "value": value} for key, value in tags.items()]
    more = {"tags": listed} if listed else {}
    made: str = bedrock.create_inference_profile(
        inferenceProfileName="budget", modelSource={"copyFrom": MODEL_ARN}, **more
    )["inferenceProfileArn"]
    return made


def test_a_user_without_policies_may_do_nothing(root: Account) -> None:
    ada = user(root)
    bedrock, runtime = ada.client("bedrock"), ada.client("bedrock-runtime")
    assert refusal(bedrock.list_foundation_models) == (
        f"User: {arn(ada)} is not authorized to perform: bedrock:ListFoundationModels "
        "because no identity-based policy allows the bedrock:ListFoundationModels action"
    )
    assert refusal(bedrock.get_foundation_model, modelIdentifier=scripted.MODEL) == (
        f"User: {arn(ada)} is not authorized to perform: bedrock:GetFoundationModel on resource: {MODEL_ARN} "
        "because no identity-based policy allows the bedrock:GetFoundationModel action"
    )
    assert refusal(runtime.converse, modelId=scripted.MODEL, **HELLO) == (
        f"User: {arn(ada)} is not authorized to perform: bedrock:InvokeModel on resource: {MODEL_ARN} "
        "because no identity-based policy allows the bedrock:InvokeModel action"
    )
    assert "craton:ListUsers" in refusal(ada.client("craton").list_users)


def test_every_way_to_a_model_asks_for_the_action_that_aws_asks_for(root: Account) -> None:
    plain = user(root, {"Action": "bedrock:InvokeModel"}).client("bedrock-runtime")
    streaming = user(root, {"Action": "bedrock:InvokeModelWithResponseStream"}).client("bedrock-runtime")
    named = {"modelId": scripted.MODEL}
    plain.converse(**named, **HELLO)
    plain.invoke_model(**named, body=BODY)
    assert list(streaming.converse_stream(**named, **HELLO)["stream"])
    assert list(streaming.invoke_model_with_response_stream(**named, body=BODY)["body"])
    for call, request in (
        (streaming.converse, HELLO),
        (streaming.invoke_model, {"body": BODY}),
        (plain.converse_stream, HELLO),
        (plain.invoke_model_with_response_stream, {"body": BODY}),
    ):
        assert "no identity-based policy allows" in refusal(call, **named, **request)
    counted = {"input": {"converse": HELLO}}
    assert "bedrock:CountTokens on resource" in refusal(plain.count_tokens, **named, **counted)
    user(root, {"Action": "bedrock:CountTokens"}).client("bedrock-runtime").count_tokens(**named, **counted)


def test_an_explicit_deny_of_one_model_holds_however_it_is_named(root: Account) -> None:
    eve = user(root, {"Action": "bedrock:*"}, {"Effect": "Deny", **invoke(MODEL_ARN)})
    runtime = eve.client("bedrock-runtime")
    for name in (scripted.MODEL, MODEL_ARN, SYSTEM_PROFILE, profile(root)):
        message = refusal(runtime.converse, modelId=name, **HELLO)
        assert message.endswith(f"on resource: {MODEL_ARN} with an explicit deny in an identity-based policy")


def test_a_model_may_be_used_through_one_profile_only(root: Account) -> None:
    """The policy of the user guide: the profile, and the model on condition that it is reached through it."""
    budget, another = profile(root), profile(root)
    through = {"Condition": {"StringEquals": {"bedrock:InferenceProfileArn": budget}}}
    runtime = user(root, invoke(budget), invoke(MODEL_ARN, **through)).client("bedrock-runtime")
    runtime.converse(modelId=budget, **HELLO)
    runtime.converse(modelId=budget.rpartition("/")[2], **HELLO)
    assert f"on resource: {MODEL_ARN} " in refusal(runtime.converse, modelId=scripted.MODEL, **HELLO)
    assert f"on resource: {another} " in refusal(runtime.converse, modelId=another, **HELLO)
    system = f"{OWN}inference-profile/{SYSTEM_PROFILE}"
    assert f"on resource: {system} " in refusal(runtime.converse, modelId=SYSTEM_PROFILE, **HELLO)


def test_all_that_a_profile_may_lead_to_must_be_allowed(root: Account) -> None:
    outer, inner = profile(root), profile(root)
    root.client("craton").put_inference_profile_targets(inferenceProfileIdentifier=outer, targets=[{"modelId": inner}])
    whole = [outer, inner, MODEL_ARN]
    user(root, invoke(whole)).client("bedrock-runtime").converse(modelId=outer, **HELLO)
    for missing in whole:
        runtime = user(root, invoke([each for each in whole if each != missing])).client("bedrock-runtime")
        assert f"on resource: {missing} " in refusal(runtime.converse, modelId=outer, **HELLO)
    first = {"Condition": {"ArnEquals": {"bedrock:InferenceProfileArn": outer}}}
    user(root, invoke(outer), invoke([inner, MODEL_ARN], **first)).client("bedrock-runtime").converse(
        modelId=outer, **HELLO
    )


def test_tags_of_resource_and_user_decide_together(root: Account) -> None:
    red, blue = profile(root, team="red"), profile(root, team="blue")
    same = {"Condition": {"StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}}}
    through = {"Condition": {"ArnLike": {"bedrock:InferenceProfileArn": f"{OWN}application-inference-profile/*"}}}
    runtime = user(
        root,
        invoke(f"{OWN}application-inference-profile/*", **same),
        invoke(MODEL_ARN, **through),
        tags={"team": "red"},
    ).client("bedrock-runtime")
    runtime.converse(modelId=red, **HELLO)
    assert f"on resource: {blue} " in refusal(runtime.converse, modelId=blue, **HELLO)


def test_who_makes_something_may_be_made_to_tag_it(root: Account) -> None:
    tagged = {"Condition": {"StringEquals": {"aws:RequestTag/team": "red"}}}
    agent = user(root, {"Action": ["bedrock:CreatePrompt", "bedrock:TagResource"], **tagged}).client("bedrock-agent")
    assert "bedrock:CreatePrompt" in refusal(agent.create_prompt, name="plain")
    assert "bedrock:CreatePrompt" in refusal(agent.create_prompt, name="blue", tags={"team": "blue"})
    made = agent.create_prompt(name="red", tags={"team": "red"})
    root.client("bedrock-agent").delete_prompt(promptIdentifier=made["id"])
    only_making = user(root, {"Action": "bedrock:CreatePrompt"}).client("bedrock-agent")
    message = refusal(only_making.create_prompt, name="red", tags={"team": "red"})
    assert f"bedrock:TagResource on resource: {OWN}prompt/*" in message


def test_the_network_that_a_request_comes_from_counts(root: Account) -> None:
    away = {"Effect": "Deny", "Action": "*", "Condition": {"NotIpAddress": {"aws:SourceIp": "192.0.2.0/24"}}}
    here = {"Effect": "Deny", "Action": "*", "Condition": {"NotIpAddress": {"aws:SourceIp": "127.0.0.0/8"}}}
    everything = {"Action": "*"}
    assert "explicit deny" in refusal(user(root, everything, away).client("bedrock").list_foundation_models)
    user(root, everything, here).client("bedrock").list_foundation_models()


def test_a_service_tier_can_be_kept_from_somebody(root: Account) -> None:
    no_priority = {"Effect": "Deny", **invoke("*"), "Condition": {"StringEquals": {"bedrock:ServiceTier": "priority"}}}
    runtime = user(root, invoke("*"), no_priority).client("bedrock-runtime")
    runtime.converse(modelId=scripted.MODEL, **HELLO)
    asked = {**HELLO, "serviceTier": {"type": "priority"}}
    assert "with an explicit deny" in refusal(runtime.converse, modelId=scripted.MODEL, **asked)
    assert "explicit deny" in refusal(runtime.invoke_model, modelId=scripted.MODEL, body=BODY, serviceTier="priority")


def test_a_guardrail_can_be_made_a_condition(root: Account) -> None:
    """Whoever leaves it out is refused before anything is made."""
    guarded = {"Condition": {"StringEquals": {"bedrock:GuardrailIdentifier": f"{OWN}guardrail/abc:1"}}}
    runtime = user(root, invoke("*", **guarded)).client("bedrock-runtime")
    assert "bedrock:InvokeModel on resource" in refusal(runtime.converse, modelId=scripted.MODEL, **HELLO)
    config = {"guardrailConfig": {"guardrailIdentifier": "abc", "guardrailVersion": "1"}}
    refused = refusal(runtime.converse, modelId=scripted.MODEL, **HELLO, **config)
    assert f"bedrock:ApplyGuardrail on resource: {OWN}guardrail/abc " in refused
    applying = {"Action": "bedrock:ApplyGuardrail", "Resource": f"{OWN}guardrail/abc"}
    runtime = user(root, invoke("*", **guarded), applying).client("bedrock-runtime")
    with pytest.raises(runtime.exceptions.ValidationException):  # permitted, and then there is no such guardrail
        runtime.converse(modelId=scripted.MODEL, **HELLO, **config)


def test_a_prompt_must_be_rendered_and_its_model_invoked(root: Account) -> None:
    agent = root.client("bedrock-agent")
    template = {"text": {"text": "Say hello."}}
    variant = {"name": "a", "templateType": "TEXT", "modelId": scripted.MODEL, "templateConfiguration": template}
    made = agent.create_prompt(name="greeting", variants=[variant])
    version = agent.create_prompt_version(promptIdentifier=made["id"])["arn"]
    rendering = {"Action": "bedrock:RenderPrompt", "Resource": made["arn"]}
    user(root, rendering, invoke(MODEL_ARN)).client("bedrock-runtime").converse(modelId=made["arn"])
    only_model = user(root, invoke(MODEL_ARN)).client("bedrock-runtime")
    assert f"bedrock:RenderPrompt on resource: {made['arn']} " in refusal(only_model.converse, modelId=made["arn"])
    only_draft = user(root, rendering, invoke(MODEL_ARN)).client("bedrock-runtime")
    assert f"bedrock:RenderPrompt on resource: {version} " in refusal(only_draft.converse, modelId=version)
    only_prompt = user(root, rendering).client("bedrock-runtime")
    assert f"bedrock:InvokeModel on resource: {MODEL_ARN} " in refusal(only_prompt.converse, modelId=made["arn"])


def test_an_asynchronous_invocation_is_asked_for_too(root: Account) -> None:
    asked: Any = {
        "modelId": scripted.MODEL,
        "modelInput": {"messages": [{"role": "user", "content": "Hello"}]},
        "outputDataConfig": {"s3OutputDataConfig": {"s3Uri": "s3://results/"}},
    }
    made = f"{OWN}async-invoke/*"
    only_model = user(root, invoke(MODEL_ARN)).client("bedrock-runtime")
    assert f"bedrock:InvokeModel on resource: {made} " in refusal(only_model.start_async_invoke, **asked)
    started = user(root, invoke([MODEL_ARN, made])).client("bedrock-runtime").start_async_invoke(**asked)
    name = {"invocationArn": started["invocationArn"]}
    assert "bedrock:GetAsyncInvoke" in refusal(only_model.get_async_invoke, **name)
    reading = user(root, {"Action": "bedrock:GetAsyncInvoke", "Resource": name["invocationArn"]})
    reading.client("bedrock-runtime").get_async_invoke(**name)


def test_an_operation_of_craton_s_own_is_an_action(root: Account) -> None:
    reader = user(root, {"Action": "craton:Get*"}).client("craton")
    reader.get_caller_identity()
    assert refusal(reader.list_providers).endswith("no identity-based policy allows the craton:ListProviders action")
    named = {"userName": "nobody"}
    message = refusal(reader.delete_user, **named)
    assert f"craton:DeleteUser on resource: arn:aws:iam::{ACCOUNT}:user/nobody " in message


def test_a_change_of_policies_holds_at_once(root: Account) -> None:
    ada = user(root, {"Action": "bedrock:*"})
    bedrock, craton = ada.client("bedrock"), root.client("craton")
    bedrock.list_foundation_models()
    craton.delete_user_policy(userName=ada.name, policyName="own")
    assert "no identity-based policy allows" in refusal(bedrock.list_foundation_models)


def post(server: Server, path: str, token: str, body: dict[str, Any] | None = None, method: str = "POST") -> Any:
    """Status and body of a request with an API key."""
    request = urllib.request.Request(server.endpoint + path, method=method)
    request.add_header("Authorization", f"Bearer {token}")
    request.add_header("Content-Type", "application/json")
    data = None if body is None else json.dumps(body).encode()
    try:
        with urllib.request.urlopen(request, data) as response:
            return response.status, response.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.loads(error.read())


CHAT = {"model": scripted.MODEL, "messages": [{"role": "user", "content": "Hello"}]}
BEARER = {"Action": "bedrock:CallWithBearerToken"}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/chat/completions", CHAT),
        ("/openai/v1/chat/completions", CHAT),
        ("/anthropic/v1/messages", {**CHAT, "max_tokens": 9}),
        ("/v1/messages", {**CHAT, "max_tokens": 9}),
    ],
)
def test_other_apis_ask_for_the_same_actions(
    root: Account, scripted_server: Server, path: str, body: dict[str, Any]
) -> None:
    plain = user(root, BEARER, {"Action": "bedrock:InvokeModel", "Resource": MODEL_ARN}).token
    streaming = user(root, BEARER, {"Action": "bedrock:InvokeModelWithResponseStream", "Resource": MODEL_ARN}).token
    streamed = {**body, "stream": True}
    assert post(scripted_server, path, plain, body)[0] == 200
    assert post(scripted_server, path, streaming, streamed)[0] == 200
    for token, refused, action in (
        (plain, streamed, "bedrock:InvokeModelWithResponseStream"),
        (streaming, body, "bedrock:InvokeModel"),
    ):
        status, answer = post(scripted_server, path, token, refused)
        assert (status, answer["error"]["type"]) == (403, "permission_error")
        assert f"is not authorized to perform: {action} on resource: {MODEL_ARN} " in answer["error"]["message"]


def test_responses_are_asked_for_as_bedrock_does(root: Account, scripted_server: Server) -> None:
    """The model and the account's project to make one; the project to fetch, cancel and delete it."""
    asked = {"model": scripted.MODEL, "input": "Hello"}
    project = f"{OWN}project/default"
    making = user(root, BEARER, invoke([MODEL_ARN, project])).token
    managing = user(root, BEARER, {"Action": ["bedrock:GetInvoke", "bedrock:DeleteInvoke"], "Resource": project}).token
    only_model = user(root, BEARER, invoke(MODEL_ARN)).token
    status, answer = post(scripted_server, "/v1/responses", only_model, asked)
    assert (status, answer["error"]["code"]) == (403, "permission_denied")
    assert f"bedrock:InvokeModel on resource: {project} " in answer["error"]["message"]
    status, made = post(scripted_server, "/v1/responses", making, asked)
    assert status == 200
    path = f"/v1/responses/{json.loads(made)['id']}"
    assert post(scripted_server, path, making, method="GET")[0] == 403
    assert post(scripted_server, f"{path}/input_items", making, method="GET")[0] == 403
    assert post(scripted_server, path, managing, method="GET")[0] == 200
    assert post(scripted_server, f"{path}/cancel", managing, {})[0] == 403
    assert post(scripted_server, path, making, method="DELETE")[0] == 403
    assert post(scripted_server, path, managing, method="DELETE")[0] == 200


def test_models_are_listed_and_told_of_to_who_may_see_them(root: Account, scripted_server: Server) -> None:
    listing = user(root, BEARER, {"Action": "bedrock:ListFoundationModels"}).token
    getting = user(root, BEARER, {"Action": "bedrock:GetFoundationModel", "Resource": MODEL_ARN}).token
    assert post(scripted_server, "/v1/models", listing, method="GET")[0] == 200
    assert post(scripted_server, "/v1/models", getting, method="GET")[0] == 403
    assert post(scripted_server, f"/v1/models/{scripted.MODEL}", getting, method="GET")[0] == 200
    assert post(scripted_server, f"/v1/models/{scripted.MODEL}", listing, method="GET")[0] == 403


def test_an_api_key_works_only_for_who_may_call_with_one(root: Account, scripted_server: Server) -> None:
    barred = user(root, invoke(MODEL_ARN))
    status, answer = post(scripted_server, "/v1/chat/completions", barred.token, CHAT)
    assert (status, answer["error"]["code"]) == (403, "permission_denied")
    assert "bedrock:CallWithBearerToken because no identity-based policy allows" in answer["error"]["message"]
    status, answer = post(scripted_server, f"/model/{scripted.MODEL}/converse", barred.token, HELLO)
    assert status == 403
    assert "bedrock:CallWithBearerToken" in answer["message"]
    barred.client("bedrock-runtime").converse(modelId=scripted.MODEL, **HELLO)


def test_the_targets_of_a_profile_are_guarded_as_the_profile_is(root: Account) -> None:
    tagged, named = profile(root, env="prod"), profile(root)
    ada = user(
        root,
        {"Action": "craton:*"},
        {"Effect": "Deny", "Action": "craton:*", "Condition": {"StringEquals": {"aws:ResourceTag/env": "prod"}}},
        {"Effect": "Deny", "Action": "*", "Resource": named},
    ).client("craton")
    targets = [{"modelId": scripted.MODEL}]
    for arn in (tagged, named):
        for identifier in (arn, arn.rpartition("/")[2]):
            message = refusal(ada.put_inference_profile_targets, inferenceProfileIdentifier=identifier, targets=targets)
            assert f"craton:PutInferenceProfileTargets on resource: {arn} with an explicit deny" in message
    ada.put_inference_profile_targets(inferenceProfileIdentifier=profile(root), targets=targets)
