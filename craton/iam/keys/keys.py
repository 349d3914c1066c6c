"""Makes, lists, rotates, revokes and looks up access keys and API keys. Knows no signature and no HTTP.

An access key's secret is kept as it is, since checking a signature needs it: the mode of the store's file protects it.
An API key is kept as its hash.
"""

import re
import string
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from craton.core.recent import Recent
from craton.errors import (
    AccessDeniedException,
    ConflictException,
    ExpiredTokenException,
    UnrecognizedClientException,
    ValidationException,
)
from craton.iam.accounts import SCOPE
from craton.iam.identities.managed import LIMITED_ACCESS
from craton.iam.keys.credentials import (
    ACCESS_KEY,
    API_KEY,
    LONG_TERM_PREFIX,
    READERS,
    SESSION,
    TEMPORARY_PREFIX,
    access_key_of,
    api_key_of,
    body_of,
    delete_key,
    digest,
    holder,
    key_in,
    make_access_key,
    make_api_key,
    missing_key,
    principal_of,
    random_text,
)
from craton.iam.records import DEFAULT_ACCOUNT, ROOT, ApiKey, Caller, Credential, expired
from craton.store.documents import Document, Documents, Transaction

HandOver = Callable[[Transaction, str, str, str, datetime], None]
"""Given the account, the old key, the new one, and when the old one ends."""


