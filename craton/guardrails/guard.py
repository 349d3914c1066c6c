"""One version of a guardrail as it acts: what is said of what it blocks, and the judges of its policies."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self, TypeVar

from craton.guardrails import content, grounding, pii, topics, words
from craton.guardrails.findings import ImageJudge, Judge, Source, WholeJudge
from craton.guardrails.means import Means
from craton.guardrails.records import arn
from craton.store.records import Document, Record, Scope

Found = TypeVar("Found")
# What makes the judge of automated reasoning policies of their member of a guardrail.
Reasoning = Callable[[Mapping[str, object], Source, Means], WholeJudge | None]


@dataclass(frozen=True, slots=True)
class Judges:
    """Those of texts in pieces, of pictures, and of whole answers."""

    windowed: Sequence[Judge] = ()
    images: Sequence[ImageJudge] = ()
    whole: Sequence[WholeJudge] = ()


@dataclass(frozen=True, slots=True)
class Guard:
    """`body` holds the members that GetGuardrail answers; `state` changes whenever they do."""

    id: str
    version: str
    arn: str
    name: str
    body: Record
    blocked_input: str
    blocked_output: str
    reasoning: Reasoning
    state: tuple[int, int] = (0, 0)
    _judges: dict[Source, Judges] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, scope: Scope, document: Document, reasoning: Reasoning) -> Self:
        body = document.body
        return cls(
            document.id,
            document.version,
            arn(scope, document.id),
            body["name"],
            body,
            body["blockedInputMessaging"],
            body["blockedOutputsMessaging"],
            reasoning,
            (document.position, document.revision),
        )

    def judges(self, source: Source, means: Means) -> Judges:
        """Those of the policies that are enabled for texts from this source; made once."""
        found = self._judges.get(source)
        if found is None:
            found = self._judges[source] = self._made(source, means)
        return found

    def _made(self, source: Source, means: Means) -> Judges:
        windowed: list[Judge | None] = []
        images: list[ImageJudge | None] = []
        whole: list[WholeJudge | None] = []
        if policy := self.body.get("topicPolicy"):
            windowed.append(topics.judge(policy, source, means))
        if policy := self.body.get("contentPolicy"):
            windowed.append(content.judge(policy, source, means))
            images.append(content.image_judge(policy, source, means))
        if policy := self.body.get("wordPolicy"):
            windowed.append(words.judge(policy, source))
        if policy := self.body.get("sensitiveInformationPolicy"):
            windowed.append(pii.judge(policy, source, means))
        if policy := self.body.get("contextualGroundingPolicy"):
            whole.append(grounding.judge(policy, source, means))
        if policy := self.body.get("automatedReasoningPolicy"):
            whole.append(self.reasoning(policy, source, means))
        return Judges(_there(windowed), _there(images), _there(whole))


def _there(judges: Sequence[Found | None]) -> tuple[Found, ...]:
    return tuple(judge for judge in judges if judge is not None)
