"""The recorded InvokeModel traffic of the families, and shapes to compare it by."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

# Which family a recorded model spoke. Not here: a SageMaker endpoint, whose bodies are its own.
MODELS = {
    "ai21.j2": "jurassic",
    "amazon.nova": "nova",
    "amazon.titan-text": "titan_text",
    "anthropic.claude": "anthropic",
    "cohere.command-light-text": "cohere_text",
    "cohere.command-r": "cohere",
    "cohere.command-text": "cohere_text",
    "meta.llama": "llama",
    "mistral.mistral": "mistral",
}


@dataclass(frozen=True)
class Recording:
    id: str
    family: str
    request: dict[str, Any]
    # The body of a plain answer, or the chunks of a stream.
    answer: Any


def recordings(shared_data: Path, operation: str) -> Iterator[Recording]:
    for line in (shared_data / "golden" / f"bedrock-runtime.{operation}.jsonl").read_text().splitlines():
        record = json.loads(line)
        body, response = record["request"].get("body", {}).get("body"), record["response"]
        family = _family(unquote(record["request"]["path"]).split("/")[2], body)
        if response["status"] == 200 and body and family:
            yield Recording(record["id"], family, body, _answer(response["body"]))


def _family(model: str, body: dict[str, Any]) -> str | None:
    found = next((name for prefix, name in MODELS.items() if model.removeprefix("us.").startswith(prefix)), None)
    return "anthropic_text" if found == "anthropic" and "prompt" in body else found


def _answer(body: dict[str, Any]) -> Any:
    if body["kind"] == "json":
        return body["body"]
    return [event["payload"]["bytes"]["$b64json"] for event in body["events"]]


def tree(value: Any) -> Any:
    """Keys and types, without what guardrails add, and however many items a list has."""
    if isinstance(value, dict):
        kept = {key: item for key, item in value.items() if not key.startswith("amazon-bedrock-")}
        return {key: tree(item) for key, item in kept.items()}
    if isinstance(value, list):
        return [tree(item) for item in value[:1]]
    return "number" if type(value) in (int, float) else type(value).__name__
