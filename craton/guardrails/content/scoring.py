"""How much texts are of each category, 0 to 1. Knows no guardrail: neither strengths, nor actions, nor sources.

A text's score is that of its sentence, or of the whole of it, that scores highest: one sentence is enough. The STANDARD
tier asks a text model about scores near a threshold, where the operator has named one.
"""

from collections.abc import Collection, Mapping, Sequence

from craton.guardrails.content.categories import ATTACKS, Category
from craton.guardrails.content.doubts import reconsider
from craton.guardrails.content.grams import columns
from craton.guardrails.content.heads import trained
from craton.guardrails.content.levels import Tier
from craton.guardrails.means import Means
from craton.guardrails.sentences import views
from craton.guardrails.turns import turn


async def detect(
    texts: Sequence[str], categories: Collection[Category], means: Means, tier: Tier = Tier.STANDARD
) -> list[dict[Category, float]]:
    """Each text's score in each of the categories. Raises Undecided where a model is missing or fails."""
    wanted = [category for category in Category if category in categories]
    parts = [views(text) for text in texts]
    distinct = list(dict.fromkeys(part for each in parts for part in each))
    if not distinct or not wanted:
        return [dict.fromkeys(wanted, 0.0) for _ in texts]
    vectors = await means.vectors(distinct)
    attacks = await means.attacks(distinct) if ATTACKS & set(wanted) else [0.0] * len(distinct)
    heads = trained().tiers[tier]
    weigh_grams = any(heads[category].grams for category in wanted)
    scores: dict[str, Mapping[Category, float]] = {}
    for part, vector, attack in zip(distinct, vectors, attacks, strict=True):
        async with turn():
            grams = columns(part) if weigh_grams else ()
            scores[part] = {category: heads[category].score(vector, attack, grams) for category in wanted}
    results: list[dict[Category, float]] = []
    for each in parts:
        best = dict.fromkeys(wanted, 0.0)
        for category in wanted:
            part = max(each, key=lambda part: scores[part][category], default="")
            if part:
                best[category] = scores[part][category]
                if tier is Tier.STANDARD and means.asks:
                    best[category] = await reconsider(part, category, best[category], means)
        results.append(best)
    return results
