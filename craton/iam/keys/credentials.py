"""Keys as they are kept: makes their documents and reads them. Knows no cache and no request.

Keys are looked up before the account is known, so they live in a scope of their own, which no caller can name.
"""

import hashlib
import secrets
import string
from base64 import b32encode, b64encode
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from craton.errors import ResourceNotFoundException
from craton.iam import accounts
from craton.iam.accounts import SCOPE
from craton.iam.identities.identities import USER, check_form, find_in, make, missing
from craton.iam.keys.uses import USE
from craton.iam.records import ROOT, ApiKey, Caller, Credential, Session
from craton.store.documents import Document, Transaction, View
from craton.store.records import Record

ACCESS_KEY = "access-key"
API_KEY = "api-key"
SESSION = "session"

LONG_TERM_PREFIX = "ABSK"
TEMPORARY_PREFIX = "ASIA"


def access_key_of(document: Document) -> Credential:
    """The access key, permanent or temporary, of a document."""
    body = document.body
    session = body.get("session")
    return Credential(
        access_key_id=document.id,
        secret=body["secret"],
        account=document.parent,
        principal=body["principal"],
        created_at=document.created_at,
        expires_at=body["expires_at"],
        active=body["active"],
        session=None if session is None else Session(**session | {"policies": tuple(session["policies"])}),
    )


def api_key_of(document: Document) -> ApiKey:
    body = document.body
    return ApiKey(
        id=document.id,
        name=body["name"],
        account=document.parent,
        principal=body["principal"],
        created_at=document.created_at,
        expires_at=body["expires_at"],
        active=body["active"],
    )


READERS: Mapping[str, Callable[[Document], Caller]] = {
    ACCESS_KEY: access_key_of,
    API_KEY: api_key_of,
    SESSION: access_key_of,
}


def new_secret() -> str:
    """A secret access key: 40 characters, as AWS's have."""
    return b64encode(secrets.token_bytes(30)).decode()


def new_access_key_id(prefix: str = "AKIA") -> str:
    return prefix + b32encode(secrets.token_bytes(10)).decode()


def make_access_key(t: Transaction, account: str, principal: str, expires_at: datetime | None) -> Document:
    body = body_of(principal, expires_at) | {"secret": new_secret()}
    return t.create(SCOPE, ACCESS_KEY, new_access_key_id(), body, parent=account)


def make_api_key(t: Transaction, account: str, principal: str, expires_at: datetime | None) -> tuple[Document, str]:
    """The document and the token, which has the form of AWS's long-term keys: "ABSK" and the base64 of
    `<user>-at-<account>:<secret>`.
    """
    name = f"{principal.rpartition(':')[2].removeprefix('user/')}-at-{account}"
    secret = b64encode(secrets.token_bytes(42)).decode()
    token = LONG_TERM_PREFIX + b64encode(f"{name}:{secret}".encode()).decode()
    key_id = "ACCA" + random_text(17, string.ascii_uppercase + string.digits)
    body = body_of(principal, expires_at) | {"name": name}
    return t.create(SCOPE, API_KEY, key_id, body, parent=account, unique={"digest": digest(token)}), token


def body_of(principal: str, expires_at: datetime | None) -> Record:
    """What the documents of all keys have."""
    return {"principal": principal, "expires_at": expires_at, "active": True}


def key_in(t: Transaction, key_id: str, account: str | None) -> Document:
    """A key by its id, of this account if one is given. Raises ResourceNotFoundException."""
    for kind in READERS:
        document = t.find(SCOPE, kind, key_id)
        if document is not None and account in (None, document.parent):
            return document
    raise missing_key(key_id)


def keys_of(view: View, account: str, principal: str) -> Iterator[Document]:
    """The documents of a principal's lasting keys."""
    for kind in (ACCESS_KEY, API_KEY):
        for document in view.listing(SCOPE, kind, parent=account):
            if document.body["principal"] == principal:
                yield document


def delete_key(t: Transaction, key: Document) -> None:
    """Delete a key, and what is remembered of its use."""
    t.delete(SCOPE, key.kind, key.id)
    if t.find(SCOPE, USE, key.id):
        t.delete(SCOPE, USE, key.id)


def principal_of(account: str, user: str) -> str:
    """The ARN of a user, or of the account's root (the forms of the IAM reference)."""
    accounts.check_id(account)
    check_form(USER, user)
    return f"arn:aws:iam::{account}:{ROOT}" if user == ROOT else f"arn:aws:iam::{account}:user/{user}"


def holder(t: Transaction, account: str, user: str, new_user: str | None) -> str:
    """The ARN of who is to hold a key. A user that is not there yet is made, with the managed policy `new_user`.

    Raises ResourceNotFoundException where there is no user and no policy for a new one.
    """
    principal = principal_of(account, user)
    accounts.ensure(t, account)
    if user == ROOT:
        return principal
    present = find_in(t, USER, account, user)
    if present is None and new_user is None:
        raise missing(USER, user)
    return present.arn if present else make(t, USER, account, user, {"attached": [new_user]}).arn


def missing_key(key_id: str) -> ResourceNotFoundException:
    return ResourceNotFoundException(f"The key {key_id!r} does not exist; list the keys to see their ids.")


def digest(token: str) -> str:
    """A token holds 336 random bits, so a fast hash without salt is as good as any."""
    return hashlib.sha256(token.encode()).hexdigest()


def random_text(length: int, characters: str) -> str:
    return "".join(secrets.choice(characters) for _ in range(length))
