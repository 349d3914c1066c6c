"""A quota as it is kept and told. Knows nothing of what has been used of it."""

from dataclasses import dataclass

from craton.store.documents import Document
from craton.usage.limits.definitions import Definition, defined

KIND = "quota"


@dataclass(frozen=True, slots=True)
class Quota(Definition):
    """What is None is not limited. `output_rate` None: the model's own burndown rate holds."""

    requests_per_minute: int | None
    tokens_per_minute: int | None
    tokens_per_day: int | None
    concurrent_requests: int | None
    output_rate: float | None


def read(document: Document) -> Quota:
    body = document.body
    return Quota(
        *defined(document),
        requests_per_minute=body.get("requestsPerMinute"),
        tokens_per_minute=body.get("tokensPerMinute"),
        tokens_per_day=body.get("tokensPerDay"),
        concurrent_requests=body.get("concurrentRequests"),
        output_rate=body.get("outputTokenRate"),
    )
