"""Checks without a guardrail: how severe it is what messages say, and which personal data stands in them.

They are scored by what the policies of guardrails judge with; what a score means is up to who asks. Knows the shapes of
InvokeGuardrailChecks, and no guardrail.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from craton.guardrails import content, pii
from craton.guardrails.assessing.segments import Segment, Segments
from craton.guardrails.assessing.verdict import text_units
from craton.guardrails.content import Category
from craton.guardrails.means import Means

if TYPE_CHECKING:
    from craton.shapes import bedrock_runtime as shapes

MOST_ENTITIES = 1000  # that one answer tells of

_AT_ONCE = 32  # windows
_PLACES = 4  # of scores

Checked = dict[str, dict[str, object]]


@dataclass(frozen=True, slots=True)
class _Part:
    """A segment of one content of a message."""

    message: int
    content: int
    segment: Segment


async def check(
    messages: Sequence[shapes.GuardrailChecksMessage], checks: shapes.GuardrailChecksConfig, means: Means
) -> tuple[Checked, Checked]:
    """The results and the usage, by check. Raises Undecided where a model that they need is missing or fails."""
    parts = [
        _Part(number, place, segment)
        for number, message in enumerate(messages)
        for place, block in enumerate(message["content"])
        for segment in _segments(block["text"])
    ]
    results: Checked = {}
    wanted: dict[str, list[Category]] = {}
    if filters := checks.get("contentFilter"):
        wanted["contentFilter"] = [Category(each["category"]) for each in filters["categories"]]
    if attacks := checks.get("promptAttack"):
        wanted["promptAttack"] = [Category(each["category"]) for each in attacks["categories"]]
    scores = await _severities(parts, wanted, means)
    for name, categories in wanted.items():
        results[name] = {
            "results": [{"category": each.value, "severityScore": scores[each]} for each in dict.fromkeys(categories)]
        }
    if sensitive := checks.get("sensitiveInformation"):
        found = await _entities(parts, [entity["type"] for entity in sensitive["entities"]], means)
        results["sensitiveInformation"] = {
            "results": found[:MOST_ENTITIES],
            "truncated": len(found) > MOST_ENTITIES,
        }
    units = text_units(sum(len(block["text"]) for message in messages for block in message["content"]))
    return results, {name: {"textUnits": units} for name in results}


def _segments(text: str) -> list[Segment]:
    segments = Segments()
    made = segments.feed(text)
    last = segments.end()
    return [*made, last] if last else made


async def _severities(
    parts: Sequence[_Part], wanted: Mapping[str, Sequence[Category]], means: Means
) -> dict[Category, float]:
    """The highest score of each category in any part."""
    categories = {category for each in wanted.values() for category in each}
    highest = dict.fromkeys(categories, 0.0)
    if not categories:
        return highest
    for some in _batched(parts):
        for scores in await content.detect([part.segment.window.text for part in some], categories, means):
            for category in categories:
                highest[category] = max(highest[category], round(scores[category], _PLACES))
    return highest


async def _entities(parts: Sequence[_Part], types: Sequence[str], means: Means) -> list[dict[str, object]]:
    """Each where it begins: what a part sees of its neighbours is told by them."""
    found: list[dict[str, object]] = []
    for some in _batched(parts):
        of_parts = await pii.detect([part.segment.window.text for part in some], {*types}, means)
        for part, spans in zip(some, of_parts, strict=True):
            offset, segment = part.segment.window.offset, part.segment
            found += (
                {
                    "type": span.type,
                    "confidenceScore": round(span.score, _PLACES),
                    "beginOffset": offset + span.start,
                    "endOffset": offset + span.end,
                    "messageIndex": part.message,
                    "contentIndex": part.content,
                }
                for span in sorted(spans, key=lambda span: (span.start, span.end))
                if segment.start <= offset + span.start < segment.end
            )
    return found


def _batched(parts: Sequence[_Part]) -> list[list[_Part]]:
    left = iter(parts)
    return [*iter(lambda: [*islice(left, _AT_ONCE)], [])]
