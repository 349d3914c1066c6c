"""A stage for the playground: models that play a script to the word, with prices, and a guardrail."""

import struct
import zlib
from pathlib import Path
from typing import Any

import msgspec

from craton.models.files.library import Library
from tests import scripted
from tests.serving import Server

TALKING = scripted.MODEL
SEEING = "craton.seeing-v1:0"
HOURS = "The harbour opens at nine."
PRICES = '[prices."craton.*"]\ninput = 300\noutput = 1500\ncurrency = "EUR"\n'

RULES: list[dict[str, Any]] = [
    {"match": "clear", "text": "The sky over Ulm is clear."},
    {"match": "no network", "text": "Nobody could tell me."},
    {
        "match": "weather",
        "reasoning": "A tool knows that.",
        "text": "I look.",
        "tools": [{"name": "get_weather", "input": {"city": city}} for city in ("Ulm", "Bern")],
    },
    {"match": "as JSON", "text": '{"name": "Ulm", "inhabitants": 130000, "sights": ["Minster"]}'},
    {"match": "as bad JSON", "text": '{"name": "Ulm", "inhabitants": -1, "more": true}'},
    {"match": HOURS, "text": "At nine."},
    {"match": "the code word", "text": "Ask for T-123456: the code word is swordfish."},
    {"match": "the ticket", "text": "The ticket is T-123456."},
    {"match": "slowly", "chunks": ["tick "], "repeat": 500, "interval": 0.02},
    {"text": scripted.ANSWER},
]


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


# A PNG of 16 by 16 pixels, teal.
PICTURE = b"".join(
    (
        b"\x89PNG\r\n\x1a\n",
        _chunk(b"IHDR", struct.pack(">IIBBBBB", 16, 16, 8, 2, 0, 0, 0)),
        _chunk(b"IDAT", zlib.compress((b"\0" + b"\x0b\x7a\x75" * 16) * 16)),
        _chunk(b"IEND", b""),
    )
)


def stage(home: Path) -> None:
    """Into a home that no server runs on yet."""
    library = Library(home)
    for model, name, modalities in ((TALKING, "Scripted", ("TEXT",)), (SEEING, "Seeing", ("TEXT", "IMAGE"))):
        scripted.install(home, model, script={"rules": RULES})
        installed = library.get(model)
        assert installed is not None
        library.register(msgspec.structs.replace(installed, name=name, input=modalities))
    (home / "craton.toml").write_text(PRICES)


def guardrail(place: Server) -> str:
    """Blocks a word and masks tickets; has a draft and a version."""
    bedrock = place.client("bedrock")
    made = bedrock.create_guardrail(
        name="Harbour",
        description="Blocks the code word, masks tickets.",
        blockedInputMessaging="I cannot talk about this.",
        blockedOutputsMessaging="I cannot answer this.",
        wordPolicyConfig={"wordsConfig": [{"text": "swordfish"}]},
        sensitiveInformationPolicyConfig={
            "regexesConfig": [{"name": "ticket", "pattern": r"T-\d{6}", "action": "ANONYMIZE"}]
        },
    )
    bedrock.create_guardrail_version(guardrailIdentifier=made["guardrailId"], description="The first.")
    return str(made["guardrailId"])
