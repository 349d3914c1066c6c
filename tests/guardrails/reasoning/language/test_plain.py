import pytest

from craton.guardrails.reasoning.definition import Policy
from craton.guardrails.reasoning.language.plain import Reader
from craton.guardrails.reasoning.language.spoken import words
from craton.guardrails.reasoning.logic.writing import expression
from tests.guardrails.reasoning.leave import DEFINITION

READER = Reader(Policy.of(DEFINITION))


@pytest.mark.parametrize(
    ("sentence", "logic"),
    [
        ("isFullTime is true.", "isFullTime"),
        ("isFullTime = false", "(not isFullTime)"),
        ("isFullTime is not true.", "(not isFullTime)"),
        ("tenureMonths is 18.", "(= tenureMonths 18)"),
        ("The tenure months is 18 months.", "(= tenureMonths 18)"),
        ("tenureMonths >= 12", "(>= tenureMonths 12)"),
        ("tenureMonths is more than 1,234,567.", "(> tenureMonths 1234567)"),
        ("tenureMonths is at most 12.", "(<= tenureMonths 12)"),
        ("tenureMonths is not 12.", "(not (= tenureMonths 12))"),
        ("payShare is 0.65", "(= payShare 0.65)"),
        ("My leave type is parental.", "(= leaveType PARENTAL)"),
        ("leaveType is not PARENTAL.", "(not (= leaveType PARENTAL))"),
        ("The leave type is other.", "(= leaveType LeaveType_OTHER)"),
        ("I'm full time.", "isFullTime"),
        ("You are not full time.", "(not isFullTime)"),
        ("You aren't full time.", "(not isFullTime)"),
        ("The employee is full time!", "isFullTime"),
        ("Yes, you are eligible for parental leave.", "eligibleForParentalLeave"),
        ("No, you are not eligible for parental leave.", "(not eligibleForParentalLeave)"),
        ("I have a car.", "hasCar"),
        ("She has no car.", "(not hasCar)"),
        ("We don't have a car.", "(not hasCar)"),
        ("tenureMonths is eighteen.", "(= tenureMonths 18)"),
        ("tenureMonths is 18 years.", "(= tenureMonths 216)"),
        ("My employment lasts two years.", "(= tenureMonths 24)"),
        ("I work full time.", "isFullTime"),
        ("You can have 30 months of employment.", "(= tenureMonths 30)"),
        ("I have no car and I work full time", "(and (not hasCar) isFullTime)"),
        ("I am full time and tenureMonths is 18.", "(and isFullTime (= tenureMonths 18))"),
        (
            "If tenureMonths is more than 12 and you are full time, then you are eligible for parental leave.",
            "(=> (and (> tenureMonths 12) isFullTime) eligibleForParentalLeave)",
        ),
        # German
        ("isFullTime ist wahr.", "isFullTime"),
        ("tenureMonths beträgt mindestens 12.", "(>= tenureMonths 12)"),
        ("tenureMonths ist 18 und isFullTime ist nicht wahr.", "(and (= tenureMonths 18) (not isFullTime))"),
        ("Die leaveType ist PARENTAL.", "(= leaveType PARENTAL)"),
    ],
)
def test_plain_statements_are_read(sentence: str, logic: str) -> None:
    term = READER.sentence(sentence)
    assert (term and expression(term)) == logic


@pytest.mark.parametrize(
    "sentence",
    [
        "Am I eligible for parental leave?",
        "You may be eligible for parental leave.",
        "You are probably full time.",
        "You are eligible for parental leave unless you have a car.",
        "You are eligible for parental leave after a year.",
        "Nobody is full time.",
        "tenureMonths is 1.200.",  # thousands in German, a decimal in English
        "I work part time.",
        "My wife has a car.",
        "I was full time.",
        "You may take parental leave if you have a car.",
        "leaveType is SABBATICAL.",
        "isFullTime is 3.",
        "isFullTime or hasCar is true.",
        "If you are full time, ask your manager.",
        "parental is great.",
        "",
        "You are full time and " * 40,
    ],
)
def test_what_only_resembles_a_statement_is_not_read(sentence: str) -> None:
    assert READER.sentence(sentence) is None


@pytest.mark.parametrize(
    ("name", "spoken"),
    [
        ("isFullTime", ("is", "full", "time")),
        ("IS_FULL_TIME", ("is", "full", "time")),
        ("istVollzeitkraft", ("ist", "vollzeitkraft")),
        ("höheDesBetrags", ("höhe", "des", "betrags")),
        ("a name", ("a", "name")),
        ("hasID2", ("has", "id", "2")),
    ],
)
def test_the_words_of_a_name(name: str, spoken: tuple[str, ...]) -> None:
    assert words(name) == spoken


BUILT = Reader(
    Policy.of(
        {
            "variables": [
                {
                    "name": "mayBook",
                    "type": "BOOL",
                    "description": "True where guests may book it / suites are allowed",
                },
                {"name": "premiumMember", "type": "BOOL", "description": "True where premium members"},
                {"name": "workWeekLimit", "type": "INT", "description": "In tage: may work ... tage a week at home"},
                {
                    "name": "shippingFee",
                    "type": "NUMBER",
                    "description": "In dollars: pay a fee of ... dollars",
                },
            ]
        }
    )
)


@pytest.mark.parametrize(
    ("sentence", "logic"),
    [
        ("Yes, suites are allowed.", "mayBook"),
        ("You may not book suites.", "(not mayBook)"),
        ("I booked suites.", None),
        ("I am a member.", None),
        ("I am no premium member.", "(not premiumMember)"),
        ("You can work 5 days a week at home.", "(= workWeekLimit 5)"),
        ("You pay no shipping fee.", "(= shippingFee 0.0)"),
        ("The shipping fee is 1.500 dollars.", None),  # in one language so, in another so
    ],
)
def test_what_documents_said_is_understood_when_it_is_said_again(sentence: str, logic: str | None) -> None:
    term = BUILT.sentence(sentence)
    assert (term and expression(term)) == logic
