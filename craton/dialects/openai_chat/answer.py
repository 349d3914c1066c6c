"""Converse answers <-> chat completions, with their stop reasons and usage. Knows no stream."""

from craton.dialects.converse import Answer, Block, Stamp, tool_input
from craton.dialects.openai_chat.writer import write_assistant

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
    message = write_assistant(answer["output"]["message"]["content"], "output.message.content")
    choice = {
        "index": 0,
        "message": {"role": "assistant", "content": None, "refusal": None} | message,
        "logprobs": None,
        "finish_reason": FINISH_REASONS[answer["stopReason"]],
    }
    return envelope(stamp, "chat.completion") | {"choices": [choice], "usage": write_usage(answer["usage"])}


def envelope(stamp: Stamp, kind: str) -> Block:
    return {"id": f"chatcmpl-{stamp.id}", "object": kind, "created": stamp.created, "model": stamp.model}


def write_usage(usage: Block) -> Block:
    cached = usage.get("cacheReadInputTokens", 0)
    prompt = usage["inputTokens"] + cached + usage.get("cacheWriteInputTokens", 0)
    body: Block = {"prompt_tokens": prompt, "completion_tokens": usage["outputTokens"]}
    body["total_tokens"] = prompt + usage["outputTokens"]
    return body | ({"prompt_tokens_details": {"cached_tokens": cached}} if cached else {})


def read_usage(usage: Block) -> Block:
    """Chat completions count cache reads among the prompt tokens, Converse beside them."""
    cached = (usage.get("prompt_tokens_details") or {}).get("cached_tokens") or 0
    prompt, completion = usage["prompt_tokens"], usage["completion_tokens"]
    body: Block = {"inputTokens": prompt - cached, "outputTokens": completion, "totalTokens": prompt + completion}
    return body | ({"cacheReadInputTokens": cached} if cached else {})


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
    }


def stop_reason_of(choice: Block) -> str:
    # vLLM says here which stop string ended the text.
    if choice["finish_reason"] == "stop" and isinstance(choice.get("stop_reason"), str):
        return "stop_sequence"
    return STOP_REASONS[choice["finish_reason"]]
