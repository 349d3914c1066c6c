"""In which order models are asked: by priority and weight, by how hard the prompt is, and by what they can read."""

import random
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest

from craton.engines.base import ModelSpec
from craton.models.catalogue import Model
from craton.models.routes.routing import Arm, Only, Router, Split, Target, takes
from tests.models.routes.prompts import EASY, HARD


def model(name: str, strength: float = 50, **more: Any) -> Model:
    fields: dict[str, Any] = {
        "id": name,
        "short": name,
        "name": name,
        "provider": "test",
        "family": "openai_chat",
        "licence": "",
        "input": ("TEXT",),
        "output": ("TEXT",),
        "context_length": 0,
        "max_output_tokens": 0,
        "engines": (),
        "files": (),
        "strength": strength,
    }
    return Model(**fields | more)


def only(name: str, strength: float = 50, **more: Any) -> Only:
    return Only(Target(model(name, strength, **more), ModelSpec(name, "scripted", {}, 0), f"arn:{name}"))


def turn(text: str = "Hello", *blocks: dict[str, Any]) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": [{"text": text}, *blocks]}]}


def names(targets: Sequence[Target]) -> list[str]:
    return [target.model.id for target in targets]


class TestSplit:
    def test_lower_priorities_come_first_and_the_rest_follows(self) -> None:
        split = Split((Arm(only("c"), priority=7), Arm(only("a"), priority=0), Arm(only("b"), priority=3)))
        assert names(split.targets(turn())) == ["a", "b", "c"]

    def test_weights_share_the_traffic_and_all_others_are_fallbacks(self) -> None:
        chance = random.Random(5).random
        arms = (Arm(only("a"), 6), Arm(only("b"), 3), Arm(only("c"), 1), Arm(only("last"), priority=1))
        drawn = [names(Split(arms, chance).targets(turn())) for _ in range(4000)]
        first = Counter(order[0] for order in drawn)
        assert [round(first[name] / 4000, 1) for name in "abc"] == [0.6, 0.3, 0.1]
        assert {order[3] for order in drawn} == {"last"}
        assert all(sorted(order[:3]) == ["a", "b", "c"] for order in drawn)
        # Where the first fails, those that are left share by their weights too.
        second = Counter(order[1] for order in drawn if order[0] == "a")
        assert second["b"] / second.total() == pytest.approx(0.75, abs=0.03)

    def test_a_weight_of_nothing_is_for_when_all_others_of_its_priority_fail(self) -> None:
        split = Split((Arm(only("spare"), 0), Arm(only("a"), 1), Arm(only("b"), 1), Arm(only("last"), priority=1)))
        for _ in range(50):
            assert names(split.targets(turn()))[2:] == ["spare", "last"]

    def test_routes_may_lead_to_routes(self) -> None:
        inner = Split((Arm(only("b")), Arm(only("c"), priority=1)))
        split = Split((Arm(only("a")), Arm(inner, priority=1), Arm(only("d"), priority=2)))
        assert names(split.targets(turn())) == ["a", "b", "c", "d"]

    def test_what_a_model_cannot_read_is_not_sent_to_it(self) -> None:
        split = Split((Arm(only("blind")), Arm(only("sees", input=("TEXT", "IMAGE")), priority=1)))
        image = {"image": {"format": "png", "source": {"bytes": b""}}}
        assert names(split.targets(turn("What is this?", image))) == ["sees"]
        assert names(split.targets(turn("Hello"))) == ["blind", "sees"]

    def test_where_none_can_the_first_is_asked_and_says_why(self) -> None:
        image = {"image": {"format": "png", "source": {"bytes": b""}}}
        assert names(Split((Arm(only("blind")),)).targets(turn("What is this?", image))) == ["blind"]


def test_a_text_that_is_far_too_long_is_not_taken() -> None:
    assert takes(model("small", context_length=10), turn("x" * 80))
    assert not takes(model("small", context_length=10), turn("x" * 81))
    assert takes(model("unknown"), turn("x" * 10_000))


class TestRouter:
    """The anchor is the fallback model; 10 percent is AWS's example."""

    @pytest.mark.parametrize(("prompts", "expected"), [(EASY, "weak"), (HARD, "strong")], ids=["easy", "hard"])
    def test_a_strong_anchor_leaves_what_is_easy_to_the_weaker_model(self, prompts: list[str], expected: str) -> None:
        router = Router(only("strong", 75), (only("weak", 50),), 10)
        firsts = Counter(names(router.targets(turn(prompt)))[0] for prompt in prompts)
        assert firsts[expected] / len(prompts) > 0.9

    @pytest.mark.parametrize(("prompts", "expected"), [(EASY, "weak"), (HARD, "strong")], ids=["easy", "hard"])
    def test_a_weak_anchor_calls_the_stronger_model_for_what_is_hard(self, prompts: list[str], expected: str) -> None:
        router = Router(only("weak", 50), (only("strong", 75),), 10)
        firsts = Counter(names(router.targets(turn(prompt)))[0] for prompt in prompts)
        assert firsts[expected] / len(prompts) > 0.9

    def test_the_greater_the_difference_allowed_the_more_goes_to_the_weaker_model(self) -> None:
        shares = [
            sum(
                names(Router(only("strong", 75), (only("weak", 50),), difference).targets(turn(prompt)))[0] == "weak"
                for prompt in EASY + HARD
            )
            for difference in (0, 5, 15, 30, 100)
        ]
        assert shares == sorted(shares)
        assert (shares[0], shares[-1]) == (0, len(EASY + HARD))

    def test_all_others_are_fallbacks_and_the_anchor_is_the_first_of_them(self) -> None:
        router = Router(only("middle", 50), (only("weak", 20), only("strong", 80)), 10)
        assert names(router.targets(turn(EASY[0]))) == ["weak", "middle", "strong"]
        assert names(router.targets(turn(HARD[1]))) == ["strong", "middle", "weak"]

    def test_models_of_one_strength_are_no_choice(self) -> None:
        router = Router(only("a", 50), (only("b", 50),), 100)
        assert names(router.targets(turn(HARD[1])))[0] == "a"

    def test_a_model_that_cannot_read_the_prompt_is_not_chosen(self) -> None:
        router = Router(only("anchor", 80, input=("TEXT", "IMAGE")), (only("blind", 20),), 100)
        image = {"image": {"format": "png", "source": {"bytes": b""}}}
        assert names(router.targets(turn("Hi", image))) == ["anchor"]
        seeing = Router(only("blind", 80), (only("sees", 20, input=("TEXT", "IMAGE")),), 0)
        assert names(seeing.targets(turn(HARD[1], image))) == ["sees"]
