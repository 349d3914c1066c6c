"""The users of accounts: who has keys. Knows not how a key proves who calls."""

from collections.abc import Callable, Mapping

from craton.iam.accounts import SCOPE, scope
from craton.iam.identities.identities import USER, Identities, check_name, make, present_in
from craton.iam.identities.managed import ManagedPolicies
from craton.iam.keys.credentials import delete_key, keys_of
from craton.store.documents import Document, Documents, Transaction


class Users(Identities):
    """`changed` is called when a user, or a key of one, has changed."""

    def __init__(self, documents: Documents, managed: ManagedPolicies, changed: Callable[[], None]) -> None:
        super().__init__(documents, managed, USER, changed)

    async def create(
        self, account: str, name: str, *, boundary: str | None = None, tags: Mapping[str, str] | None = None
    ) -> Document:
        """A new user, who may do nothing yet. Raises ConflictException and ValidationException."""
        return await self._make(account, name, {}, boundary=boundary, tags=tags)

    async def rename(self, account: str, name: str, new: str) -> Document:
        """Give a user another name; the keys stay the user's."""
        check_name(USER, new)

        def work(t: Transaction) -> Document:
            present = present_in(t, USER, account, name)
            tags = t.tags(scope(account), present.arn)
            t.delete(scope(account), USER.name, present.id)
            made = make(t, USER, account, new, {**present.body, "name": new}, tags, present.id)
            for key in keys_of(t, account, present.arn):
                t.replace(SCOPE, key.kind, key.id, {**key.body, "principal": made.arn})
            return made

        renamed = await self._documents.transaction(work)
        self._changed()
        return renamed

    async def delete(self, account: str, name: str) -> None:
        """Delete a user with all keys, which work no more."""

        def work(t: Transaction) -> None:
            present = present_in(t, USER, account, name)
            for key in keys_of(t, account, present.arn):
                delete_key(t, key)
            t.delete(scope(account), USER.name, present.id)

        await self._documents.transaction(work)
        self._changed()
