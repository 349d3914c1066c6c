"""Temporary credentials: a role, assumed for a while. Knows no HTTP; `keys` looks the credentials up.

Sessions are kept as documents, so that each can be revoked. Source of the rules and limits: AssumeRole in the API
reference of AWS STS.
"""

import re
import secrets
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Protocol

from craton.core.context import Keys
from craton.errors import AccessDeniedException, ValidationException
from craton.iam.accounts import SCOPE, Accounts
from craton.iam.identities.identities import ROLE, missing
from craton.iam.identities.managed import ManagedPolicies, check
from craton.iam.identities.roles import HOUR, Roles
from craton.iam.keys.credentials import (
    SESSION,
    TEMPORARY_PREFIX,
    access_key_of,
    body_of,
    new_access_key_id,
    new_secret,
)
from craton.iam.policies import Decision, Policy
from craton.iam.records import Caller, Credential
from craton.store.documents import Document, Documents, Transaction

ASSUME_ROLE = "sts:AssumeRole"
TAG_SESSION = "sts:TagSession"

_ROLE = re.compile(r"arn:aws:iam::(?P<account>[0-9]{12}):role/(?P<name>[\w+=,.@-]{1,64})", re.ASCII)
_NAME = re.compile(r"[\w+=,.@-]{2,64}", re.ASCII)
_LARGEST_POLICY = 2048
_MOST_POLICIES = 10
_KEPT = timedelta(days=1)  # after their end, so that their holders are told that they have expired
_SWEPT = 100  # sessions looked at when one is made, to delete those that ended long ago


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked of a role: `seconds` None is an hour. `policies` are ARNs, `tags` the session's."""

    role: str  # its ARN
    name: str
    seconds: int | None = None
    policy: str | None = None
    policies: Sequence[str] = ()
    tags: Mapping[str, str] = field(default_factory=dict)
    external_id: str | None = None


class Asker(Protocol):
    """Who wants to assume a role, and what the policies say of it in the circumstances of the request."""

    @property
    def caller(self) -> Caller: ...

    def judge(self, action: str, resource: str, keys: Keys, trust: Policy) -> tuple[Decision, bool]:
        """The decision, and whether a condition had a say in it."""
        ...


class Sessions:
    """The sessions of all roles of one home."""

    def __init__(
        self,
        documents: Documents,
        accounts: Accounts,
        roles: Roles,
        managed: ManagedPolicies,
    ) -> None:
        self._documents = documents
        self._accounts = accounts
        self._roles = roles
        self._managed = managed

    async def assume(self, asker: Asker | None, wish: Wish) -> Credential:
        """Temporary credentials for the role, if its trust policy and the asker's own policies allow it.

        None stands for the operator, who needs neither. Raises AccessDeniedException, ResourceNotFoundException and
        ValidationException.
        """
        if not _NAME.fullmatch(wish.name):
            raise ValidationException(
                f"The session name {wish.name!r} is not valid; use 2 to 64 letters, digits and the characters _+=,.@-"
            )
        account, name = _parts(wish.role)
        role = await self._roles.find(account, name)
        if asker is not None:
            _insist(asker, wish, role, await self._roles.tags_of(role) if role else {})
        if role is None:
            raise missing(ROLE, name)
        await self._accounts.check(account)
        seconds = _seconds(asker.caller if asker else None, wish, role)
        policies = await self._policies(account, wish)
        expires_at = datetime.now(UTC) + timedelta(seconds=seconds)
        principal = f"arn:aws:sts::{account}:assumed-role/{role.body['name']}/{wish.name}"
        session = {
            "role": role.arn,
            "role_id": role.id,
            "name": wish.name,
            "token": b64encode(secrets.token_bytes(240)).decode(),
            "policies": policies,
            "tags": dict(wish.tags),
        }
        body = body_of(principal, expires_at) | {"secret": new_secret(), "session": session}

        def work(t: Transaction) -> Document:
            for old in t.listing(SCOPE, SESSION, limit=_SWEPT):
                if old.body["expires_at"] < datetime.now(UTC) - _KEPT:
                    t.delete(SCOPE, SESSION, old.id)
            return t.create(SCOPE, SESSION, new_access_key_id(TEMPORARY_PREFIX), body, parent=account)

        return access_key_of(await self._documents.transaction(work))

    async def _policies(self, account: str, wish: Wish) -> list[str]:
        """The documents of the session policies."""
        if len(wish.policies) > _MOST_POLICIES:
            raise ValidationException(
                f"A session may have {_MOST_POLICIES} managed policies; name fewer in policyArns."
            )
        found = [await self._managed.text(account, arn) for arn in wish.policies]
        if wish.policy is not None:
            check(wish.policy)
            if len(wish.policy) > _LARGEST_POLICY:
                raise ValidationException(
                    f"The session policy has {len(wish.policy)} characters; {_LARGEST_POLICY} are the most."
                )
            found.append(wish.policy)
        return found


def _insist(asker: Asker, wish: Wish, role: Document | None, tags: Mapping[str, str]) -> None:
    """Raises AccessDeniedException, alike whether the role is not there or does not trust the caller.

    `tags` are the role's.
    """
    keys: dict[str, Sequence[str]] = {"sts:RoleSessionName": [wish.name]}
    if wish.external_id is not None:
        keys["sts:ExternalId"] = [wish.external_id]
    if wish.tags:
        keys["aws:TagKeys"] = list(wish.tags)
    for key, value in wish.tags.items():
        keys[f"aws:RequestTag/{key}"] = [value]
    for key, value in tags.items():
        keys[f"aws:ResourceTag/{key}"] = keys[f"iam:ResourceTag/{key}"] = [value]
    for action in (ASSUME_ROLE, TAG_SESSION) if wish.tags else (ASSUME_ROLE,):
        if role is None or not asker.judge(action, wish.role, keys, _trust(role.body["trust"]))[0].allowed:
            raise AccessDeniedException(
                f"User: {asker.caller.principal} is not authorized to perform: {action} on resource: {wish.role}"
            )


@lru_cache(maxsize=1024)
def _trust(text: str) -> Policy:
    return Policy.parse(text, kind="trust")


def _parts(arn: str) -> tuple[str, str]:
    """The account and the name of a role."""
    found = _ROLE.fullmatch(arn)
    if found is None:
        raise ValidationException(f"{arn!r} is no ARN of a role; write it as arn:aws:iam::123456789012:role/name.")
    return found["account"], found["name"]


def _seconds(caller: Caller | None, wish: Wish, role: Document) -> int:
    """How long the session lasts. One that is assumed from another lasts an hour at most, whatever its role allows."""
    asked = HOUR if wish.seconds is None else wish.seconds
    chained = isinstance(caller, Credential) and caller.session is not None
    if chained and asked > HOUR:
        raise ValidationException(
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining."
        )
    if asked > role.body["max_session"]:
        raise ValidationException(
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role: "
            f"{role.body['max_session']} seconds."
        )
    return asked
