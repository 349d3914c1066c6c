"""The models of Amazon Bedrock by id, read from `aws_models.toml`. Knows nothing of what is served here."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

import msgspec

from craton.models.catalogue import Modality


class KnownModel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A model that AWS has. `profiles` are the prefixes of its inference profiles; `family` is its bodies' dialect."""

    id: str
    name: str
    provider: str = ""
    family: str = ""
    input: tuple[Modality, ...] = ("TEXT",)
    output: tuple[Modality, ...] = ("TEXT",)
    streaming: bool = True
    on_demand: bool = True
    profiles: tuple[str, ...] = ()


class _Provider(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    family: str
    models: tuple[KnownModel, ...]


def get(id: str) -> KnownModel | None:
    """The model with exactly this id."""
    return known().get(id)


def family(id: str) -> str | None:
    """The dialect of a model's bodies: its own, or its provider's where the very model is not in the list."""
    if model := get(id):
        return model.family
    provider = _providers().get(id.partition(".")[0])
    return provider.family if provider else None


@cache
def known() -> Mapping[str, KnownModel]:
    """All of them by id."""
    return {
        model.id: msgspec.structs.replace(model, provider=provider.name, family=model.family or provider.family)
        for provider in _providers().values()
        for model in provider.models
    }


@cache
def _providers() -> Mapping[str, _Provider]:
    text = resources.files(__package__).joinpath("aws_models.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), dict[str, _Provider])
