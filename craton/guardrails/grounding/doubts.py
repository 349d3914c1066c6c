"""Statements whose support is in doubt, put to a text model with what of the source is nearest to them.

Knows no threshold and no weights.
"""

from collections.abc import Sequence
from dataclasses import replace

from craton.guardrails.grounding.scoring import Supported
from craton.guardrails.means import Means

# Between these scores the model is asked.
FROM, TO = 0.3, 0.95
# Statements of one answer that it is asked about, the most doubtful ones.
MOST = 8
YES, NO = "yes", "no"


async def reconsidered(told: Sequence[Supported], means: Means) -> list[Supported]:
    """In the same order; what was in doubt with the mean of both scores. Raises Undecided."""
    doubtful = sorted((each for each in told if FROM <= each.score < TO), key=lambda each: each.score)[:MOST]
    asked = {each.statement: await _asked(each, means) for each in doubtful}
    return [replace(each, score=asked.get(each.statement, each.score)) for each in told]


async def _asked(each: Supported, means: Means) -> float:
    answers = await means.choose(_question(each), (YES, NO))
    return (each.score + answers[YES]) / 2


def _question(each: Supported) -> str:
    source = "\n".join(each.nearest)
    return (
        "Is all that the statement says also said by the source, every number, name and condition of it? What is "
        "probable but not said there does not count.\n\n"
        f"Source:\n<<<\n{source}\n>>>\n\nStatement:\n<<<\n{each.statement}\n>>>"
    )
