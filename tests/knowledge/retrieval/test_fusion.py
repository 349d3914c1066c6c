"""Two rankings made one: what order comes out, and what the scores mean."""

import pytest

from craton.knowledge.retrieval.fusion import by_meaning, fused
from craton.store.vectors.records import Chunk, Hit

DEPTH = 30


def hits(**scores: float) -> list[Hit]:
    return [Hit(Chunk(name, "d", name), score) for name, score in scores.items()]


def order(found: list[Hit]) -> str:
    return "".join(hit.chunk.id for hit in found)


def scores(found: list[Hit]) -> dict[str, float]:
    return {hit.chunk.id: hit.score for hit in found}


def test_what_both_find_comes_before_what_one_finds() -> None:
    assert order(fused(hits(a=0.6, b=0.5), hits(b=4.0, c=3.0), 2, DEPTH)) == "bac"


def test_scores_fall_from_one_to_nothing() -> None:
    found = fused(hits(a=1.0, b=0.4, c=-0.3), hits(a=50.0, b=2.0), 3, DEPTH)
    told = [hit.score for hit in found]
    assert told == sorted(told, reverse=True)
    assert 0.9 < told[0] <= 1
    assert told[-1] == 0


def test_a_query_without_an_answer_has_low_scores() -> None:
    good = fused(hits(a=0.8), hits(a=12.0), 4, DEPTH)[0].score
    poor = fused(hits(a=0.2), hits(a=1.0), 4, DEPTH)[0].score
    none = fused(hits(a=0.2), [], 4, DEPTH)[0].score
    assert good > 0.9 > 0.4 > poor > none > 0


def test_the_last_of_those_that_were_to_be_found_is_as_good_as_all_others() -> None:
    cut = fused(hits(a=0.6, b=0.5), hits(c=3.0), 2, 2)
    whole = fused(hits(a=0.6, b=0.5), hits(c=3.0), 2, DEPTH)
    assert scores(cut)["b"] == 0 < scores(whole)["b"]
    assert scores(cut)["a"] == scores(whole)["a"]


def test_the_words_of_a_long_query_weigh_more() -> None:
    near, matching = hits(a=0.6), hits(b=30.0)
    assert scores(fused(near, matching, 8, DEPTH))["a"] == scores(fused(near, matching, 8, DEPTH))["b"]
    long = scores(fused(near, matching, 40, DEPTH))
    assert long["a"] == pytest.approx(long["b"] / 4)


def test_without_words_the_meaning_decides() -> None:
    assert order(fused(hits(a=0.6, b=0.5), [], 0, DEPTH)) == "ab"
    assert fused(hits(a=0.6, b=0.5), [], 3, DEPTH)[0].score == pytest.approx(0.6)
    assert order(fused(hits(a=-0.1, b=-0.1), [], 0, DEPTH)) == "ab"
    assert fused([], [], 0, DEPTH) == []


def test_the_score_of_the_meaning_is_the_cosine() -> None:
    assert [hit.score for hit in by_meaning(hits(a=1.0000001, b=0.5, c=-0.5))] == [1.0, 0.5, 0.0]
