"""What every index promises, of each database."""

import asyncio
import math
import random
from collections.abc import Iterator, Sequence

import lancedb
import psycopg
import pytest

from craton.store.vectors.filters import Every, Some
from craton.store.vectors.filters import Test as Asked
from craton.store.vectors.index import Index, IndexFailure
from craton.store.vectors.records import Chunk, Hit
from tests.store.vectors.conftest import DIMENSIONS, Place

HOSTILE = "Robert'); DROP TABLE chunks; -- \"quoted\" \\' \x00\x01\x05\u2028 ẞ\U0001f600 ' OR true"


def pointing(*values: float) -> list[float]:
    return [*values, *[0.0] * (DIMENSIONS - len(values))]


def ids(hits: Sequence[Hit]) -> list[str]:
    return [hit.chunk.id for hit in hits]


def directions(count: int, seed: int = 1) -> Iterator[list[float]]:
    """Vectors in clusters, as texts have them."""
    made = random.Random(seed)
    centres = [[made.gauss(0, 1) for _ in range(DIMENSIONS)] for _ in range(40)]
    for _ in range(count):
        yield [each + made.gauss(0, 0.4) for each in made.choice(centres)]


async def test_a_chunk_comes_back_as_it_was_given_but_for_its_vector(index: Index) -> None:
    given = Chunk(
        id=f"{HOSTILE}/0001",
        document=HOSTILE,
        text=f"Ein Satz.\r\n\t{HOSTILE}\ud800",
        words="satz übung",
        vector=pointing(1),
        attributes={HOSTILE: HOSTILE, "year": 2024.5, "public": True, "tags": ["a", HOSTILE], "none": []},
        extra={"location": {"type": "S3"}, "page": 3, "parent": None, "deep": [{"x": [1, 2.5, "ü"]}]},
    )
    await index.replace([HOSTILE], [given])
    bare = Chunk(given.id, given.document, given.text, given.words, None, given.attributes, given.extra)
    assert await index.nearest(pointing(1), 5) == [Hit(bare, pytest.approx(1.0))]
    assert [hit.chunk for hit in await index.matching(["satz"], 5)] == [bare]
    assert await index.of(HOSTILE) == [bare]
    assert await index.get([given.id, "another"]) == {given.id: bare}


async def test_nearest_ranks_by_the_cosine(index: Index) -> None:
    vectors = {"same": pointing(3), "near": pointing(1, 1), "across": pointing(0, 1), "opposite": pointing(-2)}
    await index.replace(["d"], [Chunk(key, "d", "", vector=vector) for key, vector in vectors.items()])
    hits = await index.nearest(pointing(0.5), 10)
    assert ids(hits) == ["same", "near", "across", "opposite"]
    assert [hit.score for hit in hits] == pytest.approx([1, math.sqrt(0.5), 0, -1], abs=1e-6)
    assert ids(await index.nearest(pointing(0.5), 2)) == ["same", "near"]


async def test_matching_ranks_by_bm25(index: Index) -> None:
    words = {
        "often": "bank bank bank konto",
        "once": "bank konto haus baum",
        "long": "bank " + "wort " * 40,
        "rare": "zinseszins konto haus baum",
        "none": "konto haus baum",
    }
    await index.replace(["d"], [Chunk(key, "d", "", words=text) for key, text in words.items()])
    assert ids(await index.matching(["bank"], 10)) == ["often", "once", "long"]
    assert ids(await index.matching(["konto", "zinseszins"], 10))[0] == "rare"
    assert all(hit.score > 0 for hit in await index.matching(["konto"], 10))
    assert await index.matching(["absent"], 10) == []
    assert await index.matching([], 10) == []


async def test_words_are_compared_as_they_are(index: Index) -> None:
    await index.replace(["d"], [Chunk("1", "d", "", words="straße o'neil x-y 42,5 of Äpfel " + "w" * 300)])
    for word in ("straße", "o'neil", "x-y", "42,5", "of", "Äpfel", "w" * 300):
        assert ids(await index.matching([word], 5)) == ["1"], word
    for word in ("strasse", "neil", "x", "42", "äpfel", "Apfel", '"', "of* OR", "+", "x:y"):
        assert await index.matching([word], 5) == [], word


async def test_what_has_no_vector_and_no_words_is_only_fetched(index: Index) -> None:
    parent, child = Chunk("d/0", "d", "whole"), Chunk("d/1", "d", "part", "part", pointing(1))
    await index.replace(["d"], [child, parent, Chunk("d/2", "d", "zero", vector=pointing(0))])
    assert ids(await index.nearest(pointing(1), 10)) == ["d/1"]
    assert ids(await index.nearest(pointing(1), 10, Asked("notEquals", "a", "b"))) == ["d/1"]
    assert ids(await index.matching(["part", "whole"], 10)) == ["d/1"]
    assert (await index.get(["d/0"]))["d/0"].text == "whole"
    assert [chunk.id for chunk in await index.of("d")] == ["d/0", "d/1", "d/2"]
    assert await index.nearest(pointing(0), 10) == []
    await index.tidy()
    assert ids(await index.nearest(pointing(1), 10)) == ["d/1"]


