"""Judges for tests of what is done with findings: regular expressions, and one that does not judge."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from craton.guardrails.findings import (
    Action,
    Answered,
    Finding,
    Image,
    ImageJudge,
    Judge,
    Undecided,
    WholeJudge,
    Window,
)
from craton.guardrails.guard import Guard, Judges

SENSITIVE = "sensitiveInformationPolicy"
SAID = {Action.BLOCK: "BLOCKED", Action.ANONYMIZE: "ANONYMIZED", Action.NONE: "NONE"}


@dataclass
class Pattern:
    """Finds each match of a pattern, as a regex of a guardrail does. `windows` are those it was given."""

    name: str
    pattern: str
    action: Action = Action.ANONYMIZE
    policy: str = SENSITIVE
    group: str = "regexes"
    windows: list[Window] = field(default_factory=list)

    async def judge(self, windows: Sequence[Window], *, full: bool = False) -> list[Finding]:
        self.windows += windows
        return [self._finding(window, match) for window in windows for match in re.finditer(self.pattern, window.text)]

    def _finding(self, window: Window, match: re.Match[str]) -> Finding:
        entry = {"match": match[0], "action": SAID[self.action]} | ({"name": self.name} if self.name else {})
        start, end = window.offset + match.start(), window.offset + match.end()
        return Finding(self.policy, self.group, entry, self.action, start, end, f"{{{self.name}}}")


@dataclass
class Tone:
    """Finds a word anywhere in a window, and says so of all of the text, as a content filter does."""

    word: str
    confidence: str = "HIGH"
    action: Action = Action.BLOCK
    policy: str = "contentPolicy"

    async def judge(self, windows: Sequence[Window], *, full: bool = False) -> list[Finding]:
        found = any(self.word in window.text for window in windows)
        if not found and not full:
            return []
        entry = {
            "type": "INSULTS",
            "confidence": self.confidence if found else "NONE",
            "filterStrength": "HIGH",
            "action": SAID[self.action] if found else "NONE",
            "detected": found,
        }
        return [Finding(self.policy, "filters", entry, self.action if found else Action.NONE)]


@dataclass
class Broken:
    """A judge of a text, of pictures or of an answer whose model is missing."""

    policy: str = "topicPolicy"
    found: Sequence[Finding] = ()

    async def judge(self, given: object, *, full: bool = False) -> list[Finding]:
        raise Undecided("The model 'm' is not installed. Run `craton pull m`.", self.found)


@dataclass
class Grounded:
    """Blocks an answer that is not in its sources word for word."""

    policy: str = "contextualGroundingPolicy"

    async def judge(self, answered: Answered, *, full: bool = False) -> list[Finding]:
        grounded = any(answered.text in source for source in answered.sources)
        action = Action.NONE if grounded else Action.BLOCK
        entry = {
            "type": "GROUNDING",
            "threshold": 0.8,
            "score": float(grounded),
            "action": SAID[action],
            "detected": not grounded,
        }
        return [Finding(self.policy, "filters", entry, action)]


@dataclass
class Dark:
    """Blocks a picture with this word in its bytes."""

    word: bytes = b"dark"
    policy: str = "contentPolicy"

    async def judge(self, images: Sequence[Image], *, full: bool = False) -> list[Finding]:
        entry = {"type": "SEXUAL", "confidence": "HIGH", "filterStrength": "HIGH", "action": "BLOCKED"}
        found = [image for image in images if self.word in image.data]
        return [Finding(self.policy, "filters", entry, Action.BLOCK) for _ in found]


def guard(**body: object) -> Guard:
    """A guardrail with these policies."""
    return Guard(
        id="abc123def456",
        version="7",
        arn="arn:aws:bedrock:us-east-1:111122223333:guardrail/abc123def456",
        name="house-rules",
        body=body,
        blocked_input="Please ask something else.",
        blocked_output="I would rather not say.",
        reasoning=lambda policy, source, means: None,
    )


def judges(*windowed: Judge, images: Sequence[ImageJudge] = (), whole: Sequence[WholeJudge] = ()) -> Judges:
    return Judges(windowed, images, whole)
