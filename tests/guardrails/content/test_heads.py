import pytest

from craton.guardrails.content.categories import Category
from craton.guardrails.content.heads import Head, trained
from craton.guardrails.content.levels import HIGH, LOW, MEDIUM, Tier
from tools.filters.examples import checksum, examples


def test_the_shipped_heads_were_trained_from_the_sentences_that_are_there():
    assert trained().data == checksum(), "train them anew: python -m tools.filters"


def test_every_tier_has_a_head_for_every_category():
    for tier in Tier:
        heads = trained().tiers[tier]
        assert set(heads) == set(Category)
        assert all(len(head.weights) == 512 and head.low < head.medium < head.high for head in heads.values())


def test_scores_are_stretched_to_the_common_thresholds():
    head = Head(weights=(1.0,), bias=0.5, low=1.0, medium=2.5, high=4.0)
    sums = (-100.0, 0.0, 1.0, 2.5, 4.0, 9.0, 1000.0)
    scores = [head.score([total - 0.5]) for total in sums]
    assert scores == sorted(scores)
    assert scores[2:5] == pytest.approx([LOW, MEDIUM, HIGH])
    assert 0.0 <= scores[0] < scores[1] < LOW
    assert HIGH < scores[5] <= scores[6] <= 1.0


def test_the_attack_model_has_a_say_where_it_was_trained_to():
    head = trained().tiers[Tier.STANDARD][Category.JAILBREAK]
    nothing = [0.0] * 512
    assert head.score(nothing, 0.99) > head.score(nothing, 0.01)
    hate = trained().tiers[Tier.STANDARD][Category.HATE]
    assert hate.score(nothing, 0.99) == hate.score(nothing, 0.01)


def test_held_out_sentences_have_no_variant_among_the_trained():
    by_place: dict[tuple[str, str, float], set[bool]] = {}
    for example in examples():
        by_place.setdefault((example.label, example.language, example.place), set()).add(example.held_out)
    assert all(len(sides) == 1 for sides in by_place.values())
    trained_on = {example.text for example in examples() if not example.held_out}
    assert not trained_on & {example.text for example in examples() if example.held_out}
