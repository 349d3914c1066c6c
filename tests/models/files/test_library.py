"""The library shows what is complete, and what other processes install."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from craton.models.catalogue import File, Model
from craton.models.files.library import BusyFile, Library
from craton.models.files.locks import alone

Install = Callable[..., Model]


def test_an_empty_home_has_no_models(tmp_path: Path) -> None:
    assert Library(tmp_path / "nowhere").models() == {}


def test_shows_what_another_process_installs(library: Library, install: Install) -> None:
    other = Library(library.root.parent)
    assert other.models() == {}
    model = install("local.tiny-v1:0")
    assert other.get("local.tiny-v1:0") == model
    assert other.paths(model)["model"].read_bytes() == b"local.tiny-v1:0"


def test_a_model_whose_file_was_removed_or_cut_is_not_there(library: Library, install: Install) -> None:
    whole, gone, cut = (install(f"local.{name}-v1:0") for name in ("whole", "gone", "cut"))
    library.path(gone.files[0]).unlink()
    library.path(cut.files[0]).write_bytes(b"")
    assert list(Library(library.root.parent).models()) == [whole.id]


def test_a_record_of_another_version_is_left_out(
    library: Library, install: Install, capsys: pytest.CaptureFixture[str]
) -> None:
    model = install("local.tiny-v1:0")
    (library.root / "installed" / "local.new-v1:0.json").write_text('{"id": "local.new-v1:0", "invented": 1}')
    assert list(Library(library.root.parent).models()) == [model.id]
    assert "local.new-v1:0.json" in capsys.readouterr().out


def test_a_model_without_its_files_cannot_be_registered(library: Library, install: Install) -> None:
    model = install("local.tiny-v1:0")
    library.path(model.files[0]).unlink()
    with pytest.raises(AssertionError):
        library.register(model)


def test_a_model_is_removed_with_the_files_that_no_other_has(library: Library, install: Install) -> None:
    mine, shared = install("local.mine-v1:0"), install("local.shared-v1:0")
    both = msgspec.structs.replace(mine, id="local.both-v1:0", files=(*mine.files, *shared.files))
    library.register(both)
    begun = library.partial / mine.files[0].sha256
    assert library.remove(both) == 0
    assert set(library.models()) == {mine.id, shared.id}
    begun.write_bytes(b"begun")
    assert library.remove(mine) == mine.size + len(b"begun")
    assert not begun.exists()
    assert set(library.models()) == {shared.id}
    assert library.holds(shared.files[0])


def test_a_model_of_which_a_file_is_being_fetched_is_not_removed(library: Library, install: Install) -> None:
    model = install("local.tiny-v1:0")
    with alone(library.locks, model.files[0].sha256, lambda: None), pytest.raises(BusyFile):
        library.remove(model)
    assert library.get(model.id) == model


def test_it_tells_how_much_of_a_model_is_here(library: Library, install: Install) -> None:
    model = install("local.tiny-v1:0")
    missing = File("weights", "weights.bin", 100, "0" * 64)
    more = msgspec.structs.replace(model, files=(*model.files, missing))
    assert library.fetched(more) == model.size
    (library.partial / missing.sha256).write_bytes(bytes(40))
    assert library.fetched(more) == model.size + 40
