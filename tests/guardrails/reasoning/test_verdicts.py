"""The solver's verdicts, against every state of small worlds counted one by one."""

import itertools
import random
from collections.abc import Iterator
from fractions import Fraction

import pytest

from craton.guardrails.reasoning.definition import Policy
from craton.guardrails.reasoning.logic.terms import Apply, Constant, Term, Value, Variable
from craton.guardrails.reasoning.solver import Limits, Solver
from craton.guardrails.reasoning.verdicts import (
    LogicWarning,
    Result,
    Translation,
    Verdict,
    aggregated,
    checked,
    meanings,
    relevant,
)
from tests.guardrails.reasoning.leave import CARER, DEFINITION, ELIGIBLE

POLICY = Policy.of(DEFINITION)
State = dict[str, Value]


async def check(premises: str, claims: str, policy: Policy = POLICY) -> Verdict:
    translation = Translation(tuple(read(policy, premises)), tuple(read(policy, claims)))
    return (await checked(policy, [translation], Solver()))[0]


def read(policy: Policy, expressions: str) -> Iterator[Term]:
    return (policy.read(each.strip()) for each in expressions.split(";") if each.strip())


async def test_a_valid_claim_has_its_proof_and_its_scenario() -> None:
    verdict = await check("isFullTime; (= tenureMonths 18)", "eligibleForParentalLeave")
    assert (verdict.result, verdict.rules) == (Result.VALID, (ELIGIBLE,))
    assert verdict.true
    assert verdict.true.model["tenureMonths"] == 18
    assert verdict.true.model["eligibleForParentalLeave"] is True
    assert {each.name for each in verdict.true.variables} == {"isFullTime", "tenureMonths", "eligibleForParentalLeave"}


async def test_an_invalid_claim_has_the_rules_against_it_and_a_counterexample() -> None:
    verdict = await check("isFullTime; (= tenureMonths 3)", "eligibleForParentalLeave")
    assert (verdict.result, verdict.rules, verdict.true) == (Result.INVALID, (CARER,), None)
    assert verdict.false
    assert {name: verdict.false.model[name] for name in ("isFullTime", "tenureMonths", "eligibleForParentalLeave")} == {
        "isFullTime": True,
        "tenureMonths": 3,
        "eligibleForParentalLeave": False,
    }


async def test_a_satisfiable_claim_has_both_scenarios() -> None:
    verdict = await check("isFullTime", "eligibleForParentalLeave")
    assert verdict.result == Result.SATISFIABLE
    assert verdict.true
    assert verdict.false
    assert verdict.true.model["tenureMonths"] > 12  # type: ignore[operator]
    assert 0 <= verdict.false.model["tenureMonths"] <= 12  # type: ignore[operator]


async def test_premises_that_contradict_rules_are_impossible() -> None:
    verdict = await check("isFullTime; (= tenureMonths 3); eligibleForParentalLeave", "isFullTime")
    assert (verdict.result, verdict.rules) == (Result.IMPOSSIBLE, (CARER,))


async def test_premises_that_contradict_one_another_are_no_fault_of_rules() -> None:
    verdict = await check("isFullTime; (not isFullTime)", "eligibleForParentalLeave")
    assert (verdict.result, verdict.rules, verdict.warning) == (Result.IMPOSSIBLE, (), LogicWarning.ALWAYS_FALSE)


async def test_a_claim_that_says_nothing_is_told() -> None:
    assert (await check("", "(or isFullTime (not isFullTime))")).warning == LogicWarning.ALWAYS_TRUE
    assert (await check("(= tenureMonths 5)", "(> tenureMonths 9)")).warning == LogicWarning.ALWAYS_FALSE
    assert (await check("isFullTime", "eligibleForParentalLeave")).warning is None


async def test_rules_that_conflict_matter_only_where_they_are_concerned() -> None:
    conflicting = [
        {"id": "CONFLICT0001", "expression": "hasCar"},
        {"id": "CONFLICT0002", "expression": "(not hasCar)"},
    ]
    policy = Policy.of({**DEFINITION, "rules": [*DEFINITION["rules"], *conflicting]})  # type: ignore[misc]
    assert (await check("(= tenureMonths 3)", "eligibleForParentalLeave", policy)).result == Result.INVALID
    verdict = await check("", "hasCar", policy)
    assert (verdict.result, verdict.rules) == (Result.IMPOSSIBLE, ("CONFLICT0001", "CONFLICT0002"))


async def test_what_is_too_complex_spoils_no_other_verdict() -> None:
    hard = "(= (+ (* x x x) (* y y y) (* z z z)) 114)"
    names = [{"name": name, "type": "INT", "description": ""} for name in "xyz"]
    policy = Policy.of({**DEFINITION, "variables": [*DEFINITION["variables"], *names]})  # type: ignore[misc]
    translations = [
        Translation((), (policy.read(hard),)),
        Translation((policy.read("(= tenureMonths 3)"),), (policy.read("eligibleForParentalLeave"),)),
    ]
    verdicts = await checked(policy, translations, Solver(Limits(question_milliseconds=300)))
    assert [verdict.result for verdict in verdicts] == [Result.TOO_COMPLEX, Result.INVALID]


