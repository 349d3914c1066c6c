"""Content filters, prompt attacks and denied topics, at each strength and in each tier."""

from collections.abc import AsyncIterator, Sequence

from bench.guardrails import sets
from bench.guardrails.measures import Count
from bench.guardrails.running import detected, findings
from bench.guardrails.sets import LANGUAGES, Graded, Text, Topic
from craton.guardrails.content.judge import judge as content_judge
from craton.guardrails.content.levels import Level, filters
from craton.guardrails.findings import Judge, Source
from craton.guardrails.means import Means
from craton.guardrails.topics.judge import judge as topic_judge

STRENGTHS: tuple[Level, ...] = ("LOW", "MEDIUM", "HIGH")
TIERS = ("CLASSIC", "STANDARD")
HARMFUL = ("HATE", "INSULTS", "SEXUAL", "VIOLENCE", "MISCONDUCT")
ATTACK = "PROMPT_ATTACK"
# What a filter of a strength is to find.
GRADES = {"LOW": ("clear",), "MEDIUM": ("clear", "likely"), "HIGH": ("clear", "likely", "faint")}


def filtering(types: Sequence[str], tier: str, means: Means, **more: str) -> Judge | None:
    """Filters of the highest strength: the confidence of what they find tells which lower ones would find it too."""
    each = [{"type": kind, "inputStrength": "HIGH", "outputStrength": "NONE"} | more for kind in types]
    return content_judge({"filters": each, "tier": {"tierName": tier}}, Source.INPUT, means)


async def confidences(judge: Judge | None, text: str) -> dict[str, Level]:
    """By filter type; what is not told is NONE."""
    return {
        str(each.entry["type"]): _level(each.entry["confidence"]) for each in await findings(judge, text, full=True)
    }


def _level(told: object) -> Level:
    return next(level for level in ("NONE", *STRENGTHS) if level == told)


async def rows(means: Means) -> AsyncIterator[str]:
    async for row in _content_rows(sets.content(), sets.ordinary(), HARMFUL, means):
        yield row


async def _content_rows(
    texts: Sequence[Graded], ordinary: Sequence[Text], kinds: Sequence[str], means: Means
) -> AsyncIterator[str]:
    innocent = [Graded(each.language, "NONE", "none", each.text) for each in ordinary]
    yield "| filter | tier | strength | recall en | recall de | precision en | precision de |"
    yield "|---|---|---|---:|---:|---:|---:|"
    for tier in TIERS:
        judge = filtering(kinds, tier, means)
        told = [(text, await confidences(judge, text.text)) for text in [*texts, *innocent]]
        for kind in kinds:
            for strength in STRENGTHS:
                counts = {language: Count() for language in LANGUAGES}
                for text, levels in told:
                    hit = filters(strength, levels.get(kind, "NONE"))
                    if text.type == kind and text.grade in GRADES[strength]:
                        counts[text.language].add(Count(wanted=1, found=int(hit)))
                    elif text.grade == "none":
                        counts[text.language].add(Count(innocent=1, wrong=int(hit)))
                cells = [counts[each].recall for each in LANGUAGES] + [counts[each].precision for each in LANGUAGES]
                yield f"| {kind} | {tier} | {strength} | {' | '.join(cells)} |"


async def attack_rows(means: Means) -> AsyncIterator[str]:
    async for row in _attack_rows(sets.attacks(), sets.ordinary(), means):
        yield row
    yield ""
    yield (
        "60 other attacks, held out: written later. Nothing was fitted to them, but their figures were known when the "
        "judges were last changed."
    )
    yield ""
    async for row in _attack_rows(sets.held_out_attacks(), sets.ordinary(), means):
        yield row


async def blind_rows(means: Means) -> AsyncIterator[str]:
    """The three tables of the blind set, and those of the judges of before."""
    blind = sets.blind()
    async for row in _attack_rows(blind.attacks, blind.ordinary, means):
        yield row
    yield ""
    async for row in _content_rows(blind.content, blind.ordinary, ("HATE", "MISCONDUCT"), means):
        yield row
    yield ""
    async for row in _topic_rows(blind.topics, blind.ordinary, means):
        yield row
    yield ""
    for row in blind.before:
        yield row


async def _attack_rows(attacks: Sequence[Text], ordinary: Sequence[Text], means: Means) -> AsyncIterator[str]:
    yield "| tier | strength | recall en | recall de | false positives en | false positives de |"
    yield "|---|---|---:|---:|---:|---:|"
    for tier in TIERS:
        judge = filtering([ATTACK], tier, means)
        wanted = [(each.language, await confidences(judge, each.text)) for each in attacks]
        innocent = [(each.language, await confidences(judge, each.text)) for each in ordinary]
        for strength in STRENGTHS:
            counts = {language: Count() for language in LANGUAGES}
            for language, levels in wanted:
                counts[language].add(Count(wanted=1, found=int(filters(strength, levels.get(ATTACK, "NONE")))))
            for language, levels in innocent:
                counts[language].add(Count(innocent=1, wrong=int(filters(strength, levels.get(ATTACK, "NONE")))))
            cells = [counts[each].recall for each in LANGUAGES] + [counts[each].false_positives for each in LANGUAGES]
            yield f"| {tier} | {strength} | {' | '.join(cells)} |"


async def topic_rows(means: Means) -> AsyncIterator[str]:
    async for row in _topic_rows(sets.topics(), sets.ordinary(), means):
        yield row


async def _topic_rows(topics: Sequence[Topic], ordinary: Sequence[Text], means: Means) -> AsyncIterator[str]:
    yield "| topic | tier | recall en | recall de | near misses en | near misses de | ordinary questions |"
    yield "|---|---|---:|---:|---:|---:|---:|"
    for tier in TIERS:
        for topic in topics:
            told = {"name": topic.name, "definition": topic.definition, "examples": topic.examples, "type": "DENY"}
            judge = topic_judge({"topics": [told], "tier": {"tierName": tier}}, Source.INPUT, means)
            about = [await _count(judge, topic.about[language], wanted=True) for language in LANGUAGES]
            near = [await _count(judge, topic.near[language], wanted=False) for language in LANGUAGES]
            others = await _count(judge, [each.text for each in ordinary], wanted=False)
            cells = [each.recall for each in about] + [each.false_positives for each in [*near, others]]
            yield f"| {topic.name} | {tier} | {' | '.join(cells)} |"


async def _count(judge: Judge | None, texts: Sequence[str], *, wanted: bool) -> Count:
    count = Count()
    for text in texts:
        hit = int(bool(detected(await findings(judge, text))))
        count.add(Count(wanted=1, found=hit) if wanted else Count(innocent=1, wrong=hit))
    return count
