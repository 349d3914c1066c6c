"""What heads find of sentences that they were not fitted to, as tables. Knows not how they were fitted."""

from collections.abc import Iterator, Mapping

import numpy as np

from craton.guardrails.content.categories import Category
from craton.guardrails.content.heads import Head
from craton.guardrails.content.levels import Tier
from tools.filters.features import Matrix
from tools.filters.training import BENIGN, LANGUAGES, Labelled


def table(tier: Tier, heads: Mapping[Category, tuple[Head, Matrix]], data: Labelled) -> Iterator[str]:
    """Lines of Markdown: recall of what is of the category / share filtered of near misses / of other harmless."""
    yield f"{tier}: recall / near misses filtered / other harmless sentences filtered, of folds left out, by strength"
    yield ""
    yield "| filter | language | AUROC | LOW | MEDIUM | HIGH | sentences |"
    yield "|---|---|---|---|---|---|---|"
    for category, (head, sums) in heads.items():
        for language in sorted(LANGUAGES[tier], reverse=True):
            rows = data.languages == language
            benign, near = rows & np.isin(data.labels, BENIGN), data.near(category)
            found, like, others = sums[rows & data.positive(category, tier)], sums[benign & near], sums[benign & ~near]
            cells = [
                f"{(found >= least).mean():.2f} / {(like >= least).mean():.3f} / {(others >= least).mean():.3f}"
                for least in (head.high, head.medium, head.low)
            ]
            auroc = (found[:, None] > sums[benign][None, :]).mean()
            yield f"| {category} | {language} | {auroc:.3f} | {' | '.join(cells)} | {len(found)} + {benign.sum()} |"
    yield ""


def strangers(tier: Tier, category: Category, head: Head, sums: Matrix, data: Labelled) -> Iterator[str]:
    """Lines of Markdown: recall of each family by heads to which the whole family was strange."""
    yield f"{tier}, {category}: recall of families that were left out as a whole, by strength"
    yield ""
    yield "| family | sentences | LOW | MEDIUM | HIGH |"
    yield "|---|---:|---:|---:|---:|"
    positive = data.positive(category, tier)
    every = [(family, positive & (data.families == family)) for family in sorted(set(data.families[positive].tolist()))]
    for family, rows in [*every, ("all", positive)]:
        cells = [f"{(sums[rows] >= least).mean():.2f}" for least in (head.high, head.medium, head.low)]
        yield f"| {family} | {rows.sum()} | {' | '.join(cells)} |"
    yield ""
