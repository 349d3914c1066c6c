"""The ARNs of the resources that a request names, by id, by name or by ARN. Knows no policy and no store.

An ARN is written anew rather than taken as it was sent: clients may send one without its region, in another partition
or with the version DRAFT, and handlers take all of them for the same resource, so policies must too.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from craton.core.context import Context
from craton.iam.authorization.members import DEEP, MADE, MEMBERS, OF_OTHERS, OPERATIONS, TAGGED, TOGETHER

ALL = "*"

_PLACEHOLDER = re.compile(r"{(\w*)}")
_OWNERLESS = "foundation-model/"
_PROMPT = "prompt/"
_PROFILE = "inference-profile/"
_BROWSERS = ("browser-custom/", "code-interpreter-custom/")

Request = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Place:
    """A member that names a resource, and the end of its ARN with `{}` for the member and `{other}` for another."""

    path: tuple[str, ...]
    form: str

    @property
    def others(self) -> set[str]:
        """The members that the form needs besides its own."""
        return {name for name in _PLACEHOLDER.findall(self.form) if name and name != "owner"}


class Resources:
    """Where one operation names its resources; compiled once, read at each request."""

    def __init__(self, service: str, operation: str, members: Collection[str]) -> None:
        """`service` is the ARN's, such as `bedrock`; `members` are those of the operation's input."""
        self._service = next((OF_OTHERS[name] for name in members if name in OF_OTHERS), service)
        forms = {**MEMBERS[service], **OPERATIONS.get(operation, {})}
        places = [Place((name,), forms[name]) for name in members if forms.get(name)]
        if operation not in TOGETHER:  # an alias goes alone, without its agent
            covered = {name for place in places for name in place.others}
            places = [place for place in places if place.path[0] not in covered]
        self._places = (*places, *(Place(path, form) for path, form in DEEP.get(operation, {}).items()))
        self._made = MADE.get(operation)
        self._tagged = MADE.get(operation) or TAGGED.get(operation)

    def of(self, ctx: Context, request: Request) -> list[str]:
        """The ARNs that the request names; `*` where it names none."""
        found = [arn for place in self._places for arn in self._arns(ctx, request, place)]
        if self._made:
            found.append(ctx.arn(self._made, service=self._service))
        return found or [ALL]

    def tagged(self, ctx: Context, request: Request) -> list[str]:
        """What the tags of the request are for."""
        return [ctx.arn(self._tagged, service=self._service)] if self._tagged else self.of(ctx, request)

    def _arns(self, ctx: Context, request: Request, place: Place) -> Iterator[str]:
        for value in _values(request, place.path):
            yield self._arn(ctx, request, place.form, value)

    def _arn(self, ctx: Context, request: Request, form: str, value: str) -> str:
        if form == "{}":  # exactly what is sent: tags and policies are looked up by it
            return value
        if value.startswith("arn:"):
            return _version(request, canonical(ctx, self._service, value))
        given = {"": value, "owner": ctx.account}
        end = _PLACEHOLDER.sub(lambda found: given.get(found[1]) or _id(request.get(found[1])), form)
        if end.startswith("arn:"):
            return end
        if end.startswith(_OWNERLESS):
            return f"arn:aws:{self._service}:{ctx.region}::{end}"
        if end.startswith(_PROFILE) and "." not in value:
            end = f"application-{end}"
        if end.startswith(_BROWSERS) and value.startswith("aws."):  # those that the service has for everyone
            return f"arn:aws:{self._service}:{ctx.region}:aws:{end.replace('-custom/', '/', 1)}"
        return _version(request, ctx.arn(end, service=self._service))


def canonical(ctx: Context, service: str, arn: str) -> str:
    """The ARN in the form that policies see, whatever partition it was sent with."""
    parts = arn.split(":", 5)
    if len(parts) < 6:
        return arn
    region, account, end = parts[3] or ctx.region, parts[4], parts[5]
    owner = account if account or end.startswith(_OWNERLESS) else ctx.account
    return f"arn:aws:{service}:{region}:{owner}:{end}"


def _version(request: Request, arn: str) -> str:
    """A prompt's version is part of its ARN; its draft has none."""
    _, found, prompt = arn.partition(f":{_PROMPT}")
    if not found:
        return arn
    name, _, version = prompt.partition(":")
    named = version or request.get("promptVersion") or "DRAFT"
    base = arn[: len(arn) - len(prompt)] + name
    return base if named == "DRAFT" else f"{base}:{named}"


def _values(value: object, path: tuple[str, ...]) -> Iterator[str]:
    """The texts at the end of a path, through lists."""
    if isinstance(value, list | tuple):
        for item in value:
            yield from _values(item, path)
    elif not path:
        if isinstance(value, str) and value:
            yield value
    elif isinstance(value, Mapping) and path[0] in value:
        yield from _values(value[path[0]], path[1:])


def _id(value: object) -> str:
    """The id in what names another resource: itself, or the end of its ARN."""
    text = str(value or "")
    return text.rpartition("/")[2] if text.startswith("arn:") else text
