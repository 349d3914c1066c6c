"""Conditions as a model writes them, in JSON whose names and values are those of a policy, and as terms.

A model that is held to the schema cannot name what the policy does not have. Knows no model.
"""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import cast

from craton.guardrails.reasoning.definition import Policy
from craton.guardrails.reasoning.logic.terms import BOOL, INT, NUMBER, Apply, Constant, Sort, Term, Variable, negated

RELATIONS = ("=", "!=", "<", "<=", ">", ">=")
MAX_ATOMS = 8
# A small model that begins a number may not find its end.
_MOST = 10**12

Schema = Mapping[str, object]


def conditions(variables: Iterable[Variable]) -> Schema:
    """The schema of one condition: a variable, how it is compared, and a value that it may have."""
    by_sort: dict[Sort, list[str]] = {}
    for variable in variables:
        by_sort.setdefault(variable.sort, []).append(variable.name)
    return {"anyOf": [_branch(sort, names) for sort, names in by_sort.items()]}


def _branch(sort: Sort, names: Sequence[str]) -> Schema:
    if sort == BOOL:
        return record(variable={"enum": names}, value={"type": "boolean"})
    if sort.numeric:
        number = {"type": "integer" if sort == INT else "number", "minimum": -_MOST, "maximum": _MOST}
        return record(variable={"enum": names}, relation={"enum": list(RELATIONS)}, value=number)
    return record(variable={"enum": names}, relation={"enum": ["=", "!="]}, value={"enum": list(sort.values)})


def record(**members: object) -> Schema:
    """An object with all of these members and no other."""
    return {"type": "object", "properties": members, "required": list(members), "additionalProperties": False}


def items(schema: Schema, most: int, least: int = 0) -> Schema:
    return {"type": "array", "items": schema, "minItems": least, "maxItems": most}


def read(written: object, policy: Policy) -> list[Term]:
    """The terms of a list of conditions. What does not fit the policy, which a schema rules out, is an assertion."""
    return [_term(cast("Mapping[str, object]", each), policy) for each in cast("Sequence[object]", written)]


def _term(written: Mapping[str, object], policy: Policy) -> Term:
    variable, value = policy.variables[str(written["variable"])], written["value"]
    if variable.sort == BOOL:
        return variable if value else negated(variable)
    operator = str(written["relation"])
    constant = _number(variable, value) if variable.sort.numeric else Constant(str(value), variable.sort)
    equation = Apply("=" if operator == "!=" else operator, (variable, constant), BOOL)
    return negated(equation) if operator == "!=" else equation


def _number(variable: Variable, value: object) -> Constant:
    number = Fraction(str(value))
    return Constant(number, variable.sort if number.denominator == 1 else NUMBER)


def described(policy: Policy, variables: Iterable[Variable]) -> str:
    """Variables with their types and descriptions, a line for each, as models are told of them."""
    return "\n".join(_line(policy, variable) for variable in variables)


def _line(policy: Policy, variable: Variable) -> str:
    told = policy.descriptions.get(variable.name, "")
    kind = variable.sort.name
    if variable.sort.values:
        values = (
            f"{value} ({policy.descriptions[value]})" if policy.descriptions.get(value) else value
            for value in variable.sort.values
        )
        kind = "one of " + ", ".join(values)
    return f"- {variable.name} ({kind}): {told}"
