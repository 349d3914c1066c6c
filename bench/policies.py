"""What a decision on IAM policies costs beside a signed small request, and beside the tests' oracle.

python -m bench.policies
"""

import json
import timeit
from collections.abc import Callable, Mapping, Sequence

from craton.iam.policies import Asked, Policy, Principal, decide
from craton.iam.policies.managed import MANAGED
from tests.iam.policies import oracle

REQUEST = 300e-6  # seconds of processor that a signed small request may take, all told
ACCOUNT = "123456789012"
MODEL = "arn:aws:bedrock:eu-central-1::foundation-model/amazon.nova-lite-v1:0"
USER = f"arn:aws:iam::{ACCOUNT}:user/ada"
KEYS = {"aws:SourceIp": ["10.0.0.7"], "aws:username": ["ada"], "aws:CurrentTime": ["2026-01-31T12:00:00Z"]}
MODELS = {"Effect": "Allow", "Action": "bedrock:InvokeModel*", "Resource": "arn:aws:bedrock:*::foundation-model/*"}
CONDITIONS = {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}, "StringEquals": {"aws:username": ["ada", "bob"]}}
VARIABLE = {"Effect": "Deny", "Action": "*", "Resource": "arn:aws:bedrock:*:*:prompt/${aws:username}/*"}
HOSTILE = {"Effect": "Deny", "Action": "*", "Resource": "arn:aws:bedrock:::" + "*a" * 2000 + "b"}

DOCUMENTS: Mapping[str, Sequence[object]] = {
    "one statement": [MODELS],
    "two conditions": [MODELS | {"Condition": CONDITIONS}],
    "a variable": [MODELS, VARIABLE],
    "fifty statements": [MODELS | {"Action": f"bedrock:Get{number}"} for number in range(49)] + [MODELS],
    "a hostile pattern": [MODELS, HOSTILE],
}


def seconds(call: Callable[[], object], times: int) -> float:
    """The least of five runs, for one call."""
    return min(timeit.repeat(call, number=times, repeat=5)) / times


def row(name: str, text: str, policy: Policy) -> str:
    """A line of the table."""
    principal = Principal.of(USER)
    request = oracle.Request("AWS", USER, ACCOUNT, "", "bedrock:InvokeModel", MODEL, KEYS)
    policies = oracle.Policies([text], [], [], None, None)
    ours = seconds(lambda: decide(Asked(principal, request.action, MODEL, KEYS), identity=[policy]), 2000)
    parsing = seconds(lambda: Policy.parse(text, kind="identity"), 20)
    slow = seconds(lambda: oracle.decide(request, policies), 20)
    return f"| {name} | {ours * 1e6:.1f} us | {ours / REQUEST:.1%} | {slow / ours:.0f} | {parsing / ours:.0f} |"


def main() -> None:
    print("| policy | a decision | of a small request | oracle : decision | parsing : decision |")
    for name, statements in DOCUMENTS.items():
        text = json.dumps({"Version": "2012-10-17", "Statement": statements})
        print(row(name, text, Policy.parse(text, kind="identity")))
    for managed in MANAGED.values():
        print(row(managed.name, managed.text, managed.policy))


if __name__ == "__main__":
    main()
