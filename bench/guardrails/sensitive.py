"""Personal data, names and addresses, words: what is found where."""

from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence

from bench.guardrails import sets
from bench.guardrails.measures import Count
from bench.guardrails.running import detected, findings
from bench.guardrails.sets import LANGUAGES, Marked
from craton.guardrails.findings import Judge, Source
from craton.guardrails.means import Means
from craton.guardrails.pii.judge import judge as sensitive_judge
from craton.guardrails.words.judge import judge as word_judge

# Types whose values carry a check digit or a rule that most random numbers break.
CHECKED = (
    *(
        "CREDIT_DEBIT_CARD_NUMBER",
        "INTERNATIONAL_BANK_ACCOUNT_NUMBER",
        "US_SOCIAL_SECURITY_NUMBER",
        "US_BANK_ROUTING_NUMBER",
    ),
    *("US_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER", "UK_NATIONAL_HEALTH_SERVICE_NUMBER", "UK_NATIONAL_INSURANCE_NUMBER"),
    *("CA_SOCIAL_INSURANCE_NUMBER", "CA_HEALTH_NUMBER", "VEHICLE_IDENTIFICATION_NUMBER", "SWIFT_CODE"),
    *("UK_UNIQUE_TAXPAYER_REFERENCE_NUMBER",),
)
BY_MODEL = ("NAME", "ADDRESS")

Counts = Mapping[str, Mapping[str, Count]]


def policy(types: Sequence[str]) -> dict[str, object]:
    return {"piiEntities": [{"type": each, "action": "ANONYMIZE"} for each in types]}


async def rows(means: Means) -> AsyncIterator[str]:
    texts = [*sets.sensitive(), *sets.names()]
    types = sorted({kind for text in texts for kind, _, _ in text.spans})
    counts = await counted(sensitive_judge(policy(types), Source.INPUT, means), texts, types)
    yield "| entity type | recall en | recall de | precision en | precision de |"
    yield "|---|---:|---:|---:|---:|"
    yield _row("**with a checksum or fixed rule, together**", counts, [each for each in types if each in CHECKED])
    others = [each for each in types if each not in CHECKED and each not in BY_MODEL]
    yield _row("**other patterns, together**", counts, others)
    for kind in [*BY_MODEL, *(each for each in types if each not in BY_MODEL)]:
        yield _row(f"`{kind}`", counts, [kind])


async def counted(judge: Judge | None, texts: Sequence[Marked], types: Sequence[str]) -> Counts:
    """By type and language. What overlaps with what was marked, under the same type, is found; a mark is found once."""
    counts: dict[str, dict[str, Count]] = {kind: defaultdict(Count) for kind in types}
    for text in texts:
        found = [(str(each.entry["type"]), each.start, each.end) for each in await findings(judge, text.text)]
        for kind, start, end in text.spans:
            met = any(k == kind and s < end and start < e for k, s, e in found)
            counts[kind][text.language].add(Count(wanted=1, found=int(met)))
        for kind, start, end in found:
            if not any(k == kind and s < end and start < e for k, s, e in text.spans):
                counts[kind][text.language].add(Count(wrong=1))
    return counts


def _row(name: str, counts: Counts, types: Sequence[str]) -> str:
    totals = {}
    for language in LANGUAGES:
        totals[language] = Count()
        for kind in types:
            totals[language].add(counts[kind].get(language, Count()))
    recalls = " | ".join(totals[language].recall for language in LANGUAGES)
    return f"| {name} | {recalls} | {' | '.join(totals[language].precision for language in LANGUAGES)} |"


async def word_rows() -> AsyncIterator[str]:
    listed, cases = sets.words()
    custom = word_judge({"words": [{"text": word} for word in listed]}, Source.INPUT)
    managed = word_judge({"managedWordLists": [{"type": "PROFANITY"}]}, Source.INPUT)
    yield "| list | recall en | recall de | false positives en | false positives de |"
    yield "|---|---:|---:|---:|---:|"
    for name, judge, wanted, innocent in (
        ("custom words", custom, "found", "clean"),
        ("profanity", managed, "profane", "polite"),
    ):
        counts = {language: Count() for language in LANGUAGES}
        for case in cases:
            right: list[str] = getattr(case, wanted)
            wrong: list[str] = getattr(case, innocent)
            for text in right:
                counts[case.language].add(Count(wanted=1, found=int(bool(detected(await findings(judge, text))))))
            for text in wrong:
                counts[case.language].add(Count(innocent=1, wrong=int(bool(detected(await findings(judge, text))))))
        cells = [counts[each].recall for each in LANGUAGES] + [counts[each].false_positives for each in LANGUAGES]
        yield f"| {name} | {' | '.join(cells)} |"
