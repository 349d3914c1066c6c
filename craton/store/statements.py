"""Every statement the store sends, built once: SQLAlchemy compiles each at its first use and then only binds values.

Knows what is stored where, not what it means. Values to find a row by are bound with the prefix `at_`, as `at` makes
them, which keeps them apart from values to set.
"""

from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, Column, ColumnElement, Select, and_, bindparam, delete, insert, select, update

from craton.store import tables
from craton.store.records import Scope

_d = tables.documents.c
_n = tables.names.c
_t = tables.tags.c
_a = tables.answers.c


def at(scope: Scope, **values: object) -> dict[str, object]:
    """The values that find rows of a scope."""
    return {
        "at_account": scope.account,
        "at_region": scope.region,
        **{f"at_{name}": value for name, value in values.items()},
    }


def bare(values: dict[str, object]) -> dict[str, object]:
    """The values of `at`, for an insert."""
    return {name.removeprefix("at_"): value for name, value in values.items()}


def _is(*columns: Column[Any]) -> ColumnElement[bool]:
    return and_(*(column == bindparam(f"at_{column.name}") for column in columns))


_document: tuple[Column[Any], ...] = (
    *(_d.position, _d.kind, _d.id, _d.version, _d.revision),
    *(_d.body, _d.created_at, _d.updated_at, _d.parent, _d.arn),
)
_one_version = _is(_d.account, _d.region, _d.kind, _d.id, _d.version)
_all_versions = _is(_d.account, _d.region, _d.kind, _d.id)

GET = select(*_document).where(_one_version)
GET_BY_ARN = select(*_document).where(_is(_d.account, _d.region, _d.arn))
ARNS = select(_d.version, _d.arn).where(_all_versions)
KINDS = select(_d.kind).where(_is(_d.account)).distinct().order_by(_d.kind)
LAST_VERSION = select(_d.versions).where(_one_version)
CREATE = insert(tables.documents)
REPLACE = update(tables.documents).where(_one_version)
COUNT_VERSION = update(tables.documents).where(_one_version).values(versions=_d.versions + 1)
DELETE = delete(tables.documents).where(_all_versions)
DELETE_VERSION = delete(tables.documents).where(_one_version)

GET_NAMED = select(_n.id).where(_is(_n.account, _n.region, _n.kind, _n.field, _n.value))
CLAIM = insert(tables.names)
UNCLAIM = delete(tables.names).where(_is(_n.account, _n.region, _n.kind, _n.id))

TAGS = select(_t.key, _t.value).where(_is(_t.account, _t.region, _t.arn)).order_by(_t.key)
TAG = insert(tables.tags)
UNTAG = delete(tables.tags).where(_is(_t.account, _t.region, _t.arn, _t.key))
UNTAG_ALL = delete(tables.tags).where(_is(_t.account, _t.region, _t.arn))

ANSWER = select(_a.digest, _a.answer).where(
    _is(_a.account, _a.region, _a.operation, _a.client_token), _a.created_at > bindparam("since")
)
KEEP_ANSWER = insert(tables.answers)
FORGET_ANSWERS = delete(tables.answers).where(_a.created_at <= bindparam("before"))

_kept: BindParameter[Any] = bindparam("kept", expanding=True)
_arns_kept = select(_d.arn).where(_d.kind.in_(_kept), _d.arn.is_not(None))
EMPTY = (
    delete(tables.answers),
    delete(tables.names).where(_n.kind.not_in(_kept)),
    delete(tables.tags).where(_t.arn.not_in(_arns_kept)),
    delete(tables.documents).where(_d.kind.not_in(_kept)),
)


@lru_cache
def listing(of_parent: bool, of_id: bool, descending: bool) -> Select[*tuple[Any, ...]]:
    """Documents in order past the position `after`, `most` of them; drafts, or all versions of one id."""
    query = select(*_document).where(_is(_d.account, _d.region, _d.kind))
    query = query.where(_is(_d.id)) if of_id else query.where(_d.version == 0)
    if of_parent:
        query = query.where(_is(_d.parent))
    if descending:
        query = query.where(_d.position < bindparam("after")).order_by(_d.position.desc())
    else:
        query = query.where(_d.position > bindparam("after")).order_by(_d.position)
    return query.limit(bindparam("most"))
