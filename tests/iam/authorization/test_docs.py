"""The policies that docs/permissions.md offers for copying do what it says of them."""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from craton.iam.policies import Asked, Policy, Principal, decide

PAGE = Path(__file__).resolve().parents[3] / "docs" / "permissions.md"
ACCOUNT = "123456789012"
OWN = f"arn:aws:bedrock:us-east-1:{ACCOUNT}:"
MODEL = "arn:aws:bedrock:us-east-1::foundation-model/"
LLAMA, NOVA = f"{MODEL}meta.llama3-2-1b-instruct-v1:0", f"{MODEL}amazon.nova-lite-v1:0"
PROFILE, ANOTHER = (f"{OWN}application-inference-profile/{each}" for each in ("abcdefghijkl", "mnopqrstuvwx"))
ADA = Principal.of(f"arn:aws:iam::{ACCOUNT}:user/ada")
INVOKE = "bedrock:InvokeModel"
RED: Mapping[str, Sequence[str]] = {"aws:PrincipalTag/team": ["red"]}
EVERYTHING = Policy.parse(
    '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}', kind="identity"
)


def policy(heading: str) -> Policy:
    section = PAGE.read_text().partition(f"## {heading}\n")[2].partition("\n## ")[0]
    found = re.search(r"```json\n(.*?)```", section, re.DOTALL)
    assert found, f"{heading} has a policy"
    return Policy.parse(found[1], kind="identity")


def allowed(policies: Sequence[Policy], action: str, resource: str, keys: Mapping[str, Sequence[str]]) -> bool:
    return decide(Asked(ADA, action, resource, keys), identity=policies).allowed


@pytest.mark.parametrize(
    ("heading", "action", "resource", "keys", "expected"),
    [
        ("One team, one model", INVOKE, LLAMA, {}, True),
        ("One team, one model", "bedrock:InvokeModelWithResponseStream", LLAMA, {}, True),
        ("One team, one model", INVOKE, NOVA, {}, False),
        ("One team, one model", "bedrock:CallWithBearerToken", "*", {}, True),
        ("Only through one inference profile", INVOKE, PROFILE, {}, True),
        ("Only through one inference profile", INVOKE, ANOTHER, {}, False),
        ("Only through one inference profile", INVOKE, NOVA, {"bedrock:InferenceProfileArn": [PROFILE]}, True),
        ("Only through one inference profile", INVOKE, NOVA, {"bedrock:InferenceProfileArn": [ANOTHER]}, False),
        ("Only through one inference profile", INVOKE, NOVA, {}, False),
        ("By tags", INVOKE, PROFILE, {**RED, "aws:ResourceTag/team": ["red"]}, True),
        ("By tags", INVOKE, PROFILE, {**RED, "aws:ResourceTag/team": ["blue"]}, False),
        ("By tags", INVOKE, PROFILE, RED, False),
        ("By tags", INVOKE, NOVA, RED, False),
        ("By tags", INVOKE, NOVA, {**RED, "bedrock:InferenceProfileArn": [PROFILE]}, True),
        ("By tags", "bedrock:CreatePrompt", "*", {**RED, "aws:RequestTag/team": ["red"]}, True),
        ("By tags", "bedrock:CreatePrompt", "*", {**RED, "aws:RequestTag/team": ["blue"]}, False),
    ],
)
def test_a_policy_of_the_page(
    heading: str, action: str, resource: str, keys: Mapping[str, Sequence[str]], expected: bool
) -> None:
    assert allowed([policy(heading)], action, resource, keys) is expected


def test_the_policy_that_keeps_to_the_office() -> None:
    both = [EVERYTHING, policy("Nothing from outside the office")]
    for address, expected in (("192.0.2.9", True), ("2001:db8::9", True), ("203.0.113.9", False)):
        assert allowed(both, INVOKE, NOVA, {"aws:SourceIp": [address]}) is expected


def test_every_policy_of_the_page_is_one() -> None:
    texts = re.findall(r"```json\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert len(texts) == 4
    for text in texts:
        assert json.loads(text)["Version"] == "2012-10-17"
        Policy.parse(text, kind="identity")
