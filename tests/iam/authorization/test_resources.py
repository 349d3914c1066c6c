"""A resource has one ARN for policies, however a request names it."""

import pytest

from craton.core.context import Context
from craton.iam.authorization.resources import Resources

ACCOUNT = "123456789012"
CTX = Context(ACCOUNT, "us-east-1", f"arn:aws:iam::{ACCOUNT}:user/ada", "r1")
OWN = f"arn:aws:bedrock:us-east-1:{ACCOUNT}:"


def arns(operation: str, service: str = "bedrock", **request: object) -> list[str]:
    return Resources(service, operation, request).of(CTX, request)


@pytest.mark.parametrize(
    "named",
    [
        "ABCDEFGHIJ",
        f"{OWN}prompt/ABCDEFGHIJ",
        f"{OWN}prompt/ABCDEFGHIJ:DRAFT",
        f"arn:aws-cn:bedrock:us-east-1:{ACCOUNT}:prompt/ABCDEFGHIJ",
        f"arn:aws:other:us-east-1:{ACCOUNT}:prompt/ABCDEFGHIJ",
        f"arn:aws:bedrock::{ACCOUNT}:prompt/ABCDEFGHIJ",
        "arn:aws:bedrock:us-east-1::prompt/ABCDEFGHIJ",
        "ABCDEFGHIJ:DRAFT",
    ],
)
def test_the_draft_of_a_prompt_is_the_prompt_in_every_form(named: str) -> None:
    assert arns("GetPrompt", promptIdentifier=named) == [f"{OWN}prompt/ABCDEFGHIJ"]
    assert arns("GetPrompt", promptIdentifier=named, promptVersion="DRAFT") == [f"{OWN}prompt/ABCDEFGHIJ"]


def test_a_version_of_a_prompt_is_a_resource_of_its_own() -> None:
    version = [f"{OWN}prompt/ABCDEFGHIJ:3"]
    assert arns("GetPrompt", promptIdentifier="ABCDEFGHIJ", promptVersion="3") == version
    assert arns("GetPrompt", promptIdentifier=f"{OWN}prompt/ABCDEFGHIJ:3") == version


def test_foundation_models_belong_to_nobody() -> None:
    expected = ["arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0"]
    assert arns("GetFoundationModel", modelIdentifier="amazon.nova-lite-v1:0") == expected
    assert arns("GetFoundationModel", modelIdentifier=expected[0]) == expected


def test_the_id_of_an_inference_profile_tells_whose_it_is() -> None:
    own = arns("GetInferenceProfile", inferenceProfileIdentifier="abcdefghijkl")
    assert own == [f"{OWN}application-inference-profile/abcdefghijkl"]
    system = arns("GetInferenceProfile", inferenceProfileIdentifier="us.amazon.nova-lite-v1:0")
    assert system == [f"{OWN}inference-profile/us.amazon.nova-lite-v1:0"]


def test_an_arn_of_another_account_stays_that() -> None:
    other = "arn:aws:bedrock:us-east-1:111122223333:prompt/ABCDEFGHIJ"
    assert arns("GetPrompt", promptIdentifier=other) == [other]


def test_what_is_inside_another_resource_goes_alone_or_with_it() -> None:
    alias = arns("GetAgentAlias", agentId="AGENT", agentAliasId="ALIAS")
    assert alias == [f"{OWN}agent-alias/AGENT/ALIAS"]
    both = arns("AssociateAgentKnowledgeBase", agentId="AGENT", knowledgeBaseId="BASE")
    assert both == [f"{OWN}agent/AGENT", f"{OWN}knowledge-base/BASE"]
    execution = arns("StopFlowExecution", executionIdentifier="E", flowAliasIdentifier="A", flowIdentifier="F")
    assert execution == [f"{OWN}flow/F/alias/A/execution/E", f"{OWN}flow/F/alias/A", f"{OWN}flow/F"]
    by_arn = arns("GetFlowAlias", flowIdentifier=f"{OWN}flow/F", aliasIdentifier="A")
    assert by_arn == [f"{OWN}flow/F/alias/A"]


def test_what_is_made_is_asked_for_with_what_it_is_made_of() -> None:
    source = "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0"
    asked = arns("CreateInferenceProfile", inferenceProfileName="mine", modelSource={"copyFrom": source})
    assert asked == [source, f"{OWN}application-inference-profile/*"]
    models = [{"modelArn": source}, {"modelArn": f"{OWN}inference-profile/us.a.b"}]
    assert arns("CreatePromptRouter", models=models, fallbackModel={"modelArn": source}) == [
        source,
        f"{OWN}inference-profile/us.a.b",
        source,
    ]


def test_several_resources_in_a_list_are_all_asked_for() -> None:
    asked = arns("BatchDeleteEvaluationJob", jobIdentifiers=["one", "two"])
    assert asked == [f"{OWN}evaluation-job/one", f"{OWN}evaluation-job/two"]


def test_browsers_that_everyone_has_belong_to_aws() -> None:
    agentcore = "bedrock-agentcore"
    assert arns("StartBrowserSession", agentcore, browserIdentifier="aws.browser.v1") == [
        "arn:aws:bedrock-agentcore:us-east-1:aws:browser/aws.browser.v1"
    ]
    assert arns("StartBrowserSession", agentcore, browserIdentifier="mine-1") == [
        f"arn:aws:bedrock-agentcore:us-east-1:{ACCOUNT}:browser-custom/mine-1"
    ]


def test_users_are_asked_for_by_the_arn_that_they_have() -> None:
    assert arns("GetUser", "craton", userName="ada") == [f"arn:aws:iam::{ACCOUNT}:user/ada"]
    assert arns("AttachUserPolicy", "craton", userName="ada", policyArn="arn:aws:iam::aws:policy/P") == [
        f"arn:aws:iam::{ACCOUNT}:user/ada"
    ]


def test_a_member_cannot_pass_for_the_callers_account() -> None:
    assert arns("GetUser", "craton", userName="ada", owner="111122223333") == [f"arn:aws:iam::{ACCOUNT}:user/ada"]


def test_a_request_that_names_nothing_is_about_everything() -> None:
    assert arns("ListPrompts") == ["*"]
    assert arns("ListFoundationModels", byProvider="Amazon") == ["*"]
