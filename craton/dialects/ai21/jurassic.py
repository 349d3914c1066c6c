"""AI21's Jurassic-2 bodies on Bedrock <-> Converse. Knows no model.

Which tokens a text was cut into and how likely each was, the service told too; here `tokens` is an empty list.
Source: https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-jurassic2.html
"""

from typing import Literal

from craton.dialects.body import Body, Count, Filled, Json, Share, given, malformed, parse
from craton.dialects.converse import Answer, Block, Turn
from craton.dialects.metrics import read_metrics
from craton.dialects.stamps import Asked
from craton.dialects.text.completion import answer_of, lone_prompt, parameters, text_of

API = "Jurassic-2's completion"
# What is not listed ended by itself.
FINISH_REASONS = {"max_tokens": "length", "model_context_window_exceeded": "length", "stop_sequence": "stop"}
READ_FINISH_REASONS = {"endoftext": "end_turn", "length": "max_tokens", "stop": "stop_sequence"}


class Penalty(Body):
    """How much less likely a token becomes that was there before, of whatever kind it is."""

    scale: float = 0
    applyToWhitespaces: Literal[True] = True  # noqa: N815
    applyToPunctuations: Literal[True] = True  # noqa: N815
    applyToNumbers: Literal[True] = True  # noqa: N815
    applyToStopwords: Literal[True] = True  # noqa: N815
    applyToEmojis: Literal[True] = True  # noqa: N815


class Request(Body):
    prompt: Filled
    maxTokens: Count | None = None  # noqa: N815
    temperature: Share | None = None
    topP: Share | None = None  # noqa: N815
    stopSequences: list[Filled] | None = None  # noqa: N815
    presencePenalty: Penalty | None = None  # noqa: N815
    frequencyPenalty: Penalty | None = None  # noqa: N815
    countPenalty: Penalty | None = None  # noqa: N815
    numResults: Literal[1] | None = None  # noqa: N815


def read_request(body: Json) -> Turn:
    request = parse(Request, body)
    if request.countPenalty and request.countPenalty.scale:
        raise malformed("#/countPenalty: a penalty by count is not served here, send 'frequencyPenalty' instead")
    inference = given(
        maxTokens=request.maxTokens,
        temperature=request.temperature,
        topP=request.topP,
        stopSequences=request.stopSequences or None,
    )
    additional = given(
        presence_penalty=_scale(request.presencePenalty), frequency_penalty=_scale(request.frequencyPenalty)
    )
    turn: Block = {"messages": [{"role": "user", "content": [{"text": request.prompt}]}]}
    return turn | given(inferenceConfig=inference, additionalModelRequestFields=additional)


def _scale(penalty: Penalty | None) -> float | None:
    return penalty.scale if penalty and penalty.scale else None


def write_request(turn: Turn) -> Block:
    """Raises ValidationException for what the API cannot say, a conversation of more than one message too."""
    names = {"maxTokens": "maxTokens", "temperature": "temperature", "topP": "topP", "stopSequences": "stopSequences"}
    penalties = {"presence_penalty": "presencePenalty", "frequency_penalty": "frequencyPenalty"}
    asked = parameters(turn, API, **names, **penalties)
    scaled = {name: {"scale": asked.pop(name)} for name in penalties.values() if name in asked}
    return {"prompt": lone_prompt(turn, API), **asked, **scaled}


def write_response(answer: Answer, stamp: Asked) -> Block:
    data = {"text": text_of(answer), "tokens": []}
    reason: Block = {"reason": FINISH_REASONS.get(answer["stopReason"], "endoftext")}
    if reason["reason"] == "length":
        reason["length"] = answer["usage"]["outputTokens"]
    prompt = {"text": stamp.body.get("prompt", ""), "tokens": []}
    return {"id": stamp.created, "prompt": prompt, "completions": [{"data": data, "finishReason": reason}]}


def read_response(body: Json) -> Answer:
    completion = body["completions"][0]
    return answer_of(
        completion["data"]["text"], READ_FINISH_REASONS[completion["finishReason"]["reason"]], read_metrics(body)
    )
