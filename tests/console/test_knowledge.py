"""Knowledge bases in the console: from a PDF that is dropped to an answer that cites it."""

import base64

import pytest

from craton.models.files.library import Library
from tests.conftest import pulled
from tests.console.conftest import Journey, clean
from tests.documents.makers import pdf
from tests.serving import Server

pytestmark = pytest.mark.model

PAGES = (
    "The lighthouse of Skarholm was built in 1874 by Anna Lindqvist. It is 41 metres high.",
    "The island is reached by ferry from Torsvik. The crossing takes 50 minutes.",
)


@pytest.fixture(scope="module", autouse=True)
def embedding_model(library: Library) -> str:
    return pulled(library, "use-multilingual")


def test_a_dropped_pdf_becomes_a_cited_answer(journey: Journey, place: Server) -> None:
    found = journey("knowledge", PDF=base64.b64encode(pdf(PAGES)).decode())
    clean(found, place)
    assert found["name"] == "skarholm", "the name is made of the file's"
    assert found["at"].startswith("/console/knowledge/")
    assert all(page in found["chunks"].replace("\n", " ") for page in PAGES)
    assert "50 minutes" in found["results"][0]
    assert "page 2" in found["results"][0]
    assert "Lindqvist" in found["answer"]
    assert "built in 1874 by Anna Lindqvist" in found["cited"]
    assert "page 1" in found["cited"]
    assert "client.retrieve_and_generate_stream(" in found["code"]
    assert "Anna Lindqvist" in found["wanted"]
