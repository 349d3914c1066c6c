"""What an answer tells of its guardrails: GuardrailTraceAssessment, and the same in the words of native bodies.

Knows no turn and no event.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from craton.dialects.converse import Block
from craton.guardrails.assessing.verdict import Verdict
from craton.runtime.guarding.applied import Applied

ACTION = "amazon-bedrock-guardrailAction"
TRACE = "amazon-bedrock-trace"

_NO_ACTION = "No action."


def intervened(verdicts: Iterable[Verdict]) -> bool:
    return any(verdict.intervened for verdict in verdicts)


def trace(applied: Sequence[Applied], said: Sequence[str]) -> Block:
    """GuardrailTraceAssessment. `said` is what the model wrote, which is told where not all of it went out, unless what
    kept it back is a guardrail that the caller may not leave out.
    """
    inputs = {key: each.inputs[0].assessment for key, each in _keyed(applied) if each.inputs}
    outputs = {key: [one.assessment for one in each.outputs] for key, each in _keyed(applied) if each.outputs}
    told: Block = {"inputAssessment": inputs}
    if outputs:
        told["outputAssessments"] = outputs
    changing = [each for each in applied if intervened(each.outputs)]
    if said and changing and all(each.terms.origin == "REQUEST" for each in changing):
        told["modelOutput"] = [*said]
    reasons = [_reason(one for each in applied for one in each.inputs)]
    if outputs:
        reasons.append(_reason(one for each in applied for one in each.outputs))
    if any(reason != _NO_ACTION for reason in reasons):
        told["actionReason"] = "\n".join(reasons)
    return told


def in_body(action: str, told: Mapping[str, Any] | None) -> Block:
    """What a native body has beside its own members, of what Converse's trace tells."""
    if told is None:
        return {ACTION: action}
    trace: Block = {"input": told["inputAssessment"]}
    if "outputAssessments" in told:
        outputs: Mapping[str, Sequence[object]] = told["outputAssessments"]
        trace["outputs"] = [{key: one} for key, each in outputs.items() for one in each]
    trace |= {name: told[name] for name in ("modelOutput", "actionReason") if name in told}
    return {ACTION: action, TRACE: {"guardrail": trace}}


def _keyed(applied: Sequence[Applied]) -> Iterator[tuple[str, Applied]]:
    """Each under its id; a second version of one guardrail under both."""
    seen: set[str] = set()
    for each in applied:
        key = each.guard.id if each.guard.id not in seen else f"{each.guard.id}:{each.guard.version}"
        seen.add(key)
        yield key, each


def _reason(verdicts: Iterable[Verdict]) -> str:
    reasons = dict.fromkeys(verdict.reason for verdict in verdicts)
    return " ".join(reason for reason in reasons if reason != _NO_ACTION) or _NO_ACTION
