"""A job that dies at each point where it writes something, and goes on: its index, records and counts are the same."""

import os
from pathlib import Path

import pytest

from craton.knowledge.ingestion.indexing import pipeline
from tests.knowledge.ingestion.world import World

EVERY = int(os.environ.get("CRATON_TEST_EVERY_CRASH", "4"))  # 1: each point there is


def first(bucket: Path) -> None:
    for name in ("a", "b", "c", "d"):
        (bucket / f"{name}.txt").write_text(f"The text of {name}.")
    (bucket / "a.txt.metadata.json").write_text('{"metadataAttributes": {"year": 1}}')
    (bucket / "empty.txt").write_text("")
    _settle(bucket)


def second(bucket: Path) -> None:
    (bucket / "a.txt.metadata.json").write_text('{"metadataAttributes": {"year": 2000}}')
    (bucket / "b.txt").write_text("Another text of b.")
    (bucket / "c.txt").unlink()
    (bucket / "e.txt").write_text("The text of e.")
    _settle(bucket)


def _settle(bucket: Path) -> None:
    """Files of the same content have the same version in every world."""

    for file in bucket.iterdir():
        os.utime(file, (1_700_000_000, 1_700_000_000))


async def test_it_ends_the_same_wherever_it_dies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "DOCUMENTS", 2)
    world = World(tmp_path, monkeypatch)
    await world.base()
    calm = await world.source("calm")
    expected, points = [], []
    for change in (first, second):
        change(calm.bucket)
        counts = await calm.run()
        points.append(world.fate.count)
        expected.append((counts, calm.outcome))
    assert min(points) > 20
    for point in range(1, max(points) + 1, EVERY):
        place = await world.source(f"dying-{point}")
        for change, outcome in zip((first, second), expected, strict=True):
            change(place.bucket)
            counts = await place.run(dying=point)
            assert (counts, place.outcome) == outcome, f"it died at point {point} of {change.__name__}"
    await world.store.close()
