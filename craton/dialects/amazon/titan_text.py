"""Amazon Titan Text's bodies <-> Converse. Knows no model.

A prompt in the documented form `User: ...` newline `Bot:` becomes the conversation it spells.
Source: https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-text.html
"""

from craton.dialects.body import Body, Count, Filled, Json, Share, given, parse
from craton.dialects.converse import Answer, Block, Stamp, Turn
from craton.dialects.metrics import usage_of
from craton.dialects.text.completion import TextReader, TextWriter, answer_of, parameters, parts, text_of
from craton.dialects.text.transcripts import conversation, labelled, write_labelled

API = "Titan Text's completion"
LABELS = ("User", "Bot")
# What is not listed ended by itself.
COMPLETION_REASONS = {
    "max_tokens": "LENGTH",
    "model_context_window_exceeded": "LENGTH",
    "stop_sequence": "STOP_CRITERIA_MET",
    "content_filtered": "CONTENT_FILTERED",
    "guardrail_intervened": "CONTENT_FILTERED",
}
READ_COMPLETION_REASONS = {
    "FINISH": "end_turn",
    "FINISHED": "end_turn",
    "LENGTH": "max_tokens",
    "STOP_CRITERIA_MET": "stop_sequence",
    "RAG_QUERY_WHEN_RAG_DISABLED": "end_turn",
    "CONTENT_FILTERED": "content_filtered",
}


class TextGenerationConfig(Body):
    maxTokenCount: Count | None = None  # noqa: N815
    temperature: Share | None = None
    topP: Share | None = None  # noqa: N815
    stopSequences: list[Filled] | None = None  # noqa: N815


class Request(Body):
    inputText: Filled  # noqa: N815
    textGenerationConfig: TextGenerationConfig | None = None  # noqa: N815


def read_request(body: Json) -> Turn:
    request = parse(Request, body)
    config = request.textGenerationConfig or TextGenerationConfig()
    inference = given(
        maxTokens=config.maxTokenCount,
        temperature=config.temperature,
        topP=config.topP,
        stopSequences=config.stopSequences or None,
    )
    return conversation(request.inputText, labelled(*LABELS)) | given(inferenceConfig=inference)


def write_request(turn: Turn) -> Block:
    """Raises ValidationException for what the API cannot say."""
    names = {
        "maxTokens": "maxTokenCount",
        "temperature": "temperature",
        "topP": "topP",
        "stopSequences": "stopSequences",
    }
    config = parameters(turn, API, **names)
    text = write_labelled(*LABELS, parts(turn, API)).removeprefix("\n")
    return {"inputText": text} | given(textGenerationConfig=config)


def _completion_reason(stop_reason: str) -> str:
    return COMPLETION_REASONS.get(stop_reason, "FINISH")


def write_response(answer: Answer, stamp: Stamp) -> Block:
    usage = answer["usage"]
    result = {"tokenCount": usage["outputTokens"], "outputText": text_of(answer)}
    result["completionReason"] = _completion_reason(answer["stopReason"])
    return {"inputTextTokenCount": usage["inputTokens"], "results": [result]}


def read_response(body: Json) -> Answer:
    (result,) = body["results"]
    usage = usage_of(body["inputTextTokenCount"], result["tokenCount"])
    return answer_of(result["outputText"], READ_COMPLETION_REASONS[result["completionReason"]], usage)


def _chunk(text: str, tokens: int | None, reason: str | None, input_tokens: int | None) -> Block:
    ended = {"totalOutputTextTokenCount": tokens, "completionReason": reason}
    return {"outputText": text, "index": 0, **ended, "inputTextTokenCount": input_tokens}


class EventWriter(TextWriter):
    def piece(self, text: str, first: bool) -> Block:
        return _chunk(text, None, None, self.stamp.input_tokens if first else None)

    def last(self, stop_reason: str, usage: Json) -> Block:
        return _chunk("", usage["outputTokens"], _completion_reason(stop_reason), usage["inputTokens"])


class EventReader(TextReader):
    def piece(self, chunk: Json) -> tuple[str, str | None]:
        return chunk["outputText"], READ_COMPLETION_REASONS.get(chunk.get("completionReason", ""))
