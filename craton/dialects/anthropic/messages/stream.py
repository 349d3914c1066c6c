"""Converse events <-> Messages stream events. Knows no server-sent events: an event is a dict."""

import base64

from craton.dialects.anthropic.messages.answer import message_of, read_stop, read_usage, write_stop, write_usage
from craton.dialects.anthropic.messages.citations import read_cited, write_citation
from craton.dialects.anthropic.messages.writer import API
from craton.dialects.body import inexpressible
from craton.dialects.converse import Block, Event, Stamp
from craton.errors import ApiError, ModelStreamErrorException, ServiceUnavailableException, ThrottlingException

ERRORS: dict[str, type[ApiError]] = {
    "overloaded_error": ServiceUnavailableException,
    "rate_limit_error": ThrottlingException,
}


class EventWriter:
    """Converse events -> `message_start` ... `message_stop`.

    The end is held back until `metadata` tells the usage. `message_start` states the input tokens where the stamp does;
    where it does not, it says 0 and `message_delta` corrects it.
    """

    def __init__(self, stamp: Stamp) -> None:
        self._stamp = stamp
        self._begun: set[int] = set()
        self._redacted: dict[int, bytes] = {}
        self._stop: Block = {}

    def write(self, event: Event) -> list[Block]:
        match event:
            case {"messageStart": _}:
                usage = {"input_tokens": self._stamp.input_tokens or 0, "output_tokens": 0}
                nothing = {"stop_reason": None, "stop_sequence": None}
                return [{"type": "message_start", "message": message_of(self._stamp, [], nothing, usage)}]
            case {"contentBlockStart": {"contentBlockIndex": index, "start": start}}:
                return [self._begin_started(index, start)]
            case {"contentBlockDelta": {"contentBlockIndex": index, "delta": delta}}:
                return self._delta(index, delta)
            case {"contentBlockStop": {"contentBlockIndex": index}}:
                return [*self._begin_late(index), {"type": "content_block_stop", "index": index}]
            case {"messageStop": stop}:
                self._stop = write_stop(stop)
                return []
            case {"metadata": {"usage": usage}}:
                return self._end(usage)
        raise ValueError(f"{next(iter(event))!r} is no Converse event")

    def _begin(self, index: int, block: Block) -> Block:
        self._begun.add(index)
        return {"type": "content_block_start", "index": index, "content_block": block}

    def _begin_started(self, index: int, start: Block) -> Block:
        match start:
            case {"toolUse": tool} if "type" not in tool:
                block = {"type": "tool_use", "id": tool["toolUseId"], "name": tool["name"], "input": {}}
                return self._begin(index, block)
        raise inexpressible(API, start, "the answer")

    def _begin_late(self, index: int) -> list[Block]:
        """The start of a block of which no delta told that it begins."""
        if index in self._begun:
            return []
        if data := self._redacted.get(index):
            return [self._begin(index, {"type": "redacted_thinking", "data": base64.b64encode(data).decode()})]
        return [self._begin(index, {"type": "text", "text": ""})]

    def _delta(self, index: int, delta: Block) -> list[Block]:
        match delta:
            case {"text": text}:
                return self._text(index, {"type": "text_delta", "text": text})
            case {"citation": citation}:
                return self._text(index, {"type": "citations_delta", "citation": write_citation(citation)})
            case {"toolUse": {"input": text}}:
                return [_delta(index, {"type": "input_json_delta", "partial_json": text})]
            case {"reasoningContent": {"redactedContent": data}}:
                self._redacted[index] = self._redacted.get(index, b"") + data
                return []
            case {"reasoningContent": {"text": text}}:
                return self._thinking(index, {"type": "thinking_delta", "thinking": text})
            case {"reasoningContent": {"signature": signature}}:
                return self._thinking(index, {"type": "signature_delta", "signature": signature})
        raise inexpressible(API, delta, "the answer")

    def _text(self, index: int, delta: Block) -> list[Block]:
        return [*self._begin_late(index), _delta(index, delta)]

    def _thinking(self, index: int, delta: Block) -> list[Block]:
        block = {"type": "thinking", "thinking": "", "signature": ""}
        begun = [] if index in self._begun else [self._begin(index, block)]
        return [*begun, _delta(index, delta)]

    def _end(self, usage: Block) -> list[Block]:
        told = write_usage(usage)
        if self._stamp.input_tokens is not None:
            del told["input_tokens"]
        return [{"type": "message_delta", "delta": self._stop, "usage": told}, {"type": "message_stop"}]


