"""What judging costs, in milliseconds of the processor for 1,000 characters, and what a guardrail adds to a stream.

Processor time, since it says the same on a busy machine; on a quiet one a text waits about as long.
"""

import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from functools import partial

from bench.guardrails import sets
from bench.guardrails.classified import ATTACK, HARMFUL, filtering
from bench.guardrails.grounded import POLICY
from bench.guardrails.sensitive import BY_MODEL, policy
from bench.processor import children, computed
from craton.guardrails.assessing.screening import Screening
from craton.guardrails.assessing.segments import Segments
from craton.guardrails.assessing.verdict import Terms
from craton.guardrails.findings import Answered, Judge, Source, Window
from craton.guardrails.grounding import judge as grounding_judge
from craton.guardrails.guard import Guard, Judges
from craton.guardrails.means import Means
from craton.guardrails.pii.judge import judge as sensitive_judge
from craton.guardrails.topics.judge import judge as topic_judge
from craton.guardrails.words.judge import judge as word_judge

ROUNDS = 7
PHRASES = 10_000
CHARACTERS = 4_000  # of a text that is judged
PIECE = 4  # characters of a delta, about a token's
_REGEXES = ({"name": "ticket", "pattern": r"TK-\d{6}", "action": "ANONYMIZE"},)


def _text() -> str:
    """Two ordinary questions, then a sentence of which most have something to find, and so on."""
    ordinary = [each.text for each in sets.ordinary()]
    found = [each.text for each in sets.sensitive()]
    mixed = [text for group in zip(ordinary[::2], ordinary[1::2], found, strict=False) for text in group]
    return " ".join(mixed)[:CHARACTERS]


def patterns(means: Means) -> list[Judge]:
    """All that needs no model: patterns with checksums, a regular expression, words and the managed list."""
    types = sorted({kind for text in sets.sensitive() for kind, _, _ in text.spans} - {*BY_MODEL})
    listed = [{"text": f"phrase {number} of many"} for number in range(PHRASES)]
    made = (
        sensitive_judge({**policy(types), "regexes": list(_REGEXES)}, Source.OUTPUT, means),
        word_judge({"words": listed, "managedWordLists": [{"type": "PROFANITY"}]}, Source.OUTPUT),
    )
    return [judge for judge in made if judge]


async def rows(means: Means) -> AsyncIterator[str]:
    text = _text()
    segments = Segments()
    cut = [*segments.feed(text), segments.end()]
    windows = [segment.window for segment in cut if segment]
    yield "| what | ms for 1,000 characters | target |"
    yield "|---|---:|---:|"
    found = patterns(means)
    told = {"inputAction": "NONE"}  # what is found is not blocked, so that all of a stream is judged
    topics = [
        {"name": each.name, "definition": each.definition, "examples": each.examples} | told for each in sets.topics()
    ]
    for name, judges, target in (
        (
            f"patterns, checksums, a regular expression, {PHRASES:,} phrases and profanity, together",
            found,
            "under 2",
        ),
        ("names and addresses", [sensitive_judge(policy(BY_MODEL), Source.OUTPUT, means)], "under 50"),
        ("content filters and prompt attacks, STANDARD", [filtering((*HARMFUL, ATTACK), "STANDARD", means)], ""),
        (f"{len(topics)} denied topics", [topic_judge({"topics": topics}, Source.INPUT, means)], ""),
    ):
        there = [judge for judge in judges if judge]
        yield f"| {name} | {await _milliseconds(partial(_all, there, windows), len(text)):.1f} | {target} |"
    yield f"| grounding and relevance, of answer and source together | {await _grounding(means):.1f} | |"
    yield ""
    yield "| in a stream | patterns only | with names, content and topics |"
    yield "|---|---:|---:|"
    everything = [*found, sensitive_judge(policy(BY_MODEL), Source.OUTPUT, means)]
    everything += [filtering(HARMFUL, "STANDARD", means, **told), topic_judge({"topics": topics}, Source.INPUT, means)]
    first = [await _stream(judges, text) for judges in (found, [judge for judge in everything if judge])]
    for place, name in enumerate(
        ("first text goes out after, characters", "longest time one delta waits for judges, ms")
    ):
        yield f"| {name} | {' | '.join(f'{each[place]:.0f}' for each in first)} |"


async def _all(judges: Sequence[Judge], windows: Sequence[Window]) -> None:
    for judge in judges:
        await judge.judge(windows)


async def _milliseconds(call: Callable[[], Awaitable[None]], characters: int) -> float:
    """Of the processor, this process's and its workers', for 1,000 characters; the mean of several rounds."""
    await call()  # loads what is needed
    before = _processor()
    for _ in range(ROUNDS):
        await call()
    return (_processor() - before) / ROUNDS * 1e6 / characters


def _processor() -> float:
    """Seconds that this process, more exactly than by ticks, and its children have computed so far."""
    return time.process_time() + sum(map(computed, children(os.getpid())))


async def _grounding(means: Means) -> float:
    judge = grounding_judge(POLICY, Source.OUTPUT, means)
    assert judge
    asked = [Answered(" ".join(each.supported), [each.source], each.query) for each in sets.passages()]

    async def call() -> None:
        for each in asked:
            await judge.judge(each)

    return await _milliseconds(call, sum(len(each.text) + len(each.sources[0]) for each in asked))


async def _stream(judges: Sequence[Judge], text: str) -> tuple[int, float]:
    """Characters that came before the first went out, and the longest time one delta took, in milliseconds."""
    guard = Guard("bench", "DRAFT", "", "bench", {}, "blocked", "blocked", lambda policy, source, means: None)
    screening = Screening(guard, Source.OUTPUT, Judges(judges), Terms())
    first, longest = 0, 0.0
    for start in range(0, len(text), PIECE):
        began = time.perf_counter()
        out = await screening.feed(text[start : start + PIECE])
        longest = max(longest, time.perf_counter() - began)
        first = first or (start + PIECE if out else 0)
    await screening.end()
    return first, longest * 1000
