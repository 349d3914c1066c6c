"""What a data source's configuration makes of a text."""

import itertools
import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest

from craton.errors import ValidationException
from craton.knowledge.chunking import pieces
from craton.knowledge.chunking import semantic as semantics
from craton.knowledge.chunking.chunking import plan
from craton.knowledge.chunking.pieces import TooManyChunks
from craton.knowledge.chunking.splitting import split
from craton.knowledge.chunking.tokens import count

TEXT = "".join(f"# Kapitel {n}\n\n" + f"Ein Satz über das Thema {n}. " * 40 + "\n\n" for n in range(1, 6))


def configured(strategy: str, **members: Mapping[str, Any]) -> dict[str, Any]:
    return {"chunkingConfiguration": {"chunkingStrategy": strategy, **members}}


FIXED = configured("FIXED_SIZE", fixedSizeChunkingConfiguration={"maxTokens": 60, "overlapPercentage": 20})
LEVELS = [{"maxTokens": 200}, {"maxTokens": 50}]
HIERARCHICAL = configured(
    "HIERARCHICAL", hierarchicalChunkingConfiguration={"levelConfigurations": LEVELS, "overlapTokens": 10}
)


def semantic(buffer: int = 0, threshold: int = 80, most: int = 300) -> dict[str, Any]:
    asked = {"maxTokens": most, "bufferSize": buffer, "breakpointPercentileThreshold": threshold}
    return configured("SEMANTIC", semanticChunkingConfiguration=asked)


class Themes:
    """Vectors by what texts are about: cats or stocks. Keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def __call__(self, texts: Sequence[str]) -> list[Sequence[float]]:
        self.asked += texts
        return [(1.0, 0.0) if "Katze" in text else (0.0, 1.0) for text in texts]


async def no_vectors(texts: Sequence[str]) -> list[Sequence[float]]:
    raise AssertionError("only the semantic strategy asks for vectors")


async def test_nothing_configured_makes_chunks_of_about_300_tokens() -> None:
    made = await plan({}).chunks(TEXT, no_vectors)
    assert all(150 <= count(piece.text) <= 300 for piece in made[:-1])
    assert all(piece.page is None and piece.parent is None for piece in made)


async def test_a_fixed_size_is_kept_and_overlaps() -> None:
    made = await plan(FIXED).chunks(TEXT, no_vectors)
    assert all(count(piece.text) <= 60 for piece in made)
    same = [a for a, b in itertools.pairwise(made) if a.text.rsplit(". ", 1)[-1].strip(".") in b.text]
    assert len(same) > len(made) * 0.7


async def test_children_lie_within_their_parents() -> None:
    made = await plan(HIERARCHICAL).chunks(TEXT, no_vectors)
    parents = [piece for piece in made if piece.is_parent]
    children = [piece for piece in made if not piece.is_parent]
    assert len(children) > len(parents) > 2
    assert all(count(piece.text) <= 200 and piece.parent is None for piece in parents)
    for child in children:
        assert child.parent is not None
        assert made[child.parent].is_parent
        assert child.text in made[child.parent].text
        assert count(child.text) <= 50


async def test_semantic_chunks_end_where_the_subject_changes() -> None:
    text = "Die Katze schläft. Die Katze frisst. Die Katze spielt. Der Kurs steigt. Der Kurs fällt. Der Kurs ruht."
    themes = Themes()
    made = await plan(semantic()).chunks(text, themes)
    assert [piece.text.count("Katze") for piece in made] == [3, 0]
    assert len(themes.asked) == 6


async def test_a_buffer_compares_each_sentence_with_its_neighbours() -> None:
    themes = Themes()
    await plan(semantic(buffer=1)).chunks("Eins ist da. Zwei ist da. Drei ist da.", themes)
    assert themes.asked == [
        "Eins ist da. Zwei ist da.",
        "Eins ist da. Zwei ist da. Drei ist da.",
        "Zwei ist da. Drei ist da.",
    ]


async def test_semantic_chunks_have_a_most_too() -> None:
    made = await plan(semantic(most=20)).chunks("Die Katze schläft gern auf dem Sofa. " * 20, Themes())
    assert all(count(piece.text) <= 20 for piece in made)


async def test_without_chunking_a_document_is_one_chunk_without_a_page() -> None:
    (piece,) = await plan(configured("NONE")).chunks("Seite eins.\fSeite zwei.", no_vectors)
    assert piece.text == "Seite eins.\nSeite zwei."
    assert piece.page is None


@pytest.mark.parametrize("asked", [{}, FIXED, HIERARCHICAL, semantic()])
async def test_pages_are_numbered_and_no_chunk_is_in_two(asked: dict[str, Any]) -> None:
    made = await plan(asked).chunks("Seite eins.\f\fSeite drei.", Themes())
    assert {(piece.text, piece.page) for piece in made} == {("Seite eins.", 1), ("Seite drei.", 3)}


@pytest.mark.parametrize("asked", [{}, FIXED, HIERARCHICAL, semantic(), configured("NONE")])
async def test_an_empty_text_has_no_chunks(asked: dict[str, Any]) -> None:
    assert await plan(asked).chunks(" \n\f\n ", Themes()) == []


async def test_a_chunk_knows_the_headings_above_it() -> None:
    made = await plan(FIXED).chunks("# Buch\n\n## Erstes\n\n" + "Ein Satz. " * 60, no_vectors)
    assert made[0].heading == ""
    assert {piece.heading for piece in made[1:]} == {"Buch > Erstes"}


async def test_a_document_of_too_many_chunks_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "MOST", 5)
    with pytest.raises(TooManyChunks, match="Split it"):
        await plan(FIXED).chunks(TEXT, no_vectors)


async def test_a_page_of_too_many_sentences_is_refused_before_a_model_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(semantics, "MOST_SENTENCES", 5)
    with pytest.raises(TooManyChunks, match="20 sentences"):
        await plan(semantic()).chunks("Eine Katze schläft. " * 20, no_vectors)


async def test_a_text_is_cut_off_the_event_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    here, cut = threading.get_ident(), set[int]()

    def watched(*asked: Any) -> Iterator[slice]:
        cut.add(threading.get_ident())
        return split(*asked)

    monkeypatch.setattr(semantics, "split", watched)
    assert await plan(semantic()).chunks("Die Katze schläft. Der Kurs steigt.", Themes())
    assert cut
    assert here not in cut


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (configured("FIXED_SIZE"), "needs 'fixedSizeChunkingConfiguration'"),
        (configured("SEMANTIC"), "needs 'semanticChunkingConfiguration'"),
        (configured("NONE", fixedSizeChunkingConfiguration={}), "nothing to do with 'fixedSizeChunkingConfiguration'"),
        (
            configured(
                "HIERARCHICAL",
                hierarchicalChunkingConfiguration={"levelConfigurations": LEVELS[::-1], "overlapTokens": 10},
            ),
            "not smaller than their parents",
        ),
        (
            configured(
                "HIERARCHICAL", hierarchicalChunkingConfiguration={"levelConfigurations": LEVELS, "overlapTokens": 50}
            ),
            "leaves nothing new",
        ),
        ({**HIERARCHICAL, "customTransformationConfiguration": {}}, "parents and children"),
    ],
)
def test_a_configuration_that_contradicts_itself_is_refused(asked: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationException, match=message):
        plan(asked)
