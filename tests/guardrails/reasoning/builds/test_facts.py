from collections.abc import Sequence

import pytest

from craton.guardrails.reasoning.builds.facts import Fact, NotUnderstood, Statement, statement
from craton.guardrails.reasoning.language.quantities import Quantity
from tests.guardrails.reasoning.leave import Writes

Written = Sequence[tuple[str, str, str, str]]


async def taken_apart(sentence: str, written: Written, values: Sequence[str] = ()) -> Statement:
    """The statement that a model's facts (part, words, variable, value) make of a sentence."""
    facts = [dict(zip(("part", "says", "variable", "is"), each, strict=True)) for each in written]
    return await statement(sentence, [], values, Writes(lambda *_: {"facts": facts}))


def told(facts: Sequence[Fact]) -> list[tuple[str, object]]:
    return [(each.name, each.value.text if isinstance(each.value, Quantity) else each.value) for each in facts]


async def test_what_a_fact_may_be_is_what_its_sentence_says() -> None:
    means = Writes(lambda *_: {"facts": [{"part": "then", "says": "pays no fee", "variable": "fee", "is": "0"}]})
    with pytest.raises(NotUnderstood):
        await statement("Who stays for more than 3 days pays no fee.", ["fee"], ["RED"], means)
    facts = means.schemas[0]["properties"]["facts"]  # type: ignore[index]
    assert facts["items"]["properties"]["is"]["enum"] == [
        *("more than 3 days", "not more than 3 days", "0", "RED", "true", "false")
    ]
    assert "Known variables: fee" in means.instructions[0]


async def test_what_the_sentence_does_not_say_is_refused() -> None:
    found = await taken_apart(
        "A ticket costs 4 dollars.",
        [
            ("if", "a dog weighs more than 20 kg", "dogWeight", "true"),
            ("if", "a ticket costs 4 dollars", "price", "4 dollars"),
            ("then", "a ticket costs 4 dollars", "price", "4 dollars"),
        ],
    )
    assert (told(found.when), told(found.then)) == ([], [("price", "4 dollars")])


async def test_numbers_of_other_sentences_are_refused() -> None:
    written = [("then", "a ticket costs 9 dollars", "price", "4 dollars"), ("then", "a ticket", "isTicket", "true")]
    with pytest.raises(NotUnderstood, match='The amount "4 dollars" was left out'):
        await taken_apart("A ticket costs 4 dollars.", written)


@pytest.mark.parametrize(
    ("name", "says", "affirmed", "value"),
    [
        ("cannotEnter", "may not enter", "canEnter", False),
        ("notCovered", "is not covered", "covered", False),
        ("isUnused", "is unused", "isUsed", False),
        ("isUnderage", "is underage", "isUnderage", True),
        ("mayEnter", "may enter", "mayEnter", True),
    ],
)
async def test_names_deny_nothing(name: str, says: str, affirmed: str, value: bool) -> None:
    found = await taken_apart(f"It {says}.", [("then", says, name, "true")])
    assert told(found.then) == [(affirmed, value)]


async def test_an_amount_that_a_permission_holds_is_its_condition() -> None:
    sentence = "Customers may return items within 30 days."
    found = await taken_apart(sentence, [("then", "customers may return items within 30 days", "mayReturn", "true")])
    assert told(found.when) == [("mayReturnDays", "within 30 days")]
    assert told(found.then) == [("mayReturn", True)]


async def test_what_is_compared_beside_what_is_so_is_its_condition() -> None:
    found = await taken_apart(
        "Items cannot be returned more than 30 days after delivery.",
        [
            ("if", "items cannot be returned", "cannotReturn", "true"),
            ("then", "more than 30 days after delivery", "age", "more than 30 days"),
            ("then", "items cannot be returned", "cannotReturn", "true"),
        ],
    )
    assert (told(found.when), told(found.then)) == ([("age", "more than 30 days")], [("canReturn", False)])


async def test_a_permission_follows_from_its_limit() -> None:
    found = await taken_apart(
        "Items cannot be returned after more than 30 days.",
        [
            ("if", "items cannot be returned", "cannotReturn", "true"),
            ("then", "after more than 30 days", "age", "after more than 30 days"),
        ],
    )
    assert (told(found.when), told(found.then)) == ([("age", "after more than 30 days")], [("canReturn", False)])


async def test_an_amount_that_is_demanded_is_what_follows() -> None:
    sentence = "Requests must be made at least 14 days before."
    found = await taken_apart(sentence, [("then", "requests must be made at least 14 days before", "made", "true")])
    assert (told(found.when), told(found.then)) == ([], [("madeDays", "at least 14 days")])


async def test_a_condition_alone_is_what_follows() -> None:
    found = await taken_apart("Dogs are not allowed.", [("if", "dogs are not allowed", "dogsAllowed", "false")])
    assert told(found.then) == [("dogsAllowed", False)]


@pytest.mark.parametrize(("word", "one"), [("or", True), ("and", False)])
async def test_conditions_are_joined_as_the_sentence_joins_them(word: str, one: bool) -> None:
    facts = [
        ("if", "guests are ill", "ill", "true"),
        ("if", "guests are late", "late", "true"),
        ("then", "guests stay", "stay", "true"),
    ]
    found = await taken_apart(f"Guests who are ill {word} late stay.", facts)
    assert (told(found.when), found.one) == ([("ill", True), ("late", True)], one)


@pytest.mark.parametrize(
    ("sentence", "why"),
    [
        ("Guests who are ill stay.", "Its condition was left out"),
        ("Guests stay more than 3 days.", 'The amount "more than 3 days" was left out'),
        ("Roses are red.", "in words of the sentence"),
    ],
)
async def test_what_is_left_out_is_told(sentence: str, why: str) -> None:
    with pytest.raises(NotUnderstood, match=why):
        await taken_apart(sentence, [("then", "guests stay", "stay", "true")])


async def test_and_with_or_is_not_understood() -> None:
    sentence = "Guests who are ill or late and tired stay."
    with pytest.raises(NotUnderstood, match="a sentence for each case"):
        await taken_apart(
            sentence,
            [
                ("if", "guests are ill", "ill", "true"),
                ("if", "guests are late", "late", "true"),
                ("then", "guests stay", "stay", "true"),
            ],
        )
