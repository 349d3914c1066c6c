"""What is asked of policies: who wants to do what to which resource, under which circumstances. Knows no policy."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

_ACCOUNT = re.compile(r"[0-9]{12}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks.

    `name` is how a statement's Principal names it: `AWS:` and its ARN, `Service:` and a service, `Federated:` and an
    identity provider; empty for nobody known. `account` is empty where it belongs to none. `issuer` is the ARN of the
    role that a session is of, or of the user whom a federated session is of.
    """

    name: str
    arn: str
    account: str = ""
    issuer: str = ""

    @classmethod
    def of(cls, arn: str, *, issuer: str = "") -> Self:
        """The principal of an ARN: an account's root, a user, a role or a session.

        A session's ARN does not tell the path of its role, so `issuer` must name a role that has one.
        """
        _, partition, _, _, account, resource = arn.split(":", 5)
        kind, _, rest = resource.partition("/")
        if not issuer and kind == "assumed-role":
            issuer = f"arn:{partition}:iam::{account}:role/{rest.partition('/')[0]}"
        elif not issuer and kind == "federated-user":
            issuer = f"arn:{partition}:iam::{account}:user/{rest}"
        elif not issuer and kind == "role":
            issuer = arn
        return cls(f"AWS:{arn}", arn, account, issuer)

    @classmethod
    def service(cls, name: str) -> Self:
        """A service, such as `bedrock.amazonaws.com`."""
        return cls(f"Service:{name}", name)

    @classmethod
    def federated(cls, provider: str) -> Self:
        """Someone whom an identity provider vouches for: its ARN, or its host's name."""
        return cls(f"Federated:{provider}", provider)

    @property
    def root(self) -> bool:
        """Whether it is an account itself, rather than a user or a role of it."""
        return self.arn.endswith(f":{self.account}:root")

    @property
    def federated_user(self) -> bool:
        """Whether it is a session that a user, not a role, was given."""
        return ":federated-user/" in self.arn


NOBODY = Principal("", "")


@dataclass(slots=True)
class Asked:
    """One question. `resource` is an ARN, or `*` where the action is on no one resource.

    `keys` holds the values of all condition keys of the request, by name; a key without values is not there.
    `owner` is the account that owns the resource, where its ARN does not tell.
    """

    principal: Principal
    action: str
    resource: str
    keys: Mapping[str, Sequence[str]]
    owner: str = ""
    folded_action: str = field(init=False, repr=False, compare=False)
    _folded: dict[str, Sequence[str]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        self.folded_action = self.action.lower()

    @property
    def folded(self) -> Mapping[str, Sequence[str]]:
        """The condition keys by their names in lower case, since names of keys ignore case."""
        try:
            return self._folded
        except AttributeError:
            pass
        folded: dict[str, Sequence[str]] = {}
        for name, values in self.keys.items():
            name = name.lower()
            values = (values,) if isinstance(values, str) else values
            folded[name] = (*folded[name], *values) if name in folded else values
        self._folded = folded
        return folded

    @property
    def foreign(self) -> bool:
        """Whether the resource belongs to another account than the principal."""
        account = self.principal.account
        owner = self.owner
        if not owner:
            fields = self.resource.split(":", 5)
            owner = fields[4] if len(fields) == 6 and _ACCOUNT.fullmatch(fields[4]) else ""
        return bool(owner) and owner != account
