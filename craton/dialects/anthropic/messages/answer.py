"""Converse answers <-> Messages answers, with their stop reasons and usage. Knows no stream."""

import base64

from craton.dialects.anthropic.messages.citations import read_cited
from craton.dialects.anthropic.messages.writer import write_blocks
from craton.dialects.converse import Answer, Block, Stamp
from craton.errors import ModelErrorException

STOP_REASONS = {
    "end_turn": "end_turn",
    "tool_use": "tool_use",
    "max_tokens": "max_tokens",
    "stop_sequence": "stop_sequence",
    "model_context_window_exceeded": "model_context_window_exceeded",
    "refusal": "content_filtered",
    "pause_turn": "end_turn",
}
WRITTEN_STOP_REASONS = {
    "end_turn": "end_turn",
    "tool_use": "tool_use",
    "max_tokens": "max_tokens",
    "stop_sequence": "stop_sequence",
    "model_context_window_exceeded": "model_context_window_exceeded",
    "content_filtered": "refusal",
    "guardrail_intervened": "refusal",
    "malformed_model_output": "end_turn",
    "malformed_tool_use": "end_turn",
}


def write_response(answer: Answer, stamp: Stamp) -> Block:
    content = write_blocks(answer["output"]["message"]["content"], "output.message.content")
    return message_of(stamp, content, write_stop(answer), write_usage(answer["usage"]))


def message_of(stamp: Stamp, content: list[Block], stop: Block, usage: Block) -> Block:
    head = {"id": f"msg_bdrk_{stamp.id}", "type": "message", "role": "assistant", "model": stamp.model}
    return {**head, "content": content, **stop, "usage": usage}


def write_stop(stop: Block) -> Block:
    """`stop` is a messageStop event's body or an answer; which stop sequence was met is in its additional fields."""
    met = (stop.get("additionalModelResponseFields") or {}).get("stop_sequence")
    return {"stop_reason": WRITTEN_STOP_REASONS[stop["stopReason"]], "stop_sequence": met}


def read_stop(body: Block) -> Block:
    stop: Block = {"stopReason": STOP_REASONS[body["stop_reason"]]}
    met = body.get("stop_sequence")
    return stop | ({"additionalModelResponseFields": {"stop_sequence": met}} if met is not None else {})


def write_usage(usage: Block) -> Block:
    cache = {}
    if "cacheReadInputTokens" in usage or "cacheWriteInputTokens" in usage:
        cache["cache_creation_input_tokens"] = usage.get("cacheWriteInputTokens", 0)
        cache["cache_read_input_tokens"] = usage.get("cacheReadInputTokens", 0)
    return {"input_tokens": usage["inputTokens"], **cache, "output_tokens": usage["outputTokens"]}


def read_usage(usage: Block) -> Block:
    read, written = usage.get("cache_read_input_tokens"), usage.get("cache_creation_input_tokens")
    given, told = usage["input_tokens"], usage["output_tokens"]
    total = given + told + (read or 0) + (written or 0)
    body: Block = {"inputTokens": given, "outputTokens": told, "totalTokens": total}
    body |= {"cacheReadInputTokens": read} if read is not None else {}
    return body | ({"cacheWriteInputTokens": written} if written is not None else {})


def read_response(body: Block) -> Answer:
    """The answer in a Messages response of another server; `metrics` is the caller's to add."""
    content = [_read_block(block) for block in body["content"]] or [{"text": ""}]
    message = {"role": "assistant", "content": content}
    return {"output": {"message": message}, **read_stop(body), "usage": read_usage(body["usage"])}


def _read_block(block: Block) -> Block:
    match block:
        case {"type": "text", "text": text}:
            if citations := block.get("citations"):
                return {
                    "citationsContent": {"content": [{"text": text}], "citations": [read_cited(c) for c in citations]}
                }
            return {"text": text}
        case {"type": "tool_use", "id": id, "name": name, "input": input}:
            return {"toolUse": {"toolUseId": id, "name": name, "input": input}}
        case {"type": "thinking", "thinking": text}:
            signature = block.get("signature")
            return {
                "reasoningContent": {"reasoningText": {"text": text} | ({"signature": signature} if signature else {})}
            }
        case {"type": "redacted_thinking", "data": data}:
            return {"reasoningContent": {"redactedContent": base64.b64decode(data)}}
    raise ModelErrorException(
        f"The model answered with a block of the type {block.get('type')!r}, which cannot be passed on."
    )
