"""What the slice keeps of guardrails and how they look from outside.

The body of a stored guardrail is what GetGuardrail answers of it; a numbered version is the body that was frozen. Knows
no rule about what may be configured.
"""

from craton.core.context import Context
from craton.store.records import Document, Record, Scope

GUARDRAIL = "guardrail"
ENFORCED = "enforced-guardrail"

_SUMMED_UP = ("id", "arn", "status", "name", "description", "version", "createdAt", "updatedAt", "crossRegionDetails")


def arn(scope: Scope, id: str) -> str:
    """A guardrail's ARN, which its versions share."""
    return f"arn:aws:bedrock:{scope.region}:{scope.account}:{GUARDRAIL}/{id}"


def shown(owner: Context, document: Document) -> Record:
    """A draft or a version as GetGuardrail answers it. `owner` is of the account that it belongs to."""
    return {
        **document.body,
        "guardrailId": document.id,
        "guardrailArn": arn(owner.scope, document.id),
        "version": document.version,
        "status": "READY",
        "statusReasons": [],
        "failureRecommendations": [],
        "createdAt": document.created_at,
        "updatedAt": document.updated_at,
    }


def summary(owner: Context, document: Document) -> Record:
    """GuardrailSummary."""
    whole = shown(owner, document)
    whole |= {"id": whole["guardrailId"], "arn": whole["guardrailArn"]}
    return {member: whole[member] for member in _SUMMED_UP if member in whole}
