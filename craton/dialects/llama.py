"""Meta Llama's bodies on Bedrock -> Converse and back. Knows no model.

The prompt is raw text in Llama's own template, of the second to the fourth generation; see `transcripts` for what
becomes of it. Source: https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-meta.html
"""

from collections.abc import Mapping
from typing import Any

from craton.dialects.body import Body, Count, Filled, Share, given, parse
from craton.dialects.completion import TextWriter, text_of
from craton.dialects.converse import Answer, Block, Stamp, Turn
from craton.dialects.transcripts import conversation, inst, llama3, llama4

# What is not listed ended by itself.
STOP_REASONS = {"max_tokens": "length", "model_context_window_exceeded": "length"}


class Request(Body):
    prompt: Filled
    max_gen_len: Count | None = None
    temperature: Share | None = None
    top_p: Share | None = None


def read_request(body: Mapping[str, Any]) -> Turn:
    request = parse(Request, body)
    inference = given(maxTokens=request.max_gen_len, temperature=request.temperature, topP=request.top_p)
    return conversation(request.prompt, llama3, llama4, inst) | given(inferenceConfig=inference)


def _body(text: str, prompt_tokens: int | None, tokens: int | None, stop_reason: str | None) -> Block:
    counts = {"prompt_token_count": prompt_tokens, "generation_token_count": tokens}
    return {"generation": text, **counts, "stop_reason": stop_reason}


def write_response(answer: Answer, stamp: Stamp) -> Block:
    usage, stop = answer["usage"], STOP_REASONS.get(answer["stopReason"], "stop")
    return _body(text_of(answer), usage["inputTokens"], usage["outputTokens"], stop)


class EventWriter(TextWriter):
    def piece(self, text: str, first: bool) -> Block:
        return _body(text, self.stamp.input_tokens if first else None, None, None)

    def last(self, stop_reason: str, usage: Mapping[str, Any]) -> Block:
        return _body("", usage["inputTokens"], usage["outputTokens"], STOP_REASONS.get(stop_reason, "stop"))
