"""Converse answers <-> response objects: their output items, status and usage. Knows no stream.

A content block is an output item of its own: a message of one part, a function call, or reasoning. Reasoning that a
model tells openly stands in `content`; where a summary was asked for, it is the summary, whole.
"""

from collections.abc import Mapping

from craton.dialects.body import given, inexpressible
from craton.dialects.converse import Answer, Block, Stamp
from craton.dialects.metrics import usage_of
from craton.dialects.openai.responses.items import arguments_of, read_output, seal
from craton.errors import ApiError, ModelErrorException

API = "OpenAI Responses"
# Stop reasons that leave an answer incomplete, and why.
INCOMPLETE = {
    "max_tokens": "max_output_tokens",
    "model_context_window_exceeded": "max_output_tokens",
    "guardrail_intervened": "content_filter",
    "content_filtered": "content_filter",
}
STOP_REASONS = {"max_output_tokens": "max_tokens", "content_filter": "content_filtered"}
# The members of a response object that are not repeated from the request.
OWN = {
    *("id", "object", "created_at", "completed_at", "status", "error"),
    *("incomplete_details", "model", "output", "usage"),
}
# What an answer repeats where no request is known.
PLAIN: Block = {
    "instructions": None,
    "metadata": {},
    "parallel_tool_calls": True,
    "temperature": None,
    "tool_choice": "auto",
    "tools": [],
    "top_p": None,
}


def write_response(answer: Answer, stamp: Stamp, echo: Mapping[str, object] = PLAIN) -> Block:
    """`echo` is what the answer repeats of the request."""
    content = answer["output"]["message"]["content"]
    reason = answer["stopReason"]
    output: list[Block] = []
    logprobs = answer.get("logprobs")
    for index, block in enumerate(content):
        status = status_of(reason) if index == len(content) - 1 else "completed"
        output += write_item(block, item_id(stamp, index, block), status, summarized(echo), logprobs)
        if "text" in block:
            logprobs = None  # an answer has them in one list
    return respond(stamp, echo, output, status_of(reason), reason=reason, usage=answer["usage"])


def respond(
    stamp: Stamp,
    echo: Mapping[str, object],
    output: list[Block],
    status: str,
    *,
    reason: str = "end_turn",
    usage: Block | None = None,
    error: Block | None = None,
) -> Block:
    """The response object. `usage` is Converse's."""
    return {
        "id": f"resp_{stamp.id}",
        "object": "response",
        "created_at": stamp.created,
        "completed_at": None,
        "status": status,
        "error": error,
        "incomplete_details": {"reason": INCOMPLETE[reason]} if status == "incomplete" else None,
        "model": stamp.model,
        "output": output,
        "usage": write_usage(usage) if usage else None,
        **echo,
    }


def echo_of(response: Block) -> Block:
    """What a response object repeats of its request."""
    return {name: value for name, value in response.items() if name not in OWN}


def summarized(echo: Mapping[str, object]) -> bool:
    """Whether a summary of the reasoning was asked for."""
    reasoning = echo.get("reasoning")
    return isinstance(reasoning, dict) and bool(reasoning.get("summary"))


def status_of(reason: str) -> str:
    return "incomplete" if reason in INCOMPLETE else "completed"


def item_id(stamp: Stamp, index: int, block: Block) -> str:
    """`block` is a content block or the delta or start of one."""
    kinds = {"toolUse": "fc", "reasoningContent": "rs"}
    return f"{kinds.get(next(iter(block)), 'msg')}_{stamp.id}o{index:x}"


