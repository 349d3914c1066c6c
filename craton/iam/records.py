"""The credentials of callers. Knows neither how they are stored nor how a request proves that it has them."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

DEFAULT_ACCOUNT = "123456789012"


@dataclass(frozen=True, slots=True)
class Credential:
    """An access key: its secret signs requests. The principal is an ARN."""

    access_key_id: str
    secret: str = field(repr=False)
    account: str
    principal: str
    created_at: datetime
    expires_at: datetime | None
    active: bool


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
