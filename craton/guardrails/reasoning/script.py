"""Formulas as a script that z3 reads, whose names are its own: a hostile name reaches no parser. Knows no process."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from craton.guardrails.reasoning.logic.terms import (
    BOOL,
    INT,
    NUMBER,
    Apply,
    Constant,
    Model,
    Term,
    Variable,
    constants,
    variables,
)
from craton.guardrails.reasoning.logic.writing import number

_SORTS = {BOOL: "Bool", INT: "Int", NUMBER: "Real"}
_MIXED = {"=", "distinct", ">", "<", ">=", "<=", "+", "-", "*", "/", "ite"}


class Script:
    def __init__(self, formulas: Sequence[Term]) -> None:
        self._variables = {variable: f"v{at}" for at, variable in enumerate(variables(*formulas))}
        sorts = [*(each.sort for each in self._variables), *(each.sort for each in constants(*formulas))]
        self._sorts = {sort: f"T{at}" for at, sort in enumerate(dict.fromkeys(sorts)) if sort.values}
        self._formulas = [self._written(formula) for formula in formulas]

    def setting(self) -> dict[str, object]:
        """What the worker is told first."""
        types = (
            f"(declare-datatypes (({name} 0)) (({' '.join(f'({name}c{at})' for at in range(len(sort.values)))})))"
            for sort, name in self._sorts.items()
        )
        names = (
            f"(declare-const {name} {self._sorts.get(variable.sort) or _SORTS[variable.sort]})"
            for variable, name in self._variables.items()
        )
        return {
            "declarations": "".join([*types, *names]),
            "formulas": self._formulas,
            "variables": list(self._variables.values()),
        }

    def model(self, values: Mapping[str, bool | str]) -> Model:
        return {variable.name: self._value(variable, values[name]) for variable, name in self._variables.items()}

    def _value(self, variable: Variable, value: bool | str) -> bool | Fraction | str:
        if isinstance(value, bool):
            return value
        if variable.sort.values:
            return variable.sort.values[int(value.rpartition("c")[2])]
        return Fraction(value)

    def _written(self, term: Term) -> str:
        match term:
            case Variable():
                return self._variables[term]
            case Constant(value=bool() as value):
                return "true" if value else "false"
            case Constant(value=Fraction() as value, sort=sort):
                return number(value, sort == NUMBER)
            case Constant(value=value, sort=sort):
                return f"{self._sorts[sort]}c{sort.values.index(str(value))}"
            case Apply():
                return f"({term.operator} {' '.join(self._arguments(term))})"

    def _arguments(self, term: Apply) -> Iterable[str]:
        """Whole numbers that stand beside decimals are converted, as z3 wants it."""
        decimal = term.operator == "/" or any(each.sort == NUMBER for each in term.arguments)
        mixed = decimal and term.operator in _MIXED
        return (
            f"(to_real {self._written(each)})" if mixed and each.sort == INT else self._written(each)
            for each in term.arguments
        )
