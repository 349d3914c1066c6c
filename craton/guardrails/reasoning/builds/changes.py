"""Changes of a definition, as annotations ask for them: each gives a definition that is right, or is refused.

Knows no model and no solver. https://docs.aws.amazon.com/bedrock/latest/APIReference/API_AutomatedReasoningPolicyAnnotation.html
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from string import ascii_uppercase, digits
from typing import cast

from craton.guardrails.reasoning.definition import (
    Definition,
    Policy,
    PolicyError,
    RuleDefinition,
    Type,
    TypeValue,
    VariableDefinition,
    complete,
)
from craton.guardrails.reasoning.logic.terms import Apply, Constant, Sort, Term, Variable, constants, variables
from craton.guardrails.reasoning.logic.writing import cut, expression, sentence

Annotation = Mapping[str, object]
_LETTERS = digits + ascii_uppercase
_MOST = 2048


@dataclass(frozen=True, slots=True)
class Change:
    """A definition after a change, the mutation that it was, and the element as it stood before."""

    definition: Definition
    mutation: Mapping[str, object]
    prior: Mapping[str, object] | None = None


def changed(definition: Definition, annotation: Annotation) -> Change:
    """The change that an annotation describes outright. Raises PolicyError."""
    ((kind, given),) = annotation.items()
    if kind not in _CHANGES:
        raise PolicyError(f"An annotation {kind!r} describes no change by itself; use one of {', '.join(_CHANGES)}.")
    change = _CHANGES[kind](complete(cast("Mapping[str, object]", definition)), cast("Mapping[str, object]", given))
    Policy.of(cast("Mapping[str, object]", change.definition))
    return change


def direct(annotation: Annotation) -> bool:
    """Whether an annotation describes its change outright; others need a model."""
    return next(iter(annotation)) in _CHANGES


def rule(term: Term, taken: Sequence[RuleDefinition]) -> RuleDefinition:
    """A rule as a definition holds it, under an id that follows from what it says."""
    written = expression(term)
    if len(written) > _MOST:
        raise PolicyError(f"The rule has {len(written)} characters; a rule may have {_MOST}. Write two.")
    ids = {each["id"] for each in taken}
    number = 0
    while (found := _id(f"{number}{written}")) in ids:
        number += 1
    return {"id": found, "expression": written, "alternateExpression": cut(sentence(term), _MOST)}


def _id(text: str) -> str:
    value = int.from_bytes(hashlib.sha256(text.encode()).digest())
    found = []
    for _ in range(11):
        value, at = divmod(value, len(_LETTERS))
        found.append(_LETTERS[at])
    return ascii_uppercase[value % 26] + "".join(found)


def _add_type(definition: Definition, given: Mapping[str, object]) -> Change:
    added = cast("Type", {"name": given["name"], "description": given["description"], "values": given["values"]})
    definition["types"].append(added)
    return Change(definition, {"addType": {"type": added}})


def _update_type(definition: Definition, given: Mapping[str, object]) -> Change:
    at = _place([each["name"] for each in definition["types"]], str(given["name"]), "type")
    prior = definition["types"][at]
    values, renamed = list(prior["values"]), {}
    for each in cast("Sequence[Mapping[str, Mapping[str, str]]]", given["values"]):
        ((kind, wanted),) = each.items()
        if kind == "addTypeValue":
            values.append(_value(wanted["value"], wanted.get("description")))
            continue
        place = _place([value["value"] for value in values], wanted["value"], f"value of the type {prior['name']!r}")
        if kind == "deleteTypeValue":
            _unused(definition, wanted["value"])
            del values[place]
        else:
            name = wanted.get("newValue", wanted["value"])
            renamed[wanted["value"]] = name
            values[place] = _value(name, wanted.get("description", values[place].get("description")))
    name = str(given.get("newName", prior["name"]))
    described = given.get("description", prior.get("description"))
    new = cast("Type", {"name": name, "values": values} | ({"description": described} if described is not None else {}))
    rules = _renamed(definition, renamed)
    definition["types"][at], definition["rules"] = new, rules
    for variable in definition["variables"]:
        if variable["type"] == prior["name"]:
            variable["type"] = name
    return Change(definition, {"updateType": {"type": new}}, {"policyDefinitionType": prior})


def _delete_type(definition: Definition, given: Mapping[str, object]) -> Change:
    at = _place([each["name"] for each in definition["types"]], str(given["name"]), "type")
    users = [each["name"] for each in definition["variables"] if each["type"] == given["name"]]
    if users:
        raise PolicyError(f"The type {given['name']!r} is that of the variables {users!r}; delete these first.")
    prior = definition["types"].pop(at)
    return Change(definition, {"deleteType": {"name": prior["name"]}}, {"policyDefinitionType": prior})


def _add_variable(definition: Definition, given: Mapping[str, object]) -> Change:
    added = cast("VariableDefinition", {name: given[name] for name in ("name", "type", "description")})
    definition["variables"].append(added)
    return Change(definition, {"addVariable": {"variable": added}})


def _update_variable(definition: Definition, given: Mapping[str, object]) -> Change:
    at = _place([each["name"] for each in definition["variables"]], str(given["name"]), "variable")
    prior = definition["variables"][at]
    new = cast(
        "VariableDefinition",
        {
            "name": given.get("newName", prior["name"]),
            "type": prior["type"],
            "description": given.get("description", prior["description"]),
        },
    )
    definition["rules"] = _renamed(definition, {prior["name"]: new["name"]})
    definition["variables"][at] = new
    return Change(definition, {"updateVariable": {"variable": new}}, {"policyDefinitionVariable": prior})


def _delete_variable(definition: Definition, given: Mapping[str, object]) -> Change:
    at = _place([each["name"] for each in definition["variables"]], str(given["name"]), "variable")
    _unused(definition, str(given["name"]))
    prior = definition["variables"].pop(at)
    return Change(definition, {"deleteVariable": {"name": prior["name"]}}, {"policyDefinitionVariable": prior})


def _add_rule(definition: Definition, given: Mapping[str, object]) -> Change:
    added = rule(
        Policy.of(cast("Mapping[str, object]", definition)).read(str(given["expression"])), definition["rules"]
    )
    definition["rules"].append(added)
    return Change(definition, {"addRule": {"rule": added}})


def _update_rule(definition: Definition, given: Mapping[str, object]) -> Change:
    at = _place([each["id"] for each in definition["rules"]], str(given["ruleId"]), "rule")
    prior = definition["rules"][at]
    term = Policy.of(cast("Mapping[str, object]", definition)).read(str(given["expression"]))
    new: RuleDefinition = {**rule(term, ()), "id": prior["id"]}
    definition["rules"][at] = new
    return Change(definition, {"updateRule": {"rule": new}}, {"policyDefinitionRule": prior})


def _delete_rule(definition: Definition, given: Mapping[str, object]) -> Change:
    at = _place([each["id"] for each in definition["rules"]], str(given["ruleId"]), "rule")
    prior = definition["rules"].pop(at)
    return Change(definition, {"deleteRule": {"id": prior["id"]}}, {"policyDefinitionRule": prior})


_CHANGES: Mapping[str, Callable[[Definition, Mapping[str, object]], Change]] = {
    "addType": _add_type,
    "updateType": _update_type,
    "deleteType": _delete_type,
    "addVariable": _add_variable,
    "updateVariable": _update_variable,
    "deleteVariable": _delete_variable,
    "addRule": _add_rule,
    "updateRule": _update_rule,
    "deleteRule": _delete_rule,
}


def _value(name: str, description: str | None) -> TypeValue:
    return {"value": name} if description is None else {"value": name, "description": description}


def _place(names: Sequence[str], name: str, what: str) -> int:
    if name not in names:
        raise PolicyError(f"There is no {what} {name!r} in the policy; name one that it has.")
    return names.index(name)


def _unused(definition: Definition, name: str) -> None:
    policy = Policy.of(cast("Mapping[str, object]", definition))
    users = [
        each.id
        for each in policy.rules
        if name in {variable.name for variable in variables(each.term)} | {one.value for one in constants(each.term)}
    ]
    if users:
        raise PolicyError(f"{name!r} stands in the rules {', '.join(users)}; delete or change these first.")


def _renamed(definition: Definition, names: Mapping[str, str]) -> list[RuleDefinition]:
    """The rules with names replaced; those that hold none of them are as they were."""
    names = {old: new for old, new in names.items() if old != new}
    policy = Policy.of(cast("Mapping[str, object]", definition))
    rules = []
    for held, read in zip(definition["rules"], policy.rules, strict=True):
        term = _replaced(read.term, names)
        rules.append(held if term == read.term else {**rule(term, ()), "id": held["id"]})
    return rules


def _replaced(term: Term, names: Mapping[str, str]) -> Term:
    match term:
        case Variable(name=name, sort=sort):
            return Variable(names.get(name, name), sort)
        case Constant(value=str() as value, sort=Sort() as sort):
            return Constant(names.get(value, value), sort)
        case Apply():
            return Apply(term.operator, tuple(_replaced(each, names) for each in term.arguments), term.sort)
        case _:
            return term
