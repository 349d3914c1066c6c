"""What an account may have, one of every kind, and the names under which others may try to reach it."""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests import scripted
from tests.fronts import Account
from tests.guardrails.reasoning.policies import ended
from tests.iam import knowledge_cases
from tests.iam.people import document

# Stands in every text that the account writes: nobody else may ever read it.
MARK = "xylophone"
# Begins every name that the account chooses: others may choose the same.
OWN = "quartz"
MODEL_ARN = f"arn:aws:bedrock:us-east-1::foundation-model/{scripted.MODEL}"
ASKED = {"messages": [{"role": "user", "content": f"Hello {MARK}"}]}
TOKEN = "a-token-that-everyone-may-happen-to-send"
OUTPUT = {"s3OutputDataConfig": {"s3Uri": "s3://results/"}}


@dataclass(frozen=True)
class Name:
    """A name of something that there is, and the same name of nothing."""

    real: str
    absent: str


def altered(text: str, part: str) -> str:
    """The same text with another part of the same form."""
    return text.replace(part, "".join(_next(character) for character in part))


def _next(character: str) -> str:
    for alphabet in ("abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789"):
        if (at := alphabet.find(character)) >= 0:
            return alphabet[(at + 1) % len(alphabet)]
    return character


def named(*texts: str, by: str | None = None) -> list[Name]:
    """Names that all hold one id: the last part of the first, unless it is told."""
    part = by or texts[0].rpartition("/")[2]
    return [Name(text, altered(text, part)) for text in texts]


def make(owner: Account, account: str) -> Mapping[str, Sequence[Name]]:
    """Give the account one of everything, most of it twice, and tell the names by kind."""
    for number in (1, 2):
        found = _make(owner, account, number)
    return found


def _make(owner: Account, account: str, number: int) -> dict[str, list[Name]]:
    parts = (_models(owner, account, number), _guardrails(owner, number), _reasoning(owner, number))
    return {
        **_prompts(owner, number),
        **{kind: names for part in parts for kind, names in part.items()},
        "bedrock arn": [name for part in parts for name in part["bedrock arn"]],
        **_identities(owner, account, number),
        **_limits(owner, number),
        **_knowledge(owner, account, number),
        **_uses(owner),
        "account": [Name(account, "999988887777")],
    }


def _prompts(owner: Account, number: int) -> dict[str, list[Name]]:
    agent = owner.client("bedrock-agent")
    variant = {
        "name": "a",
        "templateType": "TEXT",
        "modelId": scripted.MODEL,
        "templateConfiguration": {"text": {"text": f"Say {MARK}."}},
    }
    asked = {"name": f"{OWN}-{number}", "variants": [variant], "tags": {"word": MARK}}
    made = agent.create_prompt(**asked, clientToken=f"{TOKEN}-{number}")
    version = agent.create_prompt_version(promptIdentifier=made["id"])
    key, arn = made["id"], made["arn"]
    policy = document({"Principal": {"AWS": f"arn:aws:iam::{arn.split(':')[4]}:root"}, "Action": "bedrock:*"})
    owner.client("bedrock").put_resource_policy(resourceArn=arn, resourcePolicy=policy)
    return {
        "prompt": named(key, arn, version["arn"]),
        "prompt arn": named(arn, version["arn"], by=key),
        "agent arn": named(arn, version["arn"], by=key),
    }


def _models(owner: Account, account: str, number: int) -> dict[str, list[Name]]:
    bedrock, craton = owner.client("bedrock"), owner.client("craton")
    tags = [{"key": "word", "value": MARK}]
    profile = bedrock.create_inference_profile(
        inferenceProfileName=f"{OWN} {number}", description=MARK, modelSource={"copyFrom": MODEL_ARN}, tags=tags
    )["inferenceProfileArn"]
    craton.put_inference_profile_targets(inferenceProfileIdentifier=profile, targets=[{"modelId": scripted.MODEL}])
    key = profile.rpartition("/")[2]
    policy = document({"Principal": {"AWS": f"arn:aws:iam::{account}:root"}, "Action": "bedrock:*"})
    bedrock.put_resource_policy(resourceArn=profile, resourcePolicy=policy)
    router = bedrock.create_prompt_router(
        promptRouterName=f"{OWN} {number}",
        description=MARK,
        models=[{"modelArn": MODEL_ARN}, {"modelArn": profile}],
        fallbackModel={"modelArn": MODEL_ARN},
        routingCriteria={"responseQualityDifference": 10},
    )["promptRouterArn"]
    provider = f"{OWN}-{number}"
    craton.create_provider(
        providerName=provider,
        kind="openai",
        baseUrl="https://models.example.com/v1",
        models=[{"model": MARK, "id": f"{OWN}{number}.model"}],
    )
    return {
        "profile": named(profile, key),
        "profile arn": named(profile),
        "router": named(router),
        "provider": named(provider),
        "model": [
            *named(profile, key),
            *named(router),
            *named(f"{OWN}{number}.model", by=f"{OWN}{number}"),
        ],
        "bedrock arn": [*named(profile), *named(router)],
    }


def _guardrails(owner: Account, number: int) -> dict[str, list[Name]]:
    bedrock = owner.client("bedrock")
    made = bedrock.create_guardrail(
        name=f"{OWN}-{number}",
        description=MARK,
        wordPolicyConfig={"wordsConfig": [{"text": "durian"}]},
        blockedInputMessaging=MARK,
        blockedOutputsMessaging=MARK,
        tags=[{"key": "word", "value": MARK}],
        clientRequestToken=f"{TOKEN}-{number}",
    )
    key, arn = made["guardrailId"], made["guardrailArn"]
    bedrock.create_guardrail_version(guardrailIdentifier=key)
    policy = document({"Principal": {"AWS": f"arn:aws:iam::{arn.split(':')[4]}:root"}, "Action": "bedrock:*"})
    bedrock.put_resource_policy(resourceArn=arn, resourcePolicy=policy)
    enforced = bedrock.put_enforced_guardrail_configuration(
        guardrailInferenceConfig={"guardrailIdentifier": key, "guardrailVersion": "1"}
    )["configId"]
    return {"guardrail": named(key, arn), "bedrock arn": named(arn), "enforced": named(enforced)}


