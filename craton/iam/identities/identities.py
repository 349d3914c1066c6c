"""Users and roles, as far as they are the same: a name, tags, and the policies that say what they may.

Policies are of three kinds: inline ones, which are one identity's own; managed ones, attached by their ARN; and the
permissions boundary, a managed policy that bounds what all others allow. Knows no credential.
Limits are those of IAM: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html.
"""

import re
import secrets
import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from craton.errors import (
    ConflictException,
    ResourceNotFoundException,
    ServiceQuotaExceededException,
    TooManyTagsException,
    ValidationException,
)
from craton.iam.accounts import scope
from craton.iam.identities.managed import ManagedPolicies, check, check_policy_name
from craton.iam.records import ROOT
from craton.store.documents import Document, Documents, Transaction, View
from craton.store.records import Body

MOST_ATTACHED = 10

_NAME = re.compile(r"[A-Za-z0-9_+=,.@-]{1,64}")


@dataclass(frozen=True, slots=True)
class Kind:
    """`inline` is the most characters that all inline policies of one identity may have, white space not counted."""

    name: str
    prefix: str
    inline: int


USER = Kind("user", "AIDA", 2048)
ROLE = Kind("role", "AROA", 10240)


class Identities:
    """The identities of one kind, of all accounts. `changed` is called when what one of them may has changed."""

    def __init__(self, documents: Documents, managed: ManagedPolicies, kind: Kind, changed: Callable[[], None]) -> None:
        self._documents = documents
        self._managed = managed
        self._kind = kind
        self._changed = changed

    async def find(self, account: str, name: str) -> Document | None:
        return self._documents.look(lambda view: find_in(view, self._kind, account, name))

    async def get(self, account: str, name: str) -> Document:
        """Raises ResourceNotFoundException."""
        found = await self.find(account, name)
        if found is None:
            raise missing(self._kind, name)
        return found

    async def page(self, account: str, limit: int | None, token: str | None) -> tuple[list[Document], str | None]:
        """Identities in order of creation, and the token of the next page."""
        page = await self._documents.page(scope(account), self._kind.name, limit=limit or 100, token=token)
        return page.items, page.next_token

    def all(self, account: str) -> list[Document]:
        """All identities of an account in order of creation."""
        return self._documents.look(lambda view: view.listing(scope(account), self._kind.name))

    # Inline policies

    async def put_policy(self, account: str, name: str, policy: str, text: str) -> None:
        """Give the identity an inline policy, or another document under the same name."""
        check_policy_name(policy)
        check(text)

        def put(body: Body) -> Body:
            policies = {**body["policies"], policy: text}
            if sum(len(re.sub(r"\s", "", each)) for each in policies.values()) > self._kind.inline:
                raise ServiceQuotaExceededException(
                    f"Maximum policy size of {self._kind.inline} bytes exceeded for {self._kind.name} {name}; "
                    "make a managed policy of it and attach that."
                )
            return {**body, "policies": policies}

        await self._change(account, name, put)

    async def policy(self, account: str, name: str, policy: str) -> str:
        """The document of an inline policy. Raises ResourceNotFoundException."""
        policies: Mapping[str, str] = (await self.get(account, name)).body["policies"]
        if policy not in policies:
            raise self._without_policy(name, policy)
        return policies[policy]

    async def delete_policy(self, account: str, name: str, policy: str) -> None:
        def delete(body: Body) -> Body:
            if policy not in body["policies"]:
                raise self._without_policy(name, policy)
            return {**body, "policies": {each: text for each, text in body["policies"].items() if each != policy}}

        await self._change(account, name, delete)

    # Managed policies

    async def attach(self, account: str, name: str, arn: str) -> None:
        """Attach a managed policy; one that is attached stays so."""
        await self._managed.text(account, arn)

        def attach(body: Body) -> Body:
            if arn in body["attached"]:
                return body
            if len(body["attached"]) >= MOST_ATTACHED:
                raise ServiceQuotaExceededException(
                    f"Cannot exceed quota for PoliciesPer{self._kind.name.capitalize()}: {MOST_ATTACHED}; "
                    "detach another policy first."
                )
            return {**body, "attached": [*body["attached"], arn]}

        await self._change(account, name, attach)

    async def detach(self, account: str, name: str, arn: str) -> None:
        def detach(body: Body) -> Body:
            if arn not in body["attached"]:
                raise ResourceNotFoundException(
                    f"Policy {arn} was not attached to {self._kind.name} {name}; list what is attached."
                )
            return {**body, "attached": [each for each in body["attached"] if each != arn]}

        await self._change(account, name, detach)

    async def bound(self, account: str, name: str, arn: str | None) -> None:
        """Set the permissions boundary, or take it away."""
        if arn is not None:
            await self._managed.text(account, arn)

        def bound(body: Body) -> Body:
            if arn is None and body["boundary"] is None:
                raise ResourceNotFoundException(f"The {self._kind.name} {name} has no permissions boundary to delete.")
            return {**body, "boundary": arn}

        await self._change(account, name, bound)

    # Tags

    async def tags(self, account: str, name: str) -> dict[str, str]:
        return await self.tags_of(await self.get(account, name))

    async def tags_of(self, identity: Document) -> dict[str, str]:
        return await self._documents.tags(scope(identity.arn.split(":")[4]), identity.arn)

    async def tag(self, account: str, name: str, tags: Mapping[str, str]) -> None:
        arn = (await self.get(account, name)).arn
        try:
            await self._documents.tag(scope(account), arn, tags)
        except TooManyTagsException as error:
            raise ServiceQuotaExceededException(error.message) from None
        self._changed()

    async def untag(self, account: str, name: str, keys: list[str]) -> None:
        await self._documents.untag(scope(account), (await self.get(account, name)).arn, keys)
        self._changed()

    async def _change(self, account: str, name: str, change: Callable[[Body], Body]) -> Document:
        """Give the identity what `change` makes of its body, as one step."""

        def work(t: Transaction) -> Document:
            present = present_in(t, self._kind, account, name)
            return t.replace(scope(account), self._kind.name, present.id, change(present.body))

        changed = await self._documents.transaction(work)
        self._changed()
        return changed

    async def _make(
        self, account: str, name: str, more: Body, *, boundary: str | None, tags: Mapping[str, str] | None
    ) -> Document:
        check_name(self._kind, name)
        if boundary is not None:
            await self._managed.text(account, boundary)
        try:
            return await self._documents.transaction(
                lambda t: make(t, self._kind, account, name, {**more, "boundary": boundary}, tags or {})
            )
        except TooManyTagsException as error:
            raise ServiceQuotaExceededException(error.message) from None

    def _without_policy(self, name: str, policy: str) -> ResourceNotFoundException:
        return ResourceNotFoundException(
            f"The {self._kind.name} policy with name {policy} cannot be found; list the policies of {name!r}."
        )


