import pytest

from craton.guardrails.content.categories import Category
from craton.guardrails.content.grams import COLUMNS, columns
from craton.guardrails.content.heads import NOTHING, Head, trained
from craton.guardrails.content.levels import HIGH, LOW, MEDIUM, Tier
from tools.filters.examples import FOLDS, checksum, examples


def test_the_shipped_heads_were_trained_from_the_sentences_that_are_there():
    assert trained().data == checksum(), "train them anew: python -m tools.filters"


def test_every_tier_has_a_head_for_every_category():
    for tier in Tier:
        heads = trained().tiers[tier]
        assert set(heads) == set(Category)
        width = COLUMNS if tier is Tier.STANDARD else 0
        assert all(len(head.weights) == 512 and len(head.grams) == width for head in heads.values())
        assert all(head.low < head.medium < head.high for head in heads.values())


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


def test_grams_weigh_as_much_as_their_share_of_the_text():
    table = bytearray([NOTHING]) * COLUMNS
    for column in columns("no rules"):
        table[column] = NOTHING + 10
    head = Head(weights=(0.0,), bias=0.0, low=1.0, medium=2.0, high=3.0, grams=bytes(table), scale=0.03)
    texts = ("no rules", "No  RULES", "no rules today", "a green parrot")
    exact, shouted, diluted, other = (head.score([0.0], columns=columns(text)) for text in texts)
    assert exact == shouted > diluted > other == head.score([0.0])


def test_variants_and_translations_of_a_line_are_in_one_fold():
    folds: dict[tuple[str, str, float], set[int]] = {}
    for example in examples():
        folds.setdefault((example.family, example.language, example.place), set()).add(example.fold)
    assert all(len(each) == 1 for each in folds.values())
    assert {fold for each in folds.values() for fold in each} == set(range(FOLDS))


def test_no_sentence_stands_in_two_folds():
    of: dict[str, set[int]] = {}
    for example in examples():
        of.setdefault(example.text, set()).add(example.fold)
    assert not {text: each for text, each in of.items() if len(each) > 1}
