"""What judges are given and what they find: the seam between a guardrail's policies and those who act on them.

Knows no policy, no operation and no model.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

# One entry of an assessment, under the names of the service model: {"type": "EMAIL", "match": "a@b.de", ...}.
Entry = Mapping[str, object]


class Source(StrEnum):
    """Where a text comes from; a policy may be enabled, and act, for each apart."""

    INPUT = "INPUT"
    OUTPUT = "OUTPUT"


class Action(StrEnum):
    """What is done about a finding, as a guardrail configures it; an assessment says BLOCKED and ANONYMIZED."""

    NONE = "NONE"
    ANONYMIZE = "ANONYMIZE"
    BLOCK = "BLOCK"


@dataclass(frozen=True, slots=True)
class Finding:
    """One entry of an assessment and where it stands.

    `policy` and `group` are the members that hold it: `wordPolicy`, `customWords`. `start` and `end` are offsets, in
    characters, in the whole text that the window is a part of; both 0 where it concerns all of the text. `mask` is what
    an anonymised span is replaced by, such as `{EMAIL}`. An entry whose `detected` is False is evidence of what was
    looked for and not found; it is asked for by `full`.
    """

    policy: str
    group: str
    entry: Entry
    action: Action
    start: int = 0
    end: int = 0
    mask: str = ""


@dataclass(frozen=True, slots=True)
class Window:
    """A part of a text that is judged at once. `offset` is where it begins in the whole text; what stands before
    `fresh` (an offset in `text`) was judged already and is context, and what stands from `ahead` on is judged with
    what follows.
    """

    text: str
    offset: int = 0
    fresh: int = 0
    ahead: int | None = None


@dataclass(frozen=True, slots=True)
class Image:
    """An encoded picture; `format` is png or jpeg."""

    format: str
    data: bytes


class Undecided(Exception):
    """A judge could not judge: its model is missing or failed. The message is a sentence for the trace; `found` is what
    it found without the model.
    """

    def __init__(self, message: str, found: Sequence[Finding] = ()) -> None:
        super().__init__(message)
        self.found = found


class Judge(Protocol):
    """One policy of one version of a guardrail, for texts from one source. `policy` is its member of an assessment.

    It judges windows, each by itself, so that a text which comes in pieces gets the decision of the whole. Equal
    findings from windows that overlap count once. Raises Undecided.
    """

    @property
    def policy(self) -> str: ...

    async def judge(self, windows: Sequence[Window], *, full: bool = False) -> list[Finding]: ...


class ImageJudge(Protocol):
    """As `Judge`, for pictures."""

    @property
    def policy(self) -> str: ...

    async def judge(self, images: Sequence[Image], *, full: bool = False) -> list[Finding]: ...


@dataclass(frozen=True, slots=True)
class Answered:
    """A whole text with what it is compared with: its sources and the question that it answers; `text` is an answer,
    or the claims that are judged.
    """

    text: str
    sources: Sequence[str] = ()
    query: str = ""


class WholeJudge(Protocol):
    """As `Judge`, for policies whose decision needs all of an answer: it is given once, when it has ended."""

    @property
    def policy(self) -> str: ...

    async def judge(self, answered: Answered, *, full: bool = False) -> list[Finding]: ...
