"""What is in the knowledge base of these tests, and how they ask for it."""

from dataclasses import dataclass
from typing import Any

from tests.knowledge.house import House

RANKER = "craton.ranker-v1:0"
WRITER = "craton.writer-v1:0"
_MODELS = "arn:aws:bedrock:us-east-1::foundation-model"
RANKER_ARN, WRITER_ARN = f"{_MODELS}/{RANKER}", f"{_MODELS}/{WRITER}"

DOCUMENTS: dict[str, tuple[str, dict[str, Any]]] = {
    "cat": (
        "The cat sleeps on the sofa in the living room. It hunts mice at night.",
        {"animal": "cat", "year": 1985, "tame": True, "tags": ["small", "furry"]},
    ),
    "dog": (
        "The dog sleeps in the kennel behind the house. It barks at strangers.",
        {"animal": "dog", "year": 1995, "tame": True, "tags": ["furry"]},
    ),
    "snake": (
        "The snake lies in the sun beside the pond. It swallows frogs.",
        {"animal": "snake", "year": 2005, "tame": False, "tags": ["scaly"]},
    ),
    "katze": (
        "Die Katze schläft auf dem Wohnzimmersofa. Nachts fängt sie Mäuse.",
        {"animal": "Katze", "year": 1985, "tame": True, "language": "de"},
    ),
    "versicherung": (
        "Die Haftpflichtversicherung zahlt für Schäden, die der Hund bei Nachbarn anrichtet.",
        {"animal": "Hund", "language": "de"},
    ),
    "plain": ("The aquarium opens at nine o'clock.", {}),
}


def document(name: str, text: str, metadata: dict[str, Any]) -> dict[str, Any]:
    """As IngestKnowledgeBaseDocuments takes it."""
    inline = {"type": "TEXT", "textContent": {"data": text}}
    custom = {"customDocumentIdentifier": {"id": name}, "sourceType": "IN_LINE", "inlineContent": inline}
    attributes = [{"key": key, "value": _typed(value)} for key, value in metadata.items()]
    told = {"metadata": {"type": "IN_LINE_ATTRIBUTE", "inlineAttributes": attributes}} if attributes else {}
    return {"content": {"dataSourceType": "CUSTOM", "custom": custom}, **told}


def _typed(value: Any) -> dict[str, Any]:
    match value:
        case bool():
            return {"type": "BOOLEAN", "booleanValue": value}
        case str():
            return {"type": "STRING", "stringValue": value}
        case list():
            return {"type": "STRING_LIST", "stringListValue": value}
    return {"type": "NUMBER", "numberValue": value}


@dataclass(frozen=True)
class Zoo:
    house: House
    base: str
    source: str

    def found(self, query: str, **vector: Any) -> list[dict[str, Any]]:
        """Of the zoo's knowledge base, by this vectorSearchConfiguration."""
        more = {"retrievalConfiguration": {"vectorSearchConfiguration": vector}} if vector else {}
        return self.house.found(self.base, query, **more)

    def names(self, query: str, **vector: Any) -> list[str]:
        """The documents that were found, best first."""
        return [name_of(result) for result in self.found(query, **vector)]


def name_of(result: dict[str, Any]) -> str:
    name: str = result["location"]["customDocumentLocation"]["id"]
    return name
