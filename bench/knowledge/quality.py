"""How much of what questions need is found: by vectors, by words, by both, and ranked anew by a model.

    python -m bench.knowledge.quality [--wheel inspect_evals.whl] [--rerank MODEL] [--tuned] [--set NAME]

Two sets (`sets.py`) become knowledge bases of a running server, by ingestion jobs as anybody would start them, with the
default chunks and the default embedding model. What is told is of the half of the questions that no parameter was
fitted to; `--tuned` tells it of the other. `sets.py` says how far that can be trusted. A result is
a chunk and counts for its document, once.

- recall@5: of the needed documents, at most five, how many are among those of the first five results
- MRR: one divided by the rank of the first result that is needed
- nDCG@10: how near the first ten results are to the best order
"""

import argparse
import asyncio
import math
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.knowledge import bases
from bench.knowledge.bases import ACCOUNT, MODEL
from bench.knowledge.sets import Question, Set, banking, debian
from craton.config import KnowledgeSettings
from craton.knowledge.language.words import words
from craton.models.files.library import Library
from craton.models.files.pull import Pull
from craton.store.vectors.stores import Stores
from tests.fronts import Account
from tests.serving import REGION, Server

ROOT = Path(__file__).resolve().parents[2]
DIMENSIONS = 512
# Results that are looked at, those that a model ranks anew, and of how many questions one is asked so.
DEPTH, RERANKED, ONE_OF = 50, 10, 4

SETS: Mapping[str, Callable[[Path, Path | None], Set]] = {
    "banking": banking,
    "debian": lambda folder, _: debian(folder),
}

Search = Callable[[str], Sequence[str]]
"""The documents of the results of a question, in their order."""


@dataclass(frozen=True)
class Quality:
    recall: float
    rank: float
    gain: float

    def __str__(self) -> str:
        return f"{self.recall:.3f} | {self.rank:.3f} | {self.gain:.3f}"


def quality(questions: Sequence[Question], search: Search) -> Quality:
    told = [_one(question, search(question.text)) for question in questions]
    return Quality(*(sum(values) / len(told) for values in zip(*told, strict=True)))


def _one(question: Question, found: Sequence[str]) -> tuple[float, float, float]:
    needed = question.answers
    first = {document: rank for rank, document in reversed(list(enumerate(found, start=1))) if document in needed}
    recall = sum(rank <= 5 for rank in first.values()) / min(5, len(needed))
    gain = sum(1 / math.log2(rank + 1) for rank in first.values() if rank <= 10)
    best = sum(1 / math.log2(rank + 1) for rank in range(1, min(10, len(needed)) + 1))
    return recall, 1 / min(first.values(), default=math.inf), gain / best


class Base:
    """A knowledge base that holds the documents of a set, on a running server."""

    def __init__(self, account: Account, documents: Set, number: int) -> None:
        self._runtime = account.client("bedrock-agent-runtime")
        bucket = f"quality-{number}"
        folder = account.server.home / "buckets" / bucket
        folder.mkdir(parents=True)
        for name, data in documents.documents.items():
            (folder / name).write_bytes(data)
        self.id = bases.base(account, bucket)
        bases.ingested(account, bases.source(account, self.id, bucket))

    def searching(self, override: str, rerank: str | None = None) -> Search:
        vector: dict[str, object] = {"numberOfResults": DEPTH, "overrideSearchType": override}
        if rerank:
            arn = f"arn:aws:bedrock:{REGION}::foundation-model/{rerank}"
            model = {"modelConfiguration": {"modelArn": arn}, "numberOfRerankedResults": RERANKED}
            vector |= {
                "numberOfResults": RERANKED,
                "rerankingConfiguration": {
                    "type": "BEDROCK_RERANKING_MODEL",
                    "bedrockRerankingConfiguration": model,
                },
            }

        def search(text: str) -> list[str]:
            answer = self._runtime.retrieve(
                knowledgeBaseId=self.id,
                retrievalQuery={"text": text},
                retrievalConfiguration={"vectorSearchConfiguration": vector},
            )
            return [_name(each["location"]["s3Location"]["uri"]) for each in answer["retrievalResults"]]

        return search


def by_words(home: Path, base: str, questions: Sequence[Question]) -> Quality:
    """No operation searches by words alone, so the index is asked itself."""

    async def found() -> list[list[str]]:
        stores = Stores(home, KnowledgeSettings())
        index = await stores.index("embedded", f"{ACCOUNT}-{REGION}-{base}", DIMENSIONS)
        hits = [await index.matching(list(dict.fromkeys(words(each.text))), DEPTH) for each in questions]
        await stores.close()
        return [[_name(str(hit.chunk.extra["location"]["s3Location"]["uri"])) for hit in some] for some in hits]

    results = iter(asyncio.run(found()))
    return quality(questions, lambda _: next(results))


def rows(
    wheel: Path | None = None, rerank: str | None = None, *, tuned: bool = False, names: Sequence[str] = tuple(SETS)
) -> Iterator[str]:
    """The lines of a table: set, search, and what is found. `names` are those of the sets."""
    library = Library(ROOT / ".models")
    Pull(library).pull(MODEL)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        home.mkdir()
        (home / "models").symlink_to(library.root)
        with Server(home) as server:
            account = Account(server)
            for number, name in enumerate(names):
                each = SETS[name](Path(folder), wheel)
                asked = each.half(tuned=tuned)
                base = Base(account, each, number)
                hybrid = base.searching("HYBRID")

                def row(search: str, found: Quality, questions: int, of: Set = each) -> str:
                    return f"| {of.name} ({len(of.documents)} documents, {questions} questions) | {search} | {found} |"

                yield row("vectors", quality(asked, base.searching("SEMANTIC")), len(asked))
                yield row("words", by_words(home, base.id, asked), len(asked))
                yield row("hybrid", quality(asked, hybrid), len(asked))
                if rerank:
                    some = asked[::ONE_OF]
                    yield row("hybrid, of these alone", quality(some, hybrid), len(some))
                    found = quality(some, base.searching("HYBRID", rerank))
                    yield row(f"the first {RERANKED} of hybrid reranked by {rerank}", found, len(some))


def _name(uri: str) -> str:
    return uri.rpartition("/")[2]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wheel", type=Path, help="the wheel of inspect-evals, where it is there already")
    parser.add_argument("--rerank", help="the model that ranks the first results anew")
    parser.add_argument("--tuned", action="store_true", help="the half of the questions that was tuned with")
    parser.add_argument("--set", choices=SETS, action="append", help="one of the sets")
    given = parser.parse_args()
    print("| set | search | recall@5 | MRR | nDCG@10 |\n|---|---|---:|---:|---:|")
    for row in rows(given.wheel, given.rerank, tuned=given.tuned, names=given.set or tuple(SETS)):
        print(row, flush=True)


if __name__ == "__main__":
    main()
