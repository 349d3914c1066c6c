import pytest

from craton.engines.grammar.gbnf.expressions import EMPTY, NOTHING, Literal, Ref, choice, optional, sequence
from craton.engines.grammar.gbnf.rules import Rules, TooLargeError
from tests.engines.grammar import gbnf_reader as gbnf


@pytest.mark.parametrize(("least", "most"), [(0, 64), (0, 65), (3, 130), (64, 64), (100, 4200), (0, 5000), (70, None)])
def test_long_counts_are_exact(least: int, most: int | None) -> None:
    rules = Rules()
    text = rules.text(rules.repeated(Literal("a"), least, most))
    grammar = gbnf.read(text)
    counts = {0, 1, least - 1, least, least + 1, 200, (most or 300) - 1, most or 300, (most or 300) + 1} - {-1}
    for count in counts:
        assert grammar.accepts("a" * count) == (least <= count <= (count if most is None else most)), count
    assert len(text) < 1000


def test_what_can_never_end_is_left_out() -> None:
    rules = Rules()
    endless = rules.reserve("endless")
    rules.define(endless, sequence(Literal("["), endless, Literal("]")))
    assert not rules.possible(endless)
    assert rules.text(sequence(Literal("a"), choice(endless, Literal("b")), optional(endless))) == 'root ::= "ab"\n'


def test_another_name_of_a_rule_is_left_out() -> None:
    rules = Rules()
    letter = rules.named(choice(Literal("a"), Literal("b")), "letter")
    name = rules.reserve("name")
    rules.define(name, letter)
    assert rules.text(sequence(name, letter)) == 'root ::= letter-1 letter-1\nletter-1 ::= "a" | "b"\n'


def test_ways_that_llama_cpp_would_walk_for_ever_are_refused() -> None:
    rules = Rules()
    step = rules.named(Literal("x"), "step")
    for _ in range(40):
        step = rules.named(choice(sequence(step, Literal("a")), sequence(step, Literal("b"))), "step")
    with pytest.raises(TooLargeError):
        rules.text(step)


def test_nothing_and_the_empty_text() -> None:
    rules = Rules()
    assert rules.repeated(NOTHING, 0, 5) == EMPTY and rules.repeated(NOTHING, 1, 5) == NOTHING
    assert rules.repeated(Literal("a"), 2, 1) == NOTHING
    assert rules.text(EMPTY) == 'root ::= ""\n'
    assert isinstance(rules.shared("x", Literal("y")), Ref)
