"""Typed terms of the logic in which rules, premises and claims are written. Knows no syntax and no solver.

https://docs.aws.amazon.com/bedrock/latest/userguide/automated-reasoning-checks-concepts.html
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Sort:
    """What values a term may have: `values` are those of a custom type."""

    name: str
    values: tuple[str, ...] = ()

    @property
    def numeric(self) -> bool:
        return self in (INT, NUMBER)


BOOL, INT, NUMBER = Sort("BOOL"), Sort("INT"), Sort("NUMBER")
Value = bool | Fraction | str


@dataclass(frozen=True, slots=True)
class Variable:
    name: str
    sort: Sort


@dataclass(frozen=True, slots=True)
class Constant:
    value: Value
    sort: Sort


@dataclass(frozen=True, slots=True)
class Apply:
    """An operator, under its name in SMT-LIB, with its arguments."""

    operator: str
    arguments: tuple["Term", ...]
    sort: Sort


Term = Variable | Constant | Apply
Model = Mapping[str, Value]
"""A value for each variable, by name."""

TRUE, FALSE = Constant(True, BOOL), Constant(False, BOOL)


def negated(term: Term) -> Term:
    if isinstance(term, Apply) and term.operator == "not":
        return term.arguments[0]
    return Apply("not", (term,), BOOL)


def both(terms: Iterable[Term]) -> Term:
    """All of them at once: what is true where there are none."""
    distinct = tuple(dict.fromkeys(terms))
    if not distinct:
        return TRUE
    return distinct[0] if len(distinct) == 1 else Apply("and", distinct, BOOL)


def implies(condition: Term, conclusion: Term) -> Term:
    return conclusion if condition == TRUE else Apply("=>", (condition, conclusion), BOOL)


def equal(variable: Variable, value: Value) -> Term:
    """That a variable has a value, as a scenario states it."""
    if variable.sort == BOOL:
        return variable if value else negated(variable)
    return Apply("=", (variable, Constant(value, variable.sort)), BOOL)


def variables(*terms: Term) -> Iterator[Variable]:
    """Each variable once, in the order in which they stand."""
    seen: set[Variable] = set()
    waiting = list(reversed(terms))
    while waiting:
        match waiting.pop():
            case Variable() as variable if variable not in seen:
                seen.add(variable)
                yield variable
            case Apply(arguments=arguments):
                waiting.extend(reversed(arguments))


def constants(*terms: Term) -> Iterator[Constant]:
    waiting = list(terms)
    while waiting:
        match waiting.pop():
            case Constant() as constant:
                yield constant
            case Apply(arguments=arguments):
                waiting.extend(arguments)


def condition(rule: Term) -> Term:
    """When a rule says anything: its "if" part, or always."""
    return rule.arguments[0] if isinstance(rule, Apply) and rule.operator == "=>" else TRUE


def conclusion(rule: Term) -> Term:
    """What a rule then says: its "then" part, or all of it."""
    return rule.arguments[-1] if isinstance(rule, Apply) and rule.operator == "=>" else rule
