"""What the store hands out: scopes, documents and pages. Knows no database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

DRAFT = "DRAFT"

Body = Mapping[str, Any]  # what goes in
Record = dict[str, Any]  # what comes out


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose resources: every read and write names one, so nothing is ever seen across accounts or regions."""

    account: str
    region: str


NOBODY = Scope(account="", region="")
"""What belongs to no account; no caller can name it."""

COMPANION = "companion"
"""The kind, in the scope of nobody, of what is kept beside a document under its ARN, and is deleted with it."""


@dataclass(frozen=True, slots=True)
class Document:
    """One stored resource, or one of its numbered versions.

    `revision` grows with each change, from 1. `position` is its place in the order of creation, over all kinds.
    """

    kind: str
    id: str
    version: str  # "DRAFT", or the number of a published version
    revision: int
    body: Record
    created_at: datetime
    updated_at: datetime
    parent: str
    arn: str
    position: int


@dataclass(frozen=True, slots=True)
class Change:
    """A document that a transaction made, changed, tagged or deleted; `kind` is "tags" where only they changed."""

    kind: str
    id: str
    arn: str


@dataclass(frozen=True, slots=True)
class Page:
    """Some documents in order, and the token that continues after them where there are more."""

    items: list[Document]
    next_token: str | None
