"""Findings as the policies of a GuardrailAssessment hold them. Knows the shape, and nothing of what is decided."""

from collections.abc import Iterable

from craton.guardrails.findings import Action, Finding

# Policies of which one judge may give several findings of one kind about all of a text.
_EACH = {"automatedReasoningPolicy"}

_SEVERITIES = (Action.NONE, Action.ANONYMIZE, Action.BLOCK)
_CONFIDENCES = ("NONE", "LOW", "MEDIUM", "HIGH")

Kind = tuple[str, str, object, object]


def kind(finding: Finding) -> Kind:
    """What was found, wherever."""
    return finding.policy, finding.group, finding.entry.get("type"), finding.entry.get("name")


def grouped(findings: Iterable[Finding]) -> dict[str, dict[str, list[dict[str, object]]]]:
    """The policies with what was found in the order of the text: each occurrence where it has a place, and each kind
    once where it concerns all of the text, by its strongest finding. A kind that was found is not told of as missing.
    Groups of which there is nothing are left out, as the real service does, though its model requires them.
    """
    ordered = sorted(findings, key=lambda finding: (not _placed(finding), finding.start))
    strongest: dict[Kind, Finding] = {}
    for finding in ordered:
        known = strongest.get(kind(finding))
        if known is None or _strength(finding) > _strength(known):
            strongest[kind(finding)] = finding
    policies: dict[str, dict[str, list[dict[str, object]]]] = {}
    for finding in ordered:
        if _placed(finding) or finding.policy in _EACH or finding is strongest[kind(finding)]:
            entry: dict[str, object] = {**finding.entry}
            if finding.policy not in _EACH:
                entry.setdefault("detected", True)
            policies.setdefault(finding.policy, {}).setdefault(finding.group, []).append(entry)
    return policies


def _placed(finding: Finding) -> bool:
    return finding.end > finding.start


def _strength(finding: Finding) -> tuple[bool, bool, int, int]:
    entry = finding.entry
    confidence = str(entry.get("confidence", "NONE"))
    return (
        entry.get("detected", True) is not False,
        _placed(finding),
        _SEVERITIES.index(finding.action),
        _CONFIDENCES.index(confidence),
    )
