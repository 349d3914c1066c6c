"""A text as it may be read: what is anonymised in it is replaced, everything else stays as it is.

Knows neither judges nor windows: who feeds it says how far the text is settled.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from craton.guardrails.findings import Finding


@dataclass(slots=True)
class _Stretch:
    """Masked spans that overlap: all of it is replaced by the mask of the longest."""

    start: int
    end: int
    mask: str
    longest: int


class Masking:
    """Offsets are those of the whole text. What has been given out does not change any more."""

    def __init__(self) -> None:
        self._text = ""  # from `_given` on
        self._given = 0
        self._stretches: list[_Stretch] = []

    def feed(self, piece: str) -> None:
        self._text += piece

    def mask(self, findings: Iterable[Finding]) -> None:
        """Replace where these stand, as far as it has not been given out."""
        spans = [
            _Stretch(max(finding.start, self._given), finding.end, finding.mask, finding.end - finding.start)
            for finding in findings
            if finding.end > self._given
        ]
        joined: list[_Stretch] = []
        for span in sorted([*self._stretches, *spans], key=lambda span: span.start):
            if joined and span.start < joined[-1].end:
                last = joined[-1]
                last.end = max(last.end, span.end)
                if span.longest > last.longest:
                    last.mask, last.longest = span.mask, span.longest
            else:
                joined.append(span)
        self._stretches = joined

    def give(self, settled: int) -> str:
        """What has not been given out yet, up to `settled`, or up to a masked stretch that goes on beyond it."""
        parts: list[str] = []
        at = self._given
        while self._stretches and self._stretches[0].end <= settled:
            stretch = self._stretches.pop(0)
            parts += [self._text[at - self._given : stretch.start - self._given], stretch.mask]
            at = stretch.end
        until = min(settled, self._stretches[0].start) if self._stretches else settled
        parts.append(self._text[at - self._given : until - self._given])
        self._text, self._given = self._text[until - self._given :], until
        return "".join(parts)
