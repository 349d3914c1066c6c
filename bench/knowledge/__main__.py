"""`make bench-knowledge`: measure knowledge bases, and write the tables into docs/knowledge-figures.md.

python -m bench.knowledge [--wheel WHEEL] [--rerank MODEL] [--chunks N ...] [SECTION ...]

Needs the models of guardrails in `.models` for citations. With names of sections only those are measured, and nothing
is written. All of it takes about an hour, most of it for half a million chunks.
"""

import argparse
import asyncio
import os
import platform
from collections.abc import Iterator
from pathlib import Path

from bench.guardrails.running import local_means
from bench.knowledge import asked, citations, ingest, made, quality, speed

PAGE = Path(__file__).resolve().parents[2] / "docs" / "knowledge-figures.md"
SECTIONS = {
    "quality": "What is found",
    "citations": "Citations",
    "ingest": "Documents in",
    "asked": "Questions to a server",
    "speed": "Chunks written and found",
}
NOTES = {
    "quality": "Questions whose answers stand in known documents, of the half that no parameter was fitted to; but it "
    "was looked at while variants were compared, so this is no blind test. A result is a chunk and counts for its "
    "document, once. Recall@5: of the needed documents, at most five, how many the first five results show. MRR: one "
    "divided by the rank of the first needed one.",
    "citations": "Sentences of answers, each with the pieces that support it, or none. `silent` is the share of the "
    "unsupported ones that get no reference.",
    "ingest": "Objects of a bucket through the running server, one ingestion job: a page of text each, about 3 KB.",
    "asked": "Retrieve by boto3, one call after another, ten results: HTTP, signature, permission, the query's vector "
    "by USE multilingual, the searches, the answer. Processor time is that of the server and its workers for one call.",
    "speed": f"Made chunks of {made.DIMENSIONS} dimensions in clusters, with words by Zipf's law, written a thousand "
    f"at a time and tidied every {speed.TIDIED:,}, or tenth. Times are the median and what one search in a hundred "
    "exceeds, one search after another, ten hits with their texts; `both` runs the two at the same time. Recall is "
    "against comparing every vector. Memory is resident, of the process with the index, without PostgreSQL's own.",
}


def section(name: str, given: argparse.Namespace) -> Iterator[str]:
    match name:
        case "quality":
            yield "| set | search | recall@5 | MRR | nDCG@10 |"
            yield "|---|---|---:|---:|---:|"
            yield from quality.rows(given.wheel, given.rerank)
        case "citations":
            yield "| evidence | sentences in | sentences | precision | recall | silent |"
            yield "|---|---|---:|---:|---:|---:|"
            yield from asyncio.run(_citations())
        case "ingest":
            yield "| what | measured |"
            yield "|---|---:|"
            yield from ingest.rows()
        case "asked":
            yield "| chunks | search | p50, ms | p99, ms | processor, ms |"
            yield "|---:|---|---:|---:|---:|"
            yield from asked.rows()
        case _:
            yield from speed.rows(given.chunks or speed.SIZES)


async def _citations() -> list[str]:
    async with local_means() as means:
        told = {"vectors and words": await citations.attributed(means)}
    told["words alone"] = await citations.attributed(citations.Nothing())
    return [row for name, each in told.items() for row in citations.rows(name, each)]


def page(given: argparse.Namespace) -> Iterator[str]:
    yield "# How well and how fast knowledge bases answer"
    yield ""
    yield "Written by `make bench-knowledge`."
    yield f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}."
    for name in given.sections or SECTIONS:
        yield ""
        yield f"## {SECTIONS[name]}"
        yield ""
        yield NOTES[name]
        yield ""
        yield from section(name, given)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.knowledge")
    parser.add_argument("--wheel", type=Path, help="the wheel of inspect-evals; without it, it is fetched")
    parser.add_argument("--rerank", metavar="MODEL", help="a model that ranks the first results anew")
    parser.add_argument("--chunks", type=int, nargs="*", help=f"how many; {speed.SIZES} where nothing is said")
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=f"of {', '.join(SECTIONS)}")
    given = parser.parse_args()
    if unknown := [each for each in given.sections if each not in SECTIONS]:
        parser.error(f"There is no section {unknown[0]!r}: name some of {', '.join(SECTIONS)}.")
    rows = []
    for row in page(given):
        print(row, flush=True)  # what was measured is not lost where something fails later
        rows.append(row)
    if not given.sections:
        PAGE.write_text("\n".join(rows) + "\n")


if __name__ == "__main__":
    main()
