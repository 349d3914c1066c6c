"""Knowledge bases: the program of the documentation as it stands there, and LangChain's retriever."""

import re
from pathlib import Path

import pytest

from craton.models.files.library import Library
from tests.clients.conftest import Program, environment, finish
from tests.conftest import ROOT, pulled
from tests.fronts import Account
from tests.knowledge.house import House
from tests.knowledge.retrieval.zoo import document
from tests.serving import Server

pytestmark = [pytest.mark.clients, pytest.mark.model]

USE = "google.use-multilingual-v3:0"
VECTOR = {
    "type": "VECTOR",
    "vectorKnowledgeBaseConfiguration": {"embeddingModelArn": f"arn:aws:bedrock:us-east-1::foundation-model/{USE}"},
}
NOTES = {
    "leave": ("Employees have thirty days of paid leave a year.", {"language": "en"}),
    "urlaub": ("Der Resturlaub verfällt am 31. März des Folgejahres.", {"language": "de"}),
    "dienstwagen": ("Dienstwagen werden alle drei Jahre ersetzt.", {"language": "de"}),
}


def test_the_program_of_the_documentation(variables: dict[str, str], library: Library, tmp_path: Path) -> None:
    pulled(library, USE)
    page = (ROOT / "docs" / "knowledge-retrieval.md").read_text()
    program = tmp_path / "program.py"
    program.write_text(re.findall(r"```python\n(.*?)```", page, re.DOTALL)[0])
    done = finish([str(environment("python") / "bin" / "python"), str(program)], variables)
    first, second = done.stdout.splitlines()
    assert first.endswith("Employees have thirty days of paid leave a year.")
    assert second.endswith("Der Resturlaub verfällt am 31. März des Folgejahres.")


def test_langchain_s_retriever(python: Program, server: Server, library: Library) -> None:
    pulled(library, USE)
    house = House(Account(server))
    base = house.base(VECTOR)["knowledgeBaseId"]
    source = house.source(base)["dataSourceId"]
    documents = [document(name, text, metadata) for name, (text, metadata) in NOTES.items()]
    house.agent.ingest_knowledge_base_documents(knowledgeBaseId=base, dataSourceId=source, documents=documents)
    for name in NOTES:
        assert house.document(base, source, name)["status"] == "INDEXED"
    (found,) = python("langchain_retriever.py", base, "Wann verfallen Urlaubstage?")
    assert found["text"] == NOTES["urlaub"][0]
    assert found["metadata"]["location"]["customDocumentLocation"] == {"id": "urlaub"}
    assert found["metadata"]["source_metadata"]["language"] == "de"
    assert 0.3 < found["metadata"]["score"] <= 1