def write_item(block: Block, id: str, status: str, summary: bool, logprobs: list[Block] | None) -> list[Block]:
    """The output item of a content block; none for a cache point."""
    match block:
        case {"text": text}:
            return [message(id, [output_text(text, logprobs)], status)]
        case {"citationsContent": cited}:
            text = "".join(part["text"] for part in cited.get("content", []))
            return [message(id, [output_text(text, logprobs)], status)]
        case {"reasoningContent": {"reasoningText": told}}:
            return [reasoning(id, told["text"], told.get("signature"), status, summary)]
        case {"reasoningContent": {"redactedContent": data}}:
            return [reasoning(id, "", seal(data), status, summary)]
        case {"toolUse": tool} if "type" not in tool:
            return [call(id, tool, arguments_of(tool["input"]), status)]
        case {"cachePoint": _}:
            return []
    raise inexpressible(API, block, "output.message.content")


def message(id: str, content: list[Block], status: str) -> Block:
    return {"type": "message", "id": id, "status": status, "role": "assistant", "content": content}


def output_text(text: str, logprobs: list[Block] | None) -> Block:
    return {"type": "output_text", "text": text, "annotations": [], "logprobs": logprobs or []}


def call(id: str, tool: Block, arguments: str, status: str) -> Block:
    named = {"call_id": tool["toolUseId"], "name": tool["name"], "arguments": arguments}
    return {"type": "function_call", "id": id, "status": status} | named


def reasoning(id: str, text: str, sealed: str | None, status: str, summary: bool) -> Block:
    item: Block = {"type": "reasoning", "id": id, "status": status, "summary": [], "content": []}
    if text and summary:
        item["summary"] = [{"type": "summary_text", "text": text}]
    elif text:
        item["content"] = [{"type": "reasoning_text", "text": text}]
    return item | given(encrypted_content=sealed)


def write_error(error: ApiError) -> Block:
    """The `error` of a response that failed. The codes are the API's."""
    code = {"ThrottlingException": "rate_limit_exceeded", "ValidationException": "invalid_prompt"}
    return {"code": code.get(error.code, "server_error"), "message": error.message}


def write_usage(usage: Block) -> Block:
    """What was read from and written to the cache is counted among the input tokens, reasoning among the output."""
    read, written = usage.get("cacheReadInputTokens", 0), usage.get("cacheWriteInputTokens", 0)
    given_tokens, made = usage["inputTokens"] + read + written, usage["outputTokens"]
    return {
        "input_tokens": given_tokens,
        "input_tokens_details": {"cached_tokens": read, "cache_write_tokens": written},
        "output_tokens": made,
        # Engines do not count them apart.
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": given_tokens + made,
    }


def read_usage(usage: Block) -> Block:
    details = usage.get("input_tokens_details") or {}
    read, written = details.get("cached_tokens") or 0, details.get("cache_write_tokens") or 0
    uncached = usage["input_tokens"] - read - written
    return usage_of(uncached, usage["output_tokens"], read or None, written or None)


def read_response(body: Block) -> Answer:
    """The answer in a response object of another server; `metrics` is the caller's to add.

    Raises ModelErrorException for a response that failed.
    """
    if body.get("status") not in ("completed", "incomplete"):
        told = (body.get("error") or {}).get("message") or f"its status is {body.get('status')!r}"
        raise ModelErrorException(f"The model's server did not answer: {told}. Send the request again.")
    content = [block for item in body["output"] for block in read_output(item)]
    logprobs = [each for item in body["output"] for part in item.get("content") or () for each in _logprobs(part)]
    return {
        "output": {"message": {"role": "assistant", "content": content or [{"text": ""}]}},
        "stopReason": read_stop(body, content),
        "usage": read_usage(body["usage"]),
    } | given(logprobs=logprobs or None)


def _logprobs(part: Block) -> list[Block]:
    return part.get("logprobs") or []


def read_stop(body: Block, content: list[Block]) -> str:
    """The Converse stop reason of a response whose content blocks, or their starts, these are."""
    if body["status"] == "incomplete":
        return STOP_REASONS.get((body.get("incomplete_details") or {}).get("reason") or "", "max_tokens")
    return "tool_use" if any("toolUse" in block for block in content) else "end_turn"