async def test_replace_puts_new_chunks_in_the_place_of_all_old_ones(index: Index) -> None:
    old = [Chunk(f"a/{n}", "a", "old", f"alt wort{n}", pointing(1, n)) for n in range(5)]
    other = Chunk("b/0", "b", "other", "alt", pointing(1))
    new = [Chunk(f"a/{n}", "a", "new", "neu", pointing(1, n)) for n in range(2)]
    await index.replace(["a", "b"], [*old, other])
    for _ in range(2):
        await index.replace(["a"], new)
        assert await index.count() == 3
        assert ids(await index.matching(["alt", "wort1", "wort4"], 10)) == ["b/0"]
        assert {hit.chunk.text for hit in await index.nearest(pointing(1), 10)} == {"new", "other"}
        assert sorted(ids(await index.matching(["neu"], 10))) == ["a/0", "a/1"]
    await index.tidy()
    assert await index.count() == 3
    await index.replace(["a", "b", "never there"], [])
    assert await index.count() == 0
    assert await index.matching(["alt", "neu"], 10) == []
    await index.replace([], [])


async def test_scores_forget_what_was_replaced(index: Index) -> None:
    await index.replace(["a"], [Chunk(f"a/{n}", "a", "", "bank") for n in range(9)])
    await index.replace(["a"], [])
    await index.replace(["b"], [Chunk("b/0", "b", "", "bank"), Chunk("b/1", "b", "", "konto")])
    await index.tidy()
    (hit,) = await index.matching(["bank"], 10)
    assert hit.score == pytest.approx(math.log(2), rel=0.35)  # of one chunk in two, and of average length


async def test_what_is_written_is_found_before_and_after_tidying(index: Index) -> None:
    for number in range(6):
        chunk = Chunk(f"{number}", f"{number}", "", f"wort{number} alle", pointing(1, number), {"n": float(number)})
        await index.replace([chunk.document], [chunk])
        if number % 2:
            await index.tidy()
        assert ids(await index.matching([f"wort{number}"], 9)) == [f"{number}"]
        assert ids(await index.nearest(pointing(1, number), 1)) == [f"{number}"]
        assert ids(await index.nearest(pointing(1), 9, Asked("equals", "n", float(number)))) == [f"{number}"]
        assert len(await index.matching(["alle"], 9)) == number + 1


async def indexed(place: Place, name: str) -> bool:
    """Whether its vectors have an index."""
    if isinstance(place.settings.postgres, str):
        with psycopg.connect(place.settings.postgres) as connection:
            found = connection.execute(
                "SELECT 1 FROM pg_indexes WHERE indexdef LIKE '%%hnsw%%' AND tablename = %s", [name]
            )
            return found.fetchone() is not None
    table = await (await lancedb.connect_async(place.home / "knowledge" / "index")).open_table(name)
    return await table.index_stats("vector_idx") is not None


async def test_a_large_index_finds_what_an_exact_search_finds(place: Place, index: Index, name: str) -> None:
    vectors = list(directions(6000))
    for start in range(0, 6000, 1000):
        await index.replace(
            [f"{n // 10}" for n in range(start, start + 1000)],
            [
                Chunk(f"{n}", f"{n // 10}", "", f"wort{n % 7} alle", vectors[n], {"n": float(n), "tenth": n % 10 == 0})
                for n in range(start, start + 1000)
            ],
        )
        if start == 4000:
            await index.tidy()  # the last thousand are not indexed

    def cosine(one: Sequence[float], other: Sequence[float]) -> float:
        return sum(a * b for a, b in zip(one, other, strict=True)) / math.hypot(*one) / math.hypot(*other)

    assert await indexed(place, name)
    right = 0
    for asked in directions(20, seed=2):
        exact = sorted(range(6000), key=lambda n: -cosine(asked, vectors[n]))[:10]
        right += len({*map(str, exact)} & {*ids(await index.nearest(asked, 10))})
    assert right >= 190
    far = [-each for each in vectors[17]]
    few = Asked("in", "n", [17.0, 4711.0, 5999.0])
    assert sorted(ids(await index.nearest(far, 10, few))) == ["17", "4711", "5999"]
    assert sorted(ids(await index.matching(["alle"], 10, few))) == ["17", "4711", "5999"]
    tenths = await index.nearest(far, 50, Asked("equals", "tenth", True))
    assert len(tenths) == 50
    assert all(hit.chunk.attributes["tenth"] for hit in tenths)
    assert [hit.score for hit in tenths] == sorted((hit.score for hit in tenths), reverse=True)
    assert len(await index.matching(["wort3"], 1000)) == len(range(3, 6000, 7))


