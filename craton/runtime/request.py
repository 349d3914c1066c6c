"""What a request asks beside the conversation, and which of it this server does. Knows no model and no engine."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from craton.core.context import Context
from craton.dialects.converse import Turn
from craton.errors import ValidationException
from craton.runtime import fields
from craton.runtime.content import content

# As the service model of Converse has it; other APIs have no limit, or one that their servers do not keep.
MOST_STOPS = 2500
# Members that ask the platform, not the model, and the values that ask no more than every request gets.
DEFAULTS: Mapping[str, tuple[object, ...]] = {
    "performanceConfig": ({}, {"latency": "standard"}),
    "performanceConfigLatency": ("standard",),
}
UNSERVED: Mapping[str, str] = {
    "performanceConfig": "This server has one latency, 'standard'",
    "performanceConfigLatency": "This server has one latency, 'standard'",
}
# The same for the coverage table, with what the local engines refuse.
CONVERSE_REFUSES = ("performanceConfig",)
INVOKE_REFUSES = ("performanceConfigLatency",)
# Members that are not the model's business: they were dealt with here, or say how the answer is to be written.
ENVELOPE = {
    "modelId",
    "additionalModelResponseFieldPaths",
    "promptVariables",
    "serviceTier",
    "guardrailConfig",
    *UNSERVED,
}
# What the caller wants told of the request, and no model is given: it stays with the turn until it is metered.
METADATA = "requestMetadata"
# Members that a Converse answer repeats.
ECHOED = ("performanceConfig", "serviceTier")


def refuse_unserved(req: Mapping[str, Any]) -> None:
    """Raises ValidationException for a member that asks what nothing here does, rather than leave it undone."""
    for member, reason in UNSERVED.items():
        if member in req and req[member] not in DEFAULTS.get(member, ()):
            raise ValidationException(
                f"{reason}. Leave out {member!r}, or send the request to a server that serves it."
            )


def turn_of(req: Mapping[str, Any]) -> Turn:
    """The conversation inside a Converse request, with its metadata. Raises ValidationException."""
    refuse_unserved(req)
    fields.check(req.get("additionalModelResponseFieldPaths", ()))
    messages = req.get("messages") or []
    if messages and messages[0]["role"] != "user":
        raise ValidationException(
            "A conversation must start with a user message. Try again with a conversation that starts with one."
        )
    return {member: value for member, value in req.items() if member not in ENVELOPE}


def conversation(req: Mapping[str, Any]) -> Turn:
    """The same, of a request whose content must keep Converse's own rules too."""
    turn = turn_of(req)
    content.check(turn.get("messages") or ())
    return turn


def apart(ctx: Context, turn: Turn) -> tuple[Context, Turn]:
    """The turn for a model, and the context that has what was said of the request instead."""
    if METADATA not in turn:
        return ctx, turn
    rest = {member: value for member, value in turn.items() if member != METADATA}
    return telling(ctx, turn[METADATA]), rest


def telling(ctx: Context, metadata: Mapping[str, str]) -> Context:
    return replace(ctx, metadata={**ctx.metadata, **metadata}) if metadata else ctx


def check(turn: Turn) -> None:
    """Raises ValidationException for a turn that asks nothing, or too much of every token."""
    if len((turn.get("inferenceConfig") or {}).get("stopSequences") or ()) > MOST_STOPS:
        raise ValidationException(f"The request has more than {MOST_STOPS} stop sequences. Send fewer.")
    messages = turn.get("messages") or []
    if not messages:
        raise ValidationException(
            "The request has no message. Give 'messages' at least one message of the role 'user'."
        )
    for message in messages:
        if not message["content"]:
            raise ValidationException(
                "The content field in the Message object is empty. "
                "Add a ContentBlock object to the content field and try again."
            )
