"""Mistral's text completion bodies on Bedrock <-> Converse. Knows no model, and not Mistral's chat bodies.

Source: https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-mistral-text-completion.html
"""

from craton.dialects.body import Body, Count, Filled, Json, Share, given, parse
from craton.dialects.converse import Answer, Block, Stamp, Turn
from craton.dialects.metrics import read_metrics
from craton.dialects.text.completion import TextReader, TextWriter, answer_of, parameters, parts, text_of
from craton.dialects.text.transcripts import conversation, inst, write_inst

API = "Mistral's text completion"
# What is not listed ended by itself.
STOP_REASONS = {"max_tokens": "length", "model_context_window_exceeded": "length"}
READ_STOP_REASONS = {"stop": "end_turn", "length": "max_tokens"}


class Request(Body):
    prompt: Filled
    max_tokens: Count | None = None
    stop: list[Filled] | None = None
    temperature: Share | None = None
    top_p: Share | None = None
    top_k: Count | None = None


def read_request(body: Json) -> Turn:
    request = parse(Request, body)
    inference = given(
        maxTokens=request.max_tokens,
        temperature=request.temperature,
        topP=request.top_p,
        stopSequences=request.stop or None,
    )
    turn = conversation(request.prompt, inst)
    return turn | given(inferenceConfig=inference, additionalModelRequestFields=given(top_k=request.top_k))


def write_request(turn: Turn) -> Block:
    """Raises ValidationException for what the API cannot say."""
    names = {"maxTokens": "max_tokens", "temperature": "temperature", "topP": "top_p", "stopSequences": "stop"}
    asked = parameters(turn, API, **names, top_k="top_k")
    return {"prompt": write_inst(parts(turn, API)), **asked}


def _body(text: str, stop_reason: str | None) -> Block:
    return {"outputs": [{"text": text, "stop_reason": stop_reason}]}


def write_response(answer: Answer, stamp: Stamp) -> Block:
    return _body(text_of(answer), STOP_REASONS.get(answer["stopReason"], "stop"))


def read_response(body: Json) -> Answer:
    (output,) = body["outputs"]
    return answer_of(output["text"], READ_STOP_REASONS[output["stop_reason"]], read_metrics(body))


class EventWriter(TextWriter):
    def piece(self, text: str, first: bool) -> Block:
        return _body(text, None)

    def last(self, stop_reason: str, usage: Json) -> Block:
        return _body("", STOP_REASONS.get(stop_reason, "stop"))


class EventReader(TextReader):
    def piece(self, chunk: Json) -> tuple[str, str | None]:
        (output,) = chunk["outputs"]
        return output["text"], READ_STOP_REASONS.get(output["stop_reason"])
