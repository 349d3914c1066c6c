"""A quota as it is kept and told. Knows nothing of what has been used of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from craton.store.documents import Document
from craton.usage.limits.definitions import name_of
from craton.usage.limits.subject import Subject, read_subject

KIND = "quota"


@dataclass(frozen=True, slots=True)
class Quota:
    """What is None is not limited. `output_rate` None: the model's own burndown rate holds."""

    owner: str
    name: str
    subject: Subject
    requests_per_minute: int | None
    tokens_per_minute: int | None
    tokens_per_day: int | None
    concurrent_requests: int | None
    output_rate: float | None
    body: Mapping[str, object]
    created_at: datetime
    updated_at: datetime
    position: int

    def told(self, account: str) -> bool:
        """Whether the account may know what is used of it: not where it shares it with others, unless it is its own."""
        return self.owner == account or not self.subject.shared()


def read(document: Document) -> Quota:
    body = document.body
    return Quota(
        owner=document.parent,
        name=name_of(document),
        subject=read_subject(body),
        requests_per_minute=body.get("requestsPerMinute"),
        tokens_per_minute=body.get("tokensPerMinute"),
        tokens_per_day=body.get("tokensPerDay"),
        concurrent_requests=body.get("concurrentRequests"),
        output_rate=body.get("outputTokenRate"),
        body=body,
        created_at=document.created_at,
        updated_at=document.updated_at,
        position=document.position,
    )
