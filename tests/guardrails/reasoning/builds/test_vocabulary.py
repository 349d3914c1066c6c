"""What is one variable and what is not, and the rules that statements make over them."""

import re
from collections.abc import Mapping
from itertools import islice
from typing import Any, cast

from craton.guardrails.reasoning.builds.vocabulary import Vocabulary, free_names
from craton.guardrails.reasoning.definition import Policy
from craton.guardrails.reasoning.language.clauses import Sentence
from craton.guardrails.reasoning.language.statements import Statement
from craton.guardrails.reasoning.logic.writing import expression
from tests.guardrails.reasoning.leave import DEFINITION, Writes


def named(instruction: str, schema: Mapping[str, Any]) -> object:
    """A model that names what it is told of by its last two words."""
    lines = dict(line.split(" ", 1) for line in instruction.splitlines())
    words = {number: re.findall(r"[A-Za-z]+", line.split(": ", 1)[1])[-2:] for number, line in lines.items()}
    return {
        number: "".join([each[0].lower(), *(word.capitalize() for word in each[1:])]) for number, each in words.items()
    }


def statement(sentence: str) -> Statement:
    read = Sentence(sentence)
    (front,) = read.fronts()
    return read.rule(front, ())


async def vocabulary(*sentences: str, definition: dict[str, object] | None = None) -> Vocabulary:
    return await Vocabulary.of(Policy.of(definition or {}), [statement(each) for each in sentences], Writes(named))


async def built(*sentences: str, definition: dict[str, object] | None = None) -> tuple[dict[str, str], list[str]]:
    """New variables with their types, and the rules."""
    found = await vocabulary(*sentences, definition=definition)
    new = [cast("dict[str, dict[str, str]]", each)["addVariable"] for each in found.annotations()]
    return {each["name"]: each["type"] for each in new}, [expression(rule) for _, rule in found.rules()]


async def test_facts_of_the_same_words_are_one_variable() -> None:
    variables, rules = await built("Guests may fish if they have a permit.", "Without a permit, guests may not fish.")
    assert variables == {"aPermit": "BOOL", "mayFish": "BOOL"}
    assert rules == ["(=> aPermit mayFish)", "(=> (not aPermit) (not mayFish))"]


async def test_permissions_and_facts_stay_apart() -> None:
    variables, _ = await built("Members may fish.", "Guests may sleep if they fish.")
    assert len(variables) == 4


async def test_what_has_all_words_of_another_and_is_near_is_the_same() -> None:
    variables, _ = await built("If it rains, guests may use the room.", "If it snows, guests may use the small room.")
    assert len(variables) == 3
    variables, _ = await built("If it rains, guests may use the room.", "If it snows, guests may use the pool.")
    assert len(variables) == 4


async def test_conditions_that_leave_nothing_between_them_are_of_one_variable() -> None:
    variables, rules = await built("Members under 16 may not swim.", "Members who are at least 16 years old may swim.")
    assert len(variables) == 2
    assert rules[0].startswith("(=> (< ")
    assert rules[1].startswith("(=> (>= ")


async def test_amounts_are_converted_into_the_unit_of_their_variable() -> None:
    _, rules = await built(
        "A bonus is granted if the service lasts more than 18 months.",
        "A car is granted if the service lasts more than 3 years.",
    )
    assert "36" in rules[1]


async def test_money_has_cents_and_none_of_it_is_nought() -> None:
    variables, rules = await built("For guests, a return is 4 dollars.", "For members, a return is free.")
    assert [*variables.values()].count("NUMBER") == 1
    assert [rule.rpartition(" ")[2] for rule in rules] == ["4.0))", "0.0))"]


async def test_one_of_several_conditions_is_enough() -> None:
    _, rules = await built("Guests may stay if they are ill or the bus is late.")
    assert rules == ["(=> (or areIll isLate) mayStay)"]


async def test_what_holds_only_or_unless() -> None:
    _, rules = await built("Only members may swim.", "Guests may stay unless they are ill.")
    assert rules == ["(=> (not members) (not maySwim))", "(=> (not areIll) mayStay)"]


async def test_the_rest_is_what_the_sentence_before_it_left() -> None:
    _, rules = await built("For members, the fee is 2 euros.", "In all other cases the fee is 5 euros.")
    assert [rule.split(" (= ")[0] for rule in rules] == ["(=> forMembers", "(=> (not forMembers)"]


async def test_what_others_say_of_some_cases_is_excepted() -> None:
    _, rules = await built("The leave is 28 days.", "If the service lasts more than 10 years, the leave is 32 days.")
    assert rules[0].startswith("(=> (not (> ")
    assert len(rules) == 2


async def test_a_subject_that_nothing_else_narrows_is_a_condition() -> None:
    _, rules = await built("Interns may not park.", "Employees may park if they have a car.")
    assert rules == ["(=> interns (not mayPark))", "(=> aCar mayPark)"]
    found = await vocabulary("Employees may park if they have a car.")
    assert [each.given for each in found.statements] == ["Employees"]


async def test_a_subject_that_no_other_sentence_speaks_of_is_a_condition_too() -> None:
    found = await vocabulary(
        "Premium members may park if they have a car.",
        "Rented cars may be parked if it rains.",
        "Members may rent cars if it is cold.",
    )
    assert [each.given for each in found.statements] == ["", "Rented cars", "Members"]


async def test_variables_and_values_of_the_policy_are_used() -> None:
    variables, rules = await built(
        "If it is parental leave, the pay share is 0.5.",
        "Employees may park if they work full time.",
        definition=DEFINITION,
    )
    assert rules[0] == "(=> (= leaveType PARENTAL) (= payShare 0.5))"
    assert rules[1].startswith("(=> isFullTime ")
    assert len(variables) == 1


async def test_a_variable_tells_what_was_said_of_it() -> None:
    found = await vocabulary("Guests may stay if they are ill.", "The fee is 3 euros.")
    told = [cast("dict[str, dict[str, str]]", each)["addVariable"]["description"] for each in found.annotations()]
    assert told == ["In euros: The fee is ... euros", "True where they are ill", "True where Guests may stay"]


def test_names_do_not_run_out() -> None:
    names = list(islice(free_names("hours"), 100))
    assert names[:2] == ["hours", "hoursB"]
    assert len({*names}) == 100
