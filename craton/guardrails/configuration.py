"""What a request configures, in the form in which answers tell it: other names, and what was left out filled in.

Knows no rule about what may be configured: those are `validation`'s.
"""

from collections.abc import Mapping

from craton.core.context import Context
from craton.store.records import Record

_PROFILE = "guardrail-profile"
_CROSS_REGION = "crossRegionConfig"
# Members of requests that are no part of the guardrail, or are kept under another name.
_APART = frozenset({"clientRequestToken", "guardrailIdentifier", "tags", "kmsKeyId", _CROSS_REGION})

_SWITCHED = {"inputAction": "BLOCK", "outputAction": "BLOCK", "inputEnabled": True, "outputEnabled": True}
_TEXT = {"inputModalities": ["TEXT"], "outputModalities": ["TEXT"]}
# What an entry that does not say so is taken to say, by policy and group.
_DEFAULTS: Mapping[tuple[str, str], Mapping[str, object]] = {
    ("topicPolicy", "topics"): _SWITCHED,
    ("contentPolicy", "filters"): _TEXT | _SWITCHED,
    ("wordPolicy", "words"): _SWITCHED,
    ("wordPolicy", "managedWordLists"): _SWITCHED,
    ("sensitiveInformationPolicy", "piiEntities"): _SWITCHED,
    ("sensitiveInformationPolicy", "regexes"): _SWITCHED,
    ("contextualGroundingPolicy", "filters"): {"action": "BLOCK", "enabled": True},
}
_TIERED = ("topicPolicy", "contentPolicy", "contextualGroundingPolicy")
_CLASSIC = {"tierName": "CLASSIC"}


def configured(ctx: Context, req: Mapping[str, object]) -> Record:
    """What is kept of a request of CreateGuardrail or UpdateGuardrail."""
    kept = _renamed({member: value for member, value in req.items() if member not in _APART})
    for (policy, group), defaults in _DEFAULTS.items():
        if entries := kept.get(policy, {}).get(group):
            kept[policy][group] = [_filled(entry, defaults) for entry in entries]
    for policy in _TIERED:
        if policy in kept:
            kept[policy].setdefault("tier", _CLASSIC)
    cross_region = req.get(_CROSS_REGION)
    if isinstance(cross_region, Mapping):
        name = str(cross_region["guardrailProfileIdentifier"]).rpartition("/")[2]
        profile = ctx.arn(f"{_PROFILE}/{name}")
        kept["crossRegionDetails"] = {"guardrailProfileId": name, "guardrailProfileArn": profile}
    return kept


def _filled(entry: Record, defaults: Mapping[str, object]) -> Record:
    """An `action` goes for input and output alike where these have none of their own."""
    if "action" in entry and "inputAction" in defaults:
        defaults = {**defaults, "inputAction": entry["action"], "outputAction": entry["action"]}
    return {**entry, **{member: value for member, value in defaults.items() if member not in entry}}


def _renamed(members: Mapping[str, object]) -> Record:
    """`topicPolicyConfig` becomes `topicPolicy`, `filtersConfig` `filters`, and so on, however deep."""
    return {member.removesuffix("Config"): _inner(value) for member, value in members.items()}


def _inner(value: object) -> object:
    if isinstance(value, Mapping):
        return _renamed(value)
    if isinstance(value, list | tuple):
        return [_inner(item) for item in value]
    return value
