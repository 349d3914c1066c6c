import pytest

from craton.guardrails.reasoning.definition import Policy
from craton.guardrails.reasoning.logic.reading import MAX_DEPTH, ExpressionError, read, statement
from craton.guardrails.reasoning.logic.terms import BOOL, INT, NUMBER, Sort, Variable
from craton.guardrails.reasoning.logic.writing import expression, sentence
from tests.guardrails.reasoning.leave import DEFINITION

NAMES = Policy.of(DEFINITION).names | {"a name": Variable("a name", BOOL)}


@pytest.mark.parametrize(
    "text",
    [
        "(=> (and isFullTime (> tenureMonths 12)) eligibleForParentalLeave)",
        "(= leaveType PARENTAL)",
        "(not (= leaveType LeaveType_OTHER))",
        "(or isFullTime (not eligibleForParentalLeave))",
        "(>= payShare 0.05)",
        "(= tenureMonths (- 3))",
        "(<= (+ tenureMonths (* 2 tenureMonths)) 100)",
        "(= payShare (/ 1.0 3.0))",
        "(= (ite isFullTime payShare 0.0) 1.0)",
        "(distinct leaveType PARENTAL MEDICAL)",
        "(= |a name| true)",
    ],
)
def test_what_is_read_is_written_the_same(text: str) -> None:
    assert expression(read(text, NAMES)) == text


def test_comments_and_breaks_are_no_matter() -> None:
    text = ";; adults\n(=>\n  isFullTime   ; full\n  eligibleForParentalLeave)"
    assert expression(read(text, NAMES)) == "(=> isFullTime eligibleForParentalLeave)"


def test_numbers_become_decimals_beside_decimals() -> None:
    assert expression(read("(> payShare 1)", NAMES)) == "(> payShare 1.0)"
    assert read("(+ payShare 1)", NAMES).sort == NUMBER
    assert read("(+ tenureMonths 1)", NAMES).sort == INT


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "The expression is empty"),
        ("(> tenure 3)", "'tenure' at character 4 is no variable"),
        ("(> isFullTime 3)", "Argument 1 of '>' at character 2 has the type BOOL; give it INT or NUMBER."),
        ("(and tenureMonths isFullTime)", "Argument 1 of 'and' at character 2 has the type INT, not BOOL"),
        ("(= leaveType isFullTime)", "compares the types LeaveType and BOOL (argument 2)"),
        ("(= leaveType 3)", "compares the types LeaveType and INT"),
        ("(=> isFullTime)", "'=>' at character 2 has 1 arguments; give it 2."),
        ("(exists isFullTime)", "'exists' at character 2 is no operator"),
        ("(not isFullTime", "The parenthesis at character 1 is not closed"),
        ("(not isFullTime))", "but ')' follows at character 17"),
        (")", "closes nothing"),
        ("isFullTime isFullTime", "join both with (and ...)"),
        ("(", "is not closed"),
        ("|open", "The bar at character 1 is not closed"),
        ("(= payShare (/ 1 tenureMonths))", "divides by what is no number but zero"),
        ("(= payShare (/ 1 0))", "divides by what is no number but zero"),
        (f"(= tenureMonths {'9' * 50})", "has 50 digits"),
        (f"{'(not ' * (MAX_DEPTH + 1)}isFullTime{')' * (MAX_DEPTH + 1)}", f"nests more than {MAX_DEPTH} deep"),
        ("(and " + "true " * 700 + ")", "has 3506 characters; write at most 2048"),
        ("(and" + "(not true)" * 180 + ")", "has 723 parts; write at most 600"),
    ],
)
def test_a_mistake_is_told_with_its_place(text: str, sentence: str) -> None:
    with pytest.raises(ExpressionError) as told:
        read(text, NAMES)
    assert sentence in str(told.value)


def test_a_rule_must_be_true_or_false() -> None:
    with pytest.raises(ExpressionError, match="has the type INT; write one that is true or false"):
        statement("(+ tenureMonths 1)", NAMES)


def test_values_of_types_compare_with_their_own_type_only() -> None:
    names = NAMES | {"severity": Variable("severity", Sort("Severity", ("HIGH",)))}
    with pytest.raises(ExpressionError, match="LeaveType"):
        read("(= severity PARENTAL)", names)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "(=> (and isFullTime (> tenureMonths 12)) eligibleForParentalLeave)",
            "if isFullTime is true and tenureMonths is greater than 12, then eligibleForParentalLeave is true",
        ),
        ("(not eligibleForParentalLeave)", "eligibleForParentalLeave is false"),
        ("(not (= leaveType MEDICAL))", "leaveType is not equal to MEDICAL"),
        ("(= isFullTime false)", "isFullTime is false"),
        (
            "(and (or isFullTime hasCar) (<= payShare 0.5))",
            "(isFullTime is true or hasCar is true) and payShare is at most 0.5",
        ),
        ("(= isFullTime hasCar)", "isFullTime is true exactly when hasCar is true"),
        ("(> (+ tenureMonths 1) 3)", "(tenureMonths plus 1) is greater than 3"),
        ("(not (and isFullTime hasCar))", "it is not the case that isFullTime is true and hasCar is true"),
        ("(= tenureMonths (- 3))", "tenureMonths is equal to -3"),
    ],
)
def test_terms_in_words(text: str, words: str) -> None:
    assert sentence(read(text, NAMES)) == words
