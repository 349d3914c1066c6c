"""What an answer may rest on, in the form that a citation tells it. Knows not who answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from craton.dialects.converse import Block
from craton.knowledge.retrieval.retrieving import Found


@dataclass(frozen=True, slots=True)
class Evidence:
    """A piece of a source, as a model reads it. `location` and `metadata` are what a citation tells of it.

    `content` is the RetrievalResultContent where it is more than the text.
    """

    text: str
    location: Block = field(default_factory=dict)
    metadata: Mapping[str, Any] = field(default_factory=dict)
    content: Block = field(default_factory=dict)

    def reference(self) -> Block:
        """RetrievedReference."""
        told: Block = {"content": self.content or {"text": self.text, "type": "TEXT"}}
        if self.location:
            told["location"] = self.location
        if self.metadata:
            told["metadata"] = dict(self.metadata)
        return told


def evidence_of(found: Found) -> Evidence:
    """A row of a database is read as its columns with their values."""
    text = found.text
    content: Block = {"type": "TEXT", "text": text}
    if found.row is not None:
        text = "; ".join(f"{column['columnName']}: {column.get('columnValue', '')}" for column in found.row)
        content = {"type": "ROW", "row": [*found.row]}
    return Evidence(text, dict(found.location or {}), found.metadata, content)
