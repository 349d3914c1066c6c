"""Quotas, budgets and invocations for the tests of limits, and clocks that go only when told."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from craton.core.context import Context
from craton.usage import money
from craton.usage.budgets.records import Budget
from craton.usage.limits.subject import Subject
from craton.usage.quotas.records import Quota
from craton.usage.records import Asked

ACCOUNT = "111111111111"
OTHER = "222222222222"
OPERATOR = "999999999999"
NOON = 1_790_251_200.0  # 12:00 UTC of a day


@dataclass
class Clock:
    """Both clocks: seconds since the start, and the time of day."""

    now: float = 1000.0
    began: float = NOON - 1000.0

    def __call__(self) -> float:
        return self.now

    def wall(self) -> float:
        return self.began + self.now


def quota(name: str = "q", owner: str = ACCOUNT, subject: Subject | None = None, **limits: Any) -> Quota:
    made = datetime(2026, 1, 1, tzinfo=UTC)
    none = dict.fromkeys(("requests_per_minute", "tokens_per_minute", "tokens_per_day", "concurrent_requests"))
    given = {**none, "output_rate": None, **limits}
    about = subject or Subject(account=owner)
    return Quota(owner=owner, name=name, subject=about, body={}, created_at=made, updated_at=made, position=1, **given)


def asked(
    input_tokens: int = 10,
    most_output: int = 90,
    *,
    account: str = ACCOUNT,
    key: str = "AKIA1",
    principal: str = "",
    model: str = "m-1",
    profile: str | None = None,
    tags: dict[str, str] | None = None,
) -> Asked:
    principal = principal or f"arn:aws:iam::{account}:user/ada"
    ctx = Context(account, "us-east-1", principal, "r-1", key_id=key)
    return Asked("i-1", ctx, "bedrock-runtime.Converse", model, profile, input_tokens, most_output, tags=tags or {})


def budget(
    amount: str = "1.00", name: str = "b", owner: str = ACCOUNT, subject: Subject | None = None, **members: Any
) -> Budget:
    made = datetime(2026, 1, 1, tzinfo=UTC)
    given = {"currency": "EUR", "thresholds": (), **members}
    return Budget(
        owner=owner,
        name=name,
        subject=subject or Subject(owner),
        amount=money.parse(amount),
        body={},
        created_at=made,
        updated_at=made,
        position=1,
        **given,
    )
