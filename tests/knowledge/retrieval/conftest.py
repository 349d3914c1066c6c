"""A server with scripted models, and a knowledge base in two languages that came in by its operations."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import scripted
from tests.fronts import Account
from tests.knowledge.house import VECTORS, House
from tests.knowledge.retrieval.zoo import DOCUMENTS, RANKER, WRITER, Zoo, document
from tests.serving import Server


def writing(match: str, answer: Any) -> dict[str, Any]:
    """A model that answers a prompt with this in it so."""
    return {"match": match, "text": json.dumps(answer)}


def filter_of(*conditions: tuple[str, str, Any], match: str = "all") -> dict[str, Any]:
    told = [{"key": key, "operator": operator, "value": value} for key, operator, value in conditions]
    return {"match": match, "conditions": told}


RULES = [
    writing("animals before 1990", filter_of(("year", "lessThan", 1990))),
    writing("tame or furry", filter_of(("tame", "equals", True), ("tags", "listContains", "furry"), match="any")),
    writing("animals of any kind", filter_of()),
    writing("animals of a colour", filter_of(("colour", "equals", "red"))),
    writing("animals in doubt", filter_of(("year", "greaterThan", "long ago"))),
    {"match": "animals untold", "text": "I would rather not."},
    writing(
        "Compare", {"questions": ["Where does the cat sleep?", "Where does the dog sleep?", "Where does the cat "]}
    ),
    writing("Nonsense", {"questions": [" "]}),
    {"text": "Yes.", "logprob": -0.1},
]


@pytest.fixture(scope="session")
def zoo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Zoo]:
    home: Path = tmp_path_factory.mktemp("zoo") / "home"
    scripted.install(home, VECTORS, output="EMBEDDING", dimensions=64)
    scripted.install(home, RANKER, output="EMBEDDING", dimensions=512)
    scripted.install(home, WRITER, script={"rules": RULES})
    with Server(home) as running:
        house = House(Account(running))
        base = house.base()["knowledgeBaseId"]
        source = house.source(base)["dataSourceId"]
        documents = [document(name, text, metadata) for name, (text, metadata) in DOCUMENTS.items()]
        house.agent.ingest_knowledge_base_documents(knowledgeBaseId=base, dataSourceId=source, documents=documents)
        for name in DOCUMENTS:
            ended = house.document(base, source, name)
            assert ended["status"] == "INDEXED", ended
        yield Zoo(house, base, source)
