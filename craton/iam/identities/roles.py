"""The roles of accounts: who may assume them, and for how long. Knows no session."""

from collections.abc import Callable, Mapping

from craton.errors import ServiceQuotaExceededException, ValidationException
from craton.iam.accounts import SCOPE, scope
from craton.iam.identities.identities import ROLE, Identities, present_in
from craton.iam.identities.managed import ManagedPolicies
from craton.iam.keys.credentials import SESSION
from craton.iam.policies import MalformedPolicy, Policy
from craton.store.documents import Document, Documents, Transaction
from craton.store.records import Record

HOUR = 3600
_LARGEST_TRUST = 2048  # characters beside white space, by IAM's default quota


class Roles(Identities):
    """`changed` is called when a role has changed."""

    def __init__(self, documents: Documents, managed: ManagedPolicies, changed: Callable[[], None]) -> None:
        super().__init__(documents, managed, ROLE, changed)

    async def create(
        self,
        account: str,
        name: str,
        trust: str,
        *,
        description: str = "",
        max_session: int = HOUR,
        boundary: str | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> Document:
        """A new role, which may do nothing yet. `trust` is the policy that says who may assume it.

        Raises ConflictException, ServiceQuotaExceededException and ValidationException.
        """
        _check_trust(trust)
        return await self._make(account, name, new_role(trust, description, max_session), boundary=boundary, tags=tags)

    async def update(
        self, account: str, name: str, *, description: str | None = None, max_session: int | None = None
    ) -> Document:
        """Change what is given."""
        given = {"description": description, "max_session": max_session}
        changes = {member: value for member, value in given.items() if value is not None}
        return await self._change(account, name, lambda body: {**body, **changes})

    async def trust(self, account: str, name: str, trust: str) -> Document:
        """Give a role another trust policy; sessions that there are go on."""
        _check_trust(trust)
        return await self._change(account, name, lambda body: {**body, "trust": trust})

    async def delete(self, account: str, name: str) -> None:
        """Delete a role with its sessions, whose credentials work no more."""

        def work(t: Transaction) -> None:
            present = present_in(t, ROLE, account, name)
            for session in t.listing(SCOPE, SESSION, parent=account):
                if session.body["session"]["role_id"] == present.id:
                    t.delete(SCOPE, SESSION, session.id)
            t.delete(scope(account), ROLE.name, present.id)

        await self._documents.transaction(work)
        self._changed()


def new_role(trust: str, description: str = "", max_session: int = HOUR) -> Record:
    """What the document of a role has beside that of a user."""
    return {"trust": trust, "description": description, "max_session": max_session}


def _check_trust(trust: str) -> None:
    try:
        Policy.parse(trust, kind="trust")
    except MalformedPolicy as error:
        raise ValidationException(str(error)) from None
    size = len("".join(trust.split()))
    if size > _LARGEST_TRUST:
        raise ServiceQuotaExceededException(
            f"Cannot exceed quota for ACLSizePerRole: {_LARGEST_TRUST}; the trust policy has {size} characters beside "
            "white space."
        )
