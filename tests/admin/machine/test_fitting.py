"""Whether models fit a machine: by its engines, its memory and its disk."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest

from craton.admin.machine.fitting import fitting, recommended
from craton.engines.supervisor import Engines
from craton.models.catalogue import Model, shipped
from craton.models.files.library import Library
from craton.models.resolve import Models
from craton.store.documents import Documents

GB = 10**9


@pytest.fixture
async def models(tmp_path: Path) -> AsyncIterator[Models]:
    documents = Documents.open(tmp_path / "home")
    yield Models(Library(tmp_path / "home"), documents, engines=["llamacpp"])
    await documents.close()


def named(short: str) -> Model:
    model = shipped().find(short)
    assert model
    return model


async def test_a_model_needs_an_engine_that_works_here(models: Models) -> None:
    found = fitting(named("use-multilingual"), models, Engines(10 * GB))
    assert (found.fits, found.fit, found.needed) == (False, "NO_ENGINE", None)
    assert "use_multilingual" in found.reason


async def test_it_needs_memory_that_was_measured_or_is_estimated(models: Models) -> None:
    measured, estimated = named("qwen2.5-coder-1.5b"), named("qwen2.5-coder-0.5b")
    for model, needed in ((measured, 2_600_000_000), (estimated, 1_831_194_060)):
        assert fitting(model, models, Engines(needed)).fits
        found = fitting(model, models, Engines(needed - 1))
        assert (found.fit, found.needed) == ("TOO_LITTLE_MEMORY", needed)


async def test_it_needs_a_disk_for_what_is_not_here_yet(models: Models, monkeypatch: pytest.MonkeyPatch) -> None:
    model, engines = named("qwen2.5-coder-1.5b"), Engines(10 * GB)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1 * GB))
    found = fitting(model, models, engines)
    assert found.fit == "TOO_LITTLE_DISK"
    assert found.reason.startswith("1.1 GB are to be fetched, and the disk has 0.9 GB left")
    models.library.prepare()
    (models.library.partial / model.files[0].sha256).write_bytes(bytes(300_000_000))
    assert fitting(model, models, engines).fits


def test_the_ablest_text_model_is_recommended() -> None:
    assert recommended(shipped()) == named("qwen2.5-coder-1.5b")
    assert recommended([named("smollm2-135m"), named("use-multilingual")]) == named("smollm2-135m")
    assert recommended([named("use-multilingual"), named("rampart")]) is None
    unknown = msgspec.structs.replace(named("smollm2-135m"), name="Wonder", short="wonder", parameters=None)
    assert recommended([unknown]) is None
    assert recommended([unknown, named("smollm2-135m")]) == named("smollm2-135m")
