from itertools import islice
from typing import cast

from craton.guardrails.reasoning.builds.facts import Fact, Statement
from craton.guardrails.reasoning.builds.vocabulary import Vocabulary, free_names
from craton.guardrails.reasoning.definition import Policy
from craton.guardrails.reasoning.language.quantities import quantities
from craton.guardrails.reasoning.logic.writing import expression
from tests.guardrails.reasoning.leave import DEFINITION, Writes


def fact(name: str, says: str, value: bool | str = True) -> Fact:
    """A fact that is true or false, or what the first amount in its words is."""
    found = quantities(says)
    return Fact(says, name, found[0] if found else value)


def said(when: list[Fact], then: Fact, *, one: bool = False, rest: bool = False) -> Statement:
    return Statement(then.says, tuple(when), (then,), one, rest)


async def built(
    *statements: Statement, definition: dict[str, object] | None = None
) -> tuple[dict[str, str], list[str]]:
    """New variables with their types, and the rules."""
    vocabulary = await Vocabulary.of(Policy.of(definition or {}), statements, Writes())
    new = [cast("dict[str, dict[str, str]]", each)["addVariable"] for each in vocabulary.annotations()]
    return {each["name"]: each["type"] for each in new}, [expression(rule) for _, rule in vocabulary.rules(statements)]


async def test_facts_of_one_name_are_one_variable() -> None:
    variables, rules = await built(
        said([fact("hasPermit", "with a permit")], fact("mayFish", "one may fish")),
        said([fact("hasPermit", "without a permit", False)], fact("mayFish", "fishing is forbidden", False)),
    )
    assert variables == {"hasPermit": "BOOL", "mayFish": "BOOL"}
    assert rules == ["(=> hasPermit mayFish)", "(=> (not hasPermit) (not mayFish))"]


async def test_conditions_on_one_number_are_of_one_variable() -> None:
    variables, rules = await built(
        said([fact("returnDays", "returned within 30 days")], fact("refunded", "it is refunded")),
        said([fact("lateDays", "sent back after 30 days")], fact("refunded", "it is not refunded", False)),
    )
    assert variables == {"returnDays": "INT", "refunded": "BOOL"}
    assert rules == ["(=> (<= returnDays 30) refunded)", "(=> (> returnDays 30) (not refunded))"]


async def test_amounts_are_converted_into_the_unit_of_their_variable() -> None:
    _, rules = await built(
        said([fact("service", "more than 18 months of service")], fact("bonus", "there is a bonus")),
        said([fact("service", "more than 3 years of service")], fact("car", "there is a car")),
    )
    assert rules[1] == "(=> (> service 36) car)"


async def test_money_has_cents() -> None:
    variables, rules = await built(said([], fact("price", "it costs 4 dollars")))
    assert (variables, rules) == ({"price": "NUMBER"}, ["(= price 4.0)"])


async def test_none_of_an_amount_is_nought() -> None:
    variables, rules = await built(
        said([fact("isMember", "for members")], fact("paysFee", "members pay no fee", False)),
        said([fact("isGuest", "for guests")], fact("fee", "guests pay a fee of 5 euros")),
    )
    assert variables == {"isGuest": "BOOL", "fee": "NUMBER", "isMember": "BOOL"}
    assert rules[0] == "(=> isMember (= fee 0.0))"


async def test_facts_of_different_things_stay_apart() -> None:
    variables, _ = await built(
        said([fact("isVan", "for a van")], fact("deposit", "the deposit is 300 dollars")),
        said([fact("age", "drivers under 25 years")], fact("surcharge", "a surcharge of 15 dollars")),
        said([fact("rental", "a rental of more than 7 days")], fact("discount", "a discount of 10 dollars")),
    )
    assert len(variables) == 6


async def test_one_of_several_conditions_is_enough() -> None:
    _, rules = await built(
        said([fact("ill", "who is ill"), fact("late", "who is late")], fact("stay", "stays"), one=True)
    )
    assert rules == ["(=> (or ill late) stay)"]


async def test_the_rest_is_what_the_sentence_before_it_left() -> None:
    _, rules = await built(
        said([fact("faulty", "a faulty item")], fact("fee", "a fee of 2 dollars")),
        said([], fact("fee", "otherwise a fee of 5 dollars"), rest=True),
    )
    assert rules == ["(=> faulty (= fee 2.0))", "(=> (not faulty) (= fee 5.0))"]


async def test_what_others_say_of_some_cases_is_excepted() -> None:
    _, rules = await built(
        said([], fact("leave", "28 days of leave")),
        said([fact("tenure", "more than 10 years of work")], fact("leave", "32 days of leave")),
    )
    assert rules == ["(=> (not (> tenure 10)) (= leave 28))", "(=> (> tenure 10) (= leave 32))"]


async def test_variables_of_the_policy_are_used() -> None:
    variables, rules = await built(
        said([fact("leaveType", "parental leave", "PARENTAL")], fact("payShare", "half pay, 0.5")),
        said([fact("leaveType", "who is on leave")], fact("hasCar", "has a car")),
        definition=DEFINITION,
    )
    assert variables == {"leaveTypeB": "BOOL"}
    assert rules == ["(=> (= leaveType PARENTAL) (= payShare 0.5))", "(=> leaveTypeB hasCar)"]


async def test_a_variable_tells_what_was_said_of_it() -> None:
    statements = [
        said([fact("hasPermit", "with a permit")], fact("fee", "a fee of 3 euros")),
        said([fact("hasPermit", "without a permit", False)], fact("fee", "a fee of 9 euros")),
    ]
    vocabulary = await Vocabulary.of(Policy.of({}), statements, Writes())
    told = [cast("dict[str, dict[str, str]]", each)["addVariable"]["description"] for each in vocabulary.annotations()]
    assert told == [
        "True where with a permit; False where without a permit",
        "In euros: a fee of ...",
    ]


async def test_a_name_that_means_more_is_another_variable() -> None:
    variables, rules = await built(
        said([fact("members", "members of the library")], fact("mayRead", "may read")),
        said([fact("members", "members with unpaid fees")], fact("mayBorrow", "may borrow nothing", False)),
        said([fact("mayBorrow", "who may borrow films")], fact("mayWatch", "watches them")),
    )
    assert [*variables] == ["members", "mayRead", "membersB", "mayBorrow", "mayBorrowB", "mayWatch"]
    assert rules[1:] == ["(=> membersB (not mayBorrow))", "(=> mayBorrowB mayWatch)"]


async def test_names_that_differ_in_nothing_but_leave_are_one_variable() -> None:
    variables, _ = await built(
        said([fact("isOpen", "opened items", False)], fact("mayReturn", "customers may send it back")),
        said([fact("isGift", "gift cards")], fact("canReturn", "cannot be returned", False)),
    )
    assert variables == {"isOpen": "BOOL", "mayReturn": "BOOL", "isGift": "BOOL"}


def test_names_do_not_run_out() -> None:
    names = list(islice(free_names("hours"), 100))
    assert names[:2] == ["hours", "hoursB"]
    assert len({*names}) == 100
