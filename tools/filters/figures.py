"""What the heads find of the sentences that were held out, as a table for each tier. Knows not how they were fitted."""

from collections.abc import Iterator, Mapping

import numpy as np

from craton.guardrails.content.categories import Category
from craton.guardrails.content.heads import Head
from craton.guardrails.content.levels import HIGH, LOW, MEDIUM, Tier
from tools.filters.features import Matrix
from tools.filters.training import BENIGN, Labelled

# The strength of a filter, and the score from which on it filters.
STRENGTHS = {"LOW": HIGH, "MEDIUM": MEDIUM, "HIGH": LOW}


def scores(head: Head, data: Labelled) -> Matrix:
    """As the server computes them."""
    attacks = data.features.attacks
    return np.array(
        [
            head.score(vector.tolist(), float(1 / (1 + np.exp(-attack))))
            for vector, attack in zip(data.features.vectors, attacks, strict=True)
        ]
    )


def table(tier: Tier, heads: Mapping[Category, Head], data: Labelled) -> Iterator[str]:
    """Lines of Markdown: recall of what is of the category / share filtered of near misses / of ordinary texts."""
    yield f"{tier}: recall / near misses filtered / ordinary texts filtered, held-out sentences, by strength"
    yield ""
    yield "| filter | language | AUROC | LOW | MEDIUM | HIGH | sentences |"
    yield "|---|---|---|---|---|---|---|"
    for category, head in heads.items():
        found = scores(head, data)
        for language in ("en", "de"):
            rows = data.held_out & (data.languages == language)
            of_it = found[rows & data.positive(category, tier)]
            near = found[rows & np.isin(data.labels, ["NEAR", "INSTRUCTIONS", "VOICES"])]
            plain = found[rows & (data.labels == "PLAIN")]
            benign = found[rows & np.isin(data.labels, BENIGN)]
            cells = [
                f"{(of_it >= least).mean():.2f} / {(near >= least).mean():.3f} / {(plain >= least).mean():.3f}"
                for least in STRENGTHS.values()
            ]
            auroc = (of_it[:, None] > benign[None, :]).mean()
            yield f"| {category} | {language} | {auroc:.3f} | {' | '.join(cells)} | {len(of_it)} + {len(benign)} |"
    yield ""
