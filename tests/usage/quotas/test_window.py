"""A window holds what was taken in the last minute, however it came."""

from hypothesis import given
from hypothesis import strategies as st

from craton.usage.quotas.window import SECONDS, Window

STEPS = st.lists(st.tuples(st.floats(0, 40), st.integers(0, 50)), max_size=60)
SLACK = 0.11  # an entry may stay so much longer, never shorter


def filled(steps: list[tuple[float, int]]) -> tuple[Window, list[tuple[float, int]], float]:
    window, taken, now = Window(), [], 1000.0
    for pause, amount in steps:
        now += pause
        window.add(now, amount)
        taken.append((now, amount))
    return window, taken, now


@given(STEPS, st.floats(0, 90))
def test_it_is_the_sum_of_the_last_minute(steps: list[tuple[float, int]], pause: float) -> None:
    window, taken, now = filled(steps)
    now += pause
    held = window.at(now)
    assert sum(amount for at, amount in taken if at > now - SECONDS) <= held
    assert held <= sum(amount for at, amount in taken if at > now - SECONDS - SLACK)


@given(STEPS, st.integers(1, 200))
def test_after_the_wait_so_much_is_gone_and_a_moment_before_it_was_not(
    steps: list[tuple[float, int]], amount: int
) -> None:
    window, _, now = filled(steps)
    before = window.at(now)
    wait = window.wait(now, amount)
    assert 0 <= wait <= SECONDS
    gone = min(amount, before)
    if wait > 0.01:
        untouched, _, _ = filled(steps)
        assert before - untouched.at(now + wait - 0.01) < gone
    assert before - window.at(now + wait + 1e-6) >= gone


@given(STEPS)
def test_it_tells_when_it_will_be_empty(steps: list[tuple[float, int]]) -> None:
    window, _, now = filled(steps)
    assert window.at(now + window.empty_in(now) + 1e-6) == 0


def test_a_busy_window_stays_small() -> None:
    window = Window()
    for number in range(200_000):
        window.add(number / 1000, 1)
    assert window.at(200.0) >= 60_000
    assert len(window._entries) < 650
