"""One statement of a policy, compiled. Knows neither other statements nor how a decision is come to."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from craton.iam.policies import conditions, patterns, principals
from craton.iam.policies.asked import Asked
from craton.iam.policies.conditions import Condition
from craton.iam.policies.malformed import MalformedPolicy
from craton.iam.policies.patterns import Matcher, Pattern
from craton.iam.policies.principals import Grade, Named

Kind = Literal["identity", "resource", "trust"]

_ELEMENTS = (
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
)
_ACTION = re.compile(r"\*|(\*|[A-Za-z0-9-]+):[A-Za-z0-9*?_.-]+", re.ASCII)
_RESOURCE = re.compile(r"arn:(?P<partition>[^:]+):(?P<service>[^:]+):.+", re.ASCII | re.DOTALL)
_SID = re.compile(r"[0-9A-Za-z]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Texts:
    """Patterns of actions or resources, sorted by how they are matched."""

    everything: bool
    exact: frozenset[str]
    prefixes: tuple[str, ...]
    matchers: tuple[Matcher, ...]
    variable: tuple[Pattern, ...]

    def match(self, text: str, asked: Asked) -> bool:
        """Whether one of them matches."""
        if self.everything or text in self.exact or (self.prefixes and text.startswith(self.prefixes)):
            return True
        for matcher in self.matchers:
            if matcher(text):
                return True
        return bool(self.variable) and any(pattern.matches(text, asked.folded) for pattern in self.variable)


@dataclass(frozen=True, slots=True)
class Statement:
    """`resources` is None where the statement is about the one resource that its policy is of."""

    sid: str
    allows: bool
    actions: Texts
    not_actions: bool
    resources: Texts | None
    not_resources: bool
    principals: Named | None
    not_principals: bool
    conditions: tuple[Condition, ...]

    def applies(self, asked: Asked) -> bool:
        """Whether it is about this action on this resource under these circumstances, whoever asks."""
        if self.actions.match(asked.folded_action, asked) is self.not_actions:
            return False
        if self.resources is not None and self.resources.match(asked.resource, asked) is self.not_resources:
            return False
        return not self.conditions or all(condition(asked.folded) for condition in self.conditions)

    def allowing(self, asked: Asked) -> Grade:
        """How it allows what is asked to the principal."""
        grade = Grade.DIRECT if self.principals is None else self.principals.grade(asked.principal)
        if self.not_principals:
            grade = Grade.NONE if grade else Grade.DIRECT
        return grade if grade and self.applies(asked) else Grade.NONE

    def denies(self, asked: Asked, *, bounded: bool) -> bool:
        """Whether it denies what is asked to the principal, who is `bounded` with a permissions boundary.

        NotPrincipal excepts nobody who has one (IAM User Guide, NotPrincipal).
        """
        if self.principals is not None:
            if self.not_principals:
                if not bounded and self.principals.wholly(asked.principal):
                    return False
            elif not self.principals.grade(asked.principal):
                return False
        return self.applies(asked)


def read(element: object, place: str, kind: Kind, *, variables: bool) -> Statement:
    """A statement as it is written."""
    if not isinstance(element, dict):
        raise MalformedPolicy(f"Syntax errors in policy: {place} must be an object.")
    for name in element:
        if name not in _ELEMENTS:
            raise MalformedPolicy(f"Syntax errors in policy: {place} has the unknown element {name!r}.")
    sid = _sid(element.get("Sid", ""), place, kind)
    if element.get("Effect") not in ("Allow", "Deny"):
        raise MalformedPolicy(f'{place}: Effect must be "Allow" or "Deny", not {element.get("Effect")!r}.')
    not_principals, who = _principals(element, place, kind)
    not_actions, actions = _actions(element, place)
    not_resources, resources = _resources(element, place, kind, variables)
    return Statement(
        sid=sid,
        allows=element["Effect"] == "Allow",
        actions=actions,
        not_actions=not_actions,
        resources=resources,
        not_resources=not_resources,
        principals=who,
        not_principals=not_principals,
        conditions=conditions.read(element.get("Condition", {}), f"{place}.Condition", variables=variables),
    )


def _sid(value: object, place: str, kind: Kind) -> str:
    if type(value) is not str:
        raise MalformedPolicy(f"{place}: Sid must be a string, not {value!r}.")
    if kind == "identity" and not _SID.fullmatch(value):
        raise MalformedPolicy(
            f"{place}: Statement IDs (SID) must be alpha-numeric. Check that {value!r} satisfies the regular "
            "expression [0-9A-Za-z]*."
        )
    return value


def _either(element: Mapping[str, object], name: str, place: str) -> str | None:
    """Which of an element and its negation is there."""
    found = [one for one in (name, f"Not{name}") if one in element]
    if len(found) == 2:
        raise MalformedPolicy(f"Syntax errors in policy: {place} has both {name} and Not{name}; leave one out.")
    return found[0] if found else None


def _principals(element: Mapping[str, object], place: str, kind: Kind) -> tuple[bool, Named | None]:
    name = _either(element, "Principal", place)
    if kind == "identity":
        if name:
            raise MalformedPolicy(f"Policy document should not specify a principal. Remove {name} from {place}.")
        return False, None
    if name is None:
        raise MalformedPolicy(f"Missing required field Principal. Add it to {place}.")
    return name.startswith("Not"), principals.read(element[name], f"{place}.{name}")


def _listed(element: Mapping[str, object], name: str, place: str, what: str) -> list[str]:
    value = element[name]
    written: list[object] = value if isinstance(value, list) else [value]
    texts = [text for text in written if type(text) is str]
    if len(texts) < len(written):
        raise MalformedPolicy(f"Syntax errors in policy: {place}.{name} must be a string or a list of strings.")
    if not texts:
        raise MalformedPolicy(f"Policy statement must contain {what}. {place}.{name} is empty.")
    return texts


def _actions(element: Mapping[str, object], place: str) -> tuple[bool, Texts]:
    name = _either(element, "Action", place)
    if name is None:
        raise MalformedPolicy(f"Policy statement must contain actions. Add Action or NotAction to {place}.")
    texts = _listed(element, name, place, "actions")
    for text in texts:
        if ":" not in text and text != "*":
            raise MalformedPolicy(
                "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc. "
                f"{place}.{name} has {text!r}."
            )
        if not _ACTION.fullmatch(text):
            raise MalformedPolicy(
                f"{place}.{name}: the action {text!r} is not valid; write a service, one colon and an action, such as "
                "bedrock:Get*, with wildcards only after the colon."
            )
    return name.startswith("Not"), _sorted([text.lower() for text in texts], variables=False, resources=False)


def _resources(element: Mapping[str, object], place: str, kind: Kind, variables: bool) -> tuple[bool, Texts | None]:
    name = _either(element, "Resource", place)
    if kind == "trust":
        if name:
            raise MalformedPolicy(f"Has prohibited field {name}. Remove it from {place}.")
        return False, None
    if name is None:
        raise MalformedPolicy(f"Policy statement must contain resources. Add Resource or NotResource to {place}.")
    texts = _listed(element, name, place, "resources")
    for text in texts:
        _check_resource(text, f"{place}.{name}", variables)
    try:
        return name.startswith("Not"), _sorted(texts, variables=variables, resources=True)
    except ValueError as error:
        raise MalformedPolicy(f"{place}.{name}: {error}.") from error


def _check_resource(text: str, place: str, variables: bool) -> None:
    if text == "*":
        return
    found = _RESOURCE.fullmatch(text)
    if found is None:
        raise MalformedPolicy(f'Resource {text!r} must be in ARN format or "*". Mend it at {place}.')
    if "*" in found["service"] or "?" in found["service"]:
        raise MalformedPolicy(
            f"Resource vendor must be fully qualified and cannot contain regexes. {place} has {text!r}."
        )
    before = text.split(":", 5)[:5]
    if variables and any("${" in field for field in before):
        raise MalformedPolicy(f"{place}: a policy variable can only stand after the fifth colon of {text!r}.")
    if text.count(":") < 5 and "*" not in text:
        raise MalformedPolicy(
            f"{place}: the ARN {text!r} lacks parts; write arn:partition:service:region:account:resource."
        )


def _sorted(texts: Sequence[str], *, variables: bool, resources: bool) -> Texts:
    exact: set[str] = set()
    prefixes: list[str] = []
    matchers: list[Matcher] = []
    variable: list[Pattern] = []
    compiled = patterns.resource if resources else patterns.glob
    for text in texts:
        pieces = patterns.read(text, variables=variables, wild=True)
        fixed = patterns.fixed(pieces)
        if fixed is None:
            variable.append(Pattern(pieces, compiled))
        elif len(fixed) == 1 and isinstance(fixed[0], str):
            exact.add(fixed[0])
        elif len(fixed) == 2 and isinstance(fixed[0], str) and fixed[1] is patterns.Wild.MANY:
            prefixes.append(fixed[0])
        else:
            matchers.append(compiled(fixed))
    return Texts("*" in texts or "*:*" in texts, frozenset(exact), tuple(prefixes), tuple(matchers), tuple(variable))
