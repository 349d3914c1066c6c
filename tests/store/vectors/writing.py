"""A process that writes versions of two documents into an index, and tidies it, until it is killed.

python -m tests.store.vectors.writing HOME STORE NAME WRITER: tells each version on its standard output once it stands.
"""

import asyncio
import itertools
import os
import sys
from pathlib import Path

from craton.config import KnowledgeSettings
from craton.store.vectors.records import Chunk
from craton.store.vectors.stores import Store, Stores

EACH = 30  # chunks of a document
DIMENSIONS = 8


def chunks(document: str, version: int) -> list[Chunk]:
    """More in every other version, so that some are new and some go away."""
    return [
        Chunk(f"{document}/{n}", document, f"{version}", f"w v{version}", [1.0] * DIMENSIONS)
        for n in range(EACH + version % 2 * 7)
    ]


async def main(home: str, store: Store, name: str, writer: str) -> None:
    stores = Stores(Path(home), KnowledgeSettings(postgres=os.environ.get("POSTGRES")))
    index = await stores.index(store, name, DIMENSIONS)
    documents = [f"{writer}/a", f"{writer}/b"]
    for version in itertools.count():
        await index.replace(documents, [chunk for document in documents for chunk in chunks(document, version)])
        print(version, flush=True)
        if version % 3 == 2:
            await index.tidy()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))  # type: ignore[arg-type]
