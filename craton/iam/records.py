"""The credentials of callers, and what stands behind them. Knows neither how they are stored nor how a request proves
that it has them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

DEFAULT_ACCOUNT = "123456789012"
ROOT = "root"

_PRINCIPAL = re.compile(r"arn:aws:iam::[0-9]{12}:(?:user/(?P<user>[^/]+)|(?P<root>root))")


@dataclass(frozen=True, slots=True)
class Session:
    """A role that somebody has assumed, under a name of their choice.

    `policies` are the JSON of the session policies; where there are any, they narrow what the role may. `tags` are the
    session's own.
    """

    role: str  # its ARN
    role_id: str
    name: str
    token: str = field(repr=False)
    policies: tuple[str, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Credential:
    """An access key: its secret signs requests. The principal is an ARN. Temporary credentials have a session."""

    access_key_id: str
    secret: str = field(repr=False)
    account: str
    principal: str
    created_at: datetime
    expires_at: datetime | None
    active: bool
    session: Session | None = None

    @property
    def id(self) -> str:
        return self.access_key_id


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A Bedrock API key, sent as a bearer token. The token itself is known only when the key is made."""

    id: str
    name: str
    account: str
    principal: str
    created_at: datetime
    expires_at: datetime | None
    active: bool


Caller = Credential | ApiKey


def expired(key: Caller) -> bool:
    return key.expires_at is not None and key.expires_at <= datetime.now(UTC)


def user_of(principal: str) -> str | None:
    """The user whose ARN this is; ROOT for that of an account's root, None for that of a session."""
    found = _PRINCIPAL.fullmatch(principal)
    return (found["user"] or found["root"]) if found else None
