"""A query that was checked, and why one was not let through. Knows no SQL."""

from collections.abc import Sequence
from dataclasses import dataclass


class UncheckedQuery(Exception):
    """What a model wrote may not run. The message is a sentence that tells the model, or a person, how to mend it."""


@dataclass(frozen=True, slots=True)
class Query:
    """`shown` is what was written, in one spelling; `run` means the same, and can reach nothing that is not permitted.

    `columns` are the names of what it answers, in order.
    """

    shown: str
    run: str
    columns: Sequence[str]
