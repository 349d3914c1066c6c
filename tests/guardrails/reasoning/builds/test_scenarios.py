from craton.guardrails.reasoning.builds.scenarios import next_scenario, scenarios
from craton.guardrails.reasoning.builds.scenarios import test_cases as made_cases
from craton.guardrails.reasoning.definition import Policy
from craton.guardrails.reasoning.solver import Solver
from craton.guardrails.reasoning.testing import run_test
from craton.guardrails.reasoning.verdicts import Result, Translation, checked
from tests.guardrails.reasoning.leave import ARN, CARER, DEFINITION, ELIGIBLE, PAY, Writes

POLICY = Policy.of(DEFINITION)


async def test_scenarios_come_one_after_another_until_there_is_none() -> None:
    seen: list[str] = []
    while scenario := await next_scenario(DEFINITION, seen, Solver()):
        assert scenario["expression"] not in seen
        assert scenario["expectedResult"] == "SATISFIABLE"
        seen.append(scenario["expression"])
    assert seen == [each["expression"] for each in await scenarios(POLICY, Solver())]
    assert len(seen) > 4


async def test_a_scenario_is_a_state_that_the_rules_allow() -> None:
    for scenario in await scenarios(POLICY, Solver()):
        (verdict,) = await checked(POLICY, [Translation((), (POLICY.read(scenario["expression"]),))], Solver())
        assert verdict.result == Result.SATISFIABLE


async def test_what_a_rule_says_nothing_about_comes_first() -> None:
    loose = {**DEFINITION, "rules": DEFINITION["rules"][:1]}  # type: ignore[index]
    scenario = await next_scenario(loose, (), Solver())
    assert scenario
    assert scenario["ruleIds"] == [ELIGIBLE]
    # Eligible though the condition does not hold: a rule is missing here.
    assert "eligibleForParentalLeave is true" in scenario["alternateExpression"]
    assert "isFullTime is false" in scenario["alternateExpression"] or "equal to 0" in scenario["alternateExpression"]


async def test_a_scenario_names_the_rules_that_it_touches() -> None:
    found = {each["expression"]: each["ruleIds"] for each in await scenarios(POLICY, Solver())}
    assert [ELIGIBLE, CARER] in found.values()
    assert [PAY] in found.values()


async def test_generated_cases_come_out_as_they_say() -> None:
    cases = await made_cases(POLICY, Solver())
    assert {each["expectedAggregatedFindingsResult"] for each in cases} == {"VALID", "INVALID"}
    for case in cases:  # and need no model, for they name variables plainly
        assert (await run_test(DEFINITION, ARN, case, Writes(), Solver())).passed, case
