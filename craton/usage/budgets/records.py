"""A budget as it is kept and told. Knows nothing of what has been spent of it."""

from dataclasses import dataclass

from craton.store.documents import Document
from craton.usage import money
from craton.usage.limits.definitions import Definition, defined

KIND = "budget"


@dataclass(frozen=True, slots=True)
class Budget(Definition):
    """`amount` for each month, in billionths of the currency; `thresholds` are percent of it, in rising order."""

    amount: int
    currency: str
    thresholds: tuple[float, ...]


def read(document: Document) -> Budget:
    body = document.body
    return Budget(
        *defined(document),
        amount=money.parse(body["amount"]),
        currency=body["currency"],
        thresholds=tuple(sorted(body.get("thresholds", ()))),
    )
