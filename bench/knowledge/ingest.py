"""How fast documents become what can be found, through the running server: objects of a bucket, one ingestion job.

    python -m bench.knowledge.ingest [DOCUMENTS]

Each document is a page of text of its own, about 3 KB, as many people write them. Measured with the embedding model
that knowledge bases are made with, and with one that computes nothing, which leaves what the pipeline costs itself.
Then, of the same documents, a job that finds nothing changed and one that finds all metadata changed.
"""

import asyncio
import json
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.knowledge import bases
from bench.knowledge.bases import MODEL
from craton.engines.memory import resident
from craton.knowledge.records import DOCUMENT
from craton.models.files.library import Library
from craton.models.files.pull import Pull
from craton.store.documents import Documents
from craton.store.records import Scope
from tests import scripted
from tests.fronts import Account
from tests.serving import REGION, Server

ROOT = Path(__file__).resolve().parents[2]
NOTHING = "craton.vectors-v1:0"
DIMENSIONS = 512
DOCUMENTS = 1000
BUCKET = "bench"
SCOPE = Scope(bases.ACCOUNT, REGION)

_SUBJECTS = [
    "The bank",
    "Our customer",
    "Die Versicherung",
    "Das Gericht",
    "A clerk",
    "Der Antrag",
    "The machine",
    "Die Leitung",
]
_VERBS = ["approves", "refuses", "prüft", "beantragt", "writes down", "ändert", "measures", "unterschreibt"]
_OBJECTS = [
    "the loan",
    "den Vertrag",
    "a claim",
    "die Rechnung",
    "the policy",
    "das Protokoll",
    "an account",
    "die Frist",
]
_ENDS = ["in the morning", "nach drei Tagen", "without delay", "mit einer Begründung", "twice a year", "vor dem Termin"]


@dataclass(frozen=True)
class Speed:
    documents: int
    chunks: int
    seconds: float

    def __str__(self) -> str:
        return f"{self.documents / self.seconds:,.0f} documents/s, {self.chunks / self.seconds:,.0f} chunks/s"


@dataclass(frozen=True)
class Measured:
    """The jobs of one knowledge base, and the server's memory after the first, in bytes."""

    first: Speed
    unchanged: Speed
    described: Speed
    memory: int


def measured(home: Path, model: str, documents: int) -> Measured:
    bucket = home / "buckets" / BUCKET
    bucket.mkdir(parents=True)
    for number, text in enumerate(_texts(documents)):
        (bucket / f"{number:06}.txt").write_text(text)
    with Server(home) as server:
        account = Account(server)
        place = bases.source(account, bases.base(account, BUCKET, model), BUCKET)
        first = _run(account, place, documents)
        memory = resident(server.process.pid)
        unchanged = _run(account, place, documents)
        for number in range(documents):
            metadata = {"metadataAttributes": {"number": number}}
            (bucket / f"{number:06}.txt.metadata.json").write_text(json.dumps(metadata))
        return Measured(first, unchanged, _run(account, place, documents), memory)


def rows(documents: int = DOCUMENTS) -> Iterator[str]:
    """The lines of a table: what, measured."""
    library = Library(ROOT / ".models")
    Pull(library).pull(MODEL)
    with tempfile.TemporaryDirectory() as folder:
        for name, model in (("USE multilingual", MODEL), ("a model that computes nothing", NOTHING)):
            home = Path(folder) / model.partition(":")[0]
            home.mkdir()
            if model == NOTHING:
                scripted.install(home, model, output="EMBEDDING", dimensions=DIMENSIONS)
            else:
                (home / "models").symlink_to(library.root)
            found = measured(home, model, documents)
            yield f"| {documents:,} documents of 3 KB into the index, {name} | {found.first} |"
            rate = documents / found.unchanged.seconds
            yield f"| the same again, nothing changed, {name} | {rate:,.0f} documents/s |"
            yield f"| the same again, all metadata new, {name} | {found.described} |"
            yield f"| resident memory of the server after the first, {name} | {found.memory / 1e6:,.0f} MB |"


def _texts(documents: int) -> Iterator[str]:
    chance = random.Random(5)
    for number in range(documents):
        sentences = [
            f"{chance.choice(_SUBJECTS)} {chance.choice(_VERBS)} {chance.choice(_OBJECTS)} {chance.choice(_ENDS)}, "
            f"as page {chance.randrange(900)} says."
            for _ in range(50)
        ]
        paragraphs = [" ".join(sentences[start : start + 5]) for start in range(0, len(sentences), 5)]
        yield f"# Report {number}\n\n" + "\n\n".join(paragraphs)


def _run(account: Account, place: dict[str, str], documents: int) -> Speed:
    began = time.perf_counter()
    statistics = bases.ingested(account, place)
    seconds = time.perf_counter() - began
    assert statistics["numberOfDocumentsScanned"] == documents, statistics
    return Speed(documents, _chunks(account.server.home), seconds)


def _chunks(home: Path) -> int:
    """How many chunks all documents have, as their records say."""

    async def look() -> int:
        store = Documents.open(home)
        chunks: int = store.look(lambda view: sum(each.body["chunks"] for each in view.listing(SCOPE, DOCUMENT)))
        await store.close()
        return chunks

    return asyncio.run(look())


if __name__ == "__main__":
    for row in rows(int(sys.argv[1]) if len(sys.argv) > 1 else DOCUMENTS):
        print(row, flush=True)