def test_the_worst_result_counts() -> None:
    verdicts = [Verdict(Result.VALID), Verdict(Result.NO_TRANSLATION), Verdict(Result.SATISFIABLE)]
    assert aggregated(verdicts) == Result.SATISFIABLE
    assert aggregated([*verdicts, Verdict(Result.TRANSLATION_AMBIGUOUS), Verdict(Result.INVALID)]) == (
        Result.TRANSLATION_AMBIGUOUS
    )
    assert aggregated([Verdict(Result.VALID), Verdict(Result.NO_TRANSLATION)]) == Result.VALID
    assert aggregated([]) == Result.NO_TRANSLATION


async def test_translations_that_mean_the_same_do_not_differ() -> None:
    def translation(premise: str, claim: str) -> Translation:
        return Translation((POLICY.read(premise),), (POLICY.read(claim),))

    one = translation("(> tenureMonths 12)", "isFullTime")
    same = translation("(>= tenureMonths 13)", "(= isFullTime true)")
    other = translation("(>= tenureMonths 12)", "isFullTime")
    async with meanings(POLICY, [one, same, other], Solver()) as compared:
        assert not await compared.apart(one, same)
        apart = await compared.apart(one, other)
    assert all(state.model["tenureMonths"] == 12 for state in apart)
    assert apart


def test_only_premises_that_bear_on_a_claim_are_kept() -> None:
    premises = list(read(POLICY, "hasCar; (= tenureMonths 3); (= leaveType MEDICAL)"))
    assert relevant(POLICY, premises, read(POLICY, "eligibleForParentalLeave")) == (premises[1],)
    tied = list(read(POLICY, "(=> hasCar isFullTime); hasCar; (= leaveType MEDICAL)"))
    assert relevant(POLICY, tied, read(POLICY, "eligibleForParentalLeave")) == tuple(tied[:2])


# Small worlds. Numbers are bounded by a rule of the policy itself, so that every state can be counted.
LOW, HIGH = -1, 2
WORLD = {
    "types": [{"name": "Colour", "values": [{"value": "RED"}, {"value": "GREEN"}, {"value": "BLUE"}]}],
    "variables": [
        *({"name": name, "type": "BOOL", "description": ""} for name in ("p", "q")),
        *({"name": name, "type": "INT", "description": ""} for name in ("m", "n")),
        *({"name": name, "type": "Colour", "description": ""} for name in ("c", "d")),
    ],
}
BOUNDS = [f"(and (>= {name} (- 1)) (<= {name} {HIGH}))" for name in ("m", "n")]


def states() -> Iterator[State]:
    numbers, colours = [Fraction(each) for each in range(LOW, HIGH + 1)], ("RED", "GREEN", "BLUE")
    for values in itertools.product((True, False), (True, False), numbers, numbers, colours, colours):
        yield dict(zip(("p", "q", "m", "n", "c", "d"), values, strict=True))


STATES = list(states())


def holds(term: Term, state: State) -> Value:
    """What a term is worth in a state: the meaning of the language, written down once more."""
    match term:
        case Variable(name=name):
            return state[name]
        case Constant(value=value):
            return value
        case Apply(operator="ite", arguments=(test, then, otherwise)):
            return holds(then if holds(test, state) else otherwise, state)
        case Apply(operator=operator):
            return applied(operator, [holds(each, state) for each in term.arguments])


def applied(operator: str, values: list[Value]) -> Value:
    pairs = list(itertools.pairwise(values))
    match operator:
        case "and":
            return all(values)
        case "or":
            return any(values)
        case "not":
            return not values[0]
        case "=>":
            return not values[0] or bool(values[1])
        case "xor":
            return values[0] != values[1]
        case "=":
            return all(one == other for one, other in pairs)
        case "distinct":
            return len(set(values)) == len(values)
    numbers = [Fraction(each) for each in values]
    pairs_of = list(itertools.pairwise(numbers))
    match operator:
        case ">":
            return all(one > other for one, other in pairs_of)
        case "<":
            return all(one < other for one, other in pairs_of)
        case ">=":
            return all(one >= other for one, other in pairs_of)
        case "<=":
            return all(one <= other for one, other in pairs_of)
        case "+":
            return sum(numbers, Fraction(0))
        case "-":
            return -numbers[0] if len(numbers) == 1 else numbers[0] - sum(numbers[1:])
        case "*":
            return numbers[0] * numbers[1]
    raise AssertionError(operator)


