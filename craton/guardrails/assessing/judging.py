"""Judges are asked, all at once; what they say is kept in the order they stand in. Knows no policy's rules."""

import asyncio
from collections.abc import Awaitable, Sequence

from craton.guardrails.assessing.evidence import Said
from craton.guardrails.findings import Answered, Finding, Image, ImageJudge, Judge, Undecided, WholeJudge, Window

_GROUNDING = "contextualGroundingPolicy"


async def of_window(judges: Sequence[Judge], window: Window, full: bool) -> list[Said]:
    """Each judge gets one window at a time: what it finds in each must be told apart, as if they came one by one."""
    return await asyncio.gather(*(_said(judge.policy, judge.judge([window], full=full)) for judge in judges))


async def of_images(judges: Sequence[ImageJudge], images: Sequence[Image], full: bool) -> list[Said]:
    return await asyncio.gather(*(_said(judge.policy, judge.judge(images, full=full)) for judge in judges))


async def of_whole(judges: Sequence[WholeJudge], answered: Answered, full: bool) -> list[Said]:
    def characters(judge: WholeJudge) -> int:
        compared = sum(map(len, answered.sources)) + len(answered.query) if judge.policy == _GROUNDING else 0
        return len(answered.text) + compared

    return await asyncio.gather(
        *(_said(judge.policy, judge.judge(answered, full=full), characters(judge)) for judge in judges)
    )


def concerned(judges: Sequence[WholeJudge], sources: Sequence[str]) -> Sequence[WholeJudge]:
    """Those that have something to judge: where nothing is there to be grounded in, grounding is not judged."""
    return [judge for judge in judges if sources or judge.policy != _GROUNDING]


async def _said(policy: str, judged: Awaitable[list[Finding]], characters: int = 0) -> Said:
    try:
        return Said(policy, await judged, characters=characters)
    except Undecided as error:
        return Said(policy, error.found, f"The {policy} could not be judged: {error}", characters)
