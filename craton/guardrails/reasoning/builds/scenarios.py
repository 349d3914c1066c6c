"""States of the variables that are worth asking a person about, and test cases, both from the rules alone.

The states that a policy allows though their rule's condition does not hold come first: there a rule is missing most
often. Knows no model. https://docs.aws.amazon.com/bedrock/latest/userguide/test-automated-reasoning-policy.html
"""

from collections.abc import AsyncGenerator, AsyncIterator, Collection, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from typing import TypedDict

from craton.guardrails.reasoning.definition import Policy, Rule
from craton.guardrails.reasoning.logic.terms import (
    TRUE,
    Model,
    Term,
    Variable,
    both,
    conclusion,
    condition,
    equal,
    negated,
    variables,
)
from craton.guardrails.reasoning.logic.writing import expression, sentence
from craton.guardrails.reasoning.solver import Session, Solver
from craton.guardrails.reasoning.verdicts import Result, Translation, checked, plausible

MAX_SCENARIOS = 50
MAX_TESTS = 20
_MOST = 1024
_RULES = 100


class PolicyScenario(TypedDict):
    expression: str
    alternateExpression: str
    expectedResult: str
    ruleIds: list[str]


class TestCase(TypedDict):
    queryContent: str
    guardContent: str
    expectedAggregatedFindingsResult: str


async def next_scenario(
    definition: Mapping[str, object], seen: Collection[str], solver: Solver
) -> PolicyScenario | None:
    """A scenario whose expression was not seen; None where there is no other.

    Raises PolicyError, TooComplex and SolverMissing.
    """
    async with aclosing(_scenarios(Policy.of(definition), solver)) as every:
        async for scenario in every:
            if scenario["expression"] not in seen:
                return scenario
    return None


async def scenarios(policy: Policy, solver: Solver) -> list[PolicyScenario]:
    """The first scenarios, each once. Raises TooComplex and SolverMissing."""
    found: dict[str, PolicyScenario] = {}
    async with aclosing(_scenarios(policy, solver)) as every:
        async for scenario in every:
            found.setdefault(scenario["expression"], scenario)
            if len(found) == MAX_SCENARIOS:
                break
    return list(found.values())


async def _scenarios(policy: Policy, solver: Solver) -> AsyncGenerator[PolicyScenario]:
    ruled = [rule for rule in policy.rules if condition(rule.term) != TRUE]
    doubted = [(rule, both([negated(condition(rule.term)), conclusion(rule.term)])) for rule in ruled]
    wanted = [*doubted, *((rule, condition(rule.term)) for rule in policy.rules)]
    async with _states(policy, wanted, solver) as states:
        async for rule, model in states:
            of = policy.ordered({each.name for each in variables(rule.term)})
            if model is not None and (written := _scenario(policy, model, of)):
                yield written


@asynccontextmanager
async def _states(
    policy: Policy, wanted: Sequence[tuple[Rule, Term]], solver: Solver
) -> AsyncIterator[AsyncIterator[tuple[Rule, Model | None]]]:
    """For each rule, a state that the policy allows and in which the term holds; None where there is none."""
    numbers = {rule.id: number for number, rule in enumerate(policy.rules, 1)}
    terms = [rule.term for rule in policy.rules] + [term for _, term in wanted]
    likely = {each: len(terms) + number for number, each in enumerate(plausible(policy.variables.values()), 1)}
    async with solver.session([*terms, *likely]) as session:
        yield _found(policy, wanted, session, numbers, likely)


async def _found(
    policy: Policy,
    wanted: Sequence[tuple[Rule, Term]],
    session: Session,
    numbers: Mapping[str, int],
    likely: Mapping[Term, int],
) -> AsyncIterator[tuple[Rule, Model | None]]:
    for number, (rule, _) in enumerate(wanted, len(numbers) + 1):
        names, rules = policy.about([rule.term])
        prefer = [likely[each] for each in plausible(policy.ordered(names))]
        yield rule, (await session.ask([*(numbers[each.id] for each in rules), number], prefer=prefer)).model


def _scenario(policy: Policy, model: Model, of: Sequence[Variable]) -> PolicyScenario | None:
    state = both(equal(variable, model[variable.name]) for variable in of)
    written, told = expression(state), sentence(state)
    if len(written) > _MOST or len(told) > _MOST:
        return None
    names = frozenset(variable.name for variable in of)
    touched = [each.id for each in policy.rules if names & {one.name for one in variables(each.term)}]
    return {
        "expression": written,
        "alternateExpression": told,
        "expectedResult": Result.SATISFIABLE.value,
        "ruleIds": touched[:_RULES],
    }


async def test_cases(policy: Policy, solver: Solver) -> list[TestCase]:
    """For rules of the form "if, then": a question that meets the condition, and answers that are right and wrong.

    What is expected is what the solver finds. Raises TooComplex and SolverMissing.
    """
    ruled = [rule for rule in policy.rules if condition(rule.term) != TRUE]
    wanted = [(rule, condition(rule.term)) for rule in ruled[: MAX_TESTS // 2]]
    async with _states(policy, wanted, solver) as states:
        told = [each async for rule, model in states if model is not None for each in _told(rule, model)]
    verdicts = await checked(policy, told, solver)
    cases = [_case(each, verdict.result) for each, verdict in zip(told, verdicts, strict=True)]
    return [each for each in cases if len(each["queryContent"]) <= _MOST and len(each["guardContent"]) <= 2 * _MOST]


def _told(rule: Rule, model: Model) -> list[Translation]:
    """A state as question and answer, and the same question with an answer that denies it."""
    facts = tuple(equal(each, model[each.name]) for each in variables(condition(rule.term)))
    right = tuple(equal(each, model[each.name]) for each in variables(conclusion(rule.term)))
    right = tuple(each for each in right if each not in facts)
    return [Translation(facts, right), Translation(facts, (negated(right[0]),))] if right else []


def _case(told: Translation, result: Result) -> TestCase:
    return {
        "queryContent": " ".join(f"{sentence(each)}." for each in told.premises),
        "guardContent": " ".join(f"{sentence(each)}." for each in told.claims),
        "expectedAggregatedFindingsResult": result.value,
    }
