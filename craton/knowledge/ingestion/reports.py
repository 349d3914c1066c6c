"""What a job says of itself: its counts, and why documents failed. Knows no document's content.

https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent_IngestionJob.html
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime

from craton.knowledge.ingestion.indexing.pipeline import Done
from craton.knowledge.ingestion.units import Change
from craton.store.documents import Document
from craton.store.records import Record

SCANNED = "numberOfDocumentsScanned"
METADATA_SCANNED = "numberOfMetadataDocumentsScanned"
NEW = "numberOfNewDocumentsIndexed"
MODIFIED = "numberOfModifiedDocumentsIndexed"
METADATA_MODIFIED = "numberOfMetadataDocumentsModified"
DELETED = "numberOfDocumentsDeleted"
FAILED = "numberOfDocumentsFailed"
SKIPPED = "numberOfDocumentsSkipped"
STATISTICS = (SCANNED, METADATA_SCANNED, NEW, MODIFIED, METADATA_MODIFIED, DELETED, FAILED, SKIPPED)

# Documents of which a job tells why they failed. The records of the documents tell it of all.
_REASONS = 100
_LONGEST = 2048

# What a stored job has that no answer tells.
WORKING = "working"
_UNTOLD = (WORKING, "untold")


def begun(description: str | None) -> Record:
    """The body of a job that has not begun. `working` are the documents whose chunks are being replaced, `untold` is
    how many failed documents it has no reason of.
    """
    body: Record = {
        "status": "STARTING",
        "statistics": dict.fromkeys(STATISTICS, 0),
        "failureReasons": [],
        WORKING: [],
        "untold": 0,
    }
    return body | ({"description": description} if description else {})


def counted(body: Record, counts: Mapping[str, int]) -> Record:
    """The job's body with so much more counted."""
    return body | {"statistics": {name: body["statistics"][name] + counts.get(name, 0) for name in STATISTICS}}


def told(body: Record, reason: str, uri: str) -> Record:
    """The job's body with one more document that failed."""
    if len(body["failureReasons"]) >= _REASONS:
        return body | {"untold": body["untold"] + 1}
    return body | {"failureReasons": [*body["failureReasons"], _sentence(reason, uri)]}


def counts(change: Change, done: Done, *, metadata_changed: bool) -> dict[str, int]:
    """What a document that was worked on counts as."""
    if done.unusable:
        return {SKIPPED if done.unusable.ignored else FAILED: 1}
    if change == "new":
        return {NEW: 1}
    if change == "again":
        return {}
    return ({MODIFIED: 1} if change == "changed" else {}) | ({METADATA_MODIFIED: 1} if metadata_changed else {})


def ended(body: Record, status: str) -> Record:
    ready = {"textReadyAt": datetime.now(UTC)} if status == "COMPLETE" else {}
    return body | {"status": status, WORKING: []} | ready


def answer(job: Document, *, whole: bool = True) -> Record:
    """The IngestionJob, or the IngestionJobSummary."""
    base, source, name = job.id.split("/")
    body = {member: value for member, value in job.body.items() if member not in _UNTOLD}
    reasons: list[str] = body.pop("failureReasons")
    if untold := job.body["untold"]:
        reasons = [
            *reasons,
            _listed(f"Encountered error: {untold} more documents; ListKnowledgeBaseDocuments has all."),
        ]
    return {
        "knowledgeBaseId": base,
        "dataSourceId": source,
        "ingestionJobId": name,
        **body,
        **({"failureReasons": reasons} if whole and reasons else {}),
        "startedAt": job.created_at,
        "updatedAt": job.updated_at,
    }


def _sentence(reason: str, uri: str) -> str:
    """In the words of the service, from which programs read the files."""
    end = f" [Files: {uri}]. Call to Customer Source did not succeed."
    return _listed(f"Encountered error: {reason[: max(_LONGEST - 200 - len(end), 100)]}{end}")


def _listed(sentence: str) -> str:
    """As the service has it: each reason is a list of one, written as JSON."""
    return json.dumps([sentence], ensure_ascii=False)[:_LONGEST]
