"""The guardrail that a request of an API without such a notion asks for, and what its answer tells of it.

It is asked for as the real service's OpenAI-compatible endpoint has it: by InvokeModel's headers, and its member of the
body. Knows no guardrail. Source: https://docs.aws.amazon.com/bedrock/latest/userguide/inference-chat-completions.html
"""

from collections.abc import Mapping, Sequence
from typing import Any

from craton.dialects.converse import Answer, Block
from craton.doors.rest import Asked
from craton.runtime import native
from craton.runtime.generation import Generation
from craton.runtime.guarding.asked import Asked as Guardrail
from craton.runtime.guarding.asked import configured, of_headers
from craton.runtime.guarding.told import ACTION


def asked_for(asked: Asked) -> tuple[Guardrail | None, dict[str, Any]]:
    """The guardrail, and the body as its API knows it. Raises ValidationException."""
    body = dict(asked.body)
    return configured(of_headers(asked.request.header), body), body


def told(generations: Sequence[Generation], answers: Sequence[Answer]) -> Block:
    """What the body of several answers tells beside its own members: of the first that a guardrail changed."""
    each: list[Mapping[str, Any]] = [
        native.guarded(generation, answer) for generation, answer in zip(generations, answers, strict=True)
    ]
    return dict(next((block for block in each if block.get(ACTION) == "INTERVENED"), each[0]))
