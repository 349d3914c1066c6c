"""Sentences taken apart: which words join parts, what each part denies, and that no word is lost."""

import pytest

from craton.guardrails.amounts.quantities import Quantity
from craton.guardrails.reasoning.language.clauses import Sentence
from craton.guardrails.reasoning.language.statements import Atom, Group, Mood, NotUnderstood, Role, Statement


def taken_apart(sentence: str, verb: str = "", known: frozenset[str] = frozenset()) -> Statement:
    """The statement of a sentence; `verb` is what a model says where grammar leaves several."""
    read = Sentence(sentence)
    fronts = [each for each in read.fronts() if not verb or read.after(each) == verb]
    assert len(fronts) < 2
    return read.rule("".join(fronts), known)


def told(atom: Atom) -> tuple[str, object]:
    value = atom.value
    return atom.text, f"{value.relation} {value.number}" if isinstance(value, Quantity) else value


def conditions(statement: Statement) -> list[tuple[Role, list[tuple[str, object]]]]:
    return [(each.role, [told(atom) for atom in each.atoms]) for each in statement.when]


@pytest.mark.parametrize(
    ("sentence", "role", "condition", "then", "value"),
    [
        ("Dogs may stay if they are quiet.", Role.IF, "they are quiet", "Dogs may stay", True),
        ("If dogs are quiet, they may stay.", Role.IF, "dogs are quiet", "they may stay", True),
        ("Dogs may not stay unless they are quiet.", Role.UNLESS, "they are quiet", "Dogs may stay", False),
        ("Dogs may stay except on Sundays.", Role.UNLESS, "on Sundays", "Dogs may stay", True),
        ("Dogs may stay only if they are quiet.", Role.ONLY, "they are quiet", "Dogs may stay", True),
        ("Only dogs may stay.", Role.ONLY, "dogs", "may stay", True),
        ("Dogs that are loud must leave.", Role.IF, "Dogs are loud", "Dogs must leave", True),
        ("Wer laut ist, darf nicht bleiben.", Role.IF, "laut ist", "darf bleiben", False),
        (
            "Gäste dürfen bleiben, es sei denn, sie sind laut.",
            Role.UNLESS,
            "sie sind laut",
            "Gäste dürfen bleiben",
            True,
        ),
        ("Außer am Sonntag dürfen Gäste bleiben.", Role.UNLESS, "am Sonntag", "dürfen Gäste bleiben", True),
        ("Nur Mitglieder dürfen bleiben.", Role.ONLY, "Mitglieder", "dürfen bleiben", True),
        ("Während der Nacht ist Lärm verboten.", Role.IF, "Während der Nacht", "ist Lärm erlaubt", False),
        ("Ist der Gast krank, darf er bleiben.", Role.IF, "Ist der Gast krank", "darf er bleiben", True),
        ("Gäste mit Hund müssen zahlen.", Role.IF, "Gäste mit Hund", "Gäste müssen zahlen", True),
    ],
)
def test_the_word_that_joins_parts_tells_their_logic(
    sentence: str, role: Role, condition: str, then: str, value: bool
) -> None:
    found = taken_apart(sentence)
    assert conditions(found) == [(role, [(condition, True)])]
    assert [told(each) for each in found.then] == [(then, value)]


@pytest.mark.parametrize(
    ("sentence", "then", "value"),
    [
        ("Smoking is prohibited.", "Smoking is allowed", False),
        ("Nobody may smoke.", "may smoke", False),
        ("No guest may smoke.", "guest may smoke", False),
        ("Das Rauchen ist untersagt.", "Das Rauchen ist erlaubt", False),
        ("Items cannot be unopened.", None, None),
        ("The item is unopened.", "The item is opened", False),
    ],
)
def test_what_a_part_denies_is_taken_out_of_it(sentence: str, then: str | None, value: bool | None) -> None:
    known = frozenset(("opened",))
    if then is None:
        with pytest.raises(NotUnderstood, match="denied twice"):
            taken_apart(sentence, known=known)
    else:
        assert [told(each) for each in taken_apart(sentence, known=known).then] == [(then, value)]


def test_a_subject_is_narrowed_by_amounts_and_clauses() -> None:
    found = taken_apart("Members under 16 may not swim.")
    assert conditions(found) == [(Role.IF, [("Members under ...", "< 16")])]
    found = taken_apart("Employees who work full time and have been here for more than 12 months are eligible.")
    assert conditions(found) == [
        (Role.IF, [("Employees work full time", True), ("Employees have been here for more than ... months", "> 12")])
    ]


