"""What judges said of the texts and pictures of one assessment, and how much of them there was. Decides nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from craton.guardrails.findings import Finding


@dataclass(frozen=True, slots=True)
class Said:
    """What one judge said of one thing. `doubt` is a sentence where it could not judge all of it; `characters` are
    those that it was given to judge beyond the text's own count.
    """

    policy: str
    findings: Sequence[Finding]
    doubt: str = ""
    characters: int = 0


@dataclass(slots=True)
class Evidence:
    """What is known so far.

    `judged` are the characters that each policy was given; `guarded` are those of `total` that were not given for
    comparison only, and the pictures likewise. `latency` are seconds of judging.
    """

    findings: list[Finding] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    judged: dict[str, int] = field(default_factory=dict)
    guarded: int = 0
    total: int = 0
    guarded_images: int = 0
    images: int = 0
    latency: float = 0.0

    def count(self, characters: int, policies: Iterable[str], *, guarded: bool = True) -> None:
        """Characters of a text, and the policies that are given it."""
        self.total += characters
        self.guarded += characters if guarded else 0
        for policy in policies:
            self._give(policy, characters)

    def hear(self, said: Iterable[Said], *, findings: bool = True) -> None:
        """Without `findings` only the doubts."""
        for one in said:
            if one.doubt and one.doubt not in self.doubts:
                self.doubts.append(one.doubt)
            if one.characters:
                self._give(one.policy, one.characters)
            if findings:
                self.findings += one.findings

    def join(self, other: "Evidence") -> None:
        """What another text gave, as if it stood after those before. Latencies are not added: texts are judged at the
        same time.
        """
        self.findings += (_moved(finding, self.total) for finding in other.findings)
        self.doubts += [doubt for doubt in other.doubts if doubt not in self.doubts]
        for policy, characters in other.judged.items():
            self._give(policy, characters)
        self.guarded += other.guarded
        self.total += other.total

    def _give(self, policy: str, characters: int) -> None:
        self.judged[policy] = self.judged.get(policy, 0) + characters


def _moved(finding: Finding, by: int) -> Finding:
    return replace(finding, start=finding.start + by, end=finding.end + by)
