"""Citations: how often a sentence of an answer is given the pieces that support it, and no others.

`python -m bench.knowledge.citations`, with the models of `craton pull guardrails` in `.models`; `--sweep` tells it for
other thresholds, too, and what went wrong.
"""

import argparse
import asyncio
import itertools
import time
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from bench.guardrails.running import local_means
from craton.guardrails.findings import Undecided
from craton.knowledge.generating.citing import attribution
from craton.knowledge.generating.citing.attribution import Attribution, Vectors

_FILE = Path(__file__).with_name("citations.toml")


class Sentence(msgspec.Struct):
    text: str
    by: list[int]


class Set(msgspec.Struct):
    language: str
    pieces: list[str]
    sentences: list[Sentence]


class Nothing:
    """No embedding model."""

    async def vectors(self, texts: Sequence[str]) -> Sequence[Sequence[float]]:
        raise Undecided("There is no embedding model.")


def sets() -> list[Set]:
    return msgspec.convert(tomllib.loads(_FILE.read_text(encoding="utf-8"))["sets"], list[Set])


async def attributed(model: Vectors) -> list[tuple[Set, Sentence, list[int]]]:
    told = []
    for each in sets():
        async with Attribution(each.pieces, model) as attributing:
            for sentence in each.sentences:
                told.append((each, sentence, await attributing.supporting(sentence.text)))
    return told


def rows(name: str, told: Sequence[tuple[Set, Sentence, list[int]]]) -> Iterator[str]:
    """Precision and recall of single references; `silent`: the share of unsupported sentences that have none."""
    for language in ("en", "de"):
        some = [(sentence, found) for each, sentence, found in told if each.language == language]
        right = sum(len({*sentence.by} & {*found}) for sentence, found in some)
        given = sum(len(found) for _, found in some)
        wanted = sum(len(sentence.by) for sentence, _ in some)
        unsupported = [found for sentence, found in some if not sentence.by]
        silent = sum(not found for found in unsupported) / len(unsupported)
        yield (
            f"| {name} | {language} | {len(some)} | {right / max(given, 1):.2f} | {right / wanted:.2f} | {silent:.2f} |"
        )


async def bench(*, sweep: bool) -> None:
    print("| evidence | sentences in | sentences | precision | recall | silent |")
    print("|---|---|---:|---:|---:|---:|")
    async with local_means() as means:
        for name, model in (("vectors and words", means), ("words alone", Nothing())):
            started = time.perf_counter()
            told = await attributed(model)
            took = time.perf_counter() - started
            for row in rows(name, told):
                print(row)
            print(f"\n{1000 * took / len(told):.0f} ms a sentence\n")
            if sweep:
                await _sweep(model)
                for each, sentence, found in told:
                    if {*found} != {*sentence.by}:
                        print(f"  {each.language} {sentence.by} -> {found}: {sentence.text}")


async def _sweep(model: Vectors) -> None:
    names = ("WORDS_THRESHOLD", "WORDS_BEHIND") if isinstance(model, Nothing) else ("THRESHOLD", "BEHIND")
    kept = [getattr(attribution, name) for name in names]
    for values in itertools.product((0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8), (0.1, 0.2)):
        for name, value in zip(names, values, strict=True):
            setattr(attribution, name, value)
        for row in rows(str(values), await attributed(model)):
            print(row)
    for name, value in zip(names, kept, strict=True):
        setattr(attribution, name, value)


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--sweep", action="store_true")
    given = arguments.parse_args()
    asyncio.run(bench(sweep=given.sweep))
