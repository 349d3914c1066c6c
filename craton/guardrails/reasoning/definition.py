"""The definition of a policy: its shape, and the policy it stands for, read and type-checked.

Knows no solver: that its rules agree with one another is another question.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NotRequired, TypedDict, cast

from craton.guardrails.reasoning.logic.reading import RESERVED, ExpressionError, statement
from craton.guardrails.reasoning.logic.terms import (
    BOOL,
    INT,
    NUMBER,
    Constant,
    Sort,
    Term,
    Variable,
    conclusion,
    variables,
)

VERSION = "1.0"
# As the model of the service has it; `real` is another word of its documentation for NUMBER.
SORTS: Mapping[str, Sort] = {"BOOL": BOOL, "INT": INT, "NUMBER": NUMBER, "REAL": NUMBER}
# https://docs.aws.amazon.com/bedrock/latest/APIReference/API_AutomatedReasoningPolicyDefinition.html
MAX_TYPES, MAX_VALUES, MAX_VARIABLES, MAX_RULES = 150, 150, 600, 1500


class TypeValue(TypedDict):
    value: str
    description: NotRequired[str]


class Type(TypedDict):
    name: str
    description: NotRequired[str]
    values: list[TypeValue]


class VariableDefinition(TypedDict):
    name: str
    type: str
    description: str


class RuleDefinition(TypedDict):
    id: str
    expression: str
    alternateExpression: NotRequired[str]


class Definition(TypedDict):
    version: str
    types: list[Type]
    rules: list[RuleDefinition]
    variables: list[VariableDefinition]


class PolicyError(ValueError):
    """A definition, or a change of one, that is not right. The message is a sentence that says how to mend it."""


@dataclass(frozen=True, slots=True)
class Rule:
    id: str
    term: Term


def complete(definition: Mapping[str, object]) -> Definition:
    """A definition as a caller gives it, with the members that may be left out; a copy that may be changed."""
    given = cast("Definition", definition)
    return {
        "version": given.get("version", VERSION),
        "types": [{**each, "values": [{**value} for value in each["values"]]} for each in given.get("types", [])],
        "rules": [{**each} for each in given.get("rules", [])],
        "variables": [{**each} for each in given.get("variables", [])],
    }


@dataclass(frozen=True)
class Policy:
    """A definition whose names are known and whose rules are read."""

    definition: Definition
    types: Mapping[str, Sort]
    variables: Mapping[str, Variable]
    rules: Sequence[Rule]
    descriptions: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, definition: Mapping[str, object]) -> "Policy":
        """Raises PolicyError, which names the type, variable or rule."""
        whole = complete(definition)
        for what, most in (("types", MAX_TYPES), ("variables", MAX_VARIABLES), ("rules", MAX_RULES)):
            count = len(cast("Mapping[str, Sequence[object]]", whole)[what])
            if count > most:
                raise PolicyError(f"The policy has {count} {what}; a policy may have {most}. Split it into several.")
        types = _types(whole["types"])
        known = _variables(whole["variables"], types)
        names: dict[str, Variable | Constant] = {**known}
        names |= {value: Constant(value, sort) for sort in types.values() for value in sort.values}
        rules = [_rule(each, names) for each in whole["rules"]]
        _unique([rule.id for rule in rules], "the id of two rules")
        told = {each["name"]: each["description"] for each in whole["variables"]}
        told |= {value["value"]: value.get("description", "") for each in whole["types"] for value in each["values"]}
        return cls(whole, types, known, rules, told)

    @cached_property
    def names(self) -> Mapping[str, Variable | Constant]:
        """What an expression may name: variables, and values of types."""
        values = {value: Constant(value, sort) for sort in self.types.values() for value in sort.values}
        return {**self.variables, **values}

    @cached_property
    def concluded(self) -> frozenset[str]:
        """Variables that some rule's "then" part is about: what follows from others."""
        return frozenset(each.name for rule in self.rules for each in variables(conclusion(rule.term)))

    @cached_property
    def parts(self) -> Sequence[tuple[frozenset[str], tuple[Rule, ...]]]:
        """The policy in parts that share no variable: the variables and the rules of each."""
        held: list[tuple[set[str], list[Rule]]] = []
        for rule in self.rules:
            names, rules = {each.name for each in variables(rule.term)}, [rule]
            apart = []
            for part in held:
                if part[0] & names:
                    names |= part[0]
                    rules = part[1] + rules
                else:
                    apart.append(part)
            held = [*apart, (names, rules)]
        return [(frozenset(names), tuple(rules)) for names, rules in held]

    def about(self, terms: Iterable[Term]) -> tuple[frozenset[str], tuple[Rule, ...]]:
        """What terms may depend on: their variables and those tied to them by rules, and these rules."""
        names = {each.name for each in variables(*terms)}
        rules: set[str] = set()
        for part, held in self.parts:
            if part & names:
                names |= part
                rules.update(rule.id for rule in held)
        return frozenset(names), tuple(rule for rule in self.rules if rule.id in rules)

    def ordered(self, names: Iterable[str]) -> tuple[Variable, ...]:
        wanted = frozenset(names)
        return tuple(variable for name, variable in self.variables.items() if name in wanted)

    def read(self, expression: str) -> Term:
        """Raises PolicyError."""
        try:
            return statement(expression, self.names)
        except ExpressionError as error:
            raise PolicyError(f"The expression {expression!r} is not right. {error}") from None


def _types(types: Sequence[Type]) -> dict[str, Sort]:
    for each in types:
        if len(each["values"]) > MAX_VALUES:
            raise PolicyError(f"The type {each['name']!r} has {len(each['values'])} values; give it {MAX_VALUES}.")
        if not each["values"]:
            raise PolicyError(f"The type {each['name']!r} has no value; give it one or more.")
        if each["name"].upper() in SORTS:
            raise PolicyError(f"The type {each['name']!r} has the name of a type that every policy has; rename it.")
    names = [each["name"] for each in types]
    _unique(
        [*names, *(value["value"] for each in types for value in each["values"])], "the name of two types or values"
    )
    return {each["name"]: Sort(each["name"], tuple(value["value"] for value in each["values"])) for each in types}


def _variables(variables: Sequence[VariableDefinition], types: Mapping[str, Sort]) -> dict[str, Variable]:
    _unique(
        [
            *(each["name"] for each in variables),
            *types,
            *(value for sort in types.values() for value in sort.values),
        ],
        "the name of a variable and of another variable, type or value",
    )
    known = {}
    for each in variables:
        sort = types.get(each["type"]) or SORTS.get(each["type"].upper())
        if not sort:
            raise PolicyError(
                f"The variable {each['name']!r} has the type {each['type']!r}, which is not defined; it may be BOOL, "
                "INT, NUMBER or a type of the policy."
            )
        known[each["name"]] = Variable(each["name"], sort)
    return known


def _rule(rule: RuleDefinition, names: Mapping[str, Variable | Constant]) -> Rule:
    try:
        return Rule(rule["id"], statement(rule["expression"], names))
    except ExpressionError as error:
        raise PolicyError(f"The rule {rule['id']!r} is not right. {error}") from None


def _unique(names: Sequence[str], what: str) -> None:
    seen: set[str] = set()
    for name in names:
        if name in RESERVED:
            raise PolicyError(f"{name!r} is a word of the language of rules; give it another name.")
        if name in seen:
            raise PolicyError(f"{name!r} is {what}; every name of a policy must be unique. Rename one.")
        seen.add(name)