def test_the_verb_tells_where_a_subject_ends_that_grammar_does_not() -> None:
    sentence = "Customers who return an item that was faulty pay no fee."
    assert len(Sentence(sentence).fronts()) > 1
    found = taken_apart(sentence, "pay")
    assert conditions(found) == [(Role.IF, [("Customers return an item that was faulty", True)])]
    (then,) = found.then
    assert (told(then), then.none) == (("Customers pay fee", False), True)


def test_a_time_is_a_condition_of_what_is_allowed_and_part_of_what_is_demanded() -> None:
    found = taken_apart("Items may be returned within 30 days of delivery.")
    assert conditions(found) == [(Role.IF, [("within ... days of delivery", "<= 30")])]
    found = taken_apart("Der Kunde darf die Ware innerhalb von 14 Tagen zurückgeben.")
    assert conditions(found) == [(Role.IF, [("innerhalb von ... Tagen", "<= 14")])]
    assert found.then[0].text == "Der Kunde darf die Ware zurückgeben"
    found = taken_apart("Receipts must be handed in within 60 days.")
    assert (conditions(found), found.demands, found.then[0].mood) == ([], True, Mood.DEMAND)


@pytest.mark.parametrize(
    ("sentence", "whom", "about"),
    [
        ("Der Eintritt kostet für Erwachsene 6 Euro.", "für Erwachsene", "Der Eintritt kostet ... Euro"),
        ("The entry is free for children.", "for children", "The entry is"),
    ],
)
def test_for_whom_an_amount_is_is_a_condition(sentence: str, whom: str, about: str) -> None:
    found = taken_apart(sentence)
    assert conditions(found) == [(Role.IF, [(whom, True)])]
    assert (found.then[0].text, found.subject) == (about, None)


def test_what_is_measured_is_no_condition() -> None:
    assert taken_apart("Das Rad darf höchstens 4000 Euro kosten.").subject is None


def test_a_range_is_two_amounts_of_one_thing() -> None:
    (group,) = taken_apart("Parcels that weigh between 5 and 20 kg cost 9 euros.", "cost").when
    assert [each.value.relation for each in group.atoms if isinstance(each.value, Quantity)] == [">=", "<="]


@pytest.mark.parametrize(("word", "either"), [("or", True), ("and", False)])
def test_conditions_are_joined_as_the_sentence_joins_them(word: str, either: bool) -> None:
    found = taken_apart(f"Guests may stay if they are ill {word} the weather is bad.")
    assert found.when == (Group(Role.IF, found.when[0].atoms, either),)
    assert [told(each) for each in found.when[0].atoms] == [("they are ill", True), ("the weather is bad", True)]


def test_the_rest_is_what_the_sentence_before_left() -> None:
    found = taken_apart("In all other cases the fee is 5 dollars.")
    assert (found.rest, [told(each) for each in found.then]) == (True, [("the fee is ... dollars", "= 5")])


def test_a_subject_may_be_a_condition() -> None:
    found = taken_apart("Members and guests may swim.")
    assert found.subject
    assert ([each.text for each in found.subject.atoms], found.subject.either) == (["Members", "guests"], True)
    assert taken_apart("The deposit is 300 dollars.").subject is None


@pytest.mark.parametrize(
    ("sentence", "limit"),
    [
        ("Guests may borrow at most 5 books.", "<= 5"),
        ("Guests may borrow 5 books.", "<= 5"),
        ("Guests may not borrow more than 5 books.", "<= 5"),
        ("Guests must borrow 5 books.", "= 5"),
    ],
)
def test_what_is_allowed_is_so_much_at_most(sentence: str, limit: str) -> None:
    assert [told(each)[1] for each in taken_apart(sentence).then] == [limit]


@pytest.mark.parametrize(
    ("sentence", "why"),
    [
        ("This is also allowed for interns.", "hangs on another sentence"),
        ("Most guests may stay.", "holds only in part"),
        ("Members under 16 and guests under 18 may stay.", "about several things"),
        ("Either the manager or the director must sign.", "a sentence for each case"),
        ("Guests may stay if they are ill or late and tired of it.", "a sentence for each case"),
        ("Guests may stay if they are ill unless it rains.", None),
        ("Guests must not pay 5 euros.", 'It denies "5 euros"'),
        ("Guests may stay for more than 5 days.", 'It allows "more than 5 days"'),
        ("Guests may not stay only if it rains.", 'It says "only"'),
        ("Guests stay " * 100, "has more than 1000 characters"),
        ("Guests must pay 5 euros for 3 days.", "beside another amount"),
    ],
)
def test_what_cannot_be_told_is_not_understood(sentence: str, why: str | None) -> None:
    if why is None:
        assert [each.role for each in taken_apart(sentence).when] == [Role.IF, Role.UNLESS]
    else:
        with pytest.raises(NotUnderstood, match=why):
            taken_apart(sentence)
