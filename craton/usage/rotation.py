"""What the rotation of a key means for quotas and budgets that name it: they name the new one, and count both together.

Were the new key limited by itself, each rotation would be a fresh budget. Knows neither keys nor who may rotate them.
"""

import time
from datetime import UTC, datetime

from craton.store.documents import Transaction
from craton.store.records import NOBODY, Record
from craton.usage.budgets.records import KIND as BUDGET
from craton.usage.limits.definitions import mark
from craton.usage.limits.subject import EVERY_ACCOUNT, REPLACED
from craton.usage.limits.sums import month
from craton.usage.quotas.records import KIND as QUOTA


def hand_over(t: Transaction, account: str, key_id: str, successor: str, ends: datetime) -> None:
    """In the transaction that rotates the key of this account, which works until it `ends`.

    Whoever set a limit on it; but another account, which may have named it too, must not learn the new one.
    """
    for kind in (QUOTA, BUDGET):
        named = [each for each in t.listing(NOBODY, kind) if _about(each.body["appliesTo"], account, key_id)]
        for each in named:
            before = [key for key in each.body.get(REPLACED, ()) if _counts(key["expiresAt"])]
            replaced = [*before, {"keyId": key_id, "expiresAt": ends}]
            about = {**each.body["appliesTo"], "keyId": successor}
            t.replace(NOBODY, kind, each.id, {**each.body, "appliesTo": about, REPLACED: replaced})
        if named:
            mark(t, kind)


def _about(subject: Record, account: str, key_id: str) -> bool:
    return subject.get("keyId") == key_id and subject["account"] in (EVERY_ACCOUNT, account)


def _counts(ended: datetime) -> bool:
    """Whether what a key did may be of this month, the longest time that anything is counted over."""
    return ended >= datetime.fromtimestamp(month(time.time()), UTC)
