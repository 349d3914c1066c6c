"""Which engines there are. A name leads to a factory in the engine's own module, imported only where a model is loaded.

Knows no engine beyond its name: this module must stay cheap to import, for the server imports it and never an engine.
"""

from collections.abc import Awaitable, Callable, Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import cast

from craton.engines.base import Engine, ModelSpec

Factory = Callable[[ModelSpec], Awaitable[Engine]]

# Each module has `async def load(spec) -> Engine`, which raises ApiError where the spec cannot be loaded.
ENGINES: Mapping[str, str] = {
    "llamacpp": "craton.engines.llamacpp",
    "openvino": "craton.engines.openvino",
    "scripted": "craton.engines.scripted",
    "use_multilingual": "craton.engines.use_multilingual",
}

# What an engine computes with, where that is an optional extra of this package.
EXTRAS: Mapping[str, str] = {"openvino": "openvino_genai"}


def available() -> list[str]:
    """The names of the engines whose libraries are installed here."""
    return [name for name in ENGINES if name not in EXTRAS or find_spec(EXTRAS[name])]


def factory(name: str) -> Factory:
    """Import the engine's module, heavy library and all, and return its `load`. Raises KeyError for an unknown name."""
    return cast(Factory, import_module(ENGINES[name]).load)
