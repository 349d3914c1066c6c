"""Reads expressions, a subset of SMT-LIB, into typed terms. Knows the names it is given, and no policy.

Beyond the operators that AWS documents (`=>` `and` `or` `not` `=` and comparisons) it reads `xor`, `distinct`, `ite`
and arithmetic, with division by constants only.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from craton.guardrails.reasoning.logic.terms import (
    BOOL,
    FALSE,
    INT,
    NUMBER,
    TRUE,
    Apply,
    Constant,
    Sort,
    Term,
    Variable,
)

MAX_CHARACTERS = 2048
MAX_DEPTH = 40
MAX_PARTS = 600
MAX_DIGITS = 40

_TOKEN = re.compile(r"\s+|;[^\n]*|[()]|\|[^|]*\||[^\s()|;]+")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
# The least and most arguments; the operators that AWS documents come first.
_ARITY = {
    "=>": (2, 2),
    "and": (1, MAX_PARTS),
    "or": (1, MAX_PARTS),
    "not": (1, 1),
    "=": (2, MAX_PARTS),
    ">": (2, MAX_PARTS),
    "<": (2, MAX_PARTS),
    ">=": (2, MAX_PARTS),
    "<=": (2, MAX_PARTS),
    "xor": (2, 2),
    "distinct": (2, MAX_PARTS),
    "ite": (3, 3),
    "+": (2, MAX_PARTS),
    "-": (1, MAX_PARTS),
    "*": (2, MAX_PARTS),
    "/": (2, 2),
}
OPERATORS = frozenset(_ARITY)
RESERVED = OPERATORS | {"true", "false"}


class ExpressionError(ValueError):
    """An expression that cannot be read. The message is a sentence that says what is wrong, where, and what to do."""


@dataclass(frozen=True, slots=True)
class Token:
    text: str
    at: int


def read(text: str, names: Mapping[str, Variable | Constant]) -> Term:
    """The term of an expression whose names are these. Raises ExpressionError."""
    if len(text) > MAX_CHARACTERS:
        raise ExpressionError(f"The expression has {len(text)} characters; write at most {MAX_CHARACTERS}.")
    tokens = list(_tokens(text))
    if not tokens:
        raise ExpressionError("The expression is empty; write one such as (=> (> age 17) isAdult).")
    if len(tokens) > MAX_PARTS:
        raise ExpressionError(f"The expression has {len(tokens)} parts; write at most {MAX_PARTS}, or two rules.")
    term, end = _term(tokens, 0, names, 0)
    if end != len(tokens):
        raise ExpressionError(
            f"The expression ends at character {tokens[end - 1].at + 1}, but {tokens[end].text!r} follows at character "
            f"{tokens[end].at + 1}; join both with (and ...), or write two rules."
        )
    return term


def statement(text: str, names: Mapping[str, Variable | Constant]) -> Term:
    """As `read`, for what is true or false, such as a rule."""
    term = read(text, names)
    if term.sort != BOOL:
        raise ExpressionError(f"The expression has the type {term.sort.name}; write one that is true or false.")
    return term


def _tokens(text: str) -> Iterator[Token]:
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if not found:
            raise ExpressionError(f"The bar at character {at + 1} is not closed; write names with spaces as |a name|.")
        if not found[0].isspace() and not found[0].startswith(";"):
            yield Token(found[0], at)
        at = found.end()


def _term(tokens: Sequence[Token], at: int, names: Mapping[str, Variable | Constant], depth: int) -> tuple[Term, int]:
    if at >= len(tokens):
        raise ExpressionError("The expression ends too early; close every parenthesis.")
    token = tokens[at]
    if token.text == ")":
        raise ExpressionError(f"The parenthesis at character {token.at + 1} closes nothing; remove it.")
    if token.text != "(":
        return _atom(token, names), at + 1
    if depth >= MAX_DEPTH:
        raise ExpressionError(
            f"The expression nests more than {MAX_DEPTH} deep at character {token.at + 1}; write it flatter, or as two "
            "rules."
        )
    if at + 1 >= len(tokens):
        raise ExpressionError(f"The parenthesis at character {token.at + 1} is not closed; close it.")
    head = tokens[at + 1]
    if head.text not in OPERATORS:
        raise ExpressionError(
            f"{head.text!r} at character {head.at + 1} is no operator; begin with one of {', '.join(_ARITY)}."
        )
    arguments, at = [], at + 2
    while at < len(tokens) and tokens[at].text != ")":
        argument, at = _term(tokens, at, names, depth + 1)
        arguments.append(argument)
    if at >= len(tokens):
        raise ExpressionError(f"The parenthesis at character {token.at + 1} is not closed; close it.")
    return _applied(head, arguments), at + 1


def _atom(token: Token, names: Mapping[str, Variable | Constant]) -> Term:
    text = token.text[1:-1] if token.text.startswith("|") else token.text
    if text == "true":
        return TRUE
    if text == "false":
        return FALSE
    if _NUMBER.fullmatch(text):
        if len(text) > MAX_DIGITS:
            raise ExpressionError(
                f"The number at character {token.at + 1} has {len(text)} digits; write at most {MAX_DIGITS}."
            )
        return Constant(Fraction(text), NUMBER if "." in text else INT)
    if text not in names:
        raise ExpressionError(
            f"{text!r} at character {token.at + 1} is no variable and no value of a type; define or correct it."
        )
    return names[text]


def _applied(head: Token, arguments: Sequence[Term]) -> Term:
    operator, least, most = head.text, *_ARITY[head.text]
    if not least <= len(arguments) <= most:
        wanted = f"{least}" if least == most else f"{least} or more"
        raise ExpressionError(
            f"{operator!r} at character {head.at + 1} has {len(arguments)} arguments; give it {wanted}."
        )
    if operator in ("=>", "and", "or", "not", "xor"):
        _all(head, arguments, BOOL)
        return Apply(operator, tuple(arguments), BOOL)
    if operator == "ite":
        _all(head, arguments[:1], BOOL)
        branches = _alike(head, arguments[1:])
        return Apply(operator, (arguments[0], *branches), _sort(branches))
    if operator in ("=", "distinct"):
        return Apply(operator, _alike(head, arguments), BOOL)
    numbers = _alike(head, _numeric(head, arguments))
    if operator in (">", "<", ">=", "<="):
        return Apply(operator, numbers, BOOL)
    if operator == "/":
        return _quotient(head, numbers)
    if operator == "-" and len(numbers) == 1 and isinstance(numbers[0], Constant):
        value = numbers[0].value
        assert isinstance(value, Fraction)
        return Constant(-value, numbers[0].sort)
    return Apply(operator, numbers, _sort(numbers))


def _quotient(head: Token, numbers: Sequence[Term]) -> Term:
    over, under = (_decimal(number) for number in numbers)
    if not isinstance(under, Constant) or not under.value:
        raise ExpressionError(
            f"'/' at character {head.at + 1} divides by what is no number but zero; divide by a number, or multiply "
            "the other side."
        )
    if isinstance(over, Constant):
        assert isinstance(over.value, Fraction)
        assert isinstance(under.value, Fraction)
        return Constant(over.value / under.value, NUMBER)
    return Apply("/", (over, under), NUMBER)


def _all(head: Token, arguments: Sequence[Term], sort: Sort) -> None:
    for number, argument in enumerate(arguments, 1):
        if argument.sort != sort:
            raise ExpressionError(
                f"Argument {number} of {head.text!r} at character {head.at + 1} has the type {argument.sort.name}, not "
                f"{sort.name}; compare it with a value, such as (= variable value)."
            )


def _numeric(head: Token, arguments: Sequence[Term]) -> Sequence[Term]:
    for number, argument in enumerate(arguments, 1):
        if not argument.sort.numeric:
            raise ExpressionError(
                f"Argument {number} of {head.text!r} at character {head.at + 1} has the type {argument.sort.name}; "
                "give it INT or NUMBER."
            )
    return arguments


def _alike(head: Token, arguments: Sequence[Term]) -> tuple[Term, ...]:
    """Arguments of one type: where a number is a decimal, all are."""
    if all(argument.sort.numeric for argument in arguments):
        return tuple(map(_decimal, arguments)) if any(a.sort == NUMBER for a in arguments) else tuple(arguments)
    for number, argument in enumerate(arguments, 1):
        if argument.sort != arguments[0].sort:
            raise ExpressionError(
                f"{head.text!r} at character {head.at + 1} compares the types {arguments[0].sort.name} and "
                f"{argument.sort.name} (argument {number}); give it arguments of one type."
            )
    return tuple(arguments)


def _sort(alike: Sequence[Term]) -> Sort:
    return NUMBER if any(each.sort == NUMBER for each in alike) else alike[0].sort


def _decimal(term: Term) -> Term:
    """A constant as a decimal; other terms are converted where the solver is asked."""
    return Constant(term.value, NUMBER) if isinstance(term, Constant) else term