def make(
    t: Transaction,
    kind: Kind,
    account: str,
    name: str,
    more: Body,
    tags: Mapping[str, str] | None = None,
    id: str | None = None,
) -> Document:
    """A new identity without policies but for those in `more`; with an id of its own unless one is given."""
    check_name(kind, name)
    if present := t.named(scope(account), kind.name, "name", name.lower()):
        raise ConflictException(
            f"{kind.name.capitalize()} with name {present.body['name']} already exists; choose another name."
        )
    made = kind.prefix + "".join(secrets.choice(string.ascii_uppercase + "234567") for _ in range(17))
    body = {"name": name, "policies": {}, "attached": [], "boundary": None, "created_at": datetime.now(UTC), **more}
    arn = f"arn:aws:iam::{account}:{kind.name}/{name}"
    return t.create(scope(account), kind.name, id or made, body, arn=arn, unique={"name": name.lower()}, tags=tags)


def find_in(view: View, kind: Kind, account: str, name: str) -> Document | None:
    """An identity by its name. Names that differ only in case cannot both be taken, but each has one spelling, which
    its ARN has too: policies on that ARN must not be got around by another.
    """
    found = view.named(scope(account), kind.name, "name", name.lower())
    return found if found is not None and found.body["name"] == name else None


def present_in(view: View, kind: Kind, account: str, name: str) -> Document:
    """As `find_in`. Raises ResourceNotFoundException."""
    found = find_in(view, kind, account, name)
    if found is None:
        raise missing(kind, name)
    return found


def check_name(kind: Kind, name: str) -> None:
    """Raises ValidationException."""
    check_form(kind, name)
    if kind is USER and name.lower() == ROOT:
        raise ValidationException(f"The name {name!r} is that of the account itself; choose another for a user.")


def check_form(kind: Kind, name: str) -> None:
    """Raises ValidationException where the name has not the form of one."""
    if not _NAME.fullmatch(name):
        raise ValidationException(
            f"The {kind.name} name {name!r} is not valid; use 1 to 64 letters, digits and the characters _+=,.@-"
        )


def missing(kind: Kind, name: str) -> ResourceNotFoundException:
    return ResourceNotFoundException(
        f"The {kind.name} with name {name} cannot be found; list the {kind.name}s of the account."
    )
