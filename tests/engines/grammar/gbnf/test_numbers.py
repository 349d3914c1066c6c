import random
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from craton.engines.grammar.gbnf.expressions import NOTHING
from craton.engines.grammar.gbnf.numbers import Bound, Numbers
from craton.engines.grammar.gbnf.rules import Rules
from tests.engines.grammar import gbnf_reader as gbnf

BOUNDS = st.none() | st.builds(
    Bound,
    st.decimals(-120, 120, places=2)
    | st.integers(-1200, 1200).map(Decimal)
    | st.floats(-10, 10).map(lambda value: Decimal(repr(value))),
    st.booleans(),
)


def inside(value: Decimal, low: Bound | None, high: Bound | None) -> bool:
    above = not low or value > low.value or (value == low.value and not low.open)
    return above and (not high or value < high.value or (value == high.value and not high.open))


@settings(max_examples=200, deadline=None)
@given(BOUNDS, BOUNDS, st.integers(1, 12), st.lists(st.integers(-1300, 1300), max_size=20))
def test_integers_between_bounds(low: Bound | None, high: Bound | None, step: int, values: list[int]) -> None:
    rules = Rules()
    expr = Numbers(rules).integer(low, high, step)
    if expr is None:
        assert step not in (1, 2, 4, 5, 8, 10) and not (low and high), "such numbers can be written"
        return
    if expr == NOTHING:
        assert low and high and not any(inside(Decimal(n), low, high) for n in range(-1300, 1300, 1) if n % step == 0)
        return
    grammar = gbnf.read(rules.text(expr))
    edges = [round(bound.value) + near for bound in (low, high) if bound for near in (-1, 0, 1)]
    for value in [*values, *edges, 0]:
        assert grammar.accepts(str(value)) == (inside(Decimal(value), low, high) and value % step == 0), value
    assert not any(map(grammar.accepts, ["01", "-0", "", "-", "1.0"]))


@settings(max_examples=200, deadline=None)
@given(BOUNDS, BOUNDS, st.lists(st.decimals(-130, 130, places=3), max_size=20), st.randoms(use_true_random=False))
def test_numbers_between_bounds(
    low: Bound | None, high: Bound | None, values: list[Decimal], chance: random.Random
) -> None:
    rules = Rules()
    expr = Numbers(rules).number(low, high)
    if not rules.possible(expr):
        assert low and high and high.value - low.value < Decimal("1e-10")
        return
    grammar = gbnf.read(rules.text(expr))
    for _ in range(10):
        drawn = grammar.draw(chance)
        assert inside(Decimal(drawn), low, high)
        for bound, sign in ((low, 1), (high, -1)):
            # As floats, too, they are on the right side.
            if bound and bound.open:
                assert float(drawn) * sign > float(bound.value) * sign
    for value in values:
        text = f"{value.normalize():f}"
        if value:
            assert grammar.accepts(text) == inside(value, low, high), text
    assert not any(map(grammar.accepts, ["1.", ".5", "01", "1e5", "--1"]))
