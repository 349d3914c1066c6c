"""What a guardrail decides of the evidence, as answers and traces tell it.

Knows the shapes of GuardrailAssessment, GuardrailUsage and GuardrailCoverage; knows neither judges nor streams.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from craton.guardrails.assessing.evidence import Evidence
from craton.guardrails.assessing.grouping import grouped
from craton.guardrails.findings import Action, Finding, Source
from craton.guardrails.guard import Guard

NONE = "NONE"
INTERVENED = "GUARDRAIL_INTERVENED"

# The words of the real service; what could not be judged is told after them.
_NO_ACTION = "No action."
_MASKED = "Guardrail masked."
_BLOCKED = "Guardrail blocked."

_UNIT = 1000  # characters


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for all that a guardrail judges in one request.

    `full` wants to know also what was looked for and not found. `undecided` is what becomes of what could not be
    judged. `origin` and `ownership` tell why this guardrail, and whose it is: values of AppliedGuardrailDetails.
    """

    full: bool = False
    undecided: Literal["block", "pass"] = "block"
    origin: Literal["REQUEST", "ACCOUNT_ENFORCED", "ORGANIZATION_ENFORCED"] = "REQUEST"
    ownership: Literal["SELF", "CROSS_ACCOUNT"] = "SELF"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`outputs` are what remains where the guardrail intervened: its message, or what was guarded, masked.

    `assessment` is a GuardrailAssessment, `units` a GuardrailUsage, `coverage` a GuardrailCoverage.
    """

    action: str
    reason: str
    blocked: bool
    outputs: Sequence[str]
    assessment: Mapping[str, object]
    units: Mapping[str, int]
    coverage: Mapping[str, object]
    latency_ms: int

    @property
    def intervened(self) -> bool:
        return self.action == INTERVENED


def does(finding: Finding, action: Action) -> bool:
    """Whether it was found, and this is what is done about it."""
    return finding.action is action and finding.entry.get("detected", True) is not False


def message(guard: Guard, source: Source) -> str:
    """What stands in place of what is blocked."""
    return guard.blocked_input if source is Source.INPUT else guard.blocked_output


def text_units(characters: int) -> int:
    """1,000 characters begun."""
    return -(-characters // _UNIT)


def decide(guard: Guard, source: Source, evidence: Evidence, terms: Terms, texts: Sequence[str] = ()) -> Verdict:
    """`texts` are what was guarded, masked."""
    unjudged = bool(evidence.doubts) and terms.undecided == "block"
    blocked = unjudged or any(does(finding, Action.BLOCK) for finding in evidence.findings)
    masked = any(does(finding, Action.ANONYMIZE) for finding in evidence.findings)
    units, coverage, latency = _units(guard, source, evidence), _coverage(evidence), round(evidence.latency * 1000)
    return Verdict(
        action=INTERVENED if blocked or masked else NONE,
        reason=" ".join([_BLOCKED if blocked else _MASKED if masked else _NO_ACTION, *evidence.doubts]),
        blocked=blocked,
        outputs=[message(guard, source)] if blocked else [*texts] if masked else [],
        assessment={
            **grouped(evidence.findings),
            "invocationMetrics": {
                "guardrailProcessingLatency": latency,
                "usage": units,
                "guardrailCoverage": coverage,
            },
            "appliedGuardrailDetails": {
                "guardrailId": guard.id,
                "guardrailVersion": guard.version,
                "guardrailArn": guard.arn,
                "guardrailOrigin": [terms.origin],
                "guardrailOwnership": terms.ownership,
            },
        },
        units=units,
        coverage=coverage,
        latency_ms=latency,
    )


def _units(guard: Guard, source: Source, evidence: Evidence) -> dict[str, int]:
    """Regular expressions are free of charge, so they are counted apart."""
    units = {policy: text_units(characters) for policy, characters in evidence.judged.items()}
    sensitive = units.get("sensitiveInformationPolicy", 0)
    reasoning = units.get("automatedReasoningPolicy", 0)
    return {
        "topicPolicyUnits": units.get("topicPolicy", 0),
        "contentPolicyUnits": units.get("contentPolicy", 0),
        "wordPolicyUnits": units.get("wordPolicy", 0),
        "sensitiveInformationPolicyUnits": sensitive if _enabled(guard, source, "piiEntities") else 0,
        "sensitiveInformationPolicyFreeUnits": sensitive if _enabled(guard, source, "regexes") else 0,
        "contextualGroundingPolicyUnits": units.get("contextualGroundingPolicy", 0),
        "contentPolicyImageUnits": evidence.guarded_images,
        "automatedReasoningPolicyUnits": reasoning,
        "automatedReasoningPolicies": len(guard.body["automatedReasoningPolicy"]["policies"]) if reasoning else 0,
    }


def _enabled(guard: Guard, source: Source, group: str) -> bool:
    entries = guard.body.get("sensitiveInformationPolicy", {}).get(group, ())
    return any(entry.get(f"{source.value.lower()}Enabled", True) for entry in entries)


def _coverage(evidence: Evidence) -> dict[str, object]:
    coverage: dict[str, object] = {"textCharacters": {"guarded": evidence.guarded, "total": evidence.total}}
    if evidence.images:
        coverage["images"] = {"guarded": evidence.guarded_images, "total": evidence.images}
    return coverage
