"""Which pieces support a sentence: by words alone, and as the local embedding model helps to see it."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from craton.config import GuardrailSettings
from craton.engines import registry
from craton.engines.supervisor import Engines
from craton.guardrails.findings import Undecided
from craton.guardrails.local_means import LocalMeans
from craton.knowledge.generating.citing.attribution import Attribution, Vectors
from craton.models.files.library import Library
from craton.models.resolve import Models
from craton.store.documents import Documents
from tests.conftest import pulled

PIECES = [
    "The lighthouse was built in 1874 by Anna Lindqvist. It is 41 metres high.",
    "The museum is open from May to September. Admission is 8 euros.",
    "Der Turm wurde 1902 von der Stadt gekauft.",
]


class Nothing:
    """No embedding model."""

    async def vectors(self, texts: Sequence[str]) -> Sequence[Sequence[float]]:
        raise Undecided("There is no model.")


async def supporting(sentences: Sequence[str], model: Vectors, pieces: Sequence[str] = PIECES) -> list[list[int]]:
    async with Attribution(pieces, model) as attribution:
        return [await attribution.supporting(sentence) for sentence in sentences]


@pytest.mark.parametrize(
    ("sentence", "by"),
    [
        ("The lighthouse was built by Anna Lindqvist in 1874.", [0]),
        ("The lighthouse was built by Anna Lindqvist in 1875.", []),
        ("Admission to the museum is 8 euros.", [1]),
        ("Admission to the museum is 12 euros.", []),
        ("Der Turm wurde 1902 gekauft.", [2]),
        ("The lighthouse keeper had three dogs.", []),
        ("Was the lighthouse built by Anna Lindqvist in 1874?", []),
        ("Here you are:", []),
    ],
)
def test_words_and_numbers_decide_where_there_is_no_model(sentence: str, by: list[int]) -> None:
    assert asyncio.run(supporting([sentence], Nothing())) == [by]


def test_pieces_that_say_the_same_are_both_told() -> None:
    pieces = ["The Lyon office has 140 employees.", "There are 140 employees in the Lyon office.", "Porto has 60."]
    assert asyncio.run(supporting(["The Lyon office has 140 employees."], Nothing(), pieces)) == [[0, 1]]


def test_nothing_supports_where_there_is_nothing() -> None:
    assert asyncio.run(supporting(["It was built in 1874."], Nothing(), [])) == [[]]


@pytest.mark.model
def test_other_words_and_another_language_are_understood(library: Library, tmp_path: Path) -> None:
    pulled(library, "google.use-multilingual-v3:0")
    sentences = [
        "Der Leuchtturm ist 41 Meter hoch.",
        "Der Leuchtturm ist 14 Meter hoch.",
        "The town bought the tower in 1902.",
        "Tickets for the museum cost 8 euros.",
        "The town sold the tower to a bank.",
    ]

    async def told() -> list[list[int]]:
        documents, engines = Documents.open(tmp_path), Engines()
        models = Models(library, documents, engines=registry.available())
        try:
            return await supporting(sentences, LocalMeans(models, engines, GuardrailSettings()))
        finally:
            await engines.close()
            await documents.close()

    assert asyncio.run(told()) == [[0], [], [2], [1], []]
