"""Kill -9 of a server in the middle of one ingestion job: its index ends as one that nobody disturbed."""

import asyncio
import contextlib
import json
import random
import sqlite3
import time
from pathlib import Path
from typing import Any

from craton.config.settings import KnowledgeSettings
from craton.knowledge.records import DOCUMENT, INGESTION
from craton.store.documents import Documents
from craton.store.records import Scope
from craton.store.vectors.stores import Stores
from soak.figures import Figure, exactly, told
from tests import scripted
from tests.serving import REGION, Server

VECTORS = "craton.vectors-v1:0"
DIMENSIONS = 32
BUCKET = "documents"
SCOPE = Scope("123456789012", REGION)
ENDED = ("COMPLETE", "FAILED", "STOPPED")
WAIT_SECONDS = 1200

Chunk = tuple[str, str, str]


def trial(home: Path, kills: int, documents: int) -> list[Figure]:
    """`home` is one that does not exist yet; a bucket of so many documents is ingested twice, once undisturbed."""
    calm, disturbed = home.with_name("calm"), home
    for each in (calm, disturbed):
        _furnish(each, documents)
    expected, expected_counts = _undisturbed(calm)
    killed, found, counts, runs = _killed(disturbed, kills)
    wanted = {chunk for chunks in expected.values() for chunk in chunks}
    there = [chunk for chunks in found.values() for chunk in chunks]
    return [
        told("documents of one ingestion job", documents),
        exactly("kills -9 while it ran", killed, kills),
        told("runs that it took", runs),
        told("chunks in the end", len(there)),
        exactly("of them lost", len(wanted - set(there)), 0),
        exactly("doubled, or of nobody", len(there) - len(wanted & set(there)), 0),
        exactly("documents that are not as undisturbed", _differing(expected, found), 0),
        exactly("counts that are not as undisturbed", len(set(expected_counts.items()) ^ set(counts.items())), 0),
    ]


def _furnish(home: Path, documents: int) -> None:
    scripted.install(home)
    scripted.install(home, VECTORS, output="EMBEDDING", dimensions=DIMENSIONS)
    bucket = home / "buckets" / BUCKET
    bucket.mkdir(parents=True)
    chance = random.Random(3)
    for number in range(documents):
        sentence = f"Sentence of the document {number} about {chance.choice(('apples', 'pears', 'plums'))}. "
        file = bucket / f"{number:05}.txt"
        file.write_text(sentence * chance.choice((1, 3, 60)))
        if number % 5 == 0:
            file.with_name(f"{file.name}.metadata.json").write_text(json.dumps({"metadataAttributes": {"n": number}}))
        if number % 50 == 1:
            (bucket / f"{number:05}.pdf").write_bytes(b"%PDF-1.4 and no more")


def _begin(server: Server) -> dict[str, str]:
    agent = server.client("bedrock-agent")
    model = f"arn:aws:bedrock:{REGION}::foundation-model/{VECTORS}"
    vectors = {"type": "VECTOR", "vectorKnowledgeBaseConfiguration": {"embeddingModelArn": model}}
    role = f"arn:aws:iam::{SCOPE.account}:role/knowledge"
    base = agent.create_knowledge_base(name="trial", roleArn=role, knowledgeBaseConfiguration=vectors)
    place = {"knowledgeBaseId": base["knowledgeBase"]["knowledgeBaseId"]}
    s3 = {"type": "S3", "s3Configuration": {"bucketArn": f"arn:aws:s3:::{BUCKET}"}}
    source = agent.create_data_source(**place, name="trial", dataSourceConfiguration=s3)["dataSource"]
    place["dataSourceId"] = source["dataSourceId"]
    job = agent.start_ingestion_job(**place)["ingestionJob"]
    return {**place, "ingestionJobId": job["ingestionJobId"]}


def _end(server: Server, job: dict[str, str]) -> dict[str, int]:
    """What the job counted, once it has ended."""
    agent = server.client("bedrock-agent")
    deadline = time.monotonic() + WAIT_SECONDS
    while (now := agent.get_ingestion_job(**job)["ingestionJob"])["status"] not in ENDED:
        assert time.monotonic() < deadline, "the job did not end in time"
        time.sleep(0.1)
    assert now["status"] == "COMPLETE", now
    counts: dict[str, int] = now["statistics"]
    return counts


def _undisturbed(home: Path) -> tuple[dict[str, list[Chunk]], dict[str, int]]:
    with Server(home) as server:
        counts = _end(server, _begin(server))
    return asyncio.run(_chunks(home)), counts


def _killed(home: Path, kills: int) -> tuple[int, dict[str, list[Chunk]], dict[str, int], int]:
    """How often the server was killed before the job ended, and what there is when it has; the job's runs."""
    chance = random.Random(7)
    with Server(home) as server:
        job = _begin(server)
        time.sleep(chance.uniform(0, 1))
        server.kill()
    killed = int(_unfinished(home))
    while killed < kills and _unfinished(home):
        with Server(home) as server:
            time.sleep(chance.uniform(0, 1.2))
            server.kill()
        killed += _unfinished(home)
    runs = _claims(home)
    with Server(home) as server:
        counts = _end(server, job)
    return killed, asyncio.run(_chunks(home)), counts, runs


def _unfinished(home: Path) -> bool:
    return bool(_claims(home))


def _claims(home: Path) -> int:
    """How often the job was begun; 0 when it has ended."""

    async def look() -> int:
        store = Documents.open(home)
        entries = (await store.page(Scope("", ""), "job-entry", parent=INGESTION)).items
        await store.close()
        return int(entries[0].body["claims"]) + 1 if entries else 0

    return asyncio.run(look())


async def _chunks(home: Path) -> dict[str, list[Chunk]]:
    """By address, the chunks of each document, and under no address those that no document has."""
    store, stores = Documents.open(home), Stores(home, KnowledgeSettings())
    try:
        records = store.look(lambda view: view.listing(SCOPE, DOCUMENT))
        [base] = store.look(lambda view: view.listing(SCOPE, "knowledge-base"))
        index = await stores.index("embedded", f"{SCOPE.account}-{SCOPE.region}-{base.id}", DIMENSIONS)
        found = {record.body["uri"]: [_told(chunk) for chunk in await index.of(record.id)] for record in records}
        missing = await index.count() - sum(map(len, found.values()))
        return found | ({"": [("", "", "")] * missing} if missing else {})
    finally:
        await stores.close()
        await store.close()


def _told(chunk: Any) -> Chunk:
    """A chunk without what is another in each knowledge base."""
    own = {key: value for key, value in chunk.attributes.items() if not key.startswith("x-amz-bedrock-kb-")}
    number = chunk.id.rpartition("/")[2]
    uri: str = chunk.attributes["x-amz-bedrock-kb-source-uri"]
    return f"{uri}#{number}", chunk.text, json.dumps(own, sort_keys=True)


def _differing(expected: dict[str, list[Chunk]], found: dict[str, list[Chunk]]) -> int:
    return sum(expected.get(uri) != found.get(uri) for uri in expected.keys() | found.keys())


def whole(home: Path) -> bool:
    with contextlib.closing(sqlite3.connect(home / "craton.db")) as database:
        return bool(database.execute("PRAGMA integrity_check").fetchone()[0] == "ok")
