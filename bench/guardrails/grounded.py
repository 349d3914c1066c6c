"""Contextual grounding and relevance: how well scores part good answers from bad ones."""

from collections.abc import AsyncIterator, Mapping, Sequence

from bench.guardrails import sets
from bench.guardrails.measures import auroc
from bench.guardrails.sets import LANGUAGES, Passage
from craton.guardrails.findings import Answered, Source, WholeJudge
from craton.guardrails.grounding import judge as grounding_judge
from craton.guardrails.means import Means

BAD = ("number", "entity", "negated", "invented", "irrelevant")
# A threshold at which rates are told; AUROC needs none.
THRESHOLD = 0.7
POLICY = {"filters": [{"type": kind, "threshold": THRESHOLD} for kind in ("GROUNDING", "RELEVANCE")]}
Scores = Mapping[tuple[str, str], Sequence[float]]


async def rows(means: Means) -> AsyncIterator[str]:
    judge = grounding_judge(POLICY, Source.OUTPUT, means)
    assert judge
    passages = sets.passages()
    grounding = await _scored(judge, passages, "GROUNDING", ("supported", "whole", "mixed", *BAD))
    relevance = await _scored(judge, passages, "RELEVANCE", ("relevant", "off_topic", "irrelevant"))
    yield f"| what | AUROC en | AUROC de | right at {THRESHOLD} en | right at {THRESHOLD} de |"
    yield "|---|---:|---:|---:|---:|"
    yield _row("**grounding, one statement**", grounding, ("supported",), BAD)
    for kind in BAD:
        yield _row(f"supported against {kind}", grounding, ("supported",), (kind,))
    yield _row("**grounding, several statements**", grounding, ("whole",), ("mixed",))
    yield _row("**relevance**", relevance, ("relevant",), ("off_topic", "irrelevant"))
    yield _row("relevant against another aspect of the subject", relevance, ("relevant",), ("off_topic",))


async def _scored(judge: WholeJudge, passages: Sequence[Passage], kind: str, lists: Sequence[str]) -> Scores:
    scores: dict[tuple[str, str], list[float]] = {}
    for passage in passages:
        for name in lists:
            answers: list[str] = getattr(passage, name)
            for answer in answers:
                found = await judge.judge(Answered(answer, [passage.source], passage.query))
                score = next(each.entry["score"] for each in found if each.entry["type"] == kind)
                scores.setdefault((passage.language, name), []).append(float(str(score)))
    return scores


def _row(name: str, scores: Scores, good: Sequence[str], bad: Sequence[str]) -> str:
    curves, rights = [], []
    for language in LANGUAGES:
        high = [score for kind in good for score in scores[language, kind]]
        low = [score for kind in bad for score in scores[language, kind]]
        curves.append(f"{auroc(high, low):.2f}")
        kept = sum(score >= THRESHOLD for score in high) / len(high)
        caught = sum(score < THRESHOLD for score in low) / len(low)
        rights.append(f"{kept:.2f} kept, {caught:.2f} caught")
    return f"| {name} | {' | '.join(curves)} | {' | '.join(rights)} |"
