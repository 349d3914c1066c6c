"""How able a model is taken to be from its name, and what that means for a prompt."""

import pytest

from craton.models.catalogue import shipped
from craton.models.routes.strength import UNKNOWN, advantage, estimate, of


@pytest.mark.parametrize(
    ("weaker", "stronger"),
    [
        ("Claude 3 Haiku", "Claude 3.5 Sonnet"),
        ("Nova Micro", "Nova Lite"),
        ("Nova Lite", "Nova Pro"),
        ("gpt-4o-mini", "gpt-4o"),
        ("Llama 3.1 8B Instruct", "Llama 3.1 70B Instruct"),
        ("SmolLM2 135M", "Qwen2.5 Coder 0.5B"),
        ("Qwen2.5 Coder 0.5B", "Qwen2.5 Coder 1.5B"),
        ("mistral-7b-instruct", "mixtral-8x7b-instruct"),
        ("ministral-8b-latest", "mistral-large-latest"),
        ("claude-sonnet-4-5", "claude-opus-4-5"),
    ],
)
def test_names_tell_which_of_two_is_stronger(weaker: str, stronger: str) -> None:
    assert estimate(weaker) < estimate(stronger)


@pytest.mark.parametrize("name", ["", "o3", "claude-3-5", "v1:0", "gpt-4o", "model-2024b12"])
def test_a_name_that_tells_nothing_is_taken_for_neither(name: str) -> None:
    assert estimate(name) == UNKNOWN


def test_the_gap_shows_with_the_hardness_and_has_a_sign() -> None:
    small, large = (model for model in shipped() if model.short in ("smollm2-135m", "qwen2.5-coder-1.5b"))
    assert of(small) < of(large)
    assert advantage(large, small, 0.0) == 0
    assert 0 < advantage(large, small, 0.3) < advantage(large, small, 0.9) < 100
    assert advantage(small, large, 0.9) == -advantage(large, small, 0.9)
