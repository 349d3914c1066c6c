"""Makes, lists, revokes and looks up access keys and API keys. Knows no signature and no HTTP.

An access key's secret is kept as it is, since checking a signature needs it: the mode of the store's file protects it.
An API key is kept as its hash. Keys are looked up before the account is known, so they live in a scope of their own,
which no caller can name.
"""

import hashlib
import re
import secrets
import string
import time
from base64 import b32encode, b64encode
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Generic, TypeVar

from craton.errors import (
    AccessDeniedException,
    ExpiredTokenException,
    ResourceNotFoundException,
    UnrecognizedClientException,
    ValidationException,
)
from craton.iam.records import DEFAULT_ACCOUNT, ApiKey, Caller, Credential, expired
from craton.store.documents import Document, Documents, Scope, Transaction

__all__ = ["DEFAULT_ACCOUNT", "ROOT", "ApiKey", "Caller", "Credential", "Keys", "expired"]

ROOT = "root"

_SCOPE = Scope(account="", region="")
_ACCESS_KEY = "access-key"
_API_KEY = "api-key"
_TOKEN_PREFIX = "ABSK"
_FRESH = 0.9  # seconds until a key is looked up again, so that another process's revocation is seen within a second

Key = TypeVar("Key")


class Keys:
    """The keys of all accounts. Other processes on the same home may make and revoke keys meanwhile."""

    KINDS = (_ACCESS_KEY, _API_KEY)  # of its documents

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._credentials = _Recent(self._read_credential)
        self._api_keys = _Recent(self._read_api_key)

    async def create_access_key(
        self, account: str = DEFAULT_ACCOUNT, user: str = ROOT, *, expires_at: datetime | None = None
    ) -> Credential:
        """A new access key of a user, or of the account's root."""
        key_id = "AKIA" + b32encode(secrets.token_bytes(10)).decode()
        secret = b64encode(secrets.token_bytes(30)).decode()
        body = {"secret": secret, "principal": _principal(account, user), "expires_at": expires_at, "active": True}
        return _credential(await self._documents.create(_SCOPE, _ACCESS_KEY, key_id, body, parent=account))

    async def create_api_key(
        self, account: str = DEFAULT_ACCOUNT, user: str | None = None, *, expires_at: datetime | None = None
    ) -> tuple[ApiKey, str]:
        """A new API key and its token, which cannot be had again. Without a user it gets one of its own, as in AWS.

        The token has the form of AWS's long-term keys: "ABSK" and the base64 of `<user>-at-<account>:<secret>`.
        """
        user = user or "BedrockAPIKey-" + _random(4, string.ascii_lowercase + string.digits)
        name = f"{user}-at-{account}"
        secret = b64encode(secrets.token_bytes(42)).decode()
        token = _TOKEN_PREFIX + b64encode(f"{name}:{secret}".encode()).decode()
        key_id = "ACCA" + _random(17, string.ascii_uppercase + string.digits)
        body = {"name": name, "principal": _principal(account, user), "expires_at": expires_at, "active": True}
        unique = {"digest": _digest(token)}
        document = await self._documents.create(_SCOPE, _API_KEY, key_id, body, parent=account, unique=unique)
        return _api_key(document), token

    async def preset(self, access_key_id: str, secret: str, account: str = DEFAULT_ACCOUNT) -> Credential:
        """See to it that the account's root has this very access key, active and with this secret."""
        if not re.fullmatch(r"[A-Za-z0-9_]{3,128}", access_key_id):
            raise ValidationException(
                f"The access key id {access_key_id!r} is not valid; use 3 to 128 letters, digits and underscores."
            )
        if not secret:
            raise ValidationException(f"The access key {access_key_id!r} has an empty secret; give it one.")
        body = {"secret": secret, "principal": _principal(account, ROOT), "expires_at": None, "active": True}

        def replace(t: Transaction) -> Document:
            present = t.find(_SCOPE, _ACCESS_KEY, access_key_id)
            if present is not None and (present.parent, present.body) == (account, body):
                return present
            if present is not None:
                t.delete(_SCOPE, _ACCESS_KEY, access_key_id)
            return t.create(_SCOPE, _ACCESS_KEY, access_key_id, body, parent=account)

        credential = _credential(await self._documents.transaction(replace))
        self._credentials.forget()
        return credential

    async def revoke(self, key_id: str, *, account: str | None = None) -> None:
        """End an access key or an API key, of this account if one is given: here at once, elsewhere within a second."""

        def end(t: Transaction) -> None:
            for kind in self.KINDS:
                document = t.find(_SCOPE, kind, key_id)
                if document is not None and account in (None, document.parent):
                    t.replace(_SCOPE, kind, key_id, document.body | {"active": False})
                    return
            raise ResourceNotFoundException(f"The key {key_id!r} does not exist; list the keys to see their ids.")

        await self._documents.transaction(end)
        self._credentials.forget()
        self._api_keys.forget()

    async def access_keys(self, account: str | None = None) -> list[Credential]:
        """The access keys of an account, or of all, in order of creation; revoked ones are not active."""
        return [_credential(document) for document in await self._list(_ACCESS_KEY, account)]

    async def api_keys(self, account: str | None = None) -> list[ApiKey]:
        """The API keys of an account, or of all, in order of creation; revoked ones are not active."""
        return [_api_key(document) for document in await self._list(_API_KEY, account)]

    async def first_access_key(self, account: str) -> Credential | None:
        """The oldest access key of an account that may be used."""
        usable = (key for key in await self.access_keys(account) if key.active and not expired(key))
        return next(usable, None)

    async def find(self, access_key_id: str) -> Credential | None:
        """The access key, whether or not it may still be used."""
        return await self._credentials.find(access_key_id)

    async def find_api_key(self, token: str) -> ApiKey | None:
        """The API key of a token, whether or not it may still be used."""
        return await self._api_keys.find(_digest(token))

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
        if not token.startswith(_TOKEN_PREFIX):
            raise AccessDeniedException("Invalid API Key format: Must start with pre-defined prefix")
        found = await self.find_api_key(token)
        if found is None or not found.active:
            raise AccessDeniedException("Authentication failed: Please make sure your API Key is valid.")
        if expired(found):
            raise AccessDeniedException("Bearer Token has expired")
        return found

    async def _list(self, kind: str, account: str | None) -> list[Document]:
        page = await self._documents.page(_SCOPE, kind, parent=account)
        items = page.items
        while page.next_token is not None:
            page = await self._documents.page(_SCOPE, kind, parent=account, token=page.next_token)
            items += page.items
        return items

    async def _read_credential(self, access_key_id: str) -> Credential | None:
        document = await self._documents.find(_SCOPE, _ACCESS_KEY, access_key_id)
        return None if document is None else _credential(document)

    async def _read_api_key(self, digest: str) -> ApiKey | None:
        document = await self._documents.named(_SCOPE, _API_KEY, "digest", digest)
        return None if document is None else _api_key(document)


