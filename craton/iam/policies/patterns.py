"""Patterns of policies: wildcards, policy variables and ARNs, compiled once and matched many times. Knows no statement.

A pattern is a tuple of pieces: literal text, wildcards, variables. The rules are those of the IAM User Guide's pages on
the elements Resource and Condition and on policy variables. A run between two stars is looked for once, from the left,
so no pattern is slow to match, however many stars it has.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

# The condition keys of a request, by their names in lower case.
Keys = Mapping[str, Sequence[str]]
Matcher = Callable[[str], bool]

FIELDS = 6  # of an ARN: arn, partition, service, region, account, resource
# What is no literal text, by whether variables and wildcards are known.
_SPECIAL = {
    (False, False): re.compile(r"(?!)"),
    (False, True): re.compile(r"\*+|\?"),
    (True, False): re.compile(r"\$\{[^}]*\}?"),
    (True, True): re.compile(r"\$\{[^}]*\}?|\*+|\?"),
}


class Wild(Enum):
    """A wildcard: `*` stands for any run of characters, `?` for any one."""

    MANY = "*"
    ONE = "?"


@dataclass(frozen=True, slots=True)
class Variable:
    """A policy variable, such as `${aws:username, 'nobody'}`: its key in lower case, and its default."""

    key: str
    default: str | None

    def value(self, keys: Keys) -> str | None:
        """Only a key with a single value has one."""
        values = keys.get(self.key, ())
        return values[0] if len(values) == 1 else self.default


Fixed = tuple[str | Wild, ...]
Pieces = tuple[str | Wild | Variable, ...]


def read(text: str, *, variables: bool, wild: bool) -> Pieces:
    """The pieces of a pattern as it is written. Raises ValueError, a sentence, where a variable is not well formed."""
    pieces: list[str | Wild | Variable] = []
    literal = ""
    at = 0
    for found in _SPECIAL[variables, wild].finditer(text):
        literal += text[at : found.start()]
        at = found.end()
        piece = _variable(found[0], text) if found[0][0] == "$" else Wild(found[0][0])
        if isinstance(piece, str):
            literal += piece
            continue
        pieces += (literal, piece) if literal else (piece,)
        literal = ""
    literal += text[at:]
    return (*pieces, literal) if literal else tuple(pieces)


def _variable(written: str, text: str) -> str | Variable:
    """What stands between `${` and `}`. The characters * ? $ stand for themselves there."""
    inside = written[2:-1] if written.endswith("}") else ""
    if inside in ("*", "?", "$"):
        return inside
    key, comma, default = (part.strip() for part in inside.partition(","))
    quoted = len(default) > 1 and default[0] == default[-1] == "'"
    if not key or "'" in key or "{" in inside or (comma and not quoted):
        raise ValueError(
            f"the policy variable in {text!r} is not well formed; write it as ${{aws:username}} or "
            "${aws:username, 'default'}, and a literal dollar sign as ${$}"
        )
    return Variable(key.lower(), default[1:-1] if comma else None)


class Pattern:
    """A pattern with variables, whose values each request brings."""

    __slots__ = ("_compile", "_pieces")

    def __init__(self, pieces: Pieces, compile: Callable[[Fixed], Matcher]) -> None:
        self._pieces = pieces
        self._compile = compile

    def matches(self, text: str, keys: Keys) -> bool:
        """A pattern with a variable that has no value matches nothing."""
        fixed: list[str | Wild] = []
        for piece in self._pieces:
            value = piece.value(keys) if isinstance(piece, Variable) else piece
            if value is None:
                return False
            fixed.append(value)
        return self._compile(tuple(fixed))(text)


def fixed(pieces: Pieces) -> Fixed | None:
    """The pieces, where none is a variable."""
    found = tuple(piece for piece in pieces if not isinstance(piece, Variable))
    return found if len(found) == len(pieces) else None


@lru_cache(maxsize=4096)
def glob(pieces: Fixed) -> Matcher:
    """Matches a whole text, case by case."""
    runs: list[list[str | Wild]] = [[]]
    for piece in pieces:
        if piece is Wild.MANY:
            runs.append([])
        else:
            runs[-1].append(piece)
    for left, right in zip(runs[-2::-1], runs[:0:-1], strict=True):  # *?a is ?*a: no run but the first begins with ?
        while right and right[0] is Wild.ONE:
            left.append(right.pop(0))
    first, *rest = runs
    if any(Wild.ONE in run for run in runs):
        return _with_holes(first, rest)
    texts = ["".join(piece for piece in run if isinstance(piece, str)) for run in runs]
    return _of_texts(texts[0], [text for text in texts[1:-1] if text], texts[-1] if rest else None)


def _of_texts(first: str, middle: Sequence[str], last: str | None) -> Matcher:
    if last is None:
        return lambda text: text == first
    if not middle and not last:
        return lambda text: text.startswith(first)

    def match(text: str) -> bool:
        at, end = len(first), len(text) - len(last)
        if end < at or not text.startswith(first) or not text.endswith(last):
            return False
        for run in middle:
            at = text.find(run, at, end)
            if at < 0:
                return False
            at += len(run)
        return True

    return match


def _with_holes(first: Sequence[str | Wild], rest: Sequence[Sequence[str | Wild]]) -> Matcher:
    start, length = _expression(first)
    if not rest:
        return lambda text: start.fullmatch(text) is not None
    middle = [_expression(run)[0] for run in rest[:-1]]
    stop, width = _expression(rest[-1])

    def match(text: str) -> bool:
        at, end = length, len(text) - width
        if end < at or not start.fullmatch(text, 0, at) or not stop.fullmatch(text, end):
            return False
        for run in middle:
            found = run.search(text, at, end)
            if found is None:
                return False
            at = found.end()
        return True

    return match


def _expression(run: Sequence[str | Wild]) -> tuple[re.Pattern[str], int]:
    """A run without stars, and how many characters it takes."""
    written = "".join(re.escape(piece) if isinstance(piece, str) else "." for piece in run)
    return re.compile(written, re.DOTALL), sum(len(piece) if isinstance(piece, str) else 1 for piece in run)


def glob_ignoring_case(pieces: Fixed) -> Matcher:
    """Matches a text that is in lower case."""
    return glob(tuple(piece.lower() if isinstance(piece, str) else piece for piece in pieces))


@lru_cache(maxsize=4096)
def arn(pieces: Fixed) -> Matcher:
    """Matches ARNs field by field, as ArnLike does."""
    fields = [glob(field) for field in split(pieces)]
    if len(fields) < FIELDS:
        return lambda text: False

    def match(text: str) -> bool:
        parts = text.split(":", FIELDS - 1)
        return len(parts) == FIELDS and all(field(part) for field, part in zip(fields, parts, strict=True))

    return match


@lru_cache(maxsize=4096)
def resource(pieces: Fixed) -> Matcher:
    """Matches ARNs as the element Resource does.

    Before the fifth colon a wildcard keeps to its field, save a star that ends the field: it may run on beyond colons.
    """
    *head, tail = split(pieces)
    if len(head) < FIELDS - 1:
        head, tail = [*head, tail], ()
        open_end = True
    else:
        open_end = False
    if not any(Wild.ONE in field or Wild.MANY in field[:-1] for field in head):
        return glob(pieces)
    return _across([(glob(field), field[-1:] == (Wild.MANY,)) for field in head], None if open_end else glob(tail))


def _across(head: Sequence[tuple[Matcher, bool]], tail: Matcher | None) -> Matcher:
    """`head` are fields, each with whether it may run on beyond colons; `tail` matches the rest, colons and all."""

    def match(text: str) -> bool:
        parts = text.split(":")
        at: Sequence[int] = (0,)
        hits: list[int] = []
        runs = False
        for field, runs in head:
            hits = [index for index in at if index < len(parts) and field(parts[index])]
            if not hits:
                return False
            at = range(hits[0] + 1, len(parts)) if runs else [index + 1 for index in hits]
        if tail is None:
            return runs or hits[-1] == len(parts) - 1
        return any(index < len(parts) and tail(":".join(parts[index:])) for index in at)

    return match


def split(pieces: Fixed) -> list[Fixed]:
    """The fields of an ARN's pattern: at most six, divided by its first five colons."""
    fields: list[list[str | Wild]] = [[]]
    for piece in pieces:
        if isinstance(piece, Wild):
            fields[-1].append(piece)
            continue
        first, *rest = piece.split(":", FIELDS - len(fields))
        fields[-1].append(first)
        fields += [[text] for text in rest]
    return [tuple(piece for piece in field if piece) for field in fields]
