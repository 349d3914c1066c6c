"""Expressions of GBNF, in the dialect that llama.cpp and xgrammar share, and how they are written.

What they differ in is avoided: `.` and negated classes (xgrammar clamps them to ASCII), `\\x41` (xgrammar reads as many
hex digits as follow), `_` in names (llama.cpp). Knows no schema.
"""

from dataclasses import dataclass

from craton.engines.grammar.texts import characters


@dataclass(frozen=True, slots=True)
class Literal:
    text: str


@dataclass(frozen=True, slots=True)
class Chars:
    """One character of a set that is not empty."""

    ranges: characters.Set


@dataclass(frozen=True, slots=True)
class Ref:
    """A rule by its name."""

    name: str


@dataclass(frozen=True, slots=True)
class Sequence:
    parts: "tuple[Expr, ...]"


@dataclass(frozen=True, slots=True)
class Choice:
    options: "tuple[Expr, ...]"


@dataclass(frozen=True, slots=True)
class Repeat:
    """`part` from so many times to so many (None: without end); `Rules.repeated` keeps the counts small."""

    part: "Expr"
    least: int
    most: int | None


Expr = Literal | Chars | Ref | Sequence | Choice | Repeat

EMPTY = Literal("")
NOTHING = Choice(())
"""What no text satisfies."""


def sequence(*parts: Expr) -> Expr:
    flat: list[Expr] = []
    for part in parts:
        for item in part.parts if isinstance(part, Sequence) else (part,):
            if item == NOTHING:
                return NOTHING
            if isinstance(item, Literal) and flat and isinstance(last := flat[-1], Literal):
                flat[-1] = Literal(last.text + item.text)
            elif item != EMPTY:
                flat.append(item)
    if len(flat) == 1:
        return flat[0]
    return Sequence(tuple(flat)) if flat else EMPTY


def choice(*options: Expr) -> Expr:
    flat: dict[Expr, None] = {}
    for option in options:
        flat.update(dict.fromkeys(option.options if isinstance(option, Choice) else (option,)))
    return next(iter(flat)) if len(flat) == 1 else Choice(tuple(flat))


def chars(ranges: characters.Set) -> Expr:
    if not ranges:
        return NOTHING
    if len(ranges) == 1 and ranges[0][0] == ranges[0][1]:
        return Literal(chr(ranges[0][0]))
    return Chars(ranges)


def optional(part: Expr) -> Expr:
    return EMPTY if part in (NOTHING, EMPTY) else Repeat(part, 0, 1)


def write(expr: Expr) -> str:
    """The expression as GBNF; a choice stands in no parentheses of its own."""
    match expr:
        case Literal(text):
            return '"' + "".join(_in_literal(character) for character in text) + '"'
        case Chars(ranges):
            return "[" + "".join(_range(low, high) for low, high in ranges) + "]"
        case Ref(name):
            return name
        case Sequence(parts):
            return " ".join(f"({write(part)})" if isinstance(part, Choice) else write(part) for part in parts)
        case Choice(options):
            return " | ".join(write(option) for option in options)
        case Repeat(part, least, most):
            unit = write(part)
            return (unit if isinstance(part, Ref | Chars) else f"({unit})") + _count(least, most)


def _count(least: int, most: int | None) -> str:
    simple = {(0, None): "*", (1, None): "+", (0, 1): "?"}.get((least, most))
    if simple:
        return simple
    return f"{{{least}}}" if least == most else f"{{{least},{'' if most is None else most}}}"


def _in_literal(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    return character if character.isprintable() else _escaped(ord(character))


def _range(low: int, high: int) -> str:
    return _in_class(low) if low == high else f"{_in_class(low)}-{_in_class(high)}"


def _in_class(code: int) -> str:
    character = chr(code)
    return character if character.isascii() and character.isalnum() else _escaped(code)


def _escaped(code: int) -> str:
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"
