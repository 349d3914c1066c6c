from hypothesis import given
from hypothesis import strategies as st

from craton.engines.slots import Slots


def test_an_answer_takes_the_slot_that_holds_most_of_its_prompt() -> None:
    slots = Slots(3)
    taken = [slots.take(prompt) for prompt in ("one story", "another tale", "third thing")]
    for slot, text in zip(taken, ("one story and its end", "another tale told", "third thing said"), strict=True):
        slots.give_back(slot, text)
    assert slots.take("another tale told again") == taken[1]
    assert slots.take("one story and so on") == taken[0]


def test_what_shares_too_little_takes_the_slot_that_was_idle_longest() -> None:
    slots = Slots(2)
    first, second = slots.take("a"), slots.take("b")
    slots.give_back(second, "x" * 9)
    slots.give_back(first, "y" * 9)
    assert slots.take("y" + "z" * 99) == second


@given(st.lists(st.text("ab", max_size=6), min_size=1, max_size=4), st.text("ab", min_size=1, max_size=6))
def test_the_longest_common_beginning_wins(texts: list[str], prompt: str) -> None:
    slots = Slots(len(texts))
    for slot, text in zip([slots.take("") for _ in texts], texts, strict=True):
        slots.give_back(slot, text)

    def shared(text: str) -> int:
        return next(
            (n for n, (a, b) in enumerate(zip(text, prompt, strict=False)) if a != b), min(len(text), len(prompt))
        )

    best = max(map(shared, texts))
    assert best == 0 or shared(texts[slots.take(prompt)]) == best
