"""The recorded requests that ask for guardrails: guardrails of those ids, and a model that says what they find.

What was found is found here, too, but in words that need no large model: an e-mail address stands for the places that
the recorded answers name.
"""

import asyncio
import json
from pathlib import Path
from typing import Any

from craton.core.context import Context
from craton.guardrails.configuration import configured
from craton.guardrails.records import GUARDRAIL
from craton.models.files.library import Library
from craton.store.documents import Documents, Scope
from tests.golden.recordings import Record
from tests.serving import REGION

IDS = ("5zwrmdlsra2e", "v9kpg6yrwhs2")
# By which topics are told, and what answers are grounded in.
VECTORS = "google.use-multilingual-v3:0"
# Nothing is found in what comes in but the topic: the recorded guardrails mask what goes out.
BODY: dict[str, Any] = {
    "blockedInputMessaging": "Input blocked",
    "blockedOutputsMessaging": "Output blocked",
    "topicPolicyConfig": {
        "topicsConfig": [
            {
                "name": "topic-1",
                "definition": "Tennis: its rules, its strokes, where and how it is played.",
                "examples": ["How do I play tennis?", "What do I need to play tennis?"],
                "type": "DENY",
                "outputEnabled": False,
            },
        ]
    },
    "wordPolicyConfig": {"wordsConfig": [{"text": "durian"}]},
    "sensitiveInformationPolicyConfig": {
        "piiEntitiesConfig": [{"type": "EMAIL", "action": "ANONYMIZE"}],
        "regexesConfig": [
            {"name": "Account Number", "pattern": r"\b\d{6}\d{4}\b", "action": "ANONYMIZE", "inputEnabled": False}
        ],
    },
    "contextualGroundingPolicyConfig": {
        "filtersConfig": [{"type": "GROUNDING", "threshold": 0}, {"type": "RELEVANCE", "threshold": 0}]
    },
}


def asks(record: Record) -> bool:
    """Whether the request asks for a guardrail."""
    named = any("guardrail" in name.lower() for name, _ in record["request"]["headers"])
    return named or "guardrailConfig" in (record["request"]["body"].get("body") or {})


def rule(record: Record, mark: str) -> dict[str, Any]:
    """A rule of a script that says something of each kind that the recorded guardrail found."""
    told = json.dumps(record["response"]["body"])
    found = {"piiEntities": "tokyo@example.com", "regexes": "1234561666"}
    words = ["Tokyo is the capital of Japan.", *(word for name, word in found.items() if f'"{name}"' in told)]
    cached = ("cacheReadInputTokens", "cacheWriteInputTokens")
    return {"match": mark, "text": " ".join(words), "usage": {name: 0 for name in cached if name in told}}


def make(home: Path, account: str) -> None:
    """The recorded guardrails, in a home that no server uses yet."""
    asyncio.run(_made(home, Context(account, REGION, f"arn:aws:iam::{account}:root", "recorded")))


async def _made(home: Path, ctx: Context) -> None:
    documents = Documents.open(home)
    try:
        for name in IDS:
            body = configured(ctx, {"name": f"recorded-{name}", **BODY})
            await documents.create(Scope(ctx.account, ctx.region), GUARDRAIL, name, body, unique={"name": body["name"]})
    finally:
        await documents.close()


def lend(library: Library, home: Path) -> None:
    """The models of a library, in a home that has some of its own."""
    for path in library.root.glob("[fi]*/*"):
        place = home / "models" / path.parent.name / path.name
        if not place.exists():
            place.symlink_to(path)
