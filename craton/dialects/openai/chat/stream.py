"""Converse events <-> chat.completion.chunk objects. Knows no server-sent events: a chunk is a dict."""

from craton.dialects.converse import Block, Event, Stamp
from craton.dialects.openai.chat.answer import (
    FINISH_REASONS,
    envelope,
    read_logprobs,
    read_usage,
    stop_reason_of,
    write_logprobs,
    write_usage,
)
from craton.errors import ModelStreamErrorException


class EventWriter:
    """Converse events -> `chat.completion.chunk` objects; the last one has no choices and holds the usage.

    `index` is that of the choice, where several answers to one request are streamed together.
    """

    def __init__(self, stamp: Stamp, index: int = 0) -> None:
        self._envelope = envelope(stamp, "chat.completion.chunk")
        self._index = index
        self._calls = -1

    def write(self, event: Event) -> list[Block]:
        match event:
            case {"messageStart": {"role": role}}:
                return [self._chunk({"role": role, "content": "", "refusal": None})]
            case {"contentBlockStart": {"start": {"toolUse": tool}}}:
                self._calls += 1
                function = {"name": tool["name"], "arguments": ""}
                return [self._call({"id": tool["toolUseId"], "type": "function", "function": function})]
            case {"contentBlockDelta": {"delta": {"toolUse": {"input": text}}}}:
                return [self._call({"function": {"arguments": text}})]
            case {"contentBlockDelta": {"delta": {"text": text}} as body}:
                return [self._chunk({"content": text}, logprobs=body.get("logprobs"))]
            case {"contentBlockDelta": {"delta": {"reasoningContent": {"text": text}}}}:
                return [self._chunk({"reasoning_content": text})]
            case {"messageStop": {"stopReason": reason}}:
                return [self._chunk({}, FINISH_REASONS[reason])]
            case {"metadata": {"usage": usage}}:
                return [self.write_usage(usage)]
        return []

    def write_usage(self, usage: Block) -> Block:
        return {**self._envelope, "choices": [], "usage": write_usage(usage)}

    def _chunk(self, delta: Block, finish: str | None = None, logprobs: list[Block] | None = None) -> Block:
        choice = {"index": self._index, "delta": delta, "logprobs": write_logprobs(logprobs), "finish_reason": finish}
        return {**self._envelope, "choices": [choice]}

    def _call(self, call: Block) -> Block:
        return self._chunk({"tool_calls": [{"index": self._calls, **call}]})


class EventReader:
    """`chat.completion.chunk` objects of another server -> Converse events, ending with `metadata` once usage is told.

    Ask for usage with `stream_options: {"include_usage": true}`.
    """

    def __init__(self) -> None:
        self._index = -1
        # What the open block holds: "text", "reasoningContent" or the index of a tool call. None where none is open.
        self._open: str | int | None = None
        self._started = False
        self._stopped = False
        self._ended = False

    def read(self, chunk: Block) -> list[Event]:
        events: list[Event] = []
        if not self._started:
            self._started = True
            events.append({"messageStart": {"role": "assistant"}})
        for choice in chunk.get("choices") or ():
            delta = choice.get("delta") or {}
            if reasoning := delta.get("reasoning_content") or delta.get("reasoning"):
                events += self._delta("reasoningContent", {"reasoningContent": {"text": reasoning}})
            if text := delta.get("content") or delta.get("refusal"):
                events += self._delta("text", {"text": text}, read_logprobs(choice))
            for call in delta.get("tool_calls") or ():
                events += self._call(call)
            if choice.get("finish_reason"):
                events += self._stop(stop_reason_of(choice))
        if self._stopped and not self._ended and chunk.get("usage"):
            self._ended = True
            events.append({"metadata": {"usage": read_usage(chunk["usage"])}})
        return events

    def end(self) -> None:
        """Call at the end of the stream. Raises ModelStreamErrorException where the answer or its usage is missing."""
        if not self._ended:
            missing = "usage" if self._stopped else "finish_reason"
            raise ModelStreamErrorException(f"The model's stream ended without {missing!r}; send the request again.")

    def _delta(self, kind: str | int, delta: Block, beside: Block | None = None) -> list[Event]:
        events = [] if self._open == kind else self._begin(kind)
        body = {"contentBlockIndex": self._index, "delta": delta, **(beside or {})}
        return [*events, {"contentBlockDelta": body}]

    def _begin(self, kind: str | int) -> list[Event]:
        events = self._close()
        self._index += 1
        self._open = kind
        return events

    def _call(self, call: Block) -> list[Event]:
        function, position = call.get("function") or {}, call.get("index", 0)
        events: list[Event] = []
        if call.get("id") and self._open != position:
            events += self._begin(position)
            start = {"toolUse": {"toolUseId": call["id"], "name": function["name"]}}
            events.append({"contentBlockStart": {"start": start, "contentBlockIndex": self._index}})
        if self._open != position:
            raise ModelStreamErrorException(
                "The model's server mixed the arguments of several tool calls; send the request again."
            )
        if arguments := function.get("arguments"):
            events += self._delta(position, {"toolUse": {"input": arguments}})
        return events

    def _close(self) -> list[Event]:
        if self._open is None:
            return []
        self._open = None
        return [{"contentBlockStop": {"contentBlockIndex": self._index}}]

    def _stop(self, reason: str) -> list[Event]:
        # Converse knows no message without a block.
        events = self._begin("text") if self._index < 0 else []
        self._stopped = True
        return [*events, *self._close(), {"messageStop": {"stopReason": reason}}]
