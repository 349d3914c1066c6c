"""The elements Principal and NotPrincipal: whom a statement is about. Knows neither actions nor conditions."""

import re
from collections.abc import Callable, Iterable
from enum import IntEnum

from craton.iam.policies.asked import Principal
from craton.iam.policies.malformed import MalformedPolicy

_ACCOUNT = re.compile(r"([0-9]{12})|arn:[a-z-]+:iam::([0-9]{12}):root", re.ASCII)
_ENTITY = re.compile(
    r"arn:[a-z-]+:(iam::[0-9]{12}:(user|role)/[^*?\s]+"
    r"|sts::[0-9]{12}:(assumed-role/[^*?\s/]+/[^*?\s/]+|federated-user/[^*?\s/]+))",
    re.ASCII,
)
_HOST = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(/\S*)?", re.ASCII)
_PROVIDER = re.compile(r"arn:[a-z-]+:iam::[0-9]{12}:(saml-provider|oidc-provider)/[^*?\s]+", re.ASCII)


class Grade(IntEnum):
    """How a statement names a principal: not, by its account, by the role or user its session is of, or itself."""

    NONE = 0
    ACCOUNT = 1
    ISSUER = 2
    DIRECT = 3


class Named:
    """The principals that an element lists."""

    __slots__ = ("_accounts", "_everyone", "_names")

    def __init__(self, names: Iterable[str], accounts: Iterable[str], *, everyone: bool) -> None:
        self._names = frozenset(names)
        self._accounts = frozenset(accounts)
        self._everyone = everyone

    def grade(self, principal: Principal) -> Grade:
        """How they name this one."""
        if self._everyone or (principal.name in self._names and principal.issuer != principal.arn):
            return Grade.DIRECT
        if principal.issuer and f"AWS:{principal.issuer}" in self._names:
            return Grade.ISSUER
        if principal.account in self._accounts:
            return Grade.DIRECT if principal.root else Grade.ACCOUNT
        return Grade.NONE

    def wholly(self, principal: Principal) -> bool:
        """Whether they list it at each of its levels: the account, the role or user its session is of, and itself.

        That is what a NotPrincipal with Deny must do to except someone (IAM User Guide, NotPrincipal).
        """
        if self._everyone:
            return True
        levels = {principal.name, f"AWS:{principal.issuer}"} if principal.issuer else {principal.name}
        if principal.account:
            if principal.account not in self._accounts:
                return False
            if principal.root:
                return True
        return levels <= self._names


def read(element: object, place: str) -> Named:
    """The element as it is written: "*", or lists of names under AWS, Service and Federated."""
    if element == "*":
        return Named((), (), everyone=True)
    if not isinstance(element, dict) or not element:
        raise MalformedPolicy(f'{place} must be "*" or an object such as {{"AWS": "arn:aws:iam::123456789012:root"}}.')
    names: list[str] = []
    accounts: list[str] = []
    everyone = False
    for kind, listed in element.items():
        if kind not in _KINDS:
            raise MalformedPolicy(f"{place} has the unknown type {kind!r}; use {', '.join(_KINDS)}.")
        for name in _listed(listed, f"{place}.{kind}"):
            if kind == "AWS" and name == "*":
                everyone = True
            elif kind == "AWS" and (account := _ACCOUNT.fullmatch(name)):
                accounts.append(account[1] or account[2])
            elif _KINDS[kind](name):
                names.append(f"{kind}:{name}")
            else:
                raise MalformedPolicy(f'Invalid principal in policy: "{kind}":{name!r} at {place}. {_ADVICE[kind]}')
    return Named(names, accounts, everyone=everyone)


def _listed(value: object, place: str) -> list[str]:
    written: list[object] = value if isinstance(value, list) else [value]
    names = [name for name in written if type(name) is str]
    if not names or len(names) < len(written):
        raise MalformedPolicy(f"{place} must be a string or a list of strings, with at least one.")
    return names


_KINDS: dict[str, Callable[[str], object]] = {
    "AWS": _ENTITY.fullmatch,
    "Service": _HOST.fullmatch,
    "Federated": lambda name: _PROVIDER.fullmatch(name) or _HOST.fullmatch(name),
}
_ADVICE = {
    "AWS": "Name an account, its root, a user, a role or a session by its full ARN; a wildcard can only stand alone.",
    "Service": "Name a service as bedrock.amazonaws.com.",
    "Federated": "Name an identity provider by its ARN or its host.",
}
