"""`make bench`: measure on this machine and write docs/benchmarks.md. Ratios are the result; absolute figures drift."""

import asyncio
import os
import platform
import statistics
import sys
import tempfile
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from bench import metering, providers, small, streams
from bench.engines import STREAMS, TOKENS
from craton.engines.memory import resident
from craton.models.files.library import Library
from craton.models.files.pull import Pull
from tests.serving import MODEL, Server

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "benchmarks.md"
ROUNDS = 5
SHARED_ROUNDS = 1  # an engine that shares nothing reads 16,000 tokens in each


def main() -> None:
    library = Library(ROOT / ".models")
    model = Pull(library).pull(MODEL)
    Pull(library).pull(small.EMBEDDING_MODEL)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        home.mkdir()
        (home / "models").symlink_to(library.root)
        rows: list[str] = []
        for row in chain(
            _head(),
            _small(home),
            _streams(home, library.paths(model)["model"]),
            providers.rows(_litellm()),
            metering.rows(),
        ):
            print(row, flush=True)  # what was measured is not lost where something fails later
            rows.append(row)
    PAGE.write_text("\n".join(rows) + "\n")


def _litellm() -> Path | None:
    """The LiteLLM proxy to compare with, where the caller has one: `make bench LITELLM=path/to/litellm`."""
    return Path(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1] else None


def _head() -> Iterator[str]:
    yield "# Benchmarks"
    yield ""
    yield "Written by `make bench`. What is compared was measured in turn, in one run: ratios hold, absolute figures"
    yield "drift."
    yield f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}; SmolLM2-135M Q4_1."
    yield ""


def _small(home: Path) -> Iterator[str]:
    starts = [small.start_seconds(home) for _ in range(5)]
    with Server(home) as server:
        flood, pace = small.measured(server.port, small.foundation_model(server.endpoint), "flood", "pace")
        memory = resident(server.process.pid)
        embedding = small.embedding(server.endpoint)
        _, vectors = small.measured(server.port, embedding, "flood", "flood")  # the first loads the model
    yield "## The server"
    yield ""
    yield "| what | measured | target |"
    yield "|---|---:|---:|"
    yield f"| start to healthy, without a model | {statistics.median(starts):.2f} s | under 1.5 s |"
    yield f"| signed GetFoundationModel, {small.CONNECTIONS} connections | {flood.rate:,.0f} /s | at least 3,000 /s |"
    yield f"| the same at {small.RATE} /s: p50, p99 | {pace.p50:.1f} ms, {pace.p99:.1f} ms | p99 under 15 ms |"
    yield f"| resident memory after that, no model loaded | {memory / 1e6:.0f} MB | |"
    yield f"| embeddings by InvokeModel, one sentence each, USE multilingual | {vectors.rate:,.0f} /s | |"
    yield ""


def _streams(home: Path, model: Path) -> Iterator[str]:
    yield "## Streams"
    yield ""
    yield f"Answers of {TOKENS} tokens to prompts of about 40, median of {ROUNDS} rounds. The targets: at most 3 ms"
    yield "added to the first token, and at 16 streams at least 0.97 of the bare engine's throughput."
    for engine in ("openvino", "llamacpp"):
        yield ""
        yield f"### {engine}"
        yield ""
        (home / "craton.toml").write_text(f'[engines.force]\n"{MODEL}" = "{engine}"\n')
        with Server(home) as server:
            yield from asyncio.run(_table(engine, model, server))


async def _table(engine: str, model: Path, server: Server) -> list[str]:
    async with streams.contenders(engine, model, server) as measures:
        first, second, *_ = measures
        lines = [
            f"| streams | {' | '.join(f'{name}: first token, tokens/s' for name in measures)} | added | throughput |",
            f"|---:|{'---:|' * (len(measures) + 2)}",
        ]
        for count, shared in [*((count, False) for count in STREAMS), (STREAMS[-1], True)]:
            rounds = SHARED_ROUNDS if shared else ROUNDS
            medians = await streams.alternate(list(measures.values()), count, rounds, shared=shared)
            found = dict(zip(measures, medians, strict=True))
            cells = [f"{each.first_token * 1000:.0f} ms, {each.tokens_per_second:.0f}" for each in found.values()]
            added = (found[second].first_token - found[first].first_token) * 1000
            ratio = found[second].tokens_per_second / found[first].tokens_per_second
            name = f"{count}, sharing 1,000 tokens" if shared else str(count)
            lines.append(f"| {name} | {' | '.join(cells)} | {added:+.1f} ms | {ratio:.2f} |")
        return lines


if __name__ == "__main__":
    main()
