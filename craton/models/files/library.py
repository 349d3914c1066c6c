"""The models on this machine: verified files, named by their SHA-256, and a record per model.

    <home>/models/files/<sha256>.gguf       content, complete and verified; shared by the models that name it
    <home>/models/installed/<id>.json       a catalogue entry, written last: the model is installed when it stands here
    <home>/models/partial/                  what a pull has fetched so far
    <home>/models/locks/                    one at a time fetches or deletes a file

Knows no network and no catalogue: a record says all that serving needs.
"""

import contextlib
import os
import secrets
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import msgspec
import structlog

from craton.models.catalogue import File, Model
from craton.models.files.locks import alone

log = structlog.get_logger()


class BusyFile(Exception):
    """A pull is fetching a file that was to be deleted."""


class Library:
    """What is installed under a home folder. Another process may install meanwhile: changed records are read anew."""

    def __init__(self, home: Path) -> None:
        self.root = home / "models"
        self.partial = self.root / "partial"
        self.locks = self.root / "locks"
        self._files = self.root / "files"
        self._records = self.root / "installed"
        self._seen = -1
        self._models: dict[str, Model] = {}

    def prepare(self) -> None:
        """Make the folders. Only who fetches or deletes needs them."""
        for folder in (self._files, self._records, self.partial, self.locks):
            folder.mkdir(parents=True, exist_ok=True)

    def models(self) -> Mapping[str, Model]:
        """The installed models by id, all of whose files are in place."""
        try:
            changed = self._records.stat().st_mtime_ns
        except FileNotFoundError:
            return {}
        if changed != self._seen:
            models = map(_read, self._records.glob("*.json"))
            self._models = {model.id: model for model in models if model and all(map(self.holds, model.files))}
            self._seen = changed
        return self._models

    def get(self, id: str) -> Model | None:
        return self.models().get(id)

    def path(self, file: File) -> Path:
        """Where the file stands once it is verified. It keeps its suffix, for engines that go by it."""
        return self._files / (file.sha256 + Path(file.name).suffix)

    def paths(self, model: Model) -> dict[str, Path]:
        """The model's files by role."""
        return {file.role: self.path(file) for file in model.files}

    def holds(self, file: File) -> bool:
        path = self.path(file)
        return path.is_file() and path.stat().st_size == file.size

    def standing(self) -> Path:
        """The library's folder, or the nearest above it that is there yet: whose disk it lies on."""
        return next(folder for folder in (self.root, *self.root.parents) if folder.exists())

    def fetched(self, model: Model) -> int:
        """How many bytes of a model's files are here, those of files that are not complete included."""
        drafts = ((self.partial / file.sha256, file.size) for file in model.files if not self.holds(file))
        whole = sum(file.size for file in model.files if self.holds(file))
        return whole + sum(min(path.stat().st_size, size) for path, size in drafts if path.exists())

    def place(self, verified: Path, file: File) -> None:
        """Move a complete and verified file to its place."""
        with verified.open("rb") as stream:
            os.fsync(stream.fileno())
        verified.replace(self.path(file))

    def discard(self, file: File) -> None:
        """Remove a file that turned out to be of no use."""
        self.path(file).unlink(missing_ok=True)

    def register(self, model: Model) -> None:
        """Record the model as installed. Its files must be in place."""
        assert all(self.holds(file) for file in model.files), f"{model.id} has no complete files"
        record = self._records / f"{model.id}.json"
        draft = self.partial / f"{model.id}.{secrets.token_hex(8)}.json"
        with draft.open("wb") as stream:
            stream.write(msgspec.json.format(msgspec.json.encode(model), indent=2))
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(record)
        self._seen = -1

    def remove(self, model: Model) -> int:
        """Forget the model and delete its files, but for those that another installed model has, and what was fetched
        of it. The bytes that became free. Raises BusyFile while a pull fetches one of them.
        """
        self.prepare()
        with contextlib.ExitStack() as locks:
            for file in model.files:
                locks.enter_context(alone(self.locks, file.sha256, partial(_refuse, file)))
            (self._records / f"{model.id}.json").unlink(missing_ok=True)
            self._seen = -1
            shared = {file.sha256 for other in self.models().values() for file in other.files}
            freed = 0
            for file in model.files:
                for path in (self.path(file), self.partial / file.sha256):
                    if file.sha256 not in shared and path.exists():
                        freed += path.stat().st_size
                        path.unlink()
            return freed


def _refuse(file: File) -> None:
    raise BusyFile(f"The file {file.name!r} is being fetched.")


def _read(record: Path) -> Model | None:
    try:
        return msgspec.json.decode(record.read_bytes(), type=Model)
    except msgspec.DecodeError as error:
        # Another version of Craton wrote it. The files are still good: pulling the model again writes the record anew.
        log.warning("model record not readable", record=str(record), reason=str(error))
        return None
