"""The families of InvokeModel bodies, by the names the catalogue gives them, and what their streams end with.

Knows no model: which family a model speaks is the catalogue's to say.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from craton.dialects import (
    anthropic,
    anthropic_text,
    gpt_oss,
    llama,
    mistral,
    nova,
    openai_chat,
    titan_embed,
    titan_text,
)
from craton.dialects.converse import Answer, Block, Event, Stamp, Turn


class Writer(Protocol):
    """Turns each Converse event into the family's chunks; the chunk that `metadata` yields last ends the stream."""

    def write(self, event: Event) -> list[Block]: ...


@dataclass(frozen=True, slots=True)
class Family:
    """A family that generates. `read_request` raises ValidationException."""

    read_request: Callable[[Mapping[str, Any]], Turn]
    write_response: Callable[[Answer, Stamp], Block]
    event_writer: Callable[[Stamp], Writer]
    # Whether the last chunk also tells cache reads and writes.
    cache_metrics: bool = False

    def metrics(self, usage: Mapping[str, int], latency: int, first_byte_latency: int) -> Block:
        """What the stream's last chunk carries beside its own members; latencies in milliseconds."""
        counts: Block = {"inputTokenCount": usage["inputTokens"], "outputTokenCount": usage["outputTokens"]}
        counts |= {"invocationLatency": latency, "firstByteLatency": first_byte_latency}
        if self.cache_metrics:
            counts["cacheReadInputTokenCount"] = usage.get("cacheReadInputTokens", 0)
            counts["cacheWriteInputTokenCount"] = usage.get("cacheWriteInputTokens", 0)
        return {"amazon-bedrock-invocationMetrics": counts}


@dataclass(frozen=True, slots=True)
class EmbeddingFamily:
    """A family that embeds one text. Both functions raise ValidationException."""

    read_request: Callable[[Mapping[str, Any]], titan_embed.Embedding]
    write_response: Callable[[Sequence[float], int, titan_embed.Embedding], Block]


FAMILIES: Mapping[str, Family] = {
    "anthropic": Family(anthropic.read_request, anthropic.write_response, anthropic.EventWriter),
    "anthropic_text": Family(anthropic_text.read_request, anthropic_text.write_response, anthropic_text.EventWriter),
    "gpt_oss": Family(gpt_oss.read_request, gpt_oss.write_response, gpt_oss.EventWriter),
    "llama": Family(llama.read_request, llama.write_response, llama.EventWriter),
    "mistral": Family(mistral.read_request, mistral.write_response, mistral.EventWriter),
    "nova": Family(nova.read_request, nova.write_response, nova.EventWriter, cache_metrics=True),
    "openai_chat": Family(openai_chat.read_request, openai_chat.write_response, openai_chat.EventWriter),
    "titan_text": Family(titan_text.read_request, titan_text.write_response, titan_text.EventWriter),
}
EMBEDDING_FAMILIES: Mapping[str, EmbeddingFamily] = {
    "titan_embed": EmbeddingFamily(titan_embed.read_request, titan_embed.write_response),
    "titan_embed_v1": EmbeddingFamily(titan_embed.read_first_request, titan_embed.write_response),
}