def _delta(index: int, delta: Block) -> Block:
    return {"type": "content_block_delta", "index": index, "delta": delta}


class EventReader:
    """Messages stream events of another server -> Converse events; an `error` event is raised as the error it means."""

    def __init__(self) -> None:
        self._usage: Block = {}
        self._stop: Block = {}
        self._ended = False

    def read(self, chunk: Block) -> list[Event]:
        match chunk:
            case {"type": "message_start", "message": message}:
                self._usage |= message["usage"]
                return [{"messageStart": {"role": message["role"]}}]
            case {"type": "content_block_start", "index": index, "content_block": block}:
                return _read_start(index, block)
            case {"type": "content_block_delta", "index": index, "delta": delta}:
                return [_read_delta(index, delta)]
            case {"type": "content_block_stop", "index": index}:
                return [{"contentBlockStop": {"contentBlockIndex": index}}]
            case {"type": "message_delta", "delta": delta, "usage": usage}:
                self._stop = read_stop(delta)
                self._usage |= {name: value for name, value in usage.items() if value is not None}
                return []
            case {"type": "message_stop"}:
                self._ended = True
                return [{"messageStop": self._stop}, {"metadata": {"usage": read_usage(self._usage)}}]
            case {"type": "error", "error": error}:
                kind = ERRORS.get(error["type"], ModelStreamErrorException)
                raise kind(f"The model's server failed: {error['message']!r}. Send the request again.")
        # `ping`, and event types that are new: the API asks clients to pass them over.
        return []

    def end(self) -> None:
        """Call at the end of the stream. Raises ModelStreamErrorException where the last event is missing."""
        if not self._ended:
            raise ModelStreamErrorException("The model's stream ended without 'message_stop'; send the request again.")


def _read_start(index: int, block: Block) -> list[Event]:
    match block:
        case {"type": "tool_use", "id": id, "name": name}:
            start = {"toolUse": {"toolUseId": id, "name": name}}
            return [{"contentBlockStart": {"start": start, "contentBlockIndex": index}}]
        case {"type": "redacted_thinking", "data": data}:
            return [_event(index, {"reasoningContent": {"redactedContent": base64.b64decode(data)}})]
        case {"type": "text", "text": text}:
            return [_event(index, {"text": text})] if text else []
        case {"type": "thinking"}:
            return []
    raise ModelStreamErrorException(
        f"The model answered with a block of the type {block.get('type')!r}, which cannot be passed on."
    )


def _read_delta(index: int, delta: Block) -> Event:
    match delta:
        case {"type": "text_delta", "text": text}:
            return _event(index, {"text": text})
        case {"type": "input_json_delta", "partial_json": text}:
            return _event(index, {"toolUse": {"input": text}})
        case {"type": "thinking_delta", "thinking": text}:
            return _event(index, {"reasoningContent": {"text": text}})
        case {"type": "signature_delta", "signature": signature}:
            return _event(index, {"reasoningContent": {"signature": signature}})
        case {"type": "citations_delta", "citation": citation}:
            return _event(index, {"citation": read_cited(citation)})
    raise ModelStreamErrorException(
        f"The model answered with a delta of the type {delta.get('type')!r}, which cannot be passed on."
    )


def _event(index: int, delta: Block) -> Event:
    return {"contentBlockDelta": {"delta": delta, "contentBlockIndex": index}}
