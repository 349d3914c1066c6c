"""On whose behalf, and for which source and job, documents are ingested. Knows no document."""

from dataclasses import dataclass

from craton.core.context import Context
from craton.knowledge.ingestion.indexing.patience import Patience
from craton.knowledge.records import Source


@dataclass(frozen=True, slots=True)
class Work:
    """`job` is the id of the job, as the service tells it."""

    ctx: Context
    source: Source
    job: str
    patience: Patience
