"""The policies of all resources: kept beside each under its ARN, and at hand in memory. Knows no operation.

Every request may be judged by one, so they are read again only when one has changed: a counter, looked at once a
second, tells of changes by other processes on the same home too.
"""

import time
from dataclasses import dataclass

import structlog

from craton.core.context import Context
from craton.core.recent import FRESH
from craton.errors import ConflictException, ResourceNotFoundException, ValidationException
from craton.iam.policies import MalformedPolicy, Policy
from craton.store.documents import Document, Documents, Transaction
from craton.store.records import COMPANION, NOBODY

log = structlog.get_logger("craton.iam")

_CHANGES = "resource-policy-changes"
_NOBODY_AT_ALL = """{
  "Version": "2012-10-17",
  "Statement": {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}
}"""


@dataclass(frozen=True, slots=True)
class Kept:
    """The policy of a resource as it was sent. The revision is another after each change, and never used twice."""

    arn: str
    text: str
    revision: str


class ResourcePolicies:
    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._known: dict[str, tuple[Kept, Policy]] = {}
        self._seen = (0, 0)
        self._until = 0.0

    def of(self, arn: str) -> tuple[Policy, ...]:
        """The policies that govern a resource, as of the last `refresh`: its own, and for a version its whole's."""
        if not self._known:
            return ()
        whole, _, version = arn.rpartition(":")
        names = (arn, whole) if version.isdecimal() else (arn,)
        return tuple(found[1] for name in names if (found := self._known.get(name)))

    async def refresh(self) -> None:
        """Read what has changed, if that was not asked a moment ago."""
        if time.monotonic() < self._until:
            return
        counter = await self._documents.find(NOBODY, _CHANGES, _CHANGES)
        seen = (counter.position, counter.revision) if counter else (0, 0)
        if seen != self._seen:
            await self._read()
            self._seen = seen
        self._until = time.monotonic() + FRESH

    async def put(self, ctx: Context, arn: str, text: str, expect: str | None = None) -> Kept:
        """Give a resource of the account this policy.

        Raises ResourceNotFoundException where there is no such resource, ValidationException for a policy that is
        malformed, ConflictException where `expect` is not the revision of the present one.
        """
        _parse(text)

        def put(t: Transaction) -> Document:
            present = _present(t, ctx, arn)
            _check(present, expect)
            _count(t)
            if present:
                return t.replace(NOBODY, COMPANION, arn, {"policy": text})
            return t.create(NOBODY, COMPANION, arn, {"policy": text}, parent=ctx.account)

        kept = _kept(await self._documents.transaction(put))
        self._until = 0.0
        return kept

    async def get(self, ctx: Context, arn: str) -> Kept:
        """Raises ResourceNotFoundException where the account has no such resource, or that has no policy."""
        if await self._documents.at(ctx.scope, arn) is None:
            raise _missing(arn)
        found = await self._documents.find(NOBODY, COMPANION, arn)
        if found is None:
            raise _without(arn)
        return _kept(found)

    async def delete(self, ctx: Context, arn: str, expect: str | None = None) -> Kept:
        """Raises as `get` does, and ConflictException as `put` does."""

        def delete(t: Transaction) -> Document:
            present = _present(t, ctx, arn)
            if present is None:
                raise _without(arn)
            _check(present, expect)
            _count(t)
            t.delete(NOBODY, COMPANION, arn)
            return present

        deleted = _kept(await self._documents.transaction(delete))
        self._until = 0.0
        return deleted

    async def _read(self) -> None:
        known: dict[str, tuple[Kept, Policy]] = {}
        token: str | None = None
        while True:
            page = await self._documents.page(NOBODY, COMPANION, token=token)
            for document in page.items:
                kept = _kept(document)
                before = self._known.get(kept.arn)
                known[kept.arn] = before if before and before[0] == kept else (kept, _compiled(kept))
            token = page.next_token
            if token is None:
                break
        self._known = known


def _compiled(kept: Kept) -> Policy:
    """The policy that is kept; one that this Craton cannot read, since another wrote it, lets nobody in."""
    try:
        return Policy.parse(kept.text, kind="resource")
    except MalformedPolicy as error:
        log.error("resource policy cannot be read", arn=kept.arn, reason=str(error))
        return Policy.parse(_NOBODY_AT_ALL, kind="resource")


def _parse(text: str) -> Policy:
    """Raises ValidationException."""
    try:
        return Policy.parse(text, kind="resource")
    except MalformedPolicy as error:
        raise ValidationException(str(error)) from None


def _present(t: Transaction, ctx: Context, arn: str) -> Document | None:
    """The policy that the resource has. Raises ResourceNotFoundException where the account has no such resource."""
    if t.at(ctx.scope, arn) is None:
        raise _missing(arn)
    return t.find(NOBODY, COMPANION, arn)


def _check(present: Document | None, expect: str | None) -> None:
    if expect is not None and (present is None or _kept(present).revision != expect):
        raise ConflictException(
            f"The resource's policy does not have the revision {expect!r}; get the policy and change it as it is now."
        )


def _count(t: Transaction) -> None:
    t.put(NOBODY, _CHANGES, _CHANGES, {})


def _kept(document: Document) -> Kept:
    return Kept(document.id, document.body["policy"], f"{document.position}-{document.revision}")


def _missing(arn: str) -> ResourceNotFoundException:
    return ResourceNotFoundException(f"The resource {arn!r} does not exist; check the ARN, its account and its region.")


def _without(arn: str) -> ResourceNotFoundException:
    return ResourceNotFoundException(f"The resource {arn!r} has no resource policy; put one first.")
