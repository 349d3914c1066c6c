"""What an invocation tells the meter of itself before it begins: who serves it, for whom, and how large it may become.

Knows no engine and no limit.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from msgspec.json import encode

from craton.core.context import Context
from craton.core.recent import Recent
from craton.dialects.converse import Turn
from craton.engines.registry import REMOTE
from craton.errors import ResourceNotFoundException
from craton.models.identifiers import Kind
from craton.models.resolve import Resolved, Target
from craton.store.documents import Documents, Scope
from craton.usage.meter import Meter, Use
from craton.usage.records import Asked

# The prefix under which AWS tells the tags of a principal among those of a cost: https://docs.aws.amazon.com/
# awsaccountbilling/latest/aboutv2/iam-principal-cost-allocation.html
OF_PRINCIPAL = "iamPrincipal/"
# Bytes of text to a token, and tokens of a picture, a document or a clip: what it takes is known when it was read.
BYTES = 4
MEDIUM = 1600
# What a model's chat template writes around a turn, and around each of its texts, at most, in tokens.
TEMPLATE = 64
AROUND = 16
# Tokens of an answer where neither the request nor the model sets a limit.
MOST_OUTPUT = 4096
# What is no text in a block, however many bytes it has.
_MEDIA = frozenset({"image", "document", "video", "audio"})
# Members that hold any JSON: of tools' calls, results and schemas.
_FREE = frozenset({"input", "json"})
# Whose tags are told: what the system defines has none.
_TAGGED = (f":{Kind.APPLICATION_INFERENCE_PROFILE}/", f":{Kind.PROMPT_ROUTER}/")


@dataclass(frozen=True, slots=True)
class Size:
    """About how many tokens an input has, and the most that it may have."""

    tokens: int
    most: int

    @classmethod
    def of(cls, texts: Sequence[str], media: int = 0) -> Self:
        """No tokenizer here makes more tokens of a text than it has bytes."""
        # Most text is ASCII, whose characters are its bytes, and that is told without encoding it.
        size = sum(len(text) if text.isascii() else len(text.encode(errors="replace")) for text in texts)
        return cls(-(-size // BYTES) + media * MEDIUM, size + TEMPLATE + AROUND * len(texts) + media * MEDIUM)


class Metering:
    """The uses of models that requests make of the meter."""

    def __init__(self, meter: Meter, documents: Documents) -> None:
        self._meter = meter
        self._documents = documents
        self._tags = Recent(self._read_tags)

    async def of_turn(self, ctx: Context, resolved: Resolved, target: Target, turn: Turn, tier: str) -> Use:
        """Of one answer by a target."""
        asked: int | None = (turn.get("inferenceConfig") or {}).get("maxTokens")
        most = target.model.max_output_tokens or MOST_OUTPUT
        size = size_of(turn)
        return await self._use(ctx, resolved, target, size, most if asked is None else asked, tier)

    async def of_texts(
        self, ctx: Context, resolved: Resolved, texts: Sequence[str], tier: str, searches: int = 0
    ) -> Use:
        """Of the vectors or, with `searches`, of the ranking of texts."""
        target = Target(resolved.model, resolved.spec)
        return await self._use(ctx, resolved, target, Size.of(texts), 0, tier, searches)

    async def _use(
        self,
        ctx: Context,
        resolved: Resolved,
        target: Target,
        size: Size,
        most_output: int,
        tier: str,
        searches: int = 0,
    ) -> Use:
        tags = {f"{OF_PRINCIPAL}{key}": value for key, value in ctx.tags.items()}
        if resolved.profile and any(mark in resolved.profile for mark in _TAGGED):
            tags |= await self._tags.find(resolved.profile) or {}
        asked = Asked(
            id=os.urandom(16).hex(),
            ctx=ctx,
            operation=ctx.operation,
            model=target.model.id,
            profile=resolved.profile,
            input_tokens=size.tokens,
            most_output=most_output,
            tier=tier,
            tags=tags,
            metadata=ctx.metadata,
            searches=searches,
            local=target.spec.engine not in REMOTE,
            most_input=size.most,
        )
        return self._meter.use(asked)

    async def _read_tags(self, arn: str) -> Mapping[str, str] | None:
        region, account = arn.split(":")[3:5]
        try:
            return await self._documents.tags(Scope(account, region), arn)
        except ResourceNotFoundException:  # deleted since it was resolved
            return None


def size_of(turn: Turn) -> Size:
    texts: list[str] = []
    media = _walk([turn.get("messages") or (), turn.get("system") or (), turn.get("toolConfig") or {}], texts)
    return Size.of(texts, media)


def _walk(value: Any, texts: list[str]) -> int:
    """Collects the texts in a JSON value; how many media there are in it."""
    if isinstance(value, str):
        texts.append(value)
        return 0
    if isinstance(value, Mapping):
        for name in _FREE & value.keys():  # whatever its members are called, and those that are no texts
            texts.append(encode(value[name], enc_hook=str).decode())
        return sum((name in _MEDIA) + _walk(each, texts) for name, each in value.items() if name not in _FREE)
    return sum(_walk(each, texts) for each in value) if isinstance(value, list | tuple) else 0