class Writer:
    """Writes random expressions over the small world."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def statement(self, depth: int = 2) -> str:
        pick = self._random.random()
        if depth == 0 or pick < 0.25:
            return self._random.choice(["p", "q", self._compared(depth), self._coloured()])
        if pick < 0.5:
            return f"(=> {self.statement(depth - 1)} {self.statement(depth - 1)})"
        if pick < 0.6:
            return f"(not {self.statement(depth - 1)})"
        operator = self._random.choice(["and", "or", "xor", "="])
        return f"({operator} {self.statement(depth - 1)} {self.statement(depth - 1)})"

    def _compared(self, depth: int) -> str:
        operator = self._random.choice([">", "<", ">=", "<=", "=", "distinct"])
        return f"({operator} {self._number(depth)} {self._number(depth)})"

    def _number(self, depth: int) -> str:
        if depth and self._random.random() < 0.3:
            operator = self._random.choice(["+", "-", "*", "ite"])
            test = f"{self.statement(0)} " if operator == "ite" else ""
            return f"({operator} {test}{self._number(depth - 1)} {self._number(depth - 1)})"
        return self._random.choice(["m", "n", str(self._random.randint(0, HIGH)), "(- 1)"])

    def _coloured(self) -> str:
        left, right = self._random.choice("cd"), self._random.choice(["c", "d", "RED", "GREEN", "BLUE"])
        return f"({self._random.choice(['=', 'distinct'])} {left} {right})"

    def some(self, most: int, least: int = 0) -> list[str]:
        return [self.statement() for _ in range(self._random.randint(least, most))]


def counted(policy: Policy, translation: Translation) -> Result:
    """The verdict by counting: the states that the rules and the premises allow, and what the claims are in them."""
    _, rules = policy.about([*translation.premises, *translation.claims])
    held = [rule.term for rule in rules]
    allowed = [state for state in STATES if all(holds(each, state) for each in [*held, *translation.premises])]
    if not allowed:
        return Result.IMPOSSIBLE
    values = {all(holds(each, state) for each in translation.claims) for state in allowed}
    return {(True,): Result.VALID, (False,): Result.INVALID}.get(tuple(values), Result.SATISFIABLE)


@pytest.mark.parametrize("seed", range(8))
async def test_verdicts_are_those_of_counting(seed: int) -> None:
    writer = Writer(seed)
    rules = [*BOUNDS, *writer.some(4, 1)]
    policy = Policy.of(
        {**WORLD, "rules": [{"id": f"RULE{number:08d}", "expression": each} for number, each in enumerate(rules)]}
    )
    # What a number is, is known only where a rule bounds it.
    bounded = [policy.read(each) for each in BOUNDS]
    translations = [
        Translation((*bounded, *map(policy.read, writer.some(2))), tuple(map(policy.read, writer.some(2, 1))))
        for _ in range(12)
    ]
    verdicts = await checked(policy, translations, Solver())
    for translation, verdict in zip(translations, verdicts, strict=True):
        assert verdict.result == counted(policy, translation)
        verify(policy, translation, verdict)


def verify(policy: Policy, translation: Translation, verdict: Verdict) -> None:
    """Scenarios are states that show what they should, and rules are enough, with none to spare."""
    _, rules = policy.about([*translation.premises, *translation.claims])
    for scenario, claimed in ((verdict.true, True), (verdict.false, False)):
        if scenario:
            state = {**STATES[0], **scenario.model}
            assert all(holds(each, state) for each in [*(rule.term for rule in rules), *translation.premises])
            assert all(holds(each, state) for each in translation.claims) is claimed
    terms = {rule.id: rule.term for rule in rules}
    assert proves(verdict, translation, [terms[each] for each in verdict.rules])
    if verdict.result != Result.SATISFIABLE:
        for spared in verdict.rules:
            assert not proves(verdict, translation, [terms[each] for each in verdict.rules if each != spared])


def proves(verdict: Verdict, translation: Translation, rules: list[Term]) -> bool:
    allowed = [state for state in STATES if all(holds(each, state) for each in [*rules, *translation.premises])]
    claimed = [all(holds(each, state) for each in translation.claims) for state in allowed]
    match verdict.result:
        case Result.VALID:
            return all(claimed)
        case Result.INVALID:
            return not any(claimed)
        case Result.IMPOSSIBLE:
            return not allowed
    return True


@pytest.mark.parametrize("seed", range(4))
async def test_differences_are_those_of_counting(seed: int) -> None:
    writer = Writer(1000 + seed)
    policy = Policy.of(WORLD)
    bounded = tuple(policy.read(each) for each in BOUNDS)
    for _ in range(4):
        one, other = (Translation(bounded, (policy.read(writer.statement(1)),)) for _ in range(2))
        apart = [state for state in STATES if holds(one.claims[0], state) != holds(other.claims[0], state)]
        async with meanings(policy, [one, other], Solver()) as compared:
            found = await compared.apart(one, other)
        assert bool(found) == bool(apart)
        for scenario in found:
            assert {**STATES[0], **scenario.model} in apart
