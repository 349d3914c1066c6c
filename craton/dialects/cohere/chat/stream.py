"""Converse events <-> chat stream events. Knows no server-sent events: an event is a dict."""

import json

from craton.dialects.body import Json, given
from craton.dialects.cohere.chat.answer import finish_reason, given_citations, read_citation, stop_reason_of, whole
from craton.dialects.cohere.chat.reader import call_id
from craton.dialects.converse import Block, Event, tool_input
from craton.dialects.metrics import read_metrics
from craton.dialects.stamps import Asked
from craton.errors import ModelStreamErrorException


def _event(kind: str, finished: bool = False, **members: object) -> Block:
    return {"is_finished": finished, "event_type": kind, **members}


class EventWriter:
    """Converse events -> `stream-start` ... `stream-end`, which holds the whole answer once more."""

    def __init__(self, stamp: Asked) -> None:
        self._stamp = stamp
        self._text = ""
        self._citations: list[Block] = []
        self._calls: list[Block] = []
        # What the open block has said: its text, Converse's citations of it, a call's arguments.
        self._begin = 0
        self._cited: list[Block] = []
        self._arguments: str | None = None
        self._stop_reason = "end_turn"

    def write(self, event: Event) -> list[Block]:
        match event:
            case {"messageStart": _}:
                return [_event("stream-start", generation_id=self._stamp.id)]
            case {"contentBlockStart": {"start": {"toolUse": tool}}}:
                self._arguments = ""
                self._calls.append({"name": tool["name"], "parameters": {}})
                return [self._call_delta(name=tool["name"])]
            case {"contentBlockDelta": {"delta": {"toolUse": {"input": text}}}}:
                self._arguments = (self._arguments or "") + text
                return [self._call_delta(parameters=text)]
            case {"contentBlockDelta": {"delta": {"text": text}}}:
                self._text += text
                return [_event("text-generation", text=text)]
            case {"contentBlockDelta": {"delta": {"citation": citation}}}:
                self._cited.append(citation)
            case {"contentBlockStop": _}:
                return self._close()
            case {"messageStop": {"stopReason": reason}}:
                self._stop_reason = reason
                return [_event("tool-calls-generation", tool_calls=self._calls)] if self._calls else []
            case {"metadata": _}:
                response = whole(self._stamp, self._text, self._citations, self._calls, self._stop_reason)
                return [_event("stream-end", True, response=response, finish_reason=finish_reason(self._stop_reason))]
        return []

    def _call_delta(self, **members: str) -> Block:
        return _event("tool-calls-chunk", tool_call_delta={"index": len(self._calls) - 1, **members})

    def _close(self) -> list[Block]:
        if self._arguments is not None:
            self._calls[-1]["parameters"] = tool_input(self._arguments)
            self._arguments = None
        citations = given_citations(self._cited, self._begin, self._text[self._begin :])
        self._citations += citations
        self._cited, self._begin = [], len(self._text)
        return [_event("citation-generation", citations=citations)] if citations else []


class EventReader:
    """Chat stream events of another server -> Converse events.

    A citation comes behind the text that it is of, so it becomes one of the whole text block before it.
    """

    def __init__(self) -> None:
        self._index = -1
        self._open: str | None = None
        self._calls = 0
        self._started = False
        self._ended = False

    def read(self, chunk: Json) -> list[Event]:
        events: list[Event] = [] if self._started else [{"messageStart": {"role": "assistant"}}]
        self._started = True
        match chunk:
            case {"event_type": "text-generation", "text": text}:
                events += self._delta("text", {"text": text})
            case {"event_type": "citation-generation", "citations": citations}:
                for document in (each for citation in citations for each in citation["document_ids"]):
                    events += self._delta("text", {"citation": read_citation(document)})
            case {"event_type": "tool-calls-generation", "tool_calls": calls}:
                events += [event for call in calls for event in self._call(call)]
            case {"event_type": "stream-end", "response": response}:
                events += self._end(chunk, response)
        return events

    def end(self) -> None:
        """Call at the end of the stream. Raises ModelStreamErrorException where the last event is missing."""
        if not self._ended:
            raise ModelStreamErrorException("The model's stream ended without 'stream-end'; send the request again.")

    def _delta(self, kind: str, delta: Block) -> list[Event]:
        events = [] if self._open == kind else self._close()
        if self._open != kind:
            self._index += 1
            self._open = kind
        return [*events, {"contentBlockDelta": {"delta": delta, "contentBlockIndex": self._index}}]

    def _call(self, call: Block) -> list[Event]:
        events = self._close()
        self._index += 1
        start = {"toolUse": {"toolUseId": call_id(self._calls), "name": call["name"]}}
        self._calls += 1
        said = {"toolUse": {"input": json.dumps(call["parameters"], ensure_ascii=False)}}
        return [
            *events,
            {"contentBlockStart": {"start": start, "contentBlockIndex": self._index}},
            {"contentBlockDelta": {"delta": said, "contentBlockIndex": self._index}},
            {"contentBlockStop": {"contentBlockIndex": self._index}},
        ]

    def _close(self) -> list[Event]:
        if self._open is None:
            return []
        self._open = None
        return [{"contentBlockStop": {"contentBlockIndex": self._index}}]

    def _end(self, chunk: Json, response: Block) -> list[Event]:
        events = self._close()
        if self._index < 0:
            # Converse knows no message without a block.
            events = [{"contentBlockStop": {"contentBlockIndex": 0}}]
        self._ended = True
        reason = stop_reason_of({**response, "finish_reason": chunk["finish_reason"]})
        metadata = given(usage=read_metrics(chunk))
        return [*events, {"messageStop": {"stopReason": reason}}, *([{"metadata": metadata}] if metadata else [])]
