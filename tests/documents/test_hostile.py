"""Hostile documents: each fails alone, in a sentence, within its limits, and leaves nothing behind."""

import asyncio
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from craton.documents.formats import PICTURES
from craton.documents.parser import Limits, Parser
from craton.documents.plain import DocumentError
from craton.documents.recognition import data_folder
from tests.documents import makers
from tests.documents.hostile import DOCUMENTS

LIMITS = Limits(processor_seconds=8, seconds=60)
SLOWEST = Limits(processor_seconds=15, seconds=60)


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str | Exception]]:
    """What became of each of them, all read beside each other and beside good ones."""
    place = tmp_path_factory.mktemp("hostile")
    before, tempfile.tempdir = tempfile.tempdir, str(place)
    parser = Parser(LIMITS, recognising=SLOWEST)
    good = makers.docx(["good"])

    async def read() -> dict[str, str | Exception]:
        asked = [(name, parser.parse(make(), kind, "Evil")) for name, (kind, make, _) in DOCUMENTS.items()]
        asked += [(f"good {number}", parser.parse(good, "docx", "Good")) for number in range(5)]
        done = await asyncio.gather(*(reading for _, reading in asked), return_exceptions=True)
        return {name: _told(result) for (name, _), result in zip(asked, done, strict=True)}

    try:
        yield asyncio.run(read()) | {"left behind": ", ".join(path.name for path in place.iterdir())}
    finally:
        tempfile.tempdir = before


def _told(result: str | BaseException) -> str | Exception:
    """Nothing but errors of documents and texts may come of a document; what else does is raised."""
    if isinstance(result, str | DocumentError):
        return result
    raise result


def test_there_are_enough() -> None:
    assert len(DOCUMENTS) >= 40


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_hostile_document(name: str, results: dict[str, str | Exception]) -> None:
    kind, _, expected = DOCUMENTS[name]
    if kind in PICTURES and data_folder(None) is None:
        pytest.skip("Tesseract's data is not installed")
    said = str(results[name])
    assert re.search(expected, said), said[:500]
    assert "root:" not in said
    if isinstance(results[name], Exception):
        assert re.fullmatch(r"The document 'Evil' .*[.]", said)


def test_good_documents_are_read_beside_them(results: dict[str, str | Exception]) -> None:
    assert [results[f"good {number}"] for number in range(5)] == ["good\n"] * 5


def test_nothing_is_left_behind(results: dict[str, str | Exception]) -> None:
    assert results["left behind"] == ""
    assert not Path("/tmp/craton-evil").exists()
    assert not Path("/etc/craton-evil").exists()
