import pytest

from craton.iam.policies import decide
from craton.iam.policies.managed import MANAGED
from tests.iam.policies.written import asked

ACTIONS = [
    "bedrock:InvokeModel",
    "bedrock:GetGuardrail",
    "bedrock:CreateGuardrail",
    "bedrock:CreateAgent",
    "craton:ListKeys",
]


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        ("AmazonBedrockFullAccess", [True, True, True, True, False]),
        ("AmazonBedrockLimitedAccess", [True, True, True, False, False]),
        ("AmazonBedrockReadOnly", [False, True, False, False, False]),
        ("CratonAdministratorAccess", [True, True, True, True, True]),
    ],
)
def test_what_each_allows(name: str, allowed: list[bool]) -> None:
    policy = MANAGED[f"arn:aws:iam::aws:policy/{name}"].policy
    assert [decide(asked(action), identity=[policy]).allowed for action in ACTIONS] == allowed
