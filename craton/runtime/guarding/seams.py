"""What stands where the texts of one message meet: a model reads them as one, whoever cut them.

A word in two blocks is in neither of them. So where an account's guardrail judges all of a message, what is around
each seam is judged once more, joined. Knows no guardrail and no policy.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby, pairwise

from craton.guardrails.assessing.segments import REACH
from craton.runtime.guarding.scope import Spot


@dataclass(frozen=True, slots=True)
class Seam:
    """A stretch of the joined texts of some spots; `places` are theirs, and `starts` where each begins among them."""

    places: Sequence[int]
    starts: Sequence[int]
    start: int
    end: int
    text: str

    def put(self, text: str, spots: Sequence[Spot], texts: list[str]) -> None:
        """Let this stand in the stretch: in its first text that is marked, or else in its first."""
        within = [
            (place, begin)
            for place, begin in zip(self.places, self.starts, strict=True)
            if texts[place] and begin < self.end and begin + len(texts[place]) > self.start
        ]
        holder = next((place for place, _ in within if spots[place].marked), within[0][0])
        for place, begin in within:
            before, behind = texts[place][: max(self.start - begin, 0)], texts[place][self.end - begin :]
            texts[place] = before + (text if place == holder else "") + behind


def seams_of(spots: Sequence[Spot], texts: Sequence[str]) -> list[Seam]:
    """Of the texts as they are by now. They do not overlap, and those of one message are in reverse: what is put into
    one does not move those that follow it in the list.
    """
    messages = groupby((place for place, spot in enumerate(spots) if spot.message >= 0), lambda at: spots[at].message)
    return [seam for _, places in messages for seam in _seams([*places], texts)]


def _seams(places: Sequence[int], texts: Sequence[str]) -> list[Seam]:
    if len(places) < 2:
        return []
    joined = "".join(texts[place] for place in places)
    ends = [*accumulate(len(texts[place]) for place in places)]
    starts = [0, *ends[:-1]]
    cuts = sorted({end for end in ends if 0 < end < len(joined)})
    return [Seam(places, starts, start, end, joined[start:end]) for start, end in reversed([*_stretches(cuts, joined)])]


def _stretches(cuts: Sequence[int], joined: str) -> Iterator[tuple[int, int]]:
    """Around the cuts as far as a match may reach, from white space to white space; those that touch are one."""
    groups: list[list[int]] = []
    for before, cut in pairwise([-(3 * REACH), *cuts]):
        if cut - before <= 2 * REACH:
            groups[-1].append(cut)
        else:
            groups.append([cut])
    for group in groups:
        start, end = max(group[0] - REACH, 0), min(group[-1] + REACH, len(joined))
        if start:
            start = next((at for at in range(start, group[0]) if joined[at].isspace()), start)
        if end < len(joined):
            end = next((at for at in range(end, group[-1], -1) if joined[at].isspace()), end)
        yield start, end
