"""Whom a quota or a budget is about. Knows neither what is counted nor where it is kept."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import NamedTuple, Self

from craton.store.records import Record
from craton.usage.records import Asked

EVERY_ACCOUNT = "*"
# The member with the keys that the named one has replaced: they are limited and counted with it.
REPLACED = "replacedKeys"

_SESSION = re.compile(r"arn:([a-z-]+):sts::([0-9]{12}):assumed-role/([^/]+)/.+")


class Facts(NamedTuple):
    """Who invokes what. `profile` is empty where the model was named itself."""

    account: str
    key: str
    principal: str
    model: str
    profile: str
    tags: frozenset[tuple[str, str]]

    @classmethod
    def of(cls, asked: Asked) -> Self:
        ctx = asked.ctx
        tags = frozenset(asked.tags.items())
        return cls(ctx.account, ctx.key_id, ctx.principal, asked.model, asked.profile or "", tags)


class Part(StrEnum):
    """What counts may be kept apart by; the name of the field of `Facts` in lower case."""

    ACCOUNT = "ACCOUNT"
    KEY = "KEY"
    PRINCIPAL = "PRINCIPAL"
    MODEL = "MODEL"
    PROFILE = "PROFILE"


@dataclass(frozen=True, slots=True)
class Subject:
    """All that is given must fit. Principals, models and profiles may be patterns (`*`, `?`, `[..]`).

    A role stands for its sessions, and a key for those that it has replaced. `apart` tells that each key, say, is
    counted for itself.
    """

    account: str
    key: str = ""
    principal: str = ""
    model: str = ""
    profile: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    apart: tuple[Part, ...] = ()
    replaced: frozenset[str] = frozenset()

    def fits(self, facts: Facts) -> bool:
        return (
            self.account in (EVERY_ACCOUNT, facts.account)
            and (self.key in ("", facts.key) or facts.key in self.replaced)
            and (not self.principal or _named(self.principal, facts.principal))
            and (not self.model or fnmatchcase(facts.model, self.model))
            and (not self.profile or fnmatchcase(facts.profile, self.profile))
            and facts.tags.issuperset(self.tags.items())
        )

    def place(self, facts: Facts) -> tuple[str, ...]:
        """Where what fits is counted: the values of `apart`, but for a key that is named, as there is but one."""
        return tuple("" if part is Part.KEY and self.key else getattr(facts, part.lower()) for part in self.apart)

    def continues(self, before: "Subject | None") -> bool:
        """Whether it counts on what was counted for this one: the same, or the same before its key was rotated."""
        return before is not None and (
            before.key in {self.key, *self.replaced} and replace(before, key=self.key, replaced=self.replaced) == self
        )

    def shared(self) -> bool:
        """Whether several accounts are counted together."""
        return self.account == EVERY_ACCOUNT and Part.ACCOUNT not in self.apart


def read_subject(body: Record) -> Subject:
    """The subject of a stored quota or budget, whose members are those of the operations."""
    about = body["appliesTo"]
    return Subject(
        account=about["account"],
        key=about.get("keyId", ""),
        principal=about.get("principal", ""),
        model=about.get("modelId", ""),
        profile=about.get("inferenceProfileArn", ""),
        tags={tag["key"]: tag["value"] for tag in about.get("tags", ())},
        apart=tuple(map(Part, body.get("countedPer", ()))),
        replaced=frozenset(key["keyId"] for key in body.get(REPLACED, ())),
    )


def _named(pattern: str, principal: str) -> bool:
    session = _SESSION.fullmatch(principal)
    return fnmatchcase(principal, pattern) or (
        session is not None and fnmatchcase("arn:{}:iam::{}:role/{}".format(*session.groups()), pattern)
    )
