"""A Converse turn as a local text model takes it: chat messages and sampling settings, or a refusal that says what is
not served.

Knows no engine and no template. Nothing is dropped: content a text model cannot read raises ValidationException.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec

from craton.engines.base import Event, ModelSpec, Turn
from craton.errors import ValidationException

Message = dict[str, str]
_UnitInterval = Annotated[float, msgspec.Meta(ge=0, le=1)]
_Penalty = Annotated[float, msgspec.Meta(ge=-2, le=2)]


class Sampling(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What may stand in `additionalModelRequestFields`, and with the members of `inferenceConfig` how a token is
    chosen.
    """

    temperature: _UnitInterval = 0.7
    top_p: _UnitInterval = 0.95
    top_k: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)] = 40
    min_p: _UnitInterval = 0.0
    repeat_penalty: Annotated[float, msgspec.Meta(gt=0, le=10)] = 1.0
    presence_penalty: _Penalty = 0.0
    frequency_penalty: _Penalty = 0.0
    seed: Annotated[int, msgspec.Meta(ge=0, lt=2**32 - 1)] | None = None


_BY_INFERENCE_CONFIG = ("temperature", "top_p")
_ADDITIONAL = tuple(name for name in Sampling.__struct_fields__ if name not in _BY_INFERENCE_CONFIG)


@dataclass(frozen=True, slots=True)
class Chat:
    """`max_tokens` is None where the caller set none, `limit` what holds then. `marked`: the messages up to the last
    cachePoint.
    """

    messages: list[Message]
    sampling: Sampling
    max_tokens: int | None
    limit: int
    stops: tuple[str, ...]
    marked: list[Message] | None

    @property
    def size(self) -> int:
        """Bytes of text, which no tokenizer turns into more tokens than that."""
        return sum(len(message["content"].encode()) for message in self.messages)

    @property
    def prefilled(self) -> bool:
        """Whether the caller wrote the answer's beginning, which the model is to continue."""
        return self.messages[-1]["role"] == "assistant"


def read(turn: Turn, spec: ModelSpec) -> Chat:
    """Raises ValidationException for what a text model cannot serve.

    The spec's options: `default_system` (used where the turn has no system prompt), `max_output_tokens`, and
    `sampling`, a dict of defaults in the names of `Sampling`.
    """
    for member, what in (("toolConfig", "tools"), ("outputConfig", "structured output")):
        if turn.get(member):
            raise ValidationException(
                f"The model {spec.id!r} does not serve {what}: send the request without {member!r}."
            )
    messages, marked = _messages(turn, spec)
    config = turn.get("inferenceConfig") or {}
    max_tokens = _max_tokens(config.get("maxTokens"), spec)
    return Chat(
        messages=messages,
        sampling=_sampling(config, turn.get("additionalModelRequestFields") or {}, spec),
        max_tokens=max_tokens,
        limit=max_tokens or _output_limit(spec),
        stops=tuple(config.get("stopSequences") or ()),
        marked=marked,
    )


def _messages(turn: Turn, spec: ModelSpec) -> tuple[list[Message], list[Message] | None]:
    messages: list[Message] = []
    marked: list[Message] | None = None
    system = turn.get("system") or (
        [{"text": spec.options["default_system"]}] if "default_system" in spec.options else []
    )
    for role, blocks in (("system", system), *((message["role"], message["content"]) for message in turn["messages"])):
        texts: list[str] = []
        for kind, text in _texts(blocks, spec):
            if kind == "cachePoint":
                marked = [*messages, {"role": role, "content": "".join(texts)}]
            else:
                texts.append(text)
        if texts:
            messages.append({"role": role, "content": "\n\n".join(texts) if role == "system" else "".join(texts)})
    if not messages:
        raise ValidationException("The request has no text: give at least one message with a text block.")
    return messages, marked


def _texts(blocks: Iterable[Mapping[str, Any]], spec: ModelSpec) -> Iterable[tuple[str, str]]:
    for block in blocks:
        ((kind, value),) = block.items()
        if kind == "guardContent" and "text" in value:
            yield "text", value["text"]["text"]
        elif kind in ("text", "cachePoint"):
            yield kind, value
        else:
            raise ValidationException(
                f"The model {spec.id!r} reads text only: send the request without {kind!r} content."
            )


def _sampling(config: Mapping[str, Any], additional: Mapping[str, Any], spec: ModelSpec) -> Sampling:
    given = {
        name: config[member] for name, member in (("temperature", "temperature"), ("top_p", "topP")) if member in config
    }
    for name in additional:
        if name not in _ADDITIONAL:
            raise ValidationException(
                f"The model {spec.id!r} does not know the field {name!r} of additionalModelRequestFields; "
                f"it knows {list(_ADDITIONAL)}."
            )
    try:
        return msgspec.convert({**spec.options.get("sampling", {}), **additional, **given}, Sampling)
    except msgspec.ValidationError as error:
        raise ValidationException(
            f"A field of additionalModelRequestFields or inferenceConfig is not valid: {error}."
        ) from None


def _max_tokens(asked: int | None, spec: ModelSpec) -> int | None:
    limit = _output_limit(spec)
    if asked is not None and asked > limit:
        raise ValidationException(
            f"The maximum tokens you requested ({asked}) exceeds the limit of the model {spec.id!r}: "
            f"lower maxTokens to at most {limit}."
        )
    return asked


def _output_limit(spec: ModelSpec) -> int:
    return int(spec.options.get("max_output_tokens", spec.context_length))


def too_long(tokens: int, spec: ModelSpec) -> ValidationException:
    return ValidationException(
        f"Input is too long for requested model: it has {tokens} tokens, and {spec.id!r} takes {spec.context_length} "
        "together with its answer."
    )


def stop(reason: str, sequence: str | None) -> Event:
    """The messageStop event; `sequence` is the stop sequence that was met, which Claude's models report too."""
    met = {"additionalModelResponseFields": {"stop_sequence": sequence}} if sequence is not None else {}
    return {"messageStop": {"stopReason": reason, **met}}


def usage(input_tokens: int, output_tokens: int, cached: int = 0, marked: int | None = None) -> Event:
    """The metadata event. `marked`: tokens before the last cachePoint; without one the cache is not reported, as the
    service does.

    Tokens read from or written to the marked cache are not input tokens: the three add up to the prompt.
    """
    counts = {"inputTokens": input_tokens, "outputTokens": output_tokens, "totalTokens": input_tokens + output_tokens}
    if marked is not None:
        read = min(cached, marked)
        counts |= {
            "inputTokens": input_tokens - marked,
            "cacheReadInputTokens": read,
            "cacheWriteInputTokens": marked - read,
        }
    return {"metadata": {"usage": counts}}