def _reasoning(owner: Account, number: int) -> dict[str, list[Name]]:
    """An automated reasoning policy, empty but for its words, with a version, a test and a workflow that has ended."""
    bedrock = owner.client("bedrock")
    made = bedrock.create_automated_reasoning_policy(
        name=f"{OWN}-{number}",
        description=MARK,
        policyDefinition={"variables": [{"name": MARK, "type": "bool", "description": MARK}]},
        tags=[{"key": "word", "value": MARK}],
        clientRequestToken=f"{TOKEN}-{number}",
    )
    arn = made["policyArn"]
    key = arn.rpartition("/")[2]
    version = bedrock.create_automated_reasoning_policy_version(
        policyArn=arn, lastUpdatedDefinitionHash=made["definitionHash"]
    )["policyArn"]
    case = bedrock.create_automated_reasoning_policy_test_case(
        policyArn=arn, guardContent=MARK, expectedAggregatedFindingsResult="VALID"
    )["testCaseId"]
    workflow = bedrock.start_automated_reasoning_policy_build_workflow(
        policyArn=arn, buildWorkflowType="IMPORT_POLICY", sourceContent={}
    )["buildWorkflowId"]
    ended(bedrock, arn, workflow)
    return {
        "policy arn": named(arn, version, by=key),
        "reasoning policy": named(arn, by=key),
        "bedrock arn": named(arn, version, by=key),
        "test case": named(case),
        "workflow": [Name(workflow, "00000000-0000-4000-8000-000000000000")],
        "policy parts": named(f"{arn} {workflow} {case}", by=key),
    }


def _identities(owner: Account, account: str, number: int) -> dict[str, list[Name]]:
    craton = owner.client("craton")
    user, role, policy = f"{OWN}-user-{number}", f"{OWN}-role-{number}", f"{OWN}-policy-{number}"
    statement = document({"Action": "bedrock:Get*", "Sid": MARK})
    trust = document({"Principal": {"AWS": f"arn:aws:iam::{account}:root"}, "Action": "sts:AssumeRole"})
    trust = json.dumps(
        {
            **json.loads(trust),
            "Statement": [{k: v for k, v in json.loads(trust)["Statement"][0].items() if k != "Resource"}],
        }
    )
    tags = [{"key": "word", "value": MARK}]
    craton.create_user(userName=user, tags=tags)
    craton.put_user_policy(userName=user, policyName="own", policyDocument=statement)
    craton.create_role(roleName=role, assumeRolePolicyDocument=trust, tags=tags)
    craton.put_role_policy(roleName=role, policyName="own", policyDocument=statement)
    managed = craton.create_policy(policyName=policy, policyDocument=statement)["policy"]["policyArn"]
    craton.attach_user_policy(userName=user, policyArn=managed)
    craton.attach_role_policy(roleName=role, policyArn=managed)
    craton.put_user_permissions_boundary(userName=user, permissionsBoundary=managed)
    craton.put_role_permissions_boundary(roleName=role, permissionsBoundary=managed)
    access, api = craton.create_access_key(userName=user), craton.create_api_key(userName=user)
    return {
        "user": named(user),
        "role": named(role),
        "policy name": named(policy),
        "role arn": named(f"arn:aws:iam::{account}:role/{role}"),
        "policy": named(managed),
        "key": [*named(access["accessKeyId"], by=access["accessKeyId"][4:]), *named(api["keyId"], by=api["keyId"][4:])],
    }


def _limits(owner: Account, number: int) -> dict[str, list[Name]]:
    craton = owner.client("craton")
    quota, budget = f"{OWN}-quota-{number}", f"{OWN}-budget-{number}"
    craton.put_quota(quotaName=quota, countedPer=["KEY"], requestsPerMinute=100_000)
    craton.put_budget(budgetName=budget, countedPer=["PRINCIPAL"], amount="1000000", currency="USD")
    return {"quota": named(quota), "budget": named(budget)}


def _knowledge(owner: Account, account: str, number: int) -> dict[str, list[Name]]:
    made = knowledge_cases.made(owner, account, f"{OWN}-{number}", MARK, f"{TOKEN}-{number}")
    session = Name(made.pop("session"), "00000000-0000-4000-8000-000000000000")
    parts = {kind: named(name, by=made["base"] if "parts" in kind else None) for kind, name in made.items()}
    return {**parts, "session": [session]}


def _uses(owner: Account) -> dict[str, list[Name]]:
    runtime = owner.client("bedrock-runtime")
    message = {"role": "user", "content": [{"text": f"Hello {MARK}"}]}
    asked = runtime.converse(modelId=scripted.MODEL, messages=[message], requestMetadata={"word": MARK})
    started = runtime.start_async_invoke(modelId=scripted.MODEL, modelInput=ASKED, outputDataConfig=OUTPUT)
    arn = started["invocationArn"]
    deadline = time.monotonic() + 60
    while runtime.get_async_invoke(invocationArn=arn)["status"] == "InProgress":
        assert time.monotonic() < deadline, "the invocation did not end"
        time.sleep(0.02)
    request = asked["ResponseMetadata"]["RequestId"]
    return {"invocation": named(arn), "request": named(request)}
