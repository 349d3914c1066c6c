"""Random requests and policies, which meet often enough that every rule decides some of them. Seeded, so repeatable."""

import json
import random
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tests.iam.policies.oracle import Policies, Request

OURS, THEIRS = "111111111111", "222222222222"
ACTIONS = (
    "bedrock:InvokeModel",
    "bedrock:InvokeModelWithResponseStream",
    "bedrock:GetGuardrail",
    "bedrock:ListGuardrails",
    "craton:CreateUser",
)
RESOURCES = (
    "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0",
    f"arn:aws:bedrock:us-east-1:{OURS}:guardrail/ada",
    f"arn:aws:bedrock:us-east-1:{OURS}:guardrail/red",
    f"arn:aws:bedrock:eu-west-1:{OURS}:inference-profile/a*b",
    f"arn:aws:bedrock:eu-west-1:{OURS}:prompt/a?b:1",
    f"arn:aws:bedrock:us-east-1:{THEIRS}:guardrail/ada",
    f"arn:aws:bedrock:eu-west-1:{THEIRS}:guardrail/$x",
    "*",
)
CALLERS = (
    *[("AWS", f"arn:aws:iam::{OURS}:user/ada", OURS, "")] * 6,
    *[("AWS", f"arn:aws:iam::{OURS}:user/team/bob", OURS, "")] * 3,
    *[("AWS", f"arn:aws:sts::{OURS}:assumed-role/dev/s1", OURS, f"arn:aws:iam::{OURS}:role/path/dev")] * 6,
    *[("AWS", f"arn:aws:sts::{OURS}:assumed-role/dev/s2", OURS, f"arn:aws:iam::{OURS}:role/path/dev")] * 2,
    ("AWS", f"arn:aws:iam::{OURS}:role/path/dev", OURS, f"arn:aws:iam::{OURS}:role/path/dev"),
    ("AWS", f"arn:aws:sts::{OURS}:federated-user/ada", OURS, f"arn:aws:iam::{OURS}:user/ada"),
    ("AWS", f"arn:aws:iam::{OURS}:root", OURS, ""),
    ("Service", "bedrock.amazonaws.com", "", ""),
    ("Federated", "accounts.example.com", "", ""),
    ("", "", "", ""),
)
PRINCIPALS: tuple[tuple[str, str], ...] = (
    ("AWS", "*"),
    ("AWS", OURS),
    ("AWS", f"arn:aws:iam::{OURS}:root"),
    ("AWS", THEIRS),
    ("AWS", f"arn:aws:iam::{OURS}:user/ada"),
    ("AWS", f"arn:aws:iam::{OURS}:user/team/bob"),
    ("AWS", f"arn:aws:iam::{OURS}:role/path/dev"),
    ("AWS", f"arn:aws:sts::{OURS}:assumed-role/dev/s1"),
    ("AWS", f"arn:aws:sts::{OURS}:federated-user/ada"),
    ("Service", "bedrock.amazonaws.com"),
    ("Federated", "accounts.example.com"),
)
KEYS: Mapping[str, Sequence[str]] = {
    "aws:username": ("ada", "bob", "a*b", ""),
    "aws:PrincipalTag/team": ("red", "Red", "blue", "a?b", ""),
    "aws:TagKeys": ("red", "blue", "team", ""),
    "aws:SourceIp": ("203.0.113.7", "203.0.113.200", "10.0.0.1", "2001:db8::1", "::ffff:203.0.113.7", "none"),
    "bedrock:MaxTokens": ("10", "10.0", "11", "-3", "ten"),
    "aws:CurrentTime": ("2026-01-31T12:00:00Z", "2026-01-31T13:00:00+01:00", "2026-02-01T00:00:00.5Z", "soon"),
    "aws:EpochTime": ("1769860800", "1769860801", "0"),
    "aws:SecureTransport": ("true", "false", "TRUE"),
    "aws:SourceArn": (RESOURCES[1], RESOURCES[5], "arn:aws:s3:::a:b:c", "no-arn"),
    "bedrock:Digest": (b64encode(b"ada").decode(), b64encode(b"bob").decode(), "!"),
}
TIMES = ("2026", "2026-01", "2026-01-31", "2026-01-31T12:00Z", "2026-01-31T12:00:00Z", "1769860800", "1769860801")
NETWORKS = ("203.0.113.0/24", "203.0.113.7", "203.0.113.7/25", "10.0.0.0/8", "2001:DB8::/32", "0.0.0.0/0", "::/0")
TEXTS = ("ada", "red", "RED", "blue", "bob", "", "${aws:username}", "${aws:PrincipalTag/Team}", "x${*}", "a${*}b")
PATTERNS = (
    "*",
    "ad*da",
    "a*",
    "?ed",
    "*e*",
    "r?d*",
    "",
    "${aws:username}*",
    "${aws:PrincipalTag/team, 'red'}",
    "a${?}b",
    "???",
)
FAMILIES: Mapping[str, tuple[Sequence[str], Sequence[str], Sequence[str]]] = {
    "String": (("Equals", "NotEquals", "EqualsIgnoreCase", "NotEqualsIgnoreCase"), TEXTS, ()),
    "StringLike": (("", "Not"), PATTERNS, ()),
    "Numeric": (
        ("Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals"),
        ("10", "10.0", "-3", "11", "10.5", "+10"),
        ("bedrock:MaxTokens", "aws:EpochTime"),
    ),
    "Date": (
        ("Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals"),
        TIMES,
        ("aws:CurrentTime", "aws:EpochTime"),
    ),
    "Bool": (("",), ("true", "false", "True"), ("aws:SecureTransport",)),
    "BinaryEquals": (("",), KEYS["bedrock:Digest"][:2], ("bedrock:Digest",)),
    "IpAddress": (("", "Not"), NETWORKS, ("aws:SourceIp",)),
    "Arn": (("Equals", "Like", "NotEquals", "NotLike"), (), ("aws:SourceArn",)),
    "Null": (("",), ("true", "false"), ()),
}


