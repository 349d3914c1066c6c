"""The condition keys of a request: who calls, whence, when, and what is asked for. Knows no policy.

The names are those of "AWS global condition context keys" in the IAM User Guide and of Bedrock's page in the Service
Authorization Reference. They are made when the first condition looks at them: most policies have none.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from craton.core.call import Call
from craton.core.context import Keys
from craton.iam.principals import Attached
from craton.iam.records import ROOT, Caller, Credential, user_of

BEARER_TOKEN_TYPE = "bedrock:BearerTokenType"
RESOURCE_TAG = "aws:ResourceTag/"
_TIME = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True, slots=True)
class Facts:
    """What the same request tells every question. `bearer` tells that it brought a token instead of a signature."""

    caller: Caller
    attached: Attached
    call: Call
    bearer: bool

    def keys(self) -> dict[str, Sequence[str]]:
        call, caller, now = self.call, self.caller, datetime.now(UTC)
        keys: dict[str, Sequence[str]] = {
            "aws:CurrentTime": (now.strftime(_TIME),),
            "aws:EpochTime": (str(int(now.timestamp())),),
            "aws:PrincipalAccount": (caller.account,),
            "aws:PrincipalIsAWSService": ("false",),
            "aws:RequestedRegion": (call.region,),
            "aws:SecureTransport": ("true" if call.secure else "false",),
            "aws:ViaAWSService": ("false",),
            "aws:userid": (self.attached.id,),
            **self._who(),
        }
        if call.source_ip:
            keys["aws:SourceIp"] = (call.source_ip,)
        if call.user_agent:
            keys["aws:UserAgent"] = (call.user_agent,)
        for key, value in self.attached.tags.items():
            keys[f"aws:PrincipalTag/{key}"] = (value,)
        if self.bearer:
            keys[BEARER_TOKEN_TYPE] = ("SHORT_TERM" if isinstance(caller, Credential) else "LONG_TERM",)
        return keys

    def _who(self) -> dict[str, Sequence[str]]:
        caller = self.caller
        session = caller.session if isinstance(caller, Credential) else None
        if session is not None:
            return {
                "aws:PrincipalArn": (session.role,),
                "aws:PrincipalType": ("AssumedRole",),
                "aws:MultiFactorAuthPresent": ("false",),
                "aws:TokenIssueTime": (caller.created_at.strftime(_TIME),),
            }
        user = user_of(caller.principal)
        if user is None or user == ROOT:
            return {"aws:PrincipalArn": (caller.principal,), "aws:PrincipalType": ("Account",)}
        return {"aws:PrincipalArn": (caller.principal,), "aws:PrincipalType": ("User",), "aws:username": (user,)}


class Circumstances(Mapping[str, Sequence[str]]):
    """All condition keys of one question. `looked_at` tells whether a condition has asked for one."""

    __slots__ = ("_facts", "_made", "_more", "_resource")

    def __init__(self, facts: Facts, resource: str, more: Keys) -> None:
        self._facts = facts
        self._resource = resource
        self._more = more
        self._made: dict[str, Sequence[str]] | None = None

    @property
    def looked_at(self) -> bool:
        return self._made is not None

    def __getitem__(self, name: str) -> Sequence[str]:
        return self._all()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def _all(self) -> dict[str, Sequence[str]]:
        if self._made is None:
            self._made = {**self._facts.keys(), **self._more}
            if owner := account_of(self._resource):
                self._made["aws:ResourceAccount"] = (owner,)
        return self._made


def account_of(arn: str) -> str:
    """The account that an ARN names; empty where it names none."""
    parts = arn.split(":", 5)
    return parts[4] if len(parts) == 6 else ""
