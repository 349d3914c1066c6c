"""Converse events <-> the events of a Responses stream. Knows no server-sent events: an event is a dict."""

from collections.abc import Mapping
from typing import Any

from craton.dialects.converse import Block, Event, Stamp
from craton.dialects.openai.responses.answer import (
    PLAIN,
    item_id,
    read_stop,
    read_usage,
    respond,
    status_of,
    summarized,
    write_error,
)
from craton.dialects.openai.responses.items import unseal
from craton.dialects.openai.responses.opened import Opened, open_item
from craton.errors import ApiError, ModelStreamErrorException, ServiceUnavailableException, ThrottlingException

ERRORS: dict[str, type[ApiError]] = {
    "rate_limit_exceeded": ThrottlingException,
    "server_is_overloaded": ServiceUnavailableException,
}


class EventWriter:
    """Converse events -> `response.created` ... `response.completed`, whose `response` is the plain answer.

    The end of an item is held back until it is known whether the answer was cut there. `echo` is what the answer
    repeats of the request; the first event gets the number `first`.
    """

    def __init__(self, stamp: Stamp, echo: Mapping[str, object] = PLAIN, first: int = 0) -> None:
        self._stamp = stamp
        self._echo = echo
        self._number = first
        self._queued = False
        self._open: tuple[int, Opened] | None = None  # with the index of its content block
        self._output: list[Block] = []
        self._stop = "end_turn"

    def queue(self) -> list[Block]:
        """The events of a response that waits; `messageStart` then only tells that it does no more."""
        self._queued = True
        waiting = respond(self._stamp, self._echo, [], "queued")
        return [self._event("response.created", response=waiting), self._event("response.queued", response=waiting)]

    def write(self, event: Event) -> list[Block]:
        match event:
            case {"messageStart": _}:
                begun = respond(self._stamp, self._echo, [], "in_progress")
                kinds = ["response.in_progress"] if self._queued else ["response.created", "response.in_progress"]
                return [self._event(kind, response=begun) for kind in kinds]
            case {"contentBlockStart": {"contentBlockIndex": index, "start": start}}:
                return self._at(index, start)[0]
            case {"contentBlockDelta": {"contentBlockIndex": index, "delta": delta} as body}:
                events, opened = self._at(index, delta)
                return [*events, *self._told(opened.delta(delta, body.get("logprobs") or []))]
            case {"contentBlockStop": {"contentBlockIndex": index}}:
                return self._at(index, {"text": ""})[0]
            case {"messageStop": stop}:
                self._stop = stop["stopReason"]
                return self._close(status_of(self._stop))
            case {"metadata": {"usage": usage}}:
                status = status_of(self._stop)
                whole = respond(self._stamp, self._echo, self._output, status, reason=self._stop, usage=usage)
                return [self._event(f"response.{status}", response=whole)]
        raise ValueError(f"{next(iter(event))!r} is no Converse event")

    def fail(self, error: ApiError) -> list[Block]:
        """The end of a stream that broke off."""
        events = self._close("incomplete")
        whole = respond(self._stamp, self._echo, self._output, "failed", error=write_error(error))
        return [*events, self._event("response.failed", response=whole)]

    def _at(self, index: int, start: Block) -> tuple[list[Block], Opened]:
        """The item of a content block, and what tells that it begins, where it does."""
        if self._open and self._open[0] == index:
            return [], self._open[1]
        events = self._close("completed")
        opened = open_item(item_id(self._stamp, len(self._output), start), start, summarized(self._echo))
        self._open = index, opened
        added = {"kind": "response.output_item.added", "item": opened.item("in_progress")}
        return [*events, *self._told([added, *opened.begin()])], opened

    def _close(self, status: str) -> list[Block]:
        if self._open is None:
            return []
        opened, self._open = self._open[1], None
        item = opened.item(status)
        events = self._told([*opened.end(), {"kind": "response.output_item.done", "item": item}])
        self._output.append(item)
        return events

    def _told(self, events: list[Block]) -> list[Block]:
        """The events of the item that is open, or was just now."""
        return [self._event(**event, output_index=len(self._output)) for event in events]

    def _event(self, kind: str, **members: Any) -> Block:
        event = {"type": kind, "sequence_number": self._number, **members}
        self._number += 1
        return event


