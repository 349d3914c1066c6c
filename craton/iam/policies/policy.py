"""A policy document, read once and compiled. Knows no store, and not to whom or what it is attached."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn, Self

from craton.iam.policies import statement
from craton.iam.policies.asked import Asked
from craton.iam.policies.malformed import MalformedPolicy
from craton.iam.policies.principals import Grade
from craton.iam.policies.statement import Kind, Statement

# Characters that are not white space, and bytes (IAM and AWS STS quotas; a trust policy's is the highest to be had).
MOST_CHARACTERS = {"identity": 6144, "trust": 8192}
MOST_BYTES = 20 * 1024
MOST_WRITTEN = 131_072  # with white space, as IAM's own API allows

_ELEMENTS = ("Version", "Id", "Statement")
_VERSIONS = ("2012-10-17", "2008-10-17")


class _Number(str):
    """A number as it is written in JSON."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Policy:
    """`identity` policies are of users, groups and roles, and are boundaries and session policies, too."""

    kind: Kind
    version: str
    id: str
    denying: tuple[Statement, ...]
    allowing: tuple[Statement, ...]

    @classmethod
    def parse(cls, text: str, *, kind: Kind) -> Self:
        """The policy that a document is. Raises MalformedPolicy, in the words of IAM where it has some."""
        _check_size(text, kind)
        document = _document(text)
        version = document.get("Version", "2008-10-17")
        if version not in _VERSIONS:
            raise MalformedPolicy(f'The policy must contain a valid version string: "2012-10-17", not {version!r}.')
        name = document.get("Id", "")
        if type(name) is not str:
            raise MalformedPolicy(f"Id must be a string, not {name!r}.")
        statements = _statements(document, kind, variables=version == "2012-10-17")
        return cls(
            kind=kind,
            version=str(version),
            id=name,
            denying=tuple(one for one in statements if not one.allows),
            allowing=tuple(one for one in statements if one.allows),
        )

    def denies(self, asked: Asked, *, bounded: bool = False) -> bool:
        """Whether a statement denies what is asked."""
        return any(one.denies(asked, bounded=bounded) for one in self.denying)

    def allows(self, asked: Asked) -> Grade:
        """How its statements allow what is asked, taken together."""
        best = Grade.NONE
        for one in self.allowing:
            if (grade := one.allowing(asked)) > best:
                best = grade
                if best is Grade.DIRECT:
                    break
        return best


def _check_size(text: str, kind: Kind) -> None:
    if len(text) > MOST_WRITTEN:
        raise MalformedPolicy(f"The policy document has {len(text)} characters; it may have {MOST_WRITTEN}.")
    if kind == "resource":
        size, most, unit = len(text.encode(errors="replace")), MOST_BYTES, "bytes"
    else:
        size, most, unit = len("".join(text.split())), MOST_CHARACTERS[kind], "characters besides white space"
    if size > most:
        raise MalformedPolicy(f"The policy document has {size} {unit}; a policy of this kind may have {most}.")


def _document(text: str) -> dict[str, object]:
    try:
        document = json.loads(
            text, object_pairs_hook=_object, parse_int=_Number, parse_float=_Number, parse_constant=_constant
        )
    except json.JSONDecodeError as error:
        raise MalformedPolicy(
            f"Syntax errors in policy: {error.msg} at line {error.lineno}, column {error.colno}."
        ) from error
    except RecursionError as error:
        raise MalformedPolicy("Syntax errors in policy: it is nested too deeply.") from error
    if not isinstance(document, dict):
        raise MalformedPolicy("Syntax errors in policy: it must be a JSON object with Version and Statement.")
    for name in document:
        if name not in _ELEMENTS:
            raise MalformedPolicy(f"Syntax errors in policy: it has the unknown element {name!r}.")
    return document


def _object(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise MalformedPolicy(f"Syntax errors in policy: {twice!r} stands twice in one object; leave one out.")
    return found


def _constant(name: str) -> NoReturn:
    raise MalformedPolicy(f"Syntax errors in policy: {name} is not JSON.")


def _statements(document: dict[str, object], kind: Kind, *, variables: bool) -> list[Statement]:
    if "Statement" not in document:
        raise MalformedPolicy("Syntax errors in policy: it has no Statement; add at least one.")
    written = document["Statement"]
    listed = written if isinstance(written, list) else [written]
    if not listed:
        raise MalformedPolicy("Syntax errors in policy: Statement is empty; add at least one.")
    statements: list[Statement] = []
    places: dict[str, int] = {}
    for index, element in enumerate(listed):
        place = f"Statement[{index}]" if isinstance(written, list) else "Statement"
        one = statement.read(element, place, kind, variables=variables)
        if one.sid and one.sid in places:
            raise MalformedPolicy(
                f"Statement IDs (SID) in a single policy must be unique; {one.sid!r} stands in {place} and before."
            )
        places[one.sid] = index
        statements.append(one)
    return statements
