"""The models that guardrails compute with, played by scripts: installed in a home under the ids of the real ones."""

import hashlib
from pathlib import Path
from typing import Any

import msgspec

from craton.models.catalogue import EngineChoice, File, Means, Model, shipped
from craton.models.files.library import Library


def install(home: Path, means: Means, *rules: dict[str, Any]) -> str:
    """Play the model that guardrails have for this by the rules of `craton.engines.scripted`, and return its id."""
    return put(home, shipped().means()[means], *rules)


def put(home: Path, model: Model, *rules: dict[str, Any]) -> str:
    library = Library(home)
    library.prepare()
    script = msgspec.json.encode({"rules": rules})
    file = File(role="script", name="script.json", size=len(script), sha256=hashlib.sha256(script).hexdigest())
    draft = library.partial / model.id
    draft.write_bytes(script)
    library.place(draft, file)
    engine = EngineChoice("scripted", memory=64 << 20)
    library.register(msgspec.structs.replace(model, engines=(engine,), files=(file,)))
    return model.id
