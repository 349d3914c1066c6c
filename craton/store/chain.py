"""An append-only list of records in the store, each sealed with the hash of all before it. Knows no record's meaning.

    hash of a link = SHA-256(hash of the link before it + record)

Before the first link stand 32 zero bytes. So whoever keeps one hash elsewhere can tell whether anything up to that link
was changed, removed, inserted or moved; what was cut off after the last hash kept elsewhere cannot be told.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, bindparam, insert, select

from craton.store import tables
from craton.store.transaction import Transaction, View

START = bytes(32)

_c = tables.chain.c
_link = (_c.sequence, _c.account, _c.at, _c.record, _c.hash)
_APPEND = insert(tables.chain)
_HEAD = select(*_link).order_by(_c.sequence.desc()).limit(1)
_AFTER = select(*_link).where(_c.sequence > bindparam("after")).order_by(_c.sequence).limit(bindparam("most"))
_OF_ACCOUNT = (
    select(*_link)
    .where(_c.account == bindparam("account"), _c.sequence > 0, _c.sequence < bindparam("before"))
    .where(_c.at >= bindparam("since"), _c.at < bindparam("until"))
    .order_by(_c.sequence.desc())
    .limit(bindparam("most"))
)
_LATEST = 2**63 - 1
BEFORE_ALL = -(2**63)


@dataclass(frozen=True, slots=True)
class Link:
    """`sequence` counts from 1. `at` is in microseconds since 1970; it and `account` are there to find the link by."""

    sequence: int
    account: str
    at: int
    record: bytes
    hash: bytes


def seal(before: bytes, record: bytes) -> bytes:
    return hashlib.sha256(before + record).digest()


def append(t: Transaction, account: str, at: int, record: bytes) -> Link:
    last = head(t)
    sealed = seal(last.hash if last else START, record)
    link = Link(last.sequence + 1 if last else 1, account, at, record, sealed)
    values = {"sequence": link.sequence, "account": account, "at": at, "record": record, "hash": sealed}
    t.connection.execute(_APPEND, values)
    return link


def head(view: View) -> Link | None:
    """The last link."""
    row = view.connection.execute(_HEAD).first()
    return None if row is None else _made(row)


def after(view: View, sequence: int, limit: int) -> list[Link]:
    """The links behind this one, in order; behind 0 comes the first, and behind BEFORE_ALL what no chain has, too."""
    return [_made(row) for row in view.connection.execute(_AFTER, {"after": sequence, "most": limit})]


def latest(view: View, account: str, before: int | None, since: int, until: int | None, limit: int) -> list[Link]:
    """An account's links with a lower sequence than `before`, the newest first."""
    values = {"account": account, "before": before or _LATEST, "since": since, "until": until or _LATEST, "most": limit}
    return [_made(row) for row in view.connection.execute(_OF_ACCOUNT, values)]


def broken(links: Sequence[Link], before: Link | None) -> Link | None:
    """The first of these links that does not follow from the one before it."""
    expected, sealed = (before.sequence, before.hash) if before else (0, START)
    for link in links:
        expected += 1
        if link.sequence != expected or not isinstance(link.record, bytes):  # a column holds whatever is put there
            return link
        sealed = seal(sealed, link.record)
        if link.hash != sealed:
            return link
    return None


def _made(row: Row[*tuple[Any, ...]]) -> Link:
    return Link(*row)
