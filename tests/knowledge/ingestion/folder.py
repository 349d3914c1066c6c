"""A bucket that is a folder of the server's home, and the data source that reads it."""

import json
import os
import shutil
import uuid
from pathlib import Path
from typing import Any

from tests.knowledge.house import House, until

ENDED = ("COMPLETE", "FAILED", "STOPPED")


class Folder:
    """Documents are files here; `run` brings them into a knowledge base of its own."""

    def __init__(self, house: House, base: str | None = None, **source: Any) -> None:
        self.house = house
        self.agent = house.agent
        self.bucket = f"folder-{uuid.uuid4().hex}"
        self.path: Path = house.account.server.home / "buckets" / self.bucket
        self.path.mkdir(parents=True)
        self.base: str = base or house.base()["knowledgeBaseId"]
        s3 = {"type": "S3", "s3Configuration": {"bucketArn": f"arn:aws:s3:::{self.bucket}"}}
        self.source: str = house.source(self.base, s3, **source)["dataSourceId"]

    @property
    def place(self) -> dict[str, str]:
        return {"knowledgeBaseId": self.base, "dataSourceId": self.source}

    def write(self, name: str, content: str | bytes, metadata: object = None) -> None:
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        if metadata is not None:
            self.describe(name, metadata)

    def describe(self, name: str, metadata: object) -> None:
        text = metadata if isinstance(metadata, str) else json.dumps(metadata)
        (self.path / f"{name}.metadata.json").write_text(text)

    def swap(self, name: str, content: str) -> None:
        """Another content of the same length, which nothing but reading can tell."""
        file = self.path / name
        status = file.stat()
        assert len(content.encode()) == status.st_size
        file.write_text(content)
        os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))

    def drop(self, name: str) -> None:
        (self.path / name).unlink()

    def vanish(self) -> None:
        shutil.rmtree(self.path)

    def uri(self, name: str) -> str:
        return f"s3://{self.bucket}/{name}"

    def run(self, **more: Any) -> dict[str, Any]:
        """An ingestion job, when it has ended."""
        return self.ended(self.start(**more))

    def start(self, **more: Any) -> str:
        name: str = self.agent.start_ingestion_job(**self.place, **more)["ingestionJob"]["ingestionJobId"]
        return name

    def job(self, name: str) -> dict[str, Any]:
        told: dict[str, Any] = self.agent.get_ingestion_job(**self.place, ingestionJobId=name)["ingestionJob"]
        return told

    def ended(self, name: str) -> dict[str, Any]:
        return until(lambda: told if (told := self.job(name))["status"] in ENDED else None, 60)

    def documents(self) -> dict[str, tuple[str, str]]:
        """Of each document, by its file, its status and the reason."""
        pages = self.agent.get_paginator("list_knowledge_base_documents").paginate(**self.place)
        details = [detail for page in pages for detail in page["documentDetails"]]
        return {
            detail["identifier"]["s3"]["uri"].removeprefix(self.uri("")): (
                detail["status"],
                detail.get("statusReason", ""),
            )
            for detail in details
        }

    def found(self, query: str, **more: Any) -> list[dict[str, Any]]:
        return self.house.found(self.base, query, **more)

    def texts(self, query: str = "text") -> set[str]:
        """Of all chunks, few as they are."""
        return {found["content"]["text"] for found in self.found(query, retrievalConfiguration=MANY)}


MANY = {"vectorSearchConfiguration": {"numberOfResults": 100}}


def counts(job: dict[str, Any]) -> dict[str, int]:
    """What a job counted, without what there was none of."""
    names = {
        "numberOfDocumentsScanned": "scanned",
        "numberOfMetadataDocumentsScanned": "metadata scanned",
        "numberOfNewDocumentsIndexed": "new",
        "numberOfModifiedDocumentsIndexed": "modified",
        "numberOfMetadataDocumentsModified": "metadata modified",
        "numberOfDocumentsDeleted": "deleted",
        "numberOfDocumentsFailed": "failed",
        "numberOfDocumentsSkipped": "skipped",
    }
    assert job["statistics"].keys() == names.keys()
    return {names[name]: count for name, count in job["statistics"].items() if count}
