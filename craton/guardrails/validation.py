"""What a guardrail may be configured to do, beyond the shapes of the service model.

Sources: the API reference of CreateGuardrail and its types, "Options for handling harmful categories", "Safeguard tiers
for guardrails policies" and "Quotas for Amazon Bedrock Guardrails" in the user guide. Knows no store.
"""

from collections.abc import Callable, Iterable, Mapping

from craton.errors import ValidationException
from craton.guardrails import pii
from craton.guardrails.content import JUDGED_IN_IMAGES
from craton.store.records import Record

_POLICIES = (
    "topicPolicy",
    "contentPolicy",
    "wordPolicy",
    "sensitiveInformationPolicy",
    "contextualGroundingPolicy",
    "automatedReasoningPolicy",
)
_STANDARD = "STANDARD"
_LEAST_BAD = 0.99  # the highest threshold: at 1 nothing would pass
_MODALITIES = ("inputModalities", "outputModalities")


def check(body: Record) -> None:
    """`body` is in the form of answers. Raises ValidationException."""
    if not any(policy in body for policy in _POLICIES):
        raise ValidationException(
            f"A guardrail needs at least one policy; add one of {', '.join(f'{policy}Config' for policy in _POLICIES)}."
        )
    for policy in _POLICIES:
        if policy in body:
            _tier(policy, body)
            _CHECKS[policy](body[policy])


def _tier(policy: str, body: Record) -> None:
    tier = body[policy].get("tier", {}).get("tierName")
    if tier == _STANDARD and "crossRegionDetails" not in body:
        raise ValidationException(
            f"The {_STANDARD} tier of {policy}Config requires cross-Region inference. Add a crossRegionConfig with a "
            "guardrail profile, such as 'us.guardrail.v1:0', or use the tier 'CLASSIC'. Here a profile leads nowhere: "
            "all is judged on this server."
        )


def _topics(policy: Record) -> None:
    _refuse_twice("topicPolicyConfig.topicsConfig", "name", policy["topics"])


def _content(policy: Record) -> None:
    _refuse_twice("contentPolicyConfig.filtersConfig", "type", policy["filters"])
    for entry in policy["filters"]:
        type_ = entry["type"]
        if type_ == "PROMPT_ATTACK" and entry["outputStrength"] != "NONE":
            raise ValidationException(
                "PROMPT ATTACK content filter strength for response must be NONE: what a model writes is no attack on "
                "it. Set the outputStrength of the filter 'PROMPT_ATTACK' to 'NONE'."
            )
        for member in _MODALITIES:
            if "IMAGE" in entry[member] and type_ not in JUDGED_IN_IMAGES:
                raise ValidationException(
                    f"The filter {type_!r} cannot judge images here; only {', '.join(sorted(JUDGED_IN_IMAGES))} can. "
                    f"Leave 'IMAGE' out of its {member}."
                )


def _words(policy: Record) -> None:
    if not policy.get("words") and not policy.get("managedWordLists"):
        raise ValidationException("The wordPolicyConfig is empty; give it wordsConfig or managedWordListsConfig.")
    _refuse_twice("wordPolicyConfig.wordsConfig", "text", policy.get("words", ()), str.casefold)
    _refuse_twice("wordPolicyConfig.managedWordListsConfig", "type", policy.get("managedWordLists", ()))


def _sensitive(policy: Record) -> None:
    where = "sensitiveInformationPolicyConfig"
    entities, regexes = policy.get("piiEntities", ()), policy.get("regexes", ())
    if not entities and not regexes:
        raise ValidationException(f"The {where} is empty; give it piiEntitiesConfig or regexesConfig.")
    _refuse_twice(f"{where}.piiEntitiesConfig", "type", entities)
    _refuse_twice(f"{where}.regexesConfig", "name", regexes)
    for regex in regexes:
        if reason := pii.refused(regex["pattern"]):
            raise ValidationException(f"The pattern of the regex {regex['name']!r} cannot be used. {reason}")


def _grounding(policy: Record) -> None:
    _refuse_twice("contextualGroundingPolicyConfig.filtersConfig", "type", policy["filters"])
    for entry in policy["filters"]:
        if not 0 <= entry["threshold"] <= _LEAST_BAD:
            raise ValidationException(
                f"The threshold of the filter {entry['type']!r} is {entry['threshold']!r}; give one from 0 to "
                f"{_LEAST_BAD}: at 1 every answer would be blocked."
            )


def _reasoning(policy: Record) -> None:
    named = policy["policies"]
    if len(set(named)) < len(named):
        raise ValidationException(
            "A policy stands twice in automatedReasoningPolicyConfig.policies; name each one once."
        )


_CHECKS: Mapping[str, Callable[[Record], None]] = {
    "topicPolicy": _topics,
    "contentPolicy": _content,
    "wordPolicy": _words,
    "sensitiveInformationPolicy": _sensitive,
    "contextualGroundingPolicy": _grounding,
    "automatedReasoningPolicy": _reasoning,
}


def _refuse_twice(where: str, member: str, entries: Iterable[Record], alike: Callable[[str], str] = str) -> None:
    seen: set[str] = set()
    for entry in entries:
        if (value := alike(entry[member])) in seen:
            raise ValidationException(
                f"The {member} {entry[member]!r} stands twice in {where}; each may stand there once."
            )
        seen.add(value)
