"""What can be read and changed within one database transaction. Knows neither threads nor loops, nor any capability.

`Documents` tells what each method does; here they run at once, on the connection they are given.
"""

import hashlib
import time
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, NoReturn

from msgspec import msgpack
from sqlalchemy import Connection, Row
from sqlalchemy.exc import IntegrityError

from craton.errors import ConflictException, ResourceNotFoundException, ValidationException
from craton.store import statements
from craton.store.records import COMPANION, DRAFT, NOBODY, Body, Change, Document, Record, Scope
from craton.store.statements import at, bare
from craton.store.tagging import check_tags

_DAY = 24 * 60 * 60 * 1_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST_POSITION = 2**63 - 1


class View:
    """What can be read."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def close(self) -> None:
        self.connection.close()
        self.connection.engine.dispose()

    def get(self, scope: Scope, kind: str, id: str, *, version: str = DRAFT) -> Document:
        return self.find(scope, kind, id, version=version) or _refuse_missing(kind, id, version)

    def find(self, scope: Scope, kind: str, id: str, *, version: str = DRAFT) -> Document | None:
        number = _number(version)
        if number is None:
            return None
        row = self.connection.execute(statements.GET, at(scope, kind=kind, id=id, version=number)).first()
        return None if row is None else _document(row)

    def named(self, scope: Scope, kind: str, field: str, value: str) -> Document | None:
        name = at(scope, kind=kind, field=field, value=value)
        holder = self.connection.execute(statements.GET_NAMED, name).scalar()
        return None if holder is None else self.find(scope, kind, holder)

    def at(self, scope: Scope, arn: str) -> Document | None:
        row = self.connection.execute(statements.GET_BY_ARN, at(scope, arn=arn)).first()
        return None if row is None else _document(row)

    def tags(self, scope: Scope, arn: str) -> dict[str, str]:
        self._refuse_unknown(scope, arn)
        return self._tags(scope, arn)

    def listing(
        self,
        scope: Scope,
        kind: str,
        *,
        parent: str | None = None,
        versions_of: str | None = None,
        after: int | None = None,
        descending: bool = False,
        limit: int = _LAST_POSITION,
    ) -> list[Document]:
        """Documents in order of creation, past the position `after`; `Documents.page` tells the rest."""
        query = statements.listing(parent is not None, versions_of is not None, descending)
        start = after if after is not None else _LAST_POSITION if descending else 0
        values = at(scope, kind=kind, parent=parent, id=versions_of) | {"after": start, "most": limit}
        return [_document(row) for row in self.connection.execute(query, values).all()]

    def kinds(self, account: str) -> list[str]:
        """The kinds of all documents that an account has, in any region."""
        return list(self.connection.scalars(statements.KINDS, {"at_account": account}))

    def answer(self, scope: Scope, operation: str, client_token: str, request: Body) -> Record | None:
        """The answer kept for a client token. Raises ConflictException where it was given to another request."""
        place = at(scope, operation=operation, client_token=client_token) | {"since": _now() - _DAY}
        kept = self.connection.execute(statements.ANSWER, place).first()
        if kept is None:
            return None
        if kept.digest != _digest(request):
            raise ConflictException(
                f"The clientToken {client_token!r} was used for another {operation} request before; "
                "repeat that request with the same parameters, or send a new clientToken."
            )
        return _decode(kept.answer)

    def _tags(self, scope: Scope, arn: str) -> dict[str, str]:
        rows = self.connection.execute(statements.TAGS, at(scope, arn=arn)).all()
        return {row.key: row.value for row in rows}

    def _refuse_unknown(self, scope: Scope, arn: str) -> None:
        if self.at(scope, arn) is None:
            raise ResourceNotFoundException(
                f"The resource {arn!r} does not exist; check the ARN, its account and its region."
            )


class Transaction(View):
    """What can be changed, beside what can be read. Later reads see earlier changes."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self.changed: list[Change] = []

    def create(
        self,
        scope: Scope,
        kind: str,
        id: str,
        body: Body,
        *,
        parent: str = "",
        arn: str = "",
        unique: Mapping[str, str] | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> Document:
        self._claim(scope, kind, id, unique or {})
        return self._insert(scope, kind, id, 0, body, parent, arn, tags or {})

    def replace(
        self,
        scope: Scope,
        kind: str,
        id: str,
        body: Body,
        *,
        expect: int | None = None,
        unique: Mapping[str, str] | None = None,
    ) -> Document:
        before = self.get(scope, kind, id)
        _check_revision(before, expect)
        if unique is not None:
            self.connection.execute(statements.UNCLAIM, at(scope, kind=kind, id=id))
            self._claim(scope, kind, id, unique)
        changes = {"body": _encode(body), "revision": before.revision + 1, "updated_at": _now()}
        self.connection.execute(statements.REPLACE, at(scope, kind=kind, id=id, version=0) | changes)
        self.changed.append(Change(kind, id, before.arn))
        return self.get(scope, kind, id)

    def put(self, scope: Scope, kind: str, id: str, body: Body) -> Document:
        """Replace a document, or create it where there is none."""
        return (self.replace if self.find(scope, kind, id) else self.create)(scope, kind, id, body)

    def delete(
        self, scope: Scope, kind: str, id: str, *, version: str | None = None, expect: int | None = None
    ) -> None:
        assert version != DRAFT, "a draft goes with its versions: leave `version` out"
        before = self.get(scope, kind, id, version=version or DRAFT)
        _check_revision(before, expect)
        self.changed.append(Change(kind, id, before.arn))
        number = _number(version) if version else None
        every = at(scope, kind=kind, id=id)
        for row in self.connection.execute(statements.ARNS, every).all():
            if row.arn is not None and number in (None, row.version):
                self.connection.execute(statements.UNTAG_ALL, at(scope, arn=row.arn))
                self.connection.execute(statements.DELETE, at(NOBODY, kind=COMPANION, id=row.arn))
        if number:
            self.connection.execute(statements.DELETE_VERSION, every | {"at_version": number})
        else:
            self.connection.execute(statements.UNCLAIM, every)
            self.connection.execute(statements.DELETE, every)

    def publish(
        self,
        scope: Scope,
        kind: str,
        id: str,
        *,
        body: Body | None = None,
        arn: Callable[[str], str] | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> Document:
        draft = self.get(scope, kind, id)
        place = at(scope, kind=kind, id=id, version=0)
        self.connection.execute(statements.COUNT_VERSION, place)
        number = self.connection.execute(statements.LAST_VERSION, place).scalar_one()
        frozen = draft.body if body is None else body
        return self._insert(scope, kind, id, number, frozen, draft.parent, arn(str(number)) if arn else "", tags or {})

    def tag(self, scope: Scope, arn: str, tags: Mapping[str, str]) -> None:
        self._refuse_unknown(scope, arn)
        self._tag(scope, arn, tags)
        self.changed.append(Change("tags", "", arn))

    def untag(self, scope: Scope, arn: str, keys: Collection[str]) -> None:
        self._refuse_unknown(scope, arn)
        self.changed.append(Change("tags", "", arn))
        for key in keys:
            self.connection.execute(statements.UNTAG, at(scope, arn=arn, key=key))

    def once(
        self,
        scope: Scope,
        operation: str,
        client_token: str | None,
        request: Body,
        make: "Callable[[Transaction], Record]",
    ) -> Record:
        """As `Documents.once`, but atomic: what `make` does and the answer are kept together or not at all."""
        if client_token is None:
            return make(self)
        answer = self.answer(scope, operation, client_token, request)
        if answer is None:
            answer = make(self)
            self.keep_answer(scope, operation, client_token, request, answer)
        return answer

    def keep_answer(
        self,
        scope: Scope,
        operation: str,
        client_token: str,
        request: Body,
        answer: Body,
    ) -> None:
        """Keep what `answer` finds, for a day."""
        self.connection.execute(statements.FORGET_ANSWERS, {"before": _now() - _DAY})
        values = {"digest": _digest(request), "answer": _encode(answer), "created_at": _now()}
        place = bare(at(scope, operation=operation, client_token=client_token))
        self.connection.execute(statements.KEEP_ANSWER, place | values)

    def empty(self, keep: Collection[str] = ()) -> None:
        for statement in statements.EMPTY:
            self.connection.execute(statement, {"kept": list(keep)})

    def _insert(
        self,
        scope: Scope,
        kind: str,
        id: str,
        number: int,
        body: Body,
        parent: str,
        arn: str,
        tags: Mapping[str, str],
    ) -> Document:
        now = _now()
        row = bare(at(scope, kind=kind, id=id, version=number)) | {
            "versions": 0,
            "parent": parent,
            "arn": arn or None,
            "revision": 1,
            "body": _encode(body),
            "created_at": now,
            "updated_at": now,
        }
        try:
            self.connection.execute(statements.CREATE, row)
        except IntegrityError:
            raise ConflictException(
                f"The {_words(kind)} {id!r} exists already; change that one, or choose another identifier."
            ) from None
        self.changed.append(Change(kind, id, arn))
        if tags:
            assert arn, "only what has an ARN can have tags"
            self._tag(scope, arn, tags)
        return self.get(scope, kind, id, version=str(number) if number else DRAFT)

    def _claim(self, scope: Scope, kind: str, id: str, unique: Mapping[str, str]) -> None:
        for field, value in unique.items():
            name = bare(at(scope, kind=kind, field=field, value=value, id=id))
            try:
                self.connection.execute(statements.CLAIM, name)
            except IntegrityError:
                raise ConflictException(
                    f"Another {_words(kind)} has the {field} {value!r}; change that one, or choose another {field}."
                ) from None

    def _tag(self, scope: Scope, arn: str, tags: Mapping[str, str]) -> None:
        check_tags(arn, self._tags(scope, arn), tags)
        for key, value in tags.items():
            place = at(scope, arn=arn, key=key)
            self.connection.execute(statements.UNTAG, place)
            self.connection.execute(statements.TAG, bare(place) | {"value": value})


def _document(row: Row[*tuple[Any, ...]]) -> Document:
    position, kind, identifier, number, revision, body, created_at, updated_at, parent, arn = row
    return Document(
        kind=kind,
        id=identifier,
        version=str(number) if number else DRAFT,
        revision=revision,
        body=_decode(body),
        created_at=_EPOCH + timedelta(microseconds=created_at),
        updated_at=_EPOCH + timedelta(microseconds=updated_at),
        parent=parent,
        arn=arn or "",
        position=position,
    )


def _number(version: str) -> int | None:
    """The number that stands for a version in the table; None for what cannot be one."""
    if version == DRAFT:
        return 0
    plain = version.isascii() and version.isdecimal() and not version.startswith("0") and len(version) < 10
    return int(version) if plain else None


def _check_revision(document: Document, expect: int | None) -> None:
    if expect is not None and expect != document.revision:
        raise ConflictException(
            f"Another request changed the {_words(document.kind)} {document.id!r} meanwhile; "
            "read it again and repeat the change."
        )


def _refuse_missing(kind: str, id: str, version: str) -> NoReturn:
    what = f"{_words(kind)} {id!r}" if version == DRAFT else f"version {version!r} of the {_words(kind)} {id!r}"
    raise ResourceNotFoundException(f"The {what} does not exist; check the identifier, the account and the region.")


def _words(kind: str) -> str:
    return kind.replace("-", " ")


def _now() -> int:
    return time.time_ns() // 1000


def _digest(request: Body) -> bytes:
    return hashlib.sha256(_encode(request, order="deterministic")).digest()


def _encode(body: Body, order: Literal["deterministic"] | None = None) -> bytes:
    try:
        return msgpack.encode(body, order=order)
    except OverflowError:
        raise ValidationException("The request holds an integer of more than 64 bits; send it as a string.") from None


def _decode(data: bytes) -> Record:
    body: Record = msgpack.decode(data)
    return body
