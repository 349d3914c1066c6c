"""What metering adds to an invocation: processor time, time to the first token, throughput.

The same generations run with the meter and without, in turn, on the scripted engine, which makes events as fast as its
process can: with a model that computes, the share of metering is far smaller. Run alone: `python -m bench.metering`.
"""

import asyncio
import contextlib
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Self

from craton import config
from craton.core.context import Context
from craton.dialects.converse import Turn
from craton.engines.base import ModelSpec
from craton.engines.supervisor import Engines
from craton.models.catalogue import Model
from craton.models.resolve import Resolved, Target
from craton.runtime.content.content import Content
from craton.runtime.generation import Generation
from craton.runtime.metering import Metering
from craton.store.documents import Documents
from craton.usage.journal import Journal
from craton.usage.ledger import Ledger
from craton.usage.machine import Machine
from craton.usage.meter import Meter, Metered, Usage
from craton.usage.prices import Prices

STREAMS = 16
DELTAS = 400
SHORT = 1000  # invocations of one word, by which processor time is told
ROUNDS = 15
FIRSTS = 1000

CTX = Context("123456789012", "us-east-1", "arn:aws:iam::123456789012:root", "r", operation="bedrock-runtime.Converse")
TURN: Turn = {
    "messages": [{"role": "user", "content": [{"text": "word " * 40}]}],
    "inferenceConfig": {"maxTokens": 500},
}

Use = Callable[[Target, Turn], Awaitable[Metered]]


class Unmetered:
    """Stands where a use stands, and does nothing."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass

    def work(self) -> None:
        pass

    def tell(self, usage: Usage) -> None:
        pass


@dataclass(frozen=True, slots=True)
class Figures:
    """Seconds to the first token of one stream, events a second of all, and processor seconds of an invocation."""

    first_token: float
    rate: float
    processor: float


@dataclass(frozen=True, slots=True)
class Contender:
    """Generations with or without the meter."""

    engines: Engines
    use: Use

    def generation(self, resolved: Resolved) -> Generation:
        async def ready(target: Target, turn: Turn) -> Content:
            return Content(TURN)

        targets = (Target(resolved.model, resolved.spec),)
        turn, use = TURN, self.use
        return Generation(self.engines, CTX, resolved, targets, turn, ready, use, tier="default", fields=None, echo={})

    async def first_token(self, resolved: Resolved) -> float:
        started = time.perf_counter()
        first = 0.0
        async with aclosing(self.generation(resolved).events()) as events:
            async for event in events:
                if "contentBlockDelta" in event:
                    first = first or time.perf_counter() - started
        return first

    async def rate(self, resolved: Resolved) -> float:
        started = time.perf_counter()
        await asyncio.gather(*(self.generation(resolved).answer() for _ in range(STREAMS)))
        return STREAMS * DELTAS / (time.perf_counter() - started)

    async def processor(self, resolved: Resolved) -> float:
        used = time.process_time()
        for _ in range(SHORT):
            await self.generation(resolved).answer()
        return (time.process_time() - used) / SHORT


@asynccontextmanager
async def metering(home: Path) -> AsyncIterator[Metering]:
    documents, ledger = Documents.open(home), Ledger.open(home)
    prices = Prices(documents, {"bench.*": config.Price(input=Decimal(1), output=Decimal(2))})
    meter = Meter(ledger, prices, journal=Journal.open(home), machine=Machine())
    try:
        yield Metering(meter, documents)
    finally:
        await meter.close()
        await ledger.close()
        await documents.close()


def scripted(name: str, deltas: int) -> Resolved:
    script = {"rules": [{"chunks": ["word "], "repeat": deltas}]}
    spec = ModelSpec(f"bench.{name}", "scripted", {}, 8192, {"script": script})
    model = Model(
        id=spec.id,
        short=name,
        name=name,
        provider="Craton",
        family="openai_chat",
        licence="Apache-2.0",
        input=("TEXT",),
        output=("TEXT",),
        context_length=8192,
        max_output_tokens=8192,
        engines=(),
        files=(),
    )
    return Resolved(spec.id, model.family, model, spec)


async def compare() -> list[Figures]:
    """Medians without and with the meter. They take turns, one stream each for the first token."""
    many, short = scripted("many", DELTAS), scripted("short", 1)
    engines = Engines()
    with tempfile.TemporaryDirectory() as home:
        async with metering(Path(home)) as uses, contextlib.AsyncExitStack() as ending:
            ending.push_async_callback(engines.close)

            async def metered(target: Target, turn: Turn) -> Metered:
                resolved = many if target.spec is many.spec else short
                return await uses.of_turn(CTX, resolved, target, turn, "default")

            async def unmetered(target: Target, turn: Turn) -> Metered:
                return Unmetered()

            contenders = [Contender(engines, unmetered), Contender(engines, metered)]
            for each in contenders:  # which loads the models
                await asyncio.gather(each.rate(many), each.processor(short))
            first_token = await _medians(contenders, lambda each: each.first_token(short), FIRSTS)
            rate = await _medians(contenders, lambda each: each.rate(many), ROUNDS)
            processor = await _medians(contenders, lambda each: each.processor(short), ROUNDS)
    return list(map(Figures, first_token, rate, processor))


async def _medians(
    contenders: Sequence[Contender], measure: Callable[[Contender], Awaitable[float]], rounds: int
) -> list[float]:
    """Of each contender; who begins changes from round to round."""
    found: list[list[float]] = [[] for _ in contenders]
    for number in range(rounds):
        for place in range(len(contenders))[:: -1 if number % 2 else 1]:
            found[place].append(await measure(contenders[place]))
    return [statistics.median(figures) for figures in found]


def rows() -> Iterator[str]:
    """Lines of the page of benchmarks."""
    without, measured = asyncio.run(compare())
    added = (measured.processor - without.processor) * 1e6
    yield "## Metering"
    yield ""
    yield f"The scripted engine with and without the meter, in turn: medians of {ROUNDS} rounds, {FIRSTS} first tokens."
    yield ""
    yield "| what | without | with | difference | target |"
    yield "|---|---:|---:|---:|---:|"
    yield (
        f"| processor time of an invocation, all threads | {without.processor * 1e6:.0f} µs "
        f"| {measured.processor * 1e6:.0f} µs | {added:+.0f} µs | under 150 µs |"
    )
    first = (measured.first_token - without.first_token) * 1e3
    yield (
        f"| first token | {without.first_token * 1e3:.2f} ms | {measured.first_token * 1e3:.2f} ms "
        f"| {first:+.2f} ms | |"
    )
    yield (
        f"| events a second, {STREAMS} streams | {without.rate:,.0f} | {measured.rate:,.0f} "
        f"| {measured.rate / without.rate:.2f} | |"
    )
    yield ""


if __name__ == "__main__":
    print("\n".join(rows()))
