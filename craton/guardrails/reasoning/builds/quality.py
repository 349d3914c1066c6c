"""What is to be said of a policy's rules among themselves: conflicts, what nothing uses, parts that have no tie.

Knows no model. https://docs.aws.amazon.com/bedrock/latest/APIReference/API_AutomatedReasoningPolicyDefinitionQualityReport.html
"""

from collections.abc import Sequence

from craton.guardrails.reasoning.definition import Policy, Rule
from craton.guardrails.reasoning.logic.terms import TRUE, Term, condition, constants, variables
from craton.guardrails.reasoning.solver import Session, Solver

MAX_CONFLICTS = 500
# How many rules are examined by one process, within its limits.
_AT_ONCE = 300


async def report(policy: Policy, solver: Solver) -> dict[str, object]:
    """An AutomatedReasoningPolicyDefinitionQualityReport. Raises TooComplex and SolverMissing."""
    terms = [rule.term for rule in policy.rules]
    used = {each.name for each in variables(*terms)}
    values = {each.value for each in constants(*terms)}
    types = {variable.sort.name for variable in policy.variables.values()}
    parts = policy.parts if len(policy.parts) > 1 else []
    return {
        "typeCount": len(policy.types),
        "variableCount": len(policy.variables),
        "ruleCount": len(policy.rules),
        "unusedTypes": [name for name in policy.types if name not in types],
        "unusedTypeValues": [
            {"typeName": sort.name, "valueName": value}
            for sort in policy.types.values()
            for value in sort.values
            if value not in values
        ],
        "unusedVariables": [name for name in policy.variables if name not in used],
        "conflictingRules": sorted(await conflicts(policy, solver))[:MAX_CONFLICTS],
        "disjointRuleSets": [
            {"variables": [each.name for each in policy.ordered(names)], "rules": [rule.id for rule in rules]}
            for names, rules in parts
        ],
    }


async def conflicts(policy: Policy, solver: Solver) -> set[str]:
    """Ids of rules that cannot hold together, or only because what one of them is about never happens.

    Raises TooComplex and SolverMissing.
    """
    found: set[str] = set()
    for _, rules in policy.parts:
        for at in range(0, len(rules), _AT_ONCE):
            some = rules[at : at + _AT_ONCE]
            async with solver.session(
                [*(rule.term for rule in rules), *(condition(each.term) for each in some)]
            ) as session:
                for number, rule in enumerate(some, len(rules) + 1):
                    core = (await session.ask([*range(1, len(rules) + 1), number])).core
                    found |= {rules[each - 1].id for each in core if each <= len(rules)}
                    found |= {rule.id} if core else set()
    return found


async def objection(policy: Policy, term: Term, solver: Solver) -> tuple[str, str] | None:
    """Why a rule should not be added to a policy, and how grave that is (INFO, WARNING or ERROR); None where it may be.

    Raises TooComplex and SolverMissing.
    """
    _, rules = policy.about([term])
    count, tests = len(rules), [condition(rule.term) for rule in rules if condition(rule.term) != TRUE]
    new = count + 1
    async with solver.session([*(rule.term for rule in rules), term, condition(term), *tests]) as session:
        if not (await session.ask([-new])).possible:
            return "It is always true, and so says nothing.", "WARNING"
        if not (await session.ask([new])).possible:
            return "It contradicts itself.", "ERROR"
        every = list(range(1, new))
        if await _possible(session, every, new + 1):
            implied = await session.ask([*every, -new], spare=every)
            if not implied.possible:
                return f"It follows from {_named(rules, implied.core)} already.", "INFO"
        for number in [new + 1, *range(new + 2, new + 2 + len(tests))]:
            before = number == new + 1 or await _possible(session, every, number)
            answer = await session.ask([*every, new, number], spare=every)
            if before and not answer.possible:
                return f"It contradicts {_named(rules, answer.core)}.", "ERROR"
    return None


async def _possible(session: Session, rules: Sequence[int], number: int) -> bool:
    return (await session.ask([*rules, number])).possible


def _named(rules: Sequence[Rule], core: frozenset[int]) -> str:
    named = [rule.id for number, rule in enumerate(rules, 1) if number in core]
    return f"the rules {', '.join(named)}" if len(named) > 1 else f"the rule {named[0]}" if named else "itself"
