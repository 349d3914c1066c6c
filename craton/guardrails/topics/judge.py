"""The judge of a topic policy for texts from one source. Knows topics, not how vectors are made."""

import asyncio
from collections.abc import Mapping, Sequence

from craton.guardrails.content.levels import Tier
from craton.guardrails.findings import Action, Finding, Judge, Source, Window
from craton.guardrails.means import Means
from craton.guardrails.sentences import views
from craton.guardrails.topics.doubts import Doubt
from craton.guardrails.topics.likeness import Background, Mark, background
from craton.guardrails.topics.policy import Topic, applying
from craton.guardrails.turns import turn

POLICY, GROUP = "topicPolicy", "topics"

# Likeness from which on a text is about a topic. Between the other two a text model is asked, where there is one and
# the topic has examples that it can be tried with.
DENIED = 0.12
DOUBTFUL, CERTAIN = 0.05, 0.20


def judge(policy: Mapping[str, object], source: Source, means: Means) -> Judge | None:
    """None where no topic is denied to texts of this source."""
    on, tier = applying(policy, source)
    return _TopicJudge(on, tier, means) if on else None


class _TopicJudge:
    policy = POLICY

    def __init__(self, topics: Sequence[Topic], tier: Tier, means: Means) -> None:
        self._topics = topics
        asks = tier is Tier.STANDARD and means.asks
        self._doubts = {topic.name: Doubt(topic, background(), means) for topic in topics if asks and topic.examples}
        self._means = means
        self._known: tuple[Background, Sequence[Mark]] | None = None
        self._learning = asyncio.Lock()

    async def judge(self, windows: Sequence[Window], *, full: bool = False) -> list[Finding]:
        """One finding a topic, whichever sentence is about it."""
        parts = list(dict.fromkeys(part for window in windows for part in views(window.text)))
        vectors = await self._means.vectors(parts) if parts else []
        ordinary, marks = await self._learned()
        nearness = []
        for vector in vectors:
            async with turn():
                nearness.append(ordinary.nearness(vector))
        findings = []
        for topic, mark in zip(self._topics, marks, strict=True):
            async with turn():
                scored = [mark.likeness(vector, near) for vector, near in zip(vectors, nearness, strict=True)]
            best = max(range(len(parts)), key=scored.__getitem__, default=None)
            denied = best is not None and await self._denied(topic, parts[best], scored[best])
            if denied or full:
                findings.append(_finding(topic, denied))
        return findings

    async def _denied(self, topic: Topic, text: str, likeness: float) -> bool:
        doubt = self._doubts.get(topic.name)
        if doubt is None or not DOUBTFUL <= likeness < CERTAIN:
            return likeness >= DENIED
        return await doubt.about(text)

    async def _learned(self) -> tuple[Background, Sequence[Mark]]:
        """The vectors of ordinary sentences and of the topics, computed once."""
        async with self._learning:
            if self._known is None:
                ordinary = background()
                texts = [text for topic in self._topics for text in (_defined(topic), *topic.examples)]
                vectors = await self._means.vectors([*ordinary, *texts])
                rest = iter(vectors[len(ordinary) :])
                marks = [Mark(next(rest), [next(rest) for _ in topic.examples]) for topic in self._topics]
                self._known = Background(vectors[: len(ordinary)]), marks
            return self._known


def _defined(topic: Topic) -> str:
    return f"{topic.name}: {topic.definition}"


def _finding(topic: Topic, denied: bool) -> Finding:
    action = topic.action if denied else Action.NONE
    entry = {
        "name": topic.name,
        "type": "DENY",
        "action": "BLOCKED" if action is Action.BLOCK else "NONE",
        "detected": denied,
    }
    return Finding(POLICY, GROUP, entry, action)
