"""Converse answers <-> chat completions, with their stop reasons and usage. Knows no stream."""

from collections.abc import Sequence

from craton.dialects.converse import Answer, Block, Stamp, tool_input
from craton.dialects.metrics import usage_of
from craton.dialects.openai.chat.writer import write_assistant

FINISH_REASONS = {
    "end_turn": "stop",
    "stop_sequence": "stop",
    "tool_use": "tool_calls",
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "guardrail_intervened": "content_filter",
    "content_filtered": "content_filter",
    "malformed_model_output": "stop",
    "malformed_tool_use": "stop",
}
STOP_REASONS = {
    "stop": "end_turn",
    "length": "max_tokens",
    "tool_calls": "tool_use",
    "function_call": "tool_use",
    "content_filter": "content_filtered",
}


def write_response(answer: Answer, stamp: Stamp) -> Block:
    return write_completion([answer], stamp)


def write_completion(answers: Sequence[Answer], stamp: Stamp) -> Block:
    """The answers to one request as its choices, with the usage of all."""
    choices = [_write_choice(answer, index) for index, answer in enumerate(answers)]
    usage = write_usage(total_usage([answer["usage"] for answer in answers]))
    return envelope(stamp, "chat.completion") | {"choices": choices, "usage": usage}


def _write_choice(answer: Answer, index: int) -> Block:
    message = write_assistant(answer["output"]["message"]["content"], "output.message.content")
    return {
        "index": index,
        "message": {"role": "assistant", "content": None, "refusal": None} | message,
        "logprobs": write_logprobs(answer.get("logprobs")),
        "finish_reason": FINISH_REASONS[answer["stopReason"]],
    }


def write_logprobs(logprobs: list[Block] | None) -> Block | None:
    return {"content": logprobs, "refusal": None} if logprobs else None


def read_logprobs(choice: Block) -> Block:
    """The member that an answer or a delta has for them."""
    logprobs = (choice.get("logprobs") or {}).get("content")
    return {"logprobs": logprobs} if logprobs else {}


def envelope(stamp: Stamp, kind: str) -> Block:
    return {"id": f"chatcmpl-{stamp.id}", "object": kind, "created": stamp.created, "model": stamp.model}


def total_usage(usages: Sequence[Block]) -> Block:
    """The Converse usage of several answers to one prompt, which is read once."""
    return {**usages[0], "outputTokens": sum(usage["outputTokens"] for usage in usages)}


def write_usage(usage: Block) -> Block:
    """Chat completions count what was read from and written to the cache among the prompt tokens."""
    read, written = usage.get("cacheReadInputTokens", 0), usage.get("cacheWriteInputTokens", 0)
    prompt, completion = usage["inputTokens"] + read + written, usage["outputTokens"]
    details = {"cached_tokens": read} | ({"cache_write_tokens": written} if written else {})
    return {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
        "prompt_tokens_details": details,
    }


def read_usage(usage: Block) -> Block:
    details = usage.get("prompt_tokens_details") or {}
    read, written = details.get("cached_tokens") or 0, details.get("cache_write_tokens") or 0
    uncached = usage["prompt_tokens"] - read - written
    return usage_of(uncached, usage["completion_tokens"], read or None, written or None)


def read_response(body: Block) -> Answer:
    """The answer in a chat completion of another server; `metrics` is the caller's to add."""
    choice = body["choices"][0]
    message = choice["message"]
    content: list[Block] = []
    if reasoning := message.get("reasoning_content") or message.get("reasoning"):
        content.append({"reasoningContent": {"reasoningText": {"text": reasoning}}})
    if text := message.get("content") or message.get("refusal"):
        content.append({"text": text})
    for call in message.get("tool_calls") or ():
        function = call["function"]
        tool = {"toolUseId": call["id"], "name": function["name"], "input": tool_input(function["arguments"])}
        content.append({"toolUse": tool})
    return {
        "output": {"message": {"role": "assistant", "content": content or [{"text": ""}]}},
        "stopReason": stop_reason_of(choice),
        "usage": read_usage(body["usage"]),
        **read_logprobs(choice),
    }


def stop_reason_of(choice: Block) -> str:
    # vLLM says here which stop string ended the text.
    if choice["finish_reason"] == "stop" and isinstance(choice.get("stop_reason"), str):
        return "stop_sequence"
    return STOP_REASONS[choice["finish_reason"]]
