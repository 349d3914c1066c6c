"""How long Retrieve takes as a program sees it: boto3, HTTP, the query's vector, the searches, the answer.

    python -m bench.knowledge.asked [CHUNKS ...]

The chunks are the made ones of `speed.py`, written into the index of a knowledge base while its server is stopped. One
call after another, ten results each. Processor time is that of the server's processes for one call.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from bench.knowledge import bases
from bench.knowledge.bases import ACCOUNT, MODEL
from bench.knowledge.made import DIMENSIONS, blocks, queries
from bench.processor import computed
from craton.config import KnowledgeSettings
from craton.knowledge.records import ALLOWED, RESTRICTED
from craton.models.files.library import Library
from craton.models.files.pull import Pull
from craton.store.vectors.records import Chunk
from craton.store.vectors.stores import Stores
from tests.fronts import Account
from tests.serving import REGION, Server

ROOT = Path(__file__).resolve().parents[2]
SIZES = 1_000, 50_000
TIDIED = 20_000
_ASKED, _ROUNDS = 100, 3


def rows(sizes: Sequence[int] = SIZES) -> Iterator[str]:
    """The lines of a table: chunks, search, median and 99th percentile in ms, processor time in ms."""
    library = Library(ROOT / ".models")
    Pull(library).pull(MODEL)
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder) / "home"
            home.mkdir()
            (home / "models").symlink_to(library.root)
            with Server(home) as server:
                base = bases.base(Account(server), "asked")
            asyncio.run(_filled(home, base, size))
            with Server(home) as server:
                for search in ("SEMANTIC", "HYBRID"):
                    yield f"| {size:,} | {search.lower()} | {_times(server, base, search)} |"


async def _filled(home: Path, base: str, size: int) -> None:
    stores = Stores(home, KnowledgeSettings())
    index = await stores.index("embedded", f"{ACCOUNT}-{REGION}-{base}", DIMENSIONS)
    done = tidied = 0
    for block in blocks(size):
        chunks = [_listed(chunk) for chunk in block.chunks]
        await index.replace({chunk.document for chunk in chunks}, chunks)
        done += len(block.chunks)
        if done - tidied >= TIDIED:
            await index.tidy()
            tidied = done
    await index.tidy()
    await stores.close()


def _listed(chunk: Chunk) -> Chunk:
    """As ingestion keeps it: every search asks who may see a chunk."""
    told = chunk.attributes
    return replace(chunk, attributes={**told, RESTRICTED: told["restricted"], ALLOWED: told["allowed"]})


def _times(server: Server, base: str, search: str) -> str:
    client = Account(server).client("bedrock-agent-runtime")
    asked = [" ".join(query.words) for query in queries(_ASKED)]
    vector = {"numberOfResults": 10, "overrideSearchType": search}

    def ask(text: str) -> float:
        began = time.perf_counter()
        answer = client.retrieve(
            knowledgeBaseId=base,
            retrievalQuery={"text": text},
            retrievalConfiguration={"vectorSearchConfiguration": vector},
        )
        if len(answer["retrievalResults"]) != 10:
            raise RuntimeError(f"A search of {text!r} gave {len(answer['retrievalResults'])} results.")
        return (time.perf_counter() - began) * 1000

    for text in asked:
        ask(text)
    began = computed(server.process.pid)
    taken = [ask(text) for _ in range(_ROUNDS) for text in asked]
    busy = (computed(server.process.pid) - began) * 1000 / len(taken)
    return f"{np.quantile(taken, 0.5):.1f} | {np.quantile(taken, 0.99):.1f} | {busy:.1f}"


def main() -> None:
    print("| chunks | search | p50, ms | p99, ms | processor, ms |\n|---:|---|---:|---:|---:|")
    for row in rows([int(size) for size in sys.argv[1:]] or SIZES):
        print(row, flush=True)


if __name__ == "__main__":
    main()
