"""Policies and questions in few words."""

import json
from collections.abc import Mapping, Sequence

from craton.iam.policies import Asked, Policy, Principal
from craton.iam.policies.policy import Kind

ACCOUNT, OTHER = "123456789012", "111122223333"
ADA = Principal.of(f"arn:aws:iam::{ACCOUNT}:user/ada")
MODEL = "arn:aws:bedrock:eu-central-1::foundation-model/amazon.nova-lite-v1:0"
GUARDRAIL = f"arn:aws:bedrock:eu-central-1:{ACCOUNT}:guardrail/abc"


def statement(effect: str = "Allow", action: object = "*", resource: object = "*", **more: object) -> dict[str, object]:
    """A statement; a resource of None leaves the element out."""
    found = {"Effect": effect, "Action": action, "Resource": resource, **more}
    return {name: value for name, value in found.items() if value is not None}


def policy(*statements: object, kind: Kind = "identity", version: str = "2012-10-17") -> Policy:
    """The policy of these statements."""
    return Policy.parse(json.dumps({"Version": version, "Statement": list(statements)}), kind=kind)


def asked(
    action: str = "bedrock:InvokeModel",
    resource: str = MODEL,
    keys: Mapping[str, Sequence[str]] | None = None,
    principal: Principal = ADA,
) -> Asked:
    """A question, of a user unless told otherwise."""
    return Asked(principal, action, resource, keys or {})
