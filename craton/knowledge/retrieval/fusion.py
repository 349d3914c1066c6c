"""Two rankings of the same chunks made one: what is near the query in meaning, and what shares its words.

A score is a product, from 0 to 1: how much the best that was found has to do with the query, which tells queries apart
that have an answer from those that have none, and how a chunk compares with the best. Knows no index and no language.
"""

from collections.abc import Mapping, Sequence

from craton.store.vectors.records import Hit

# What the meaning weighs beside the words: as much for a short query, and less for a long one, of which one vector says
# less. Numbers of words; found by trial on documents and questions in English and German (`make bench-knowledge`).
SHORT, LONG = 8, 40
OF_SHORT, OF_LONG = 0.5, 0.2
# The BM25 for each word of the query that makes half a match.
HALF = 1.0


def by_meaning(hits: Sequence[Hit]) -> list[Hit]:
    """The score is the cosine. What points away from the query has no less to do with it than what is at a right angle
    to it.
    """
    return [Hit(hit.chunk, _cosine(hit.score)) for hit in hits]


def fused(near: Sequence[Hit], matching: Sequence[Hit], words: int, depth: int) -> list[Hit]:
    """Best first. `words` are the query's different ones, `depth` is how many each of the two searches was to find."""
    chunks = {hit.chunk.id: hit.chunk for hit in (*matching, *near)}
    meanings, matches = _compared(near, depth), _compared(matching, depth)
    weight, strength = _of_meaning(words), _strength(near, matching, words)
    sums = {name: weight * meanings.get(name, 0.0) + (1 - weight) * matches.get(name, 0.0) for name in chunks}
    best = max(sums.values(), default=0.0)
    order = sorted(chunks, key=lambda name: -sums[name])
    return [Hit(chunks[name], strength * sums[name] / best if best else 0.0) for name in order]


def _compared(hits: Sequence[Hit], depth: int) -> Mapping[str, float]:
    """How each compares with the best: from 1 down to 0, for what is as good as all that was not found."""
    if not hits:
        return {}
    best = hits[0].score
    others = hits[-1].score if len(hits) >= depth else min(hits[-1].score, 0.0)
    return {hit.chunk.id: (hit.score - others) / (best - others) if best > others else 1.0 for hit in hits}


def _of_meaning(words: int) -> float:
    long = min(max((words - SHORT) / (LONG - SHORT), 0.0), 1.0)
    return OF_SHORT + long * (OF_LONG - OF_SHORT)


def _strength(near: Sequence[Hit], matching: Sequence[Hit], words: int) -> float:
    """Either is enough, and both together are more."""
    meaning = _cosine(near[0].score) if near else 0.0
    match = matching[0].score / (matching[0].score + HALF * words) if matching else 0.0
    return 1 - (1 - meaning) * (1 - match)


def _cosine(cosine: float) -> float:
    return min(max(cosine, 0.0), 1.0)
