"""Accounts: whose keys, users and resources are kept apart. Knows no key, no user and no policy.

An account is known before its callers are, so accounts live in the scope that no caller can name.
"""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from craton.core.recent import Recent
from craton.errors import AccessDeniedException, ConflictException, ResourceNotFoundException, ValidationException
from craton.store.documents import Document, Documents, Scope, Transaction
from craton.store.records import NOBODY

ACCOUNT = "account"

SCOPE = NOBODY
"""Of what is looked up before it is known who calls: accounts and credentials."""

_NAME = re.compile(r"[^\x00-\x1f\x7f]{1,50}")


@dataclass(frozen=True, slots=True)
class Account:
    """`active` is False while it is suspended: then none of its callers is served."""

    id: str
    name: str
    active: bool
    created_at: datetime


class Accounts:
    """The accounts of one home. The operator's own can neither be suspended nor deleted."""

    def __init__(self, documents: Documents, operator: str) -> None:
        self._documents = documents
        self.operator = operator
        self._recent = Recent(self._read)

    async def create(
        self, name: str, id: str | None = None, begin: Callable[[Transaction, str], object] | None = None
    ) -> Account:
        """Make an account, and in the same step what it is to begin with.

        Raises ConflictException where the id is taken, ValidationException where it is none.
        """
        if id is not None:
            check_id(id)
        _check_name(name)

        def make(t: Transaction) -> Document:
            new = id
            while new is None or t.find(SCOPE, ACCOUNT, new) is not None:
                if id is not None:
                    raise ConflictException(f"The account {id!r} exists already; choose another id, or leave it out.")
                new = f"{secrets.randbelow(9 * 10**11) + 10**11}"
            made = t.create(SCOPE, ACCOUNT, new, {"name": name, "active": True})
            if begin is not None:
                begin(t, new)
            return made

        return _account(await self._documents.transaction(make))

    async def get(self, id: str) -> Account:
        """Raises ResourceNotFoundException."""
        found = await self._read(id)
        if found is None:
            raise _missing(id)
        return found

    async def has(self, id: str) -> bool:
        return await self._read(id) is not None

    async def page(self, limit: int | None, token: str | None) -> tuple[list[Account], str | None]:
        """Accounts in order of creation, and the token of the next page."""
        page = await self._documents.page(SCOPE, ACCOUNT, limit=limit or 100, token=token)
        return [_account(document) for document in page.items], page.next_token

    def all(self) -> list[Account]:
        """All accounts in order of creation."""
        return [_account(document) for document in self._documents.look(lambda view: view.listing(SCOPE, ACCOUNT))]

    async def rename(self, id: str, name: str) -> Account:
        _check_name(name)
        return await self._change(id, {"name": name})

    async def suspend(self, id: str) -> Account:
        """From now on its callers are refused: here at once, by other processes within a second."""
        self.refuse_operator(id, "suspended")
        return await self._change(id, {"active": False})

    async def activate(self, id: str) -> Account:
        return await self._change(id, {"active": True})

    async def check(self, id: str) -> None:
        """Raises AccessDeniedException where the account is suspended or deleted."""
        account = await self._recent.find(id)
        if account is None:
            raise AccessDeniedException(f"The account {id} was deleted; use the keys of another.")
        if not account.active:
            raise AccessDeniedException(
                f"The account {id} is suspended; ask whoever operates this server to activate it."
            )

    def forget(self) -> None:
        """Call it after a change that another part has made."""
        self._recent.forget()

    async def _change(self, id: str, changes: dict[str, object]) -> Account:
        def change(t: Transaction) -> Document:
            present = t.find(SCOPE, ACCOUNT, id)
            if present is None:
                raise _missing(id)
            return t.replace(SCOPE, ACCOUNT, id, present.body | changes)

        changed = _account(await self._documents.transaction(change))
        self.forget()
        return changed

    def refuse_operator(self, id: str, done: str) -> None:
        """Raises ValidationException for the operator's own account, which nobody could give back."""
        if id == self.operator:
            raise ValidationException(
                f"The account {id} is that of whoever operates this server and cannot be {done}; name another account."
            )

    async def _read(self, id: str) -> Account | None:
        document = await self._documents.find(SCOPE, ACCOUNT, id)
        return None if document is None else _account(document)


def scope(account: str) -> Scope:
    """Where an account's users, roles and policies are kept: they are of no region."""
    return Scope(account, "")


def check_id(id: str) -> None:
    """Raises ValidationException where this is no account's id."""
    if not re.fullmatch(r"[0-9]{12}", id):
        raise ValidationException(f"The account {id!r} is not valid; it must have 12 digits.")


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise ValidationException(
            f"The account name {name!r} is not valid; use 1 to 50 characters and no control character."
        )


def ensure(t: Transaction, id: str) -> None:
    """See to it that the account is there; one that nobody named bears its id as its name."""
    check_id(id)
    if t.find(SCOPE, ACCOUNT, id) is None:
        t.create(SCOPE, ACCOUNT, id, {"name": id, "active": True})


def _missing(id: str) -> ResourceNotFoundException:
    return ResourceNotFoundException(f"The account {id!r} does not exist; list the accounts to see their ids.")


def _account(document: Document) -> Account:
    return Account(document.id, document.body["name"], document.body["active"], document.created_at)
