"""Terms as text: SMT-LIB, as policies hold it, and sentences, as people read it. Knows no policy."""

import re
from fractions import Fraction
from itertools import pairwise

from craton.guardrails.reasoning.logic.terms import BOOL, NUMBER, Apply, Constant, Model, Term, Variable, equal

_PLAIN = re.compile(r"[^\s()|;\"]+")
_COMPARED = {
    "=": "is equal to",
    "distinct": "is not equal to",
    ">": "is greater than",
    "<": "is less than",
    ">=": "is at least",
    "<=": "is at most",
}
_JOINED = {"+": "plus", "-": "minus", "*": "times", "/": "divided by"}


def name(text: str) -> str:
    """A name in an expression: one that holds spaces stands between bars."""
    return text if _PLAIN.fullmatch(text) else f"|{text}|"


def number(value: Fraction, decimal: bool) -> str:
    """A number as it is written: 18, 0.05, 40000.0; one with no end is a quotient."""
    if value < 0:
        return f"(- {number(-value, decimal)})"
    if value.denominator == 1:
        return f"{value.numerator}.0" if decimal else str(value.numerator)
    digits, left = 0, value.denominator
    while left % 10 == 0 or left % 2 == 0 or left % 5 == 0:
        left //= 10 if left % 10 == 0 else 2 if left % 2 == 0 else 5
        digits += 1
    if left != 1:
        return f"(/ {value.numerator}.0 {value.denominator}.0)"
    whole, rest = divmod(value.numerator * 10**digits // value.denominator, 10**digits)
    return f"{whole}.{rest:0{digits}d}".rstrip("0")


def expression(term: Term) -> str:
    """A term in SMT-LIB; reading it gives the same term."""
    match term:
        case Variable():
            return name(term.name)
        case Constant():
            return _constant(term)
        case Apply():
            return f"({term.operator} {' '.join(expression(argument) for argument in term.arguments)})"


def _constant(term: Constant) -> str:
    if isinstance(term.value, bool):
        return "true" if term.value else "false"
    if isinstance(term.value, Fraction):
        return number(term.value, term.sort == NUMBER)
    return name(term.value)


def sentence(term: Term) -> str:
    """A term in words: "if isFullTime is true and tenureMonths is greater than 12, then ..."."""
    match term:
        case Variable():
            return f"{term.name} is true"
        case Constant():
            return _value(term)
        case Apply(operator="=>"):
            return f"if {_inner(term.arguments[0])}, then {_inner(term.arguments[-1])}"
        case Apply(operator="not"):
            return _denied(term.arguments[0])
        case Apply(operator="and" | "or" | "xor"):
            word = {"and": " and ", "or": " or ", "xor": " or else "}[term.operator]
            return word.join(_inner(argument, term.operator) for argument in term.arguments)
        case Apply(operator=operator) if operator in _COMPARED:
            return _compared(term)
        case _:
            return f"{_phrase(term)} is true"


def _denied(term: Term) -> str:
    if isinstance(term, Variable):
        return f"{term.name} is false"
    if isinstance(term, Apply) and term.operator == "=" and term.arguments[0].sort != BOOL:
        return _compared(Apply("distinct", term.arguments, BOOL))
    return f"it is not the case that {_inner(term)}"


def _inner(term: Term, within: str = "") -> str:
    parted = isinstance(term, Apply) and term.operator in ("and", "or", "xor", "=>")
    same = isinstance(term, Apply) and term.operator == within
    return f"({sentence(term)})" if parted and within and not same else sentence(term)


def _compared(term: Apply) -> str:
    first, *others = term.arguments
    if first.sort == BOOL and term.operator == "=":
        if others == [Constant(True, BOOL)] or others == [Constant(False, BOOL)]:
            return sentence(first) if _constant_true(others[0]) else _denied(first)
        return " exactly when ".join(_inner(argument, "=") for argument in term.arguments)
    word = f" {_COMPARED[term.operator]} "
    return " and ".join(_phrase(left) + word + _phrase(right) for left, right in pairwise(term.arguments))


def _constant_true(term: Term) -> bool:
    return isinstance(term, Constant) and term.value is True


def _phrase(term: Term) -> str:
    match term:
        case Variable():
            return term.name
        case Constant():
            return _value(term)
        case Apply(operator="ite"):
            test, then, otherwise = term.arguments
            return f"({_phrase(then)} if {sentence(test)}, and otherwise {_phrase(otherwise)})"
        case Apply(operator="-", arguments=(only,)):
            return f"minus {_phrase(only)}"
        case Apply(operator=operator) if operator in _JOINED:
            return "(" + f" {_JOINED[operator]} ".join(_phrase(argument) for argument in term.arguments) + ")"
        case _:
            return f"({sentence(term)})"


def _value(term: Constant) -> str:
    if isinstance(term.value, Fraction):
        text = number(abs(term.value), False)
        text = f"{abs(term.value).numerator}/{abs(term.value).denominator}" if text.startswith("(") else text
        return f"-{text}" if term.value < 0 else text
    return str(term.value).lower() if isinstance(term.value, bool) else term.value


def statements(model: Model, of: tuple[Variable, ...]) -> list[dict[str, str]]:
    """A scenario as the API writes it: for each variable its value, in logic and in words."""
    return [statement(equal(variable, model[variable.name])) for variable in of if variable.name in model]


def statement(term: Term) -> dict[str, str]:
    """A term as a statement of a finding, whose members hold 1,000 characters at most."""
    return {"logic": cut(expression(term)), "naturalLanguage": cut(sentence(term))}


def cut(text: str, most: int = 1000) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
