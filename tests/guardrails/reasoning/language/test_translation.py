from collections.abc import Mapping

import pytest

from craton.guardrails.findings import Undecided
from craton.guardrails.reasoning.definition import Policy
from craton.guardrails.reasoning.language.translation import MAX_CLAIMS, MAX_SENTENCES, Part, sentences, translated
from craton.guardrails.reasoning.logic.writing import expression
from craton.guardrails.reasoning.solver import Solver
from craton.guardrails.reasoning.verdicts import Result, Translation, Verdict
from tests.guardrails.reasoning.leave import DEFINITION, Writes, said

POLICY = Policy.of(DEFINITION)
QUESTION = "I joined 18 months ago on a full contract. Can I take parental leave?"


async def translate(
    text: str, query: str, means: Writes, threshold: float = 0.8
) -> tuple[list[Translation], list[Verdict]]:
    return await translated(POLICY, text, query, means, Solver(), threshold)


def logic(translation: Translation) -> tuple[list[str], list[str]]:
    return [expression(each) for each in translation.premises], [expression(each) for each in translation.claims]


def in_turn(*answers: object) -> Writes:
    left = list(answers)
    return Writes(lambda instruction, schema: {"statements": left.pop(0)})


def test_a_text_may_name_who_speaks() -> None:
    found = sentences("User: I am full time. May I go?\nAssistant: Yes, you may.")
    assert [(each.text, each.part, each.asks) for each in found] == [
        ("I am full time.", Part.QUESTION, False),
        ("May I go?", Part.QUESTION, True),
        ("Yes, you may.", Part.ANSWER, False),
    ]


async def test_what_is_plain_needs_no_model() -> None:
    means = Writes()
    (sure,), others = await translate(
        "You are eligible for parental leave.", "I am full time. tenureMonths is 18. Am I eligible?", means
    )
    assert logic(sure) == (["isFullTime", "(= tenureMonths 18)"], ["eligibleForParentalLeave"])
    assert (sure.confidence, others, means.instructions) == (1.0, [], [])


async def test_what_an_answer_takes_for_granted_is_premise() -> None:
    (sure,), _ = await translate(
        "You are full time and tenureMonths is 18. You are eligible for parental leave.", "", Writes()
    )
    assert logic(sure) == (["(and isFullTime (= tenureMonths 18))"], ["eligibleForParentalLeave"])


async def test_what_an_answer_says_of_what_was_asked_is_claim() -> None:
    (sure,), _ = await translate("tenureMonths is 20.", "tenureMonths is 18.", Writes())
    assert logic(sure) == (["(= tenureMonths 18)"], ["(= tenureMonths 20)"])


async def test_the_amount_of_a_sentence_is_copied_and_not_what_a_model_makes_of_it() -> None:
    answer = [
        said(1, [("tenureMonths", ">", 12), ("payShare", "=", 0.65)], "premise"),
        said(3, [("eligibleForParentalLeave", True)]),
    ]
    (sure,), _ = await translate("Sure, go ahead.", QUESTION, in_turn(answer, answer, answer))
    assert logic(sure) == (["(= tenureMonths 18)"], ["eligibleForParentalLeave"])


async def test_the_model_translates_what_is_not_plain() -> None:
    answer = [
        said(1, [("tenureMonths", "=", 18), ("isFullTime", True)], "premise"),
        said(3, [("eligibleForParentalLeave", True)]),
    ]
    means = in_turn(answer, answer, answer)
    (sure,), others = await translate("Sure, go ahead.", QUESTION, means)
    assert logic(sure) == (["(= tenureMonths 18)", "isFullTime"], ["eligibleForParentalLeave"])
    assert (sure.confidence, others) == (1.0, [])
    assert "Months of employment" in means.instructions[0]
    assert "3. [answer] Sure, go ahead." in means.instructions[0]
    assert len(set(means.instructions)) == 3


async def test_the_model_can_name_only_what_the_policy_has() -> None:
    means = in_turn([], [], [])
    await translate("Sure.", QUESTION, means)
    statement = means.schemas[0]["properties"]["statements"]["items"]["properties"]  # type: ignore[index]
    assert statement["sentence"] == {"enum": [1, 3]}
    branches = statement["then"]["items"]["anyOf"]
    named = [name for each in branches for name in each["properties"]["variable"]["enum"]]
    assert sorted(named) == sorted(POLICY.variables)
    (choice,) = [each for each in branches if each["properties"]["variable"]["enum"] == ["leaveType"]]
    assert choice["properties"]["value"] == {"enum": ["PARENTAL", "MEDICAL", "LeaveType_OTHER"]}
    assert all(each["additionalProperties"] is False for each in branches)