class EventReader:
    """The events of another server's stream -> Converse events; `response.failed` and `error` are raised."""

    def __init__(self) -> None:
        self._index = -1
        self._open: tuple[object, ...] | None = None  # where in the output the open block stands
        self._told = False  # whether the open reasoning has text
        self._starts: list[Block] = []
        self._ended = False

    def read(self, event: Block) -> list[Event]:
        match event:
            case {"type": "response.created"}:
                return [{"messageStart": {"role": "assistant"}}]
            case {"type": "response.output_item.added", "item": {"type": "function_call"} as item}:
                return self._call(event["output_index"], item)
            case {"type": "response.function_call_arguments.delta", "delta": text}:
                return self._delta((event["output_index"],), {"toolUse": {"input": text}})
            case {"type": "response.output_text.delta" | "response.refusal.delta", "delta": text}:
                place = (event["output_index"], event["content_index"])
                return self._delta(place, {"text": text}, event.get("logprobs"))
            case {"type": "response.reasoning_text.delta" | "response.reasoning_summary_text.delta", "delta": text}:
                self._told = True
                return self._delta((event["output_index"],), {"reasoningContent": {"text": text}})
            case {"type": "response.reasoning_summary_part.added", "summary_index": number} if number:
                return self._delta((event["output_index"],), {"reasoningContent": {"text": "\n\n"}})
            case {"type": "response.output_item.done", "item": {"type": "reasoning"} as item}:
                return self._sealed(event["output_index"], item)
            case {"type": "response.completed" | "response.incomplete", "response": response}:
                return self._end(response)
            case {"type": "response.failed" | "error"}:
                # The API sends an error bare, some servers of it in an envelope.
                error = event.get("response", event).get("error") or event
                kind = ERRORS.get(error.get("code") or "", ModelStreamErrorException)
                raise kind(f"The model's server failed: {error.get('message')!r}. Send the request again.")
        # What only repeats deltas, what tells of tools that were not asked for, and event types that are new.
        return []

    def end(self) -> None:
        """Call at the end of the stream. Raises ModelStreamErrorException where the answer is not whole."""
        if not self._ended:
            raise ModelStreamErrorException(
                "The model's stream ended without 'response.completed'; send the request again."
            )

    def _call(self, place: int, item: Block) -> list[Event]:
        events = self._begin((place,))
        start = {"toolUse": {"toolUseId": item["call_id"], "name": item["name"]}}
        self._starts.append(start)
        return [*events, {"contentBlockStart": {"start": start, "contentBlockIndex": self._index}}]

    def _delta(self, place: tuple[object, ...], delta: Block, logprobs: list[Block] | None = None) -> list[Event]:
        events = [] if self._open == place else self._begin(place)
        body: Block = {"contentBlockIndex": self._index, "delta": delta}
        return [*events, {"contentBlockDelta": body | ({"logprobs": logprobs} if logprobs else {})}]

    def _sealed(self, place: int, item: Block) -> list[Event]:
        sealed, told, self._told = item.get("encrypted_content"), self._told, False
        if not sealed:
            return []
        content = {"signature": sealed} if told else {"redactedContent": unseal(sealed)}
        return self._delta((place,), {"reasoningContent": content})

    def _begin(self, place: tuple[object, ...]) -> list[Event]:
        events = self._close()
        self._index += 1
        self._open = place
        return events

    def _close(self) -> list[Event]:
        if self._open is None:
            return []
        self._open = None
        return [{"contentBlockStop": {"contentBlockIndex": self._index}}]

    def _end(self, response: Block) -> list[Event]:
        # Converse knows no message without a block.
        events = self._begin((None,)) if self._index < 0 else []
        self._ended = True
        stop = {"messageStop": {"stopReason": read_stop(response, self._starts)}}
        return [*events, *self._close(), stop, {"metadata": {"usage": read_usage(response["usage"])}}]