async def test_filters_take_hostile_keys_and_values(index: Index) -> None:
    await index.replace(["d"], [Chunk("1", "d", "", "w", pointing(1), {HOSTILE: HOSTILE, "l": [HOSTILE, ""]})])
    await index.replace(["e"], [Chunk("2", "e", "", "w", pointing(1), {"Key": "v", "key": "V"})])
    for operator, key, value in (
        ("equals", HOSTILE, HOSTILE),
        ("startsWith", HOSTILE, HOSTILE[:12]),
        ("stringContains", HOSTILE, "\x00\x01\x05"),
        ("stringContains", "l", "' OR true"),
        ("listContains", "l", HOSTILE),
        ("listContains", "l", ""),
    ):
        assert ids(await index.nearest(pointing(1), 9, Asked(operator, key, value))) == ["1"], operator
        assert ids(await index.matching(["w"], 9, Asked(operator, key, value))) == ["1"], operator
    assert await index.nearest(pointing(1), 9, Asked("equals", HOSTILE, f"{HOSTILE}x")) == []
    assert ids(await index.nearest(pointing(1), 9, Asked("equals", "Key", "v"))) == ["2"]
    assert await index.nearest(pointing(1), 9, Asked("equals", "key", "v")) == []


async def test_a_filter_may_be_large_and_deep(index: Index) -> None:
    await index.replace(["d"], [Chunk("1", "d", "", "w", pointing(1), {"n": 7.0, "text": "ü" * 100_000 + "'end"})])
    many = Asked("in", "n", [float(n) for n in range(2000)])
    deep: Every | Some = Every([many])
    for _ in range(20):
        deep = Some([Every([deep, Asked("stringContains", "text", "ü'end")]), Asked("equals", "no", "such")])
    assert ids(await index.nearest(pointing(1), 9, deep)) == ["1"]
    assert ids(await index.matching(["w"], 9, deep)) == ["1"]
    assert await index.nearest(pointing(1), 9, Some([])) == []
    assert ids(await index.nearest(pointing(1), 9, Every([]))) == ["1"]


async def test_writers_at_the_same_time_all_land(index: Index) -> None:
    async def write(document: str) -> None:
        for _ in range(4):
            await index.replace(
                [document], [Chunk(f"{document}/{n}", document, "", "w", pointing(1)) for n in range(3)]
            )

    await asyncio.gather(*(write(document) for document in ("a", "b", "c", "a")), index.tidy())
    assert await index.count() == 9
    assert len(await index.matching(["w"], 100)) == 9


async def test_searches_go_on_while_it_is_written_and_tidied(index: Index) -> None:
    await index.replace(["kept"], [Chunk("kept", "kept", "", "w", pointing(1))])

    async def write() -> None:
        for number in range(8):
            await index.replace(["d"], [Chunk(f"d/{n}", "d", f"{number}", "x", pointing(0, 1)) for n in range(5)])
            await index.tidy()

    writing = asyncio.create_task(write())
    while not writing.done():
        assert ids(await index.matching(["w"], 5)) == ["kept"]
        seen = {hit.chunk.text for hit in await index.nearest(pointing(0, 1), 5)} - {""}
        assert len(seen) <= 1, "one version of a document at a time"
    await writing


async def test_an_index_keeps_its_width(place: Place, index: Index, name: str) -> None:
    with pytest.raises(IndexFailure, match="3 dimensions"):
        await index.replace(["d"], [Chunk("1", "d", "", vector=[1, 2, 3])])
    again = type(place.stores)(place.home, place.settings)
    with pytest.raises(IndexFailure, match="8 dimensions, and not 16"):
        await again.index(place.store, name, 16)
    await again.close()


async def test_an_index_is_made_anew_after_it_was_dropped(place: Place, index: Index, name: str) -> None:
    await index.replace(["d"], [Chunk("1", "d", "", "w", pointing(1))])
    await place.stores.drop(place.store, name)
    await place.stores.drop(place.store, name)
    assert await (await place.stores.index(place.store, name, DIMENSIONS)).count() == 0


async def test_an_index_that_is_opened_while_it_is_dropped_can_be_used(place: Place, index: Index, name: str) -> None:
    await place.stores.drop(place.store, name)
    for _ in range(3):
        await asyncio.gather(place.stores.index(place.store, name, DIMENSIONS), place.stores.drop(place.store, name))
        made = await place.stores.index(place.store, name, DIMENSIONS)
        await made.replace(["d"], [Chunk("1", "d", "", "w", pointing(1))])
        assert await made.count() == 1
        await place.stores.drop(place.store, name)


async def test_one_index_never_sees_another(place: Place, index: Index, name: str) -> None:
    other = await place.stores.index(place.store, f"{name[:-1]}-", DIMENSIONS)
    await other.replace(["d"], [Chunk("1", "d", "secret", "w", pointing(1))])
    assert await index.matching(["w"], 5) == []
    assert await index.nearest(pointing(1), 5) == []
    assert await index.get(["1"]) == {}
    assert await index.of("d") == []
    await index.replace(["d"], [])
    assert await other.count() == 1
    await place.stores.drop(place.store, f"{name[:-1]}-")
