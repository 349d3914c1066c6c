"""A budget as it is kept and told. Knows nothing of what has been spent of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from craton.store.documents import Document
from craton.usage.budgets import money
from craton.usage.limits.definitions import name_of
from craton.usage.limits.subject import Subject, read_subject

KIND = "budget"


@dataclass(frozen=True, slots=True)
class Budget:
    """`amount` for each month, in billionths of the currency; `thresholds` are percent of it, in rising order."""

    owner: str
    name: str
    subject: Subject
    amount: int
    currency: str
    thresholds: tuple[float, ...]
    body: Mapping[str, object]
    created_at: datetime
    updated_at: datetime
    position: int

    def told(self, account: str) -> bool:
        """Whether the account may know what is spent: not where it shares it with others, unless it is its own."""
        return self.owner == account or not self.subject.shared()


def read(document: Document) -> Budget:
    body = document.body
    return Budget(
        owner=document.parent,
        name=name_of(document),
        subject=read_subject(body),
        amount=money.parse(body["amount"]),
        currency=body["currency"],
        thresholds=tuple(sorted(body.get("thresholds", ()))),
        body=body,
        created_at=document.created_at,
        updated_at=document.updated_at,
        position=document.position,
    )
