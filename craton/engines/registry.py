"""Which engines there are. A name leads to a factory in the engine's own module, imported only where a model is loaded.

Knows no engine beyond its name: this module must stay cheap to import, for the server imports it and never an engine.
"""

from collections.abc import Awaitable, Callable, Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, cast

from craton.engines.base import Engine, ModelSpec

if TYPE_CHECKING:
    from craton.engines.remote.calls.sessions import Sessions
    from craton.engines.remote.lending import Remote, Remotes

Factory = Callable[[ModelSpec], Awaitable[Engine]]
RemoteFactory = Callable[[ModelSpec, "Sessions"], Awaitable["Remote"]]

# Each module has `async def load(spec) -> Engine`, which raises ApiError where the spec cannot be loaded; that of a
# remote engine is also given the connections it shares.
ENGINES: Mapping[str, str] = {
    "anthropic": "craton.engines.remote.anthropic",
    "bedrock": "craton.engines.remote.bedrock",
    "linear": "craton.engines.classifiers.linear",
    "llamacpp": "craton.engines.llamacpp",
    "onnx_images": "craton.engines.classifiers.onnx_images",
    "onnx_tokens": "craton.engines.classifiers.onnx_tokens",
    "openai": "craton.engines.remote.openai",
    "openvino": "craton.engines.openvino",
    "scripted": "craton.engines.scripted",
    "use_multilingual": "craton.engines.use_multilingual",
}

# Engines of third-party providers, which run in the server's own process: no files, no memory to speak of.
REMOTE: frozenset[str] = frozenset({"anthropic", "bedrock", "openai"})

# What an engine computes with, where that is an optional extra of this package.
EXTRAS: Mapping[str, str] = {"openvino": "openvino_genai"}

# The package that an engine computes with, as package indexes call it; the others are Craton's own.
LIBRARIES: Mapping[str, str] = {
    "llamacpp": "xllamacpp",
    "onnx_images": "onnxruntime",
    "onnx_tokens": "onnxruntime",
    "openvino": "openvino-genai",
    "use_multilingual": "numpy",
}

# Engines that make believe, of which nobody needs to be told.
REHEARSING: frozenset[str] = frozenset({"scripted"})


def available() -> list[str]:
    """The names of the engines whose libraries are installed here."""
    return [name for name in ENGINES if name not in EXTRAS or find_spec(EXTRAS[name])]


def factory(name: str) -> Factory:
    """Import the engine's module, heavy library and all, and return its `load`. Raises KeyError for an unknown name."""
    return cast(Factory, import_module(ENGINES[name]).load)


def remote(name: str) -> RemoteFactory:
    """The same for an engine of a third-party provider."""
    return cast(RemoteFactory, import_module(ENGINES[name]).load)


def remotes() -> "Remotes":
    """Who lends the engines of third-party providers. Importing the HTTP client takes a while, so it is done here."""
    return cast("Remotes", import_module("craton.engines.remote.lending").Remotes())
