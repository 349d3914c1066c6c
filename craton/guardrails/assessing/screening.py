"""One text under one guardrail, as it comes: what of it may go out by now, and the verdict.

A text that is there whole goes the same way, so it is decided alike. Knows no policy and no dialect. `segments` says
where a text is cut, how long it waits, and why nothing that is to be masked goes out in part.
"""

import asyncio
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from craton.core.trace import Trace
from craton.guardrails.assessing.evidence import Evidence, Said
from craton.guardrails.assessing.grouping import kind
from craton.guardrails.assessing.judging import concerned, of_whole, of_window
from craton.guardrails.assessing.masking import Masking
from craton.guardrails.assessing.segments import CONTEXT, Segment, Segments
from craton.guardrails.assessing.spans import Spanning
from craton.guardrails.assessing.verdict import Terms, Verdict, decide, does
from craton.guardrails.findings import Action, Answered, Finding, Source
from craton.guardrails.guard import Guard, Judges

_AT_ONCE = 8  # windows of one text


class Screening:
    """`feed` it the text, piece by piece, then `end` it; each gives what may go out by now.

    What a guardrail blocks ends what goes out: the segment in which it was found stays in, with all that follows.
    `blocked` tells so; who then leaves it at that has the verdict on the text up to there, who goes on to the end that
    on all of it. Judges of whole answers let nothing out before the end. `sources` and `query` are what an answer is
    compared with.
    """

    def __init__(
        self,
        guard: Guard,
        source: Source,
        judges: Judges,
        terms: Terms,
        *,
        sources: Sequence[str] = (),
        query: str = "",
        trace: Trace | None = None,
    ) -> None:
        self.blocked = False
        self.evidence = Evidence()
        self._guard = guard
        self._source = source
        self._windowed = judges.windowed
        self._whole = concerned(judges.whole, sources)
        self._terms = terms
        self._answered = Answered("", sources, query)
        self._policies = sorted({judge.policy for judge in judges.windowed})
        self._segments = Segments()
        self._waiting: deque[Segment] = deque()
        self._masking = Masking()
        self._near: list[int] = []  # places of the evidence that the next window shows again
        self._pieces: list[str] = []  # of the text, for judges of all of it
        self._masked: list[str] = []
        self._spanning = Spanning(trace, guard, source)

    async def feed(self, piece: str) -> str:
        """What may go out now that this piece has come."""
        if self._whole:
            self._pieces.append(piece)
        self._masking.feed(piece)
        if self._windowed:
            self._waiting += self._segments.feed(piece)
            out = await self._settled()
        else:
            self.evidence.count(len(piece), ())
            out = self._let(self.evidence.total)
        return "" if self._whole else out

    async def end(self) -> str:
        """What may go out of the rest, now that the text has ended."""
        if self._windowed and (last := self._segments.end()):
            self._waiting.append(last)
        out = await self._settled(ended=True)
        if self._whole:
            await self._weigh()
            out = "" if self.blocked else self.masked
        self._spanning.told(lambda: self.verdict)
        return out

    @property
    def verdict(self) -> Verdict:
        """On what has been judged so far; after `end`, on all of the text."""
        return decide(self._guard, self._source, self.evidence, self._terms, [self.masked])

    @property
    def masked(self) -> str:
        """What was let out, or would have been but for the judges of all of it."""
        return "".join(self._masked)

    async def _settled(self, *, ended: bool = False) -> str:
        """Judge the segments that wait, several at once, and tell in order what becomes of each: what comes of a text
        is the same as when they come one by one.
        """
        parts: list[str] = []
        while self._waiting and (ended or not self.blocked):
            some = [*islice(self._waiting, _AT_ONCE)]
            began = time.perf_counter()
            with self._spanning:
                judged = await asyncio.gather(
                    *(of_window(self._windowed, segment.window, self._terms.full) for segment in some)
                )
            self.evidence.latency += time.perf_counter() - began
            for said in judged:
                parts.append(self._settle(self._waiting.popleft(), said))
                if self.blocked and not ended:
                    self._spanning.told(lambda: self.verdict)
                    break
        return "".join(parts)

    def _settle(self, segment: Segment, said: Sequence[Said]) -> str:
        said = [replace(one, findings=[each for each in one.findings if _concerns(each, segment)]) for one in said]
        findings = [finding for one in said for finding in one.findings]
        self.evidence.count(segment.end - segment.start, self._policies)
        self.evidence.hear(said, findings=False)
        kept = self.evidence.findings
        before = len(kept)
        for finding in findings:
            self._note(finding, segment)
        places = [*self._near, *range(before, len(kept))]
        self._near = [place for place in places if kept[place].end > segment.end - CONTEXT]
        self.blocked |= self._blocks(said)
        if self.blocked:
            return ""
        self._masking.mask(finding for finding in findings if does(finding, Action.ANONYMIZE))
        return self._let(segment.end)

    def _let(self, settled: int) -> str:
        masked = self._masking.give(settled)
        self._masked.append(masked)
        return masked

    def _note(self, finding: Finding, segment: Segment) -> None:
        """Keep it as evidence, once: what stands across a cut is seen from both sides, and the longer one holds."""
        kept = self.evidence.findings
        if finding.start < segment.start and finding.end > finding.start:
            for place in self._near:
                known = kept[place]
                if kind(known) == kind(finding) and known.end > finding.start and finding.end > known.start:
                    if finding.end - finding.start > known.end - known.start:
                        kept[place] = finding
                    return
        kept.append(finding)

    async def _weigh(self) -> None:
        answered = Answered("".join(self._pieces), self._answered.sources, self._answered.query)
        began = time.perf_counter()
        with self._spanning:
            said = await of_whole(self._whole, answered, self._terms.full)
        self.evidence.latency += time.perf_counter() - began
        self.evidence.hear(said)
        self.blocked |= self._blocks(said)

    def _blocks(self, said: Sequence[Said]) -> bool:
        if self._terms.undecided == "block" and any(one.doubt for one in said):
            return True
        return any(does(finding, Action.BLOCK) for one in said for finding in one.findings)


def _concerns(finding: Finding, segment: Segment) -> bool:
    """Whether it stands in the segment, not only in what is judged with it, or concerns all of the text."""
    return finding.end <= finding.start or (finding.end > segment.start and finding.start < segment.end)
