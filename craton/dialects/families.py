"""The families of InvokeModel bodies, by the names the catalogue gives them, and what their streams end with.

Knows no model: which family a model speaks is the catalogue's to say.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from craton.dialects import rerank
from craton.dialects.ai21 import jamba, jurassic
from craton.dialects.amazon import nova, nova_embed, titan_embed, titan_text
from craton.dialects.anthropic import messages as anthropic
from craton.dialects.anthropic import text as anthropic_text
from craton.dialects.body import Json
from craton.dialects.cohere import chat as cohere
from craton.dialects.cohere import embed as cohere_embed
from craton.dialects.cohere import text as cohere_text
from craton.dialects.converse import Answer, Block, Event, Turn
from craton.dialects.deepseek import text as deepseek
from craton.dialects.embedding import Embedded, Embedding
from craton.dialects.meta import llama
from craton.dialects.metrics import write_metrics
from craton.dialects.mistral import chat as mistral_chat
from craton.dialects.mistral import text as mistral
from craton.dialects.openai import chat as openai_chat
from craton.dialects.openai import gpt_oss
from craton.dialects.rerank import Ranking
from craton.dialects.stamps import Asked
from craton.dialects.writer import palmyra


class Writer(Protocol):
    """Turns each Converse event into the family's chunks; the chunk that `metadata` yields last ends the stream."""

    def write(self, event: Event) -> list[Block]: ...


class Reader(Protocol):
    """Turns each chunk of the family into Converse events; `end` raises where the stream broke off."""

    def read(self, chunk: Block) -> list[Event]: ...

    def end(self) -> None: ...


class Bodies(Protocol):
    """A family's requests and plain answers, in both directions; a dialect's module has these functions.

    `read_request` and `write_request` raise ValidationException. Where a family's answers do not tell their usage,
    `read_response` finds it in Bedrock's metrics, as `craton.dialects.metrics` writes them.
    """

    @property
    def read_request(self) -> Callable[[Json], Turn]: ...

    @property
    def write_request(self) -> Callable[[Turn], Block]: ...

    @property
    def write_response(self) -> Callable[[Answer, Asked], Block]: ...

    @property
    def read_response(self) -> Callable[[Block], Answer]: ...


class Chunks(Protocol):
    """A family's streams, in both directions."""

    @property
    def EventWriter(self) -> Callable[[Asked], Writer]: ...  # noqa: N802

    @property
    def EventReader(self) -> Callable[[], Reader]: ...  # noqa: N802


@dataclass(frozen=True, slots=True)
class Family:
    """A family that generates. Without `chunks` its models do not stream."""

    bodies: Bodies
    chunks: Chunks | None
    # Whether the last chunk also tells cache reads and writes.
    cache_metrics: bool = False

    def metrics(self, usage: Mapping[str, int], latency: int, first_byte_latency: int) -> Block:
        """What the stream's last chunk carries beside its own members; latencies in milliseconds."""
        return write_metrics(usage, latency, first_byte_latency, cache=self.cache_metrics)


FAMILIES: Mapping[str, Family] = {
    "anthropic": Family(anthropic, anthropic),
    "anthropic_text": Family(anthropic_text, anthropic_text),
    "cohere": Family(cohere, cohere),
    "cohere_text": Family(cohere_text, cohere_text),
    "deepseek": Family(deepseek, deepseek),
    "gpt_oss": Family(gpt_oss, gpt_oss),
    "jamba": Family(jamba, jamba),
    "jurassic": Family(jurassic, None),
    "llama": Family(llama, llama),
    "mistral": Family(mistral, mistral),
    "mistral_chat": Family(mistral_chat, mistral_chat),
    "nova": Family(nova, nova, cache_metrics=True),
    "openai_chat": Family(openai_chat, openai_chat),
    "palmyra": Family(palmyra, palmyra),
    "titan_text": Family(titan_text, titan_text),
}

# Families whose models also take the bodies of another: the member that tells, and that family.
ALTERNATIVES: Mapping[str, tuple[str, str]] = {
    "anthropic_text": ("messages", "anthropic"),
    "cohere": ("prompt", "cohere_text"),
    "deepseek": ("messages", "openai_chat"),
    "jamba": ("prompt", "jurassic"),
    "mistral": ("messages", "mistral_chat"),
    "mistral_chat": ("prompt", "mistral"),
}


@dataclass(frozen=True, slots=True)
class EmbeddingFamily:
    """A family that embeds texts. `read_request` raises ValidationException."""

    read_request: Callable[[Json], Embedding]
    write_response: Callable[[Embedded, Embedding, Asked], Block]


EMBEDDING_FAMILIES: Mapping[str, EmbeddingFamily] = {
    "cohere_embed": EmbeddingFamily(cohere_embed.read_request, cohere_embed.write_response),
    "cohere_embed_v4": EmbeddingFamily(cohere_embed.read_fourth_request, cohere_embed.write_response),
    "nova_embed": EmbeddingFamily(nova_embed.read_request, nova_embed.write_response),
    "titan_embed": EmbeddingFamily(titan_embed.read_request, titan_embed.write_response),
    "titan_embed_image": EmbeddingFamily(titan_embed.read_image_request, titan_embed.write_image_response),
    "titan_embed_v1": EmbeddingFamily(titan_embed.read_first_request, titan_embed.write_response),
}


@dataclass(frozen=True, slots=True)
class RerankFamily:
    """A family that ranks documents. `read_request` raises ValidationException."""

    read_request: Callable[[Json], Ranking]
    # The scores of the documents, in their order.
    write_response: Callable[[Sequence[float], Ranking], Block]


RERANK_FAMILIES: Mapping[str, RerankFamily] = {"rerank": RerankFamily(rerank.read_request, rerank.write_response)}
