"""What is attached to a caller: the policies and tags of the user, or of the role and the session, that calls.

Asked for each request, so it is kept for a moment, parsed. Knows no request: `authorization` decides.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NoReturn

from craton.core.recent import Recent
from craton.errors import ResourceNotFoundException, UnrecognizedClientException
from craton.iam.accounts import scope
from craton.iam.identities.identities import ROLE, USER, Kind, find_in
from craton.iam.identities.managed import EVERYTHING, ManagedPolicies, compiled
from craton.iam.policies import Policy
from craton.iam.records import ROOT, Caller, Credential, Session, user_of
from craton.store.documents import Documents


@dataclass(frozen=True, slots=True)
class Attached:
    """None stands for no boundary, or no session policy; an empty one would allow nothing.

    `id` is the principal's unique id, as `aws:userid` tells it.
    """

    identity: Sequence[Policy] = ()
    boundary: Sequence[Policy] | None = None
    session: Sequence[Policy] | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    id: str = ""


class Principals:
    def __init__(self, documents: Documents, managed: ManagedPolicies) -> None:
        self._documents = documents
        self._managed = managed
        self._users = Recent(self._of_user)
        self._roles = Recent(self._of_role)

    async def attached(self, caller: Caller) -> Attached:
        """The caller's policies and tags. An account's root may do everything in it.

        Raises UnrecognizedClientException where the user or role is no more.
        """
        session = caller.session if isinstance(caller, Credential) else None
        if session is not None:
            role = await self._roles.find(session.role)
            if role is None or role.id != session.role_id:  # it was deleted, and perhaps another made in its place
                _refuse()
            return _in_session(role, session)
        if user_of(caller.principal) == ROOT:
            return _root(caller.account)
        return await self._users.find(caller.principal) or _refuse()

    def forget(self) -> None:
        """Call it when a user, a role or a policy has changed."""
        self._users.forget()
        self._roles.forget()

    async def _of_user(self, principal: str) -> Attached | None:
        return await self._of(USER, principal)

    async def _of_role(self, arn: str) -> Attached | None:
        return await self._of(ROLE, arn)

    async def _of(self, kind: Kind, arn: str) -> Attached | None:
        account, name = arn.split(":")[4], arn.rpartition("/")[2]
        document = self._documents.look(lambda view: find_in(view, kind, account, name))
        if document is None:
            return None
        inline: Mapping[str, str] = document.body["policies"]
        boundary: str | None = document.body["boundary"]
        return Attached(
            identity=(
                *map(compiled, inline.values()),
                *await self._managed_policies(account, document.body["attached"]),
            ),
            boundary=None if boundary is None else await self._managed_policies(account, [boundary]),
            tags=await self._documents.tags(scope(account), document.arn),
            id=document.id,
        )

    async def _managed_policies(self, account: str, arns: Sequence[str]) -> Sequence[Policy]:
        """Those that there are: one of AWS's that another Craton knew allows nothing here."""
        found: list[Policy] = []
        for arn in arns:
            try:
                found.append(compiled(await self._managed.text(account, arn)))
            except ResourceNotFoundException:
                continue
        return found


def _in_session(role: Attached, session: Session) -> Attached:
    return Attached(
        identity=role.identity,
        boundary=role.boundary,
        session=tuple(map(compiled, session.policies)) or None,
        tags={**role.tags, **session.tags},
        id=f"{role.id}:{session.name}",
    )


@lru_cache(maxsize=1024)
def _root(account: str) -> Attached:
    return Attached(identity=(compiled(EVERYTHING),), id=account)


def _refuse() -> NoReturn:
    raise UnrecognizedClientException("The security token included in the request is invalid.")