@dataclass(frozen=True)
class Scene:
    """Requests, and the policies that have a say. They were written with the first request in mind."""

    requests: Sequence[Request]
    policies: Policies


class Generator:
    """Scenes from a seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def scene(self) -> Scene:
        """One more."""
        request, other = self._request(), self._request()
        name = self._random.choice(["who", "action", "resource", "keys"])
        changes = {"who": ("type", "who", "account", "via")}.get(name, (name,))
        varied = replace(request, **{change: getattr(other, change) for change in changes})
        return Scene((request, varied), self._policies(request))

    def _chance(self, share: float) -> bool:
        return self._random.random() < share

    def _request(self) -> Request:
        kind, who, account, via = self._random.choice(CALLERS)
        keys: dict[str, Sequence[str]] = {}
        for name, values in KEYS.items():
            if self._chance(0.75):
                many = name == "aws:TagKeys" or self._chance(0.05)
                keys[name] = self._random.choices(values, k=self._random.randint(0, 3) if many else 1)
        return Request(kind, who, account, via, self._random.choice(ACTIONS), self._random.choice(RESOURCES), keys)

    def _policies(self, request: Request) -> Policies:
        several = [0, 1, 1, 1, 2, 2, 3]
        shared = self._random.choice([0, 0, 1, 1, 2]) if request.account else 1
        if OURS not in request.resource and THEIRS in request.resource:
            shared = max(shared, int(self._chance(0.8)))
        trusting = self._chance(0.12)
        return Policies(
            identity=[self._document(request, "identity") for _ in range(self._random.choice(several))],
            resource=[] if trusting else [self._document(request, "resource") for _ in range(shared)],
            trust=[self._document(request, "trust")] if trusting else [],
            boundary=self._bound(request, 0.25),
            session=self._bound(request, 0.25),
        )

    def _bound(self, request: Request, share: float) -> list[str] | None:
        if not self._chance(share):
            return None
        return [self._document(request, "identity") for _ in range(self._random.choice([0, 1, 1, 1, 1, 2]))]

    def _document(self, request: Request, kind: str) -> str:
        document: dict[str, Any] = {}
        if self._chance(0.95):
            document["Version"] = "2012-10-17" if self._chance(0.9) else "2008-10-17"
        written = [self._statement(request, kind) for _ in range(self._random.choice([1, 1, 2, 3]))]
        document["Statement"] = written[0] if len(written) == 1 and self._chance(0.5) else written
        return json.dumps(document)

    def _statement(self, request: Request, kind: str) -> dict[str, Any]:
        statement: dict[str, Any] = {"Effect": "Allow" if self._chance(0.8) else "Deny"}
        if kind != "identity":
            statement["Principal" if self._chance(0.85) else "NotPrincipal"] = self._principal()
        actions = [self._action(request) for _ in range(self._random.choice([1, 1, 2, 3]))]
        if self._chance(0.85):
            statement["Action"] = self._few(actions)
        else:
            statement["NotAction"] = self._few([self._action(request, near=0.3) for _ in actions])
        if kind != "trust":
            negated = self._chance(0.15)
            near = 0.3 if negated else 0.8
            resources = [self._resource(request, near) for _ in range(self._random.choice([1, 1, 2, 3]))]
            statement["NotResource" if negated else "Resource"] = self._few(resources)
        if self._chance(0.6):
            statement["Condition"] = self._conditions()
        return statement

    def _few(self, values: list[str]) -> str | list[str]:
        return values[0] if len(values) == 1 and self._chance(0.5) else values

    def _principal(self) -> Any:
        if self._chance(0.1):
            return "*"
        found: dict[str, Any] = {}
        for kind, name in self._random.choices(PRINCIPALS, k=self._random.choice([1, 2, 3, 4])):
            found.setdefault(kind, []).append(name)
        return {kind: self._few(listed) for kind, listed in found.items()}

    def _action(self, request: Request, near: float = 0.75) -> str:
        action = request.action if self._chance(near) else self._random.choice(ACTIONS)
        service, _, name = action.partition(":")
        if self._chance(0.1):
            return "*"
        if self._chance(0.5):
            name = self._blurred(name)
        return self._random.choice([str.lower, str.upper, str])(f"{service}:{name}")

    def _resource(self, request: Request, near: float) -> str:
        resource = request.resource if self._chance(near) else self._random.choice(RESOURCES)
        if resource == "*" or self._chance(0.1):
            return "*"
        *head, tail = resource.split(":", 5)
        if self._chance(0.4):
            index = self._random.choice([3, 4])
            head[index] = self._random.choice(["*", self._blurred(head[index])])
        if self._chance(0.15):
            variable = self._random.choice(
                ["${aws:username}", "${aws:PrincipalTag/team,'red'}", "${AWS:UserName, 'ada'}"]
            )
            tail = tail.partition("/")[0] + "/" + variable
        elif self._chance(0.1):
            tail = tail.replace("*", "${*}").replace("?", "${?}").replace("$x", "${$}x")
        elif self._chance(0.5):
            tail = self._blurred(tail)
        text = ":".join([*head, tail])
        if "${" not in text and self._chance(0.08):  # a star that runs on beyond colons
            cut = self._random.randint(16, len(text) - 1)
            text = text[:cut] + "*" + (text[self._random.randint(cut, len(text)) :] if self._chance(0.7) else "")
        return text if text.count(":") >= 5 or "*" in text else "*"

    def _blurred(self, text: str) -> str:
        """With wildcards in place of some of it, which it may then match or not."""
        for _ in range(self._random.choice([1, 1, 2])):
            start = self._random.randint(0, len(text))
            end = min(len(text), start + self._random.choice([0, 1, 1, 3, 8]))
            text = text[:start] + self._random.choice(["*", "*", "?", "?" * (end - start), "**"]) + text[end:]
        return text or "*"

    def _conditions(self) -> dict[str, Any]:
        conditions: dict[str, Any] = {}
        for _ in range(self._random.choice([1, 1, 1, 2])):
            family = self._random.choice(list(FAMILIES))
            endings, values, names = FAMILIES[family]
            operator = _operator(family, self._random.choice(endings))
            if family != "Null":
                operator = self._random.choice(["", "", "", "ForAllValues:", "ForAnyValue:"]) + operator
                operator += self._random.choice(["", "", "IfExists"])
            name = self._random.choice(list(names if names and self._chance(0.95) else KEYS))
            wanted = [self._arn() if family == "Arn" else self._random.choice(list(values)) for _ in range(3)]
            wanted = wanted[: self._random.choice([1, 1, 2, 3])]
            tests = conditions.setdefault(operator, {})
            tests[self._random.choice([str, str.lower, str.upper])(name)] = self._unquoted(family, wanted)
        return conditions

    def _unquoted(self, family: str, wanted: list[str]) -> Any:
        if family in ("Bool", "Null") and self._chance(0.3):
            return wanted[0].lower() == "true"
        if family == "Numeric" and self._chance(0.3):
            return float(wanted[0])
        return self._few(wanted)

    def _arn(self) -> str:
        parts = self._random.choice([*RESOURCES[:2], RESOURCES[5], "arn:aws:s3:::a:b:c"]).split(":", 5)
        for index in self._random.choices(range(6), k=self._random.choice([0, 1, 2])):
            parts[index] = self._random.choice(["*", self._blurred(parts[index])])
        if self._chance(0.1):
            parts[5] = "guardrail/${aws:username}"
        return ":".join(parts)


def _operator(family: str, ending: str) -> str:
    """The name of an operator: the negation of StringLike and IpAddress stands in the middle or before."""
    if family == "StringLike":
        return f"String{ending}Like"
    return f"{ending}{family}" if family == "IpAddress" else f"{family}{ending}"