async def test_readings_agree_in_meaning_whatever_their_words() -> None:
    def answer(*bound: object) -> list[object]:
        return [said(1, [("tenureMonths", *bound)], "premise"), said(2, [("eligibleForParentalLeave", True)])]

    means = in_turn(answer(">", 12), answer(">=", 13), answer(">", 12))
    (sure,), others = await translate("Sure.", "I have been here for over a year.", means)
    assert (sure.confidence, others) == (1.0, [])


async def test_readings_that_part_are_ambiguous() -> None:
    right, wrong = [said(1, [("eligibleForParentalLeave", True)])], [said(1, [("eligibleForParentalLeave", False)])]
    sure, (doubt,) = await translate("That is not out of the question.", "", in_turn(right, wrong, right))
    assert not sure
    assert doubt.result == Result.TRANSLATION_AMBIGUOUS
    assert [logic(each)[1] for each in doubt.options] == [
        ["eligibleForParentalLeave"],
        ["(not eligibleForParentalLeave)"],
    ]
    assert [round(each.confidence, 2) for each in doubt.options] == [0.67, 0.33]
    assert {state.model["eligibleForParentalLeave"] for state in doubt.differences} == {True, False}


async def test_a_lower_threshold_takes_what_most_readings_say() -> None:
    right, wrong = [said(1, [("eligibleForParentalLeave", True)])], [said(1, [("eligibleForParentalLeave", False)])]
    (sure,), (doubt,) = await translate("Not out of the question.", "", in_turn(right, wrong, right), 0.6)
    assert logic(sure)[1] == ["eligibleForParentalLeave"]
    assert doubt.result == Result.TRANSLATION_AMBIGUOUS
    assert len(doubt.options) == 1


async def test_other_premises_of_a_claim_that_is_settled_are_no_doubt() -> None:
    claim = said(2, [("eligibleForParentalLeave", True)])
    one, other = [said(1, [("isFullTime", True)], "premise"), claim], [claim]
    (sure,), others = await translate("Sure.", "I work a lot.", in_turn(one, other, one), 0.6)
    assert (logic(sure), others) == ((["isFullTime"], ["eligibleForParentalLeave"]), [])


async def test_a_premise_that_has_no_bearing_makes_no_doubt() -> None:
    claim = said(2, [("eligibleForParentalLeave", True)])
    one, other = [said(1, [("hasCar", True)], "premise"), claim], [claim]
    (sure,), _ = await translate("Sure.", "I come by car.", in_turn(one, other, one))
    assert (logic(sure), sure.confidence) == (([], ["eligibleForParentalLeave"]), 1.0)


async def test_what_was_not_translated_is_listed() -> None:
    answer = [said(3, [("eligibleForParentalLeave", True)])]
    (sure,), (other,) = await translate(
        "Your manager is nice. You may go.", "I like tea.", in_turn(answer, answer, answer)
    )
    assert (sure.untranslated_premises, sure.untranslated_claims) == (("I like tea.",), ("Your manager is nice.",))
    assert other.result == Result.NO_TRANSLATION


async def test_a_question_may_state_what_it_is_about() -> None:
    answer = [said(1, [("tenureMonths", "=", 24), ("isFullTime", True)], "premise")]
    (sure,), others = await translate(
        "You are eligible for parental leave.",
        "Am I eligible for parental leave if I have been working here for 2 years full-time?",
        in_turn(answer, answer, answer),
    )
    assert logic(sure) == (["(= tenureMonths 24)", "isFullTime"], ["eligibleForParentalLeave"])
    assert not others


async def test_what_a_question_only_asks_needs_no_translation() -> None:
    (sure,), others = await translate("You are eligible for parental leave.", "May I go on leave?", Writes())
    assert (logic(sure), others) == (([], ["eligibleForParentalLeave"]), [])


async def test_nothing_to_translate() -> None:
    sure, others = await translate("The weather is fine.", "", in_turn([], [], []))
    assert (sure, [each.result for each in others]) == ([], [Result.NO_TRANSLATION])


async def test_a_policy_without_variables_translates_nothing() -> None:
    sure, others = await translated(Policy.of({}), "The weather is fine.", "", Writes(), Solver())
    assert (sure, [each.result for each in others]) == ([], [Result.NO_TRANSLATION])


async def test_conditions_stay_conditions() -> None:
    answer = [said(1, [("eligibleForParentalLeave", True)], when=[("tenureMonths", ">", 12)])]
    (sure,), _ = await translate("After a year you can go.", "", in_turn(answer, answer, answer))
    assert logic(sure) == ([], ["(=> (> tenureMonths 12) eligibleForParentalLeave)"])