class Keys:
    """The keys of all accounts. Other processes on the same home may make and revoke keys meanwhile."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._credentials = Recent(self._read_credential)
        self._api_keys = Recent(self._read_api_key)

    async def create_access_key(
        self,
        account: str = DEFAULT_ACCOUNT,
        user: str = ROOT,
        *,
        expires_at: datetime | None = None,
        new_user: str | None = None,
    ) -> Credential:
        """A new access key of a user, or of the account's root.

        `new_user` is the ARN of the managed policy that the user gets where there is no such user yet; without it that
        is a ResourceNotFoundException.
        """

        def work(t: Transaction) -> Document:
            principal = holder(t, account, user, new_user)
            return make_access_key(t, account, principal, expires_at)

        return access_key_of(await self._documents.transaction(work))

    async def create_api_key(
        self,
        account: str = DEFAULT_ACCOUNT,
        user: str | None = None,
        *,
        expires_at: datetime | None = None,
        new_user: str | None = None,
    ) -> tuple[ApiKey, str]:
        """A new API key and its token, which cannot be had again.

        Without a user it gets one of its own, who has AmazonBedrockLimitedAccess, as in AWS, unless `new_user` says
        otherwise.
        """
        owner = user or "BedrockAPIKey-" + random_text(4, string.ascii_lowercase + string.digits)
        policy = new_user if user else new_user or LIMITED_ACCESS

        def work(t: Transaction) -> tuple[Document, str]:
            principal = holder(t, account, owner, policy)
            return make_api_key(t, account, principal, expires_at)

        document, token = await self._documents.transaction(work)
        return api_key_of(document), token

    async def preset(self, access_key_id: str, secret: str, account: str = DEFAULT_ACCOUNT) -> Credential:
        """See to it that the account's root has this very access key, active and with this secret."""
        if not re.fullmatch(r"[A-Za-z0-9_]{3,128}", access_key_id):
            raise ValidationException(
                f"The access key id {access_key_id!r} is not valid; use 3 to 128 letters, digits and underscores."
            )
        if not secret:
            raise ValidationException(f"The access key {access_key_id!r} has an empty secret; give it one.")

        def replace(t: Transaction) -> Document:
            body = body_of(holder(t, account, ROOT, None), None) | {"secret": secret}
            present = t.find(SCOPE, ACCESS_KEY, access_key_id)
            if present is not None and (present.parent, present.body) == (account, body):
                return present
            if present is not None:
                t.delete(SCOPE, ACCESS_KEY, access_key_id)
            return t.create(SCOPE, ACCESS_KEY, access_key_id, body, parent=account)

        made = access_key_of(await self._documents.transaction(replace))
        self.forget()
        return made

    async def rotate(
        self,
        key_id: str,
        *,
        hand_over: HandOver,
        account: str | None = None,
        grace: timedelta = timedelta(days=1),
        expires_at: datetime | None = None,
    ) -> tuple[Caller, str | None, datetime]:
        """A new key for the holder of this one, which works for `grace` longer at most.

        Returns the new key, the token where it is an API key, and when the old one ends. Without `expires_at` the new
        one lives as long as the old one was to live. `hand_over` gives it, in the same transaction, what else is about
        the old one.
        """

        def work(t: Transaction) -> tuple[Document, str | None, datetime]:
            old, now = key_in(t, key_id, account), datetime.now(UTC)
            if old.kind == SESSION:
                raise ValidationException(f"The key {key_id!r} is temporary; assume the role again for another.")
            end: datetime | None = old.body["expires_at"]
            if not old.body["active"] or (end is not None and end <= now) or "successor" in old.body:
                raise ConflictException(
                    f"The key {key_id!r} is revoked, expired or rotated already; create a new key instead."
                )
            until = expires_at or (None if end is None else now + (end - old.created_at))
            token: str | None = None
            if old.kind == API_KEY:
                made, token = make_api_key(t, old.parent, old.body["principal"], until)
            else:
                made = make_access_key(t, old.parent, old.body["principal"], until)
            ends = now + grace if end is None else min(end, now + grace)
            t.replace(SCOPE, old.kind, old.id, old.body | {"expires_at": ends, "successor": made.id})
            hand_over(t, old.parent, old.id, made.id, ends)
            return made, token, ends

        made, token, ends = await self._documents.transaction(work)
        self.forget()
        return (api_key_of(made) if token else access_key_of(made)), token, ends

    async def revoke(self, key_id: str, *, account: str | None = None) -> None:
        """End an access key or an API key, of this account if one is given: here at once, elsewhere within a second."""

        def end(t: Transaction) -> None:
            key = key_in(t, key_id, account)
            t.replace(SCOPE, key.kind, key_id, key.body | {"active": False})

        await self._documents.transaction(end)
        self.forget()

    async def delete(self, key_id: str, *, account: str | None = None) -> None:
        """End a key as `revoke` does, and forget it."""
        await self._documents.transaction(lambda t: delete_key(t, key_in(t, key_id, account)))
        self.forget()

    async def get(self, key_id: str, *, account: str | None = None) -> Caller:
        """A key by its id, whether or not it may be used. Raises ResourceNotFoundException."""
        for kind, read in READERS.items():
            document = await self._documents.find(SCOPE, kind, key_id)
            if document is not None and account in (None, document.parent):
                return read(document)
        raise missing_key(key_id)

    async def access_keys(self, account: str | None = None) -> list[Credential]:
        """The access keys of an account, or of all, in order of creation; revoked ones are not active."""
        return [access_key_of(document) for document in self._list(ACCESS_KEY, account)]

    async def api_keys(self, account: str | None = None) -> list[ApiKey]:
        """The API keys of an account, or of all, in order of creation; revoked ones are not active."""
        return [api_key_of(document) for document in self._list(API_KEY, account)]

    async def page(
        self, account: str, *, user: str | None = None, limit: int | None = None, token: str | None = None
    ) -> tuple[list[Caller], str | None]:
        """Keys of both kinds of an account, or of one user of it, in order of creation; and the next page's token."""
        context = ("keys", account, user or "")
        after = 0 if token is None else self._documents.tokens.read(token, *context)
        principal = None if user is None else principal_of(account, user)
        documents = [*self._list(ACCESS_KEY, account), *self._list(API_KEY, account)]
        found = sorted(
            (each for each in documents if each.position > after and principal in (None, each.body["principal"])),
            key=lambda each: each.position,
        )
        items = found[: limit or 1000]
        more = self._documents.tokens.write(items[-1].position, *context) if len(items) < len(found) else None
        return [READERS[each.kind](each) for each in items], more

    async def first_access_key(self, account: str) -> Credential | None:
        """The oldest access key of an account's root that may be used; where there is none, the oldest of a user."""
        usable = [key for key in await self.access_keys(account) if key.active and not expired(key)]
        root = principal_of(account, ROOT)
        return min(usable, key=lambda key: key.principal != root, default=None)

    async def find(self, access_key_id: str) -> Credential | None:
        """The access key, whether or not it may still be used."""
        return await self._credentials.find(access_key_id)

    async def find_api_key(self, token: str) -> ApiKey | None:
        """The API key of a token, whether or not it may still be used."""
        return await self._api_keys.find(digest(token))

    async def credential(self, access_key_id: str) -> Credential:
        """The access key that signs a request now. Raises, in the words of AWS, where it may not."""
        found = await self.find(access_key_id)
        if found is None or not found.active:
            raise UnrecognizedClientException("The security token included in the request is invalid.")
        if expired(found):
            raise ExpiredTokenException("The security token included in the request is expired")
        return found

    async def api_key(self, token: str) -> ApiKey:
        """The API key of a bearer token that may be used now. Raises, in the words of AWS, where it may not."""
        if not token.startswith(LONG_TERM_PREFIX):
            raise AccessDeniedException("Invalid API Key format: Must start with pre-defined prefix")
        found = await self.find_api_key(token)
        if found is None or not found.active:
            raise AccessDeniedException("Authentication failed: Please make sure your API Key is valid.")
        if expired(found):
            raise AccessDeniedException("Bearer Token has expired")
        return found

    def forget(self) -> None:
        """Call it when keys have changed."""
        self._credentials.forget()
        self._api_keys.forget()

    def _list(self, kind: str, account: str | None) -> list[Document]:
        return self._documents.look(lambda view: view.listing(SCOPE, kind, parent=account))

    async def _read_credential(self, access_key_id: str) -> Credential | None:
        kind = SESSION if access_key_id.startswith(TEMPORARY_PREFIX) else ACCESS_KEY
        document = await self._documents.find(SCOPE, kind, access_key_id)
        return None if document is None else access_key_of(document)

    async def _read_api_key(self, digest: str) -> ApiKey | None:
        document = await self._documents.named(SCOPE, API_KEY, "digest", digest)
        return None if document is None else api_key_of(document)
