"""Doubtful texts, put to a text model as a choice between the topic and anything else. Knows no vector.

What a model gives to its answers differs by model and by topic, so it is first asked of texts whose answer is known:
the topic's examples, and ordinary sentences. Its yes begins in the middle between them.
"""

import asyncio
import math
from collections.abc import Sequence

from craton.guardrails.means import Means
from craton.guardrails.topics.policy import Topic

_TOPIC, _ELSE = "this topic", "something else"
# Of how many ordinary sentences a model is asked.
_ORDINARY = 4


class Doubt:
    """One topic's question to the text model."""

    def __init__(self, topic: Topic, ordinary: Sequence[str], means: Means) -> None:
        self._topic = f"{topic.name}: {topic.definition}"
        self._examples = topic.examples
        self._ordinary = ordinary[:: len(ordinary) // _ORDINARY][:_ORDINARY]
        self._means = means
        self._middle: float | None = None
        self._learning = asyncio.Lock()

    async def about(self, text: str) -> bool:
        """Whether the model takes the text to be about the topic. Raises Undecided."""
        async with self._learning:
            if self._middle is None:
                such = [await self._odds(each) for each in self._examples]
                other = [await self._odds(each) for each in self._ordinary]
                self._middle = (math.fsum(such) / len(such) + math.fsum(other) / len(other)) / 2
        return await self._odds(text) >= self._middle

    async def _odds(self, text: str) -> float:
        """The logarithm of the odds that the model gives to the topic."""
        question = f"Topic: {self._topic}\n\nText: {text}\n\nWhat is this text about?"
        answers = await self._means.choose(question, (_TOPIC, _ELSE))
        likely = min(max(answers.get(_TOPIC, 0.0), 0.001), 0.999)
        return math.log(likely / (1 - likely))