async def test_each_claim_stands_for_itself() -> None:
    text = "You are eligible for parental leave. payShare is 0.65."
    sure, _ = await translate(text, "I am full time. leaveType is PARENTAL.", Writes())
    assert [logic(each) for each in sure] == [
        (["isFullTime"], ["eligibleForParentalLeave"]),
        (["(= leaveType PARENTAL)"], ["(= payShare 0.65)"]),
    ]


async def test_a_question_states_no_claim_whatever_the_model_says() -> None:
    answer = [said(1, [("tenureMonths", "=", 18)], "claim"), said(2, [("eligibleForParentalLeave", True)])]
    (sure,), _ = await translate("Sure.", "I have been here for 18 months.", in_turn(answer, answer, answer))
    assert logic(sure) == (["(= tenureMonths 18)"], ["eligibleForParentalLeave"])


async def test_what_is_asked_is_no_premise_whatever_the_model_says() -> None:
    for query in ("I have been here for 18 months, and may I go?", "I have been here for 18 months."):
        answer = [
            said(1, [("tenureMonths", "=", 18), ("eligibleForParentalLeave", True)], "premise"),
            said(2, [("eligibleForParentalLeave", True)]),
        ]
        (sure,), _ = await translate("Sure.", query, in_turn(answer, answer, answer))
        assert logic(sure) == (["(= tenureMonths 18)"], ["eligibleForParentalLeave"])


async def test_a_number_that_the_sentence_does_not_have_was_made_up() -> None:
    answer = [
        said(1, [("tenureMonths", "=", 18)], "premise"),
        said(2, [("eligibleForParentalLeave", True), ("payShare", "=", 0.5)]),
    ]
    (sure,), others = await translate("Sure.", "I have been here for 18 months.", in_turn(answer, answer, answer))
    assert logic(sure) == (["(= tenureMonths 18)"], ["eligibleForParentalLeave"])
    assert not others


async def test_only_sentences_that_may_be_conditional_may_have_conditions() -> None:
    for text, conditional in (("You may go.", False), ("After a year you may go.", True)):
        means = in_turn([], [], [])
        await translate(text, "", means)
        statement = means.schemas[0]["properties"]["statements"]["items"]["properties"]  # type: ignore[index]
        assert ("when" in statement) is conditional
        assert ('"when"' in means.instructions[0]) is conditional


async def test_durations_are_told_in_the_units_that_variables_count_in() -> None:
    means = in_turn([], [], [])
    await translate("You may go.", "I have been here for two years. Vorher war ich ein halbes Jahr krank.", means)
    assert "1. [question] I have been here for two years. (two years = 24 months)" in means.instructions[0]
    assert "krank. (ein halbes Jahr = 6 months)" in means.instructions[0]


async def test_without_a_model_what_is_not_plain_is_undecided() -> None:
    with pytest.raises(Undecided, match="name one in guardrails"):
        await translate("Sure.", QUESTION, Writes())


async def test_too_long_a_text_is_too_complex() -> None:
    sure, (other,) = await translate("You may go. " * (MAX_SENTENCES + 1), "", Writes())
    assert (sure, other.result) == ([], Result.TOO_COMPLEX)


async def test_too_many_claims_are_too_complex() -> None:
    text = " ".join(f"tenureMonths is not {number}." for number in range(MAX_CLAIMS + 1))
    sure, (other,) = await translate(text, "", Writes())
    assert (sure, other.result) == ([], Result.TOO_COMPLEX)
    fewer, others = await translate(text.rpartition(" tenureMonths")[0], "", Writes())
    assert (len(fewer), others) == (MAX_CLAIMS, [])


async def test_of_many_variables_the_nearest_are_told() -> None:
    names = [{"name": f"other{number}", "type": "BOOL", "description": f"Thing {number}"} for number in range(60)]
    wanted = {"name": "late", "type": "BOOL", "description": "The homework comes too late"}
    seen: list[Mapping[str, object]] = []

    def write(instruction: str, schema: Mapping[str, object]) -> object:
        seen.append(schema)
        assert instruction.count("\n- ") == 40
        assert "- late (BOOL): The homework comes too late" in instruction
        return {"statements": [said(1, [("late", True)])]}

    policy = Policy.of({"variables": [*names, wanted]})
    (sure,), _ = await translated(policy, "Your homework comes too late, alas.", "", Writes(write), Solver())
    assert logic(sure)[1] == ["late"]
    assert len(seen) == 3
