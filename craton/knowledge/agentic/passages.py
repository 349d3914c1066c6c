"""What an agent has found so far, each passage once. Knows no search."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from craton.dialects.converse import Block
from craton.knowledge.generating.evidence import Evidence, evidence_of
from craton.knowledge.retrieval.retrieving import Found

# The most that an answer tells.
MOST = 100

# Metadata by which results tell where they are from, as the service names them: they have no location of their own.
SOURCE_URI, TITLE, CHUNK_ID = "_source_uri", "_document_title", "_chunk_id"


@dataclass(frozen=True, slots=True)
class Passage:
    """`base` is the knowledge base that it was found in."""

    base: str
    found: Found

    @property
    def key(self) -> tuple[str, str, str]:
        """Rows of a database have no ids: they are told apart by what they say."""
        return (self.base, self.found.chunk_id, "" if self.found.chunk_id else self.found.text or str(self.found.row))

    @property
    def source(self) -> Block:
        """AgenticRetrieveSourceRetriever."""
        return {"identifier": self.base}

    def evidence(self) -> Evidence:
        return evidence_of(self.found)

    def item(self) -> Block:
        """AgenticRetrieveResultItem, and with the same members what a trace tells."""
        return {
            "content": {"text": self.evidence().text, "mimeType": "text/plain"},
            "metadata": {**self.found.metadata, **_origin(self.found)},
            "sourceRetriever": self.source,
        }


class Passages:
    """In the order in which they were found; a better score of one that was found before counts."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str, str], Passage] = {}

    def __len__(self) -> int:
        return len(self._kept)

    def add(self, passages: Iterable[Passage]) -> int:
        """How many of them are new."""
        before = len(self._kept)
        for each in passages:
            known = self._kept.get(each.key)
            if known is None or (each.found.score or 0) > (known.found.score or 0):
                self._kept[each.key] = each
        return len(self._kept) - before

    def best(self) -> list[Passage]:
        """The best first; those of whole documents, which have no score, behind them, in their order."""
        return sorted(self._kept.values(), key=lambda each: -(each.found.score or 0))[:MOST]


def _origin(found: Found) -> Mapping[str, str]:
    told = {CHUNK_ID: found.chunk_id} if found.chunk_id else {}
    for place in (found.location or {}).values():
        uri = next((value for value in place.values() if value), None) if isinstance(place, dict) else None
        if uri:
            told |= {SOURCE_URI: uri, TITLE: uri.rstrip("/").rpartition("/")[2] or uri}
    return told
