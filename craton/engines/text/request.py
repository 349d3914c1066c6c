"""What a turn asks of a local text model: messages, settings, tools, the form of the answer; or a refusal by name.

Knows no engine. Options of the spec that are read here: `default_system` (used where the turn has no system prompt),
`max_output_tokens`, `sampling` (defaults in the names of `Sampling`), `tool_syntax` (a name of `syntax.SYNTAXES`) and
`thinks` (true or false), both else recognised from the chat template.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import msgspec

from craton.engines.base import ModelSpec, Turn
from craton.engines.text import schemas, tools, transcript
from craton.engines.text.model import Sampling, TextModel
from craton.engines.text.syntax import SYNTAXES, Syntax, of_template
from craton.engines.text.tools import Tools
from craton.engines.text.transcript import Transcript
from craton.errors import ValidationException


class Thinking(msgspec.Struct, frozen=True):
    type: Literal["enabled", "adaptive", "disabled"]
    budget_tokens: Annotated[int, msgspec.Meta(ge=1)] | None = None


class _Additional(msgspec.Struct, frozen=True):
    """What may stand in `additionalModelRequestFields` beside sampling."""

    parallel_tool_calls: bool = True
    thinking: Thinking | None = None
    logprobs: bool = False
    top_logprobs: Annotated[int, msgspec.Meta(ge=0, le=20)] = 0


_BY_INFERENCE_CONFIG = ("temperature", "top_p")
_SAMPLING = tuple(name for name in Sampling.__struct_fields__ if name not in _BY_INFERENCE_CONFIG)
_ADDITIONAL = (*_SAMPLING, *_Additional.__struct_fields__)


@dataclass(frozen=True, slots=True)
class Request:
    """`max_tokens` is None where the caller set none, `limit` what holds then. `answer` is the JSON schema of a
    structured answer. `thinking` is None where the model does not think.
    """

    transcript: Transcript
    sampling: Sampling
    max_tokens: int | None
    limit: int
    stops: tuple[str, ...]
    syntax: Syntax
    tools: Tools | None
    parallel: bool
    answer: str | None
    thinking: Thinking | None
    thinks: bool
    logprobs: int | None


def read(turn: Turn, spec: ModelSpec, model: TextModel) -> Request:
    """Raises ValidationException for what the model cannot serve."""
    tools.check_history(turn)
    declared = tools.read(turn["toolConfig"], spec.id) if turn.get("toolConfig") else None
    syntax_name = spec.options.get("tool_syntax")
    syntax = SYNTAXES[syntax_name] if syntax_name else of_template(model.template)
    told, answer = _output(turn.get("outputConfig") or {}, declared is not None, spec)
    config = turn.get("inferenceConfig") or {}
    additional = _additional(turn.get("additionalModelRequestFields") or {}, spec)
    max_tokens = _max_tokens(config.get("maxTokens"), spec)
    thinks = bool(spec.options.get("thinks", "<think>" in model.template))
    # "adaptive" leaves it to the model how much it thinks, and this one has no way to.
    if additional.thinking and additional.thinking.type == "enabled" and not thinks:
        raise ValidationException(f"The model {spec.id!r} does not think: send the request without 'thinking'.")
    return Request(
        transcript=transcript.of_turn(turn, spec, syntax, declared, told),
        sampling=_sampling(config, turn.get("additionalModelRequestFields") or {}, spec),
        max_tokens=max_tokens,
        limit=max_tokens or _output_limit(spec),
        stops=tuple(config.get("stopSequences") or ()),
        syntax=syntax,
        tools=declared,
        parallel=additional.parallel_tool_calls,
        answer=answer,
        thinking=additional.thinking,
        thinks=thinks,
        logprobs=_logprobs(additional, spec, model),
    )


def too_long(tokens: int, spec: ModelSpec) -> ValidationException:
    return ValidationException(
        f"Input is too long for requested model: it has {tokens} tokens, and {spec.id!r} takes {spec.context_length} "
        "together with its answer."
    )


def _output(config: Mapping[str, Any], with_tools: bool, spec: ModelSpec) -> tuple[list[str], str | None]:
    """What the model is told of the form of its answer, and the answer's schema."""
    if "effort" in config:
        raise ValidationException(
            f"The model {spec.id!r} does not know degrees of effort: send the request without 'effort' in outputConfig."
        )
    if not config.get("textFormat"):
        return [], None
    definition = config["textFormat"]["structure"]["jsonSchema"]
    place = "outputConfig.textFormat.structure.jsonSchema.schema"
    try:
        schema = msgspec.json.decode(definition["schema"])
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise ValidationException(f"The text at {place} is not JSON ({error}): send a JSON schema.") from None
    if not isinstance(schema, Mapping):
        raise ValidationException(f"The text at {place} is JSON but not an object: send a JSON schema.")
    answer = schemas.checked(schema, f"The schema at {place} cannot be kept")
    when = "When you answer instead of calling a function, answer" if with_tools else "Answer"
    about = f" ({definition['description']})" if definition.get("description") else ""
    return [f"{when} with JSON only{about}, in the form of this JSON schema:\n{definition['schema']}"], answer


def _additional(given: Mapping[str, Any], spec: ModelSpec) -> _Additional:
    for name in given:
        if name not in _ADDITIONAL:
            raise ValidationException(
                f"The model {spec.id!r} does not know the field {name!r} of additionalModelRequestFields; "
                f"it knows {list(_ADDITIONAL)}."
            )
    try:
        return msgspec.convert(given, _Additional)
    except msgspec.ValidationError as error:
        raise ValidationException(f"A field of additionalModelRequestFields is not valid: {error}.") from None


def _sampling(config: Mapping[str, Any], additional: Mapping[str, Any], spec: ModelSpec) -> Sampling:
    given = {
        name: config[member] for name, member in (("temperature", "temperature"), ("top_p", "topP")) if member in config
    }
    settings = {name: value for name, value in additional.items() if name in _SAMPLING}
    try:
        return msgspec.convert({**spec.options.get("sampling", {}), **settings, **given}, Sampling)
    except msgspec.ValidationError as error:
        raise ValidationException(
            f"A field of additionalModelRequestFields or inferenceConfig is not valid: {error}."
        ) from None


def _logprobs(additional: _Additional, spec: ModelSpec, model: TextModel) -> int | None:
    if additional.top_logprobs and not additional.logprobs:
        raise ValidationException("top_logprobs says how many alternatives to tell: set logprobs to true as well.")
    if additional.top_logprobs and not model.alternatives:
        raise ValidationException(
            f"The engine {spec.engine!r} of the model {spec.id!r} tells the log-probability of the chosen tokens only: "
            "send the request without 'top_logprobs', or have the engine 'llamacpp' serve the model."
        )
    return additional.top_logprobs if additional.logprobs else None


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
