"""IAM JSON policies: documents compiled once, and decided fast. Knows no store, no HTTP and no operation.

policy = Policy.parse(text, kind="identity")
asked = Asked(Principal.of("arn:aws:iam::123456789012:user/ada"), "bedrock:InvokeModel", arn, keys)
decision = decide(asked, identity=[policy])
"""

from craton.iam.policies.asked import NOBODY, Asked, Principal
from craton.iam.policies.decision import ALLOWED, EXPLICIT_DENY, IMPLICIT_DENY, Decision, Outcome, decide
from craton.iam.policies.malformed import MalformedPolicy
from craton.iam.policies.policy import Policy

__all__ = [
    "ALLOWED",
    "EXPLICIT_DENY",
    "IMPLICIT_DENY",
    "NOBODY",
    "Asked",
    "Decision",
    "MalformedPolicy",
    "Outcome",
    "Policy",
    "Principal",
    "decide",
]