class _Recent(Generic[Key]):
    """Keys looked up a moment ago, since most requests come from few callers."""

    def __init__(self, look_up: Callable[[str], Awaitable[Key | None]]) -> None:
        self._look_up = look_up
        self._known: dict[str, tuple[float, Key]] = {}
        self._changes = 0

    async def find(self, name: str) -> Key | None:
        until, key = self._known.get(name, (0.0, None))
        if key is not None and time.monotonic() < until:
            return key
        changes = self._changes
        key = await self._look_up(name)
        if key is None:
            self._known.pop(name, None)
        elif changes == self._changes:  # else it was read before a change that has been acknowledged since
            self._known[name] = (time.monotonic() + _FRESH, key)
        return key

    def forget(self) -> None:
        self._known.clear()
        self._changes += 1


def _credential(document: Document) -> Credential:
    return Credential(
        access_key_id=document.id, account=document.parent, created_at=document.created_at, **document.body
    )


def _api_key(document: Document) -> ApiKey:
    return ApiKey(id=document.id, account=document.parent, created_at=document.created_at, **document.body)


def _principal(account: str, user: str) -> str:
    """The ARN of a user, or of the account's root (the forms of the IAM reference)."""
    if not re.fullmatch(r"[0-9]{12}", account):
        raise ValidationException(f"The account {account!r} is not valid; it must have 12 digits.")
    if not re.fullmatch(r"[A-Za-z0-9_+=,.@-]{1,64}", user):
        raise ValidationException(
            f"The user name {user!r} is not valid; use 1 to 64 letters, digits and the characters _+=,.@-"
        )
    return f"arn:aws:iam::{account}:{ROOT}" if user == ROOT else f"arn:aws:iam::{account}:user/{user}"


def _digest(token: str) -> str:
    """A token holds 336 random bits, so a fast hash without salt is as good as any."""
    return hashlib.sha256(token.encode()).hexdigest()


def _random(length: int, characters: str) -> str:
    return "".join(secrets.choice(characters) for _ in range(length))
