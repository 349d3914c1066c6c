"""What may be written down of a request: names and numbers, neither secrets nor contents. Knows no trail and no log."""

from collections.abc import Mapping

from craton.audit.events import HIDDEN
from craton.wire.spec import Member, Shape

_LONGEST = 512  # characters of a text
_LONGEST_POLICY = 20 * 1024  # white space folded: as long as any may be, or its end could allow anything unseen
_MOST = 50  # members of a list or map
# Members whose text is a policy.
_POLICIES = ("policy", "policydocument")
# Members whose names tell that they hold a secret, where the model does not say so.
_SECRETS = ("secret", "password", "token", "apikey", "credential", "authorization")


def redacted(shape: Shape, values: Mapping[str, object]) -> dict[str, object]:
    """A structure's members, without what the model calls sensitive, bytes and free documents. Long texts are cut."""
    return {name: _member(name, shape.members.get(name), value) for name, value in values.items()}


def _member(name: str, member: Member | None, value: object) -> object:
    if member is None or (_secret(name) and not member.idempotency_token):
        return HIDDEN
    if isinstance(value, str) and name.lower().endswith(_POLICIES) and not member.shape.sensitive:
        return _cut(" ".join(value.split()), _LONGEST_POLICY)
    return _value(member.shape, value)


def _value(shape: Shape, value: object) -> object:
    if shape.sensitive or shape.document or isinstance(value, bytes):
        return HIDDEN
    if isinstance(value, Mapping):
        items = list(value.items())[:_MOST]
        if shape.value is not None:
            return {key: _member(key, shape.value, each) for key, each in items}
        return redacted(shape, dict(items))
    if isinstance(value, list):
        assert shape.member is not None, "a list has a member"
        return [_value(shape.member.shape, each) for each in value[:_MOST]]
    return _cut(value, _LONGEST) if isinstance(value, str) else value


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[:length] + "..."


def _secret(name: str) -> bool:
    plain = name.lower().replace("-", "").replace("_", "")
    return any(word in plain for word in _SECRETS) and not plain.endswith(("arn", "env", "file", "tokens"))
