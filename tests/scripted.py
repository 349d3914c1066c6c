"""A model that plays a script, installed in a home as a pulled model is: the server and its tests agree on every word.

What the last user message says picks the answer (`RULES`); the engine itself is `craton.engines.scripted`.
"""

import hashlib
from pathlib import Path
from typing import Any, Literal

import msgspec

from craton.models.catalogue import EngineChoice, File, Model
from craton.models.files.library import Library

MODEL = "craton.scripted-v1:0"
ANSWER = "A scripted answer of exactly seven words."

# Longer than any test waits: such a stream ends only when somebody ends it.
ENDLESS = {"chunks": ["tick "], "repeat": 1_000_000, "interval": 0.005}

RULES: list[dict[str, Any]] = [
    {"match": "talk forever", **ENDLESS},
    {"match": "talk for a second", "chunks": ["tick "], "repeat": 100, "interval": 0.01},
    {"match": "fail before", "fault": {"kind": "ThrottlingException", "message": "The script is busy."}},
    {
        "match": "fail after",
        "text": ANSWER,
        "fault": {"kind": "ModelStreamErrorException", "after": 4, "message": "The script broke off."},
    },
    {"match": "never answer", "fault": {"kind": "hang"}},
    {
        "match": "call two tools",
        "reasoning": "Let me see.",
        "text": "I look.",
        "tools": [{"name": "weather", "input": {"city": city}} for city in ("Ulm", "Köln")],
    },
    {"text": ANSWER},
]


def install(home: Path, model: str = MODEL, *, output: Literal["TEXT", "EMBEDDING"] = "TEXT", **options: object) -> str:
    """Put a scripted model into the home's library, and return its id. `options` are the engine's."""
    library = Library(home)
    library.prepare()
    script = msgspec.json.encode({"rules": RULES})
    file = File(role="script", name="script.json", size=len(script), sha256=hashlib.sha256(script).hexdigest())
    draft = library.partial / model
    draft.write_bytes(script)
    library.place(draft, file)
    library.register(
        Model(
            id=model,
            short=model.partition(":")[0],
            name="Scripted",
            provider="Craton",
            family="openai_chat" if output == "TEXT" else "titan_embed",
            licence="Apache-2.0",
            input=("TEXT",),
            output=(output,),
            context_length=8192,
            max_output_tokens=8192,
            engines=(EngineChoice("scripted", memory=64 << 20, options=options),),
            files=(file,),
        )
    )
    return model
