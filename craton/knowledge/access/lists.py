"""Access control lists of documents: who may see one, as a list says it, as chunks keep it and as a search asks it.

A user is named by an e-mail address; whoever sends a request vouches for the user that it names. A denial goes before
an allowance, and who is not named may not. Letters' case and spaces around a name do not count.

Source: https://docs.aws.amazon.com/bedrock/latest/userguide/kb-managed-ds-custom-acl.html. Knows no index and no store.
"""

from collections.abc import Mapping, Sequence
from typing import TypedDict

from craton.errors import ValidationException
from craton.knowledge.records import ALLOWED, RESTRICTED
from craton.store.records import Record
from craton.store.vectors.filters import Filter, Some, Test
from craton.store.vectors.records import Value


class Entry(TypedDict):
    """A `DocumentAccessControlEntry`."""

    name: str
    type: str
    access: str


def attributes(entries: Sequence[Entry] | None) -> dict[str, Value]:
    """What each chunk of a document keeps of its list, whose absence (None) lets everybody see the document."""
    if entries is None:
        return {RESTRICTED: False}
    kept: dict[str, Value] = {RESTRICTED: True}
    if allowed := _named(entries, "ALLOW") - _named(entries, "DENY"):
        kept[ALLOWED] = sorted(allowed)
    return kept


def filter_of(user_context: Mapping[str, str] | None) -> Filter:
    """The chunks that the user of a `userContext` may see, or with none those that everybody may."""
    free = Test("equals", RESTRICTED, False)
    if user_context is None:
        return free
    return Some((free, Test("listContains", ALLOWED, _normal(user_context["userId"]))))


def allows(entries: Sequence[Entry] | None, user_context: Mapping[str, str] | None) -> bool:
    """The same of one document."""
    if entries is None:
        return True
    return user_context is not None and _normal(user_context["userId"]) in (
        _named(entries, "ALLOW") - _named(entries, "DENY")
    )


def read(value: object, where: str) -> list[Entry]:
    """The `accessControlList` of a metadata file. Raises ValidationException, which tells `where` it stood."""
    if not isinstance(value, list):
        raise ValidationException(f"The 'accessControlList' of {where} is no list. Make it a list of entries.")
    return [_entry(each, where) for each in value]


def told(entries: Sequence[Entry] | None) -> Record:
    """As `DocumentAcl` shows it, empty for a document without one."""
    if entries is None:
        return {}
    lists = {"allowList": _named(entries, "ALLOW"), "denyList": _named(entries, "DENY")}
    return {name: _membership(users) for name, users in lists.items() if users}


def _entry(value: object, where: str) -> Entry:
    if not isinstance(value, dict) or set(value) != {"Name", "Type", "Access"}:
        raise ValidationException(
            f"An entry of the 'accessControlList' of {where} is {value!r}. Write each as "
            '{"Name": "ada@example.com", "Type": "USER", "Access": "ALLOW"}.'
        )
    name, kind, access = value["Name"], value["Type"], value["Access"]
    if not isinstance(name, str) or not name.strip():
        raise ValidationException(f"An entry of the 'accessControlList' of {where} names nobody. Fill in its 'Name'.")
    if kind != "USER":
        raise ValidationException(f"The 'accessControlList' of {where} has the Type {kind!r}. Only 'USER' is known.")
    if access not in ("ALLOW", "DENY"):
        raise ValidationException(f"The 'accessControlList' of {where} has the Access {access!r}. Write ALLOW or DENY.")
    return Entry(name=name, type=kind, access=access)


def _named(entries: Sequence[Entry], access: str) -> set[str]:
    return {name for entry in entries if entry["access"] == access and (name := _normal(entry["name"]))}


def _normal(name: str) -> str:
    """Small letters where that changes nothing but their case: what merely looks or folds alike is another's name."""
    return "".join(small if (small := sign.lower()).upper() == sign else sign for sign in name.strip())


def _membership(users: set[str]) -> Record:
    named = [{"id": user, "type": "DATA_SOURCE"} for user in sorted(users)]
    return {"memberRelation": "OR", "conditions": [{"conditionOperator": "OR", "users": named}]}
