"""The events of an answer, as content blocks that follow one another. Knows no model."""

import base64
import secrets
from collections.abc import Sequence

from craton.engines.base import Event
from craton.engines.text.model import LogProb


class Blocks:
    """Opens and closes the blocks as needed; `take` gives the events made since."""

    def __init__(self) -> None:
        self._events: list[Event] = []
        self._index = 0
        self._kind: str | None = None

    def text(self, text: str, logprobs: Sequence[LogProb] = ()) -> None:
        self._turn_to("text")
        delta: Event = {"contentBlockIndex": self._index, "delta": {"text": text}}
        if logprobs:
            delta["logprobs"] = logprobs
        self._events.append({"contentBlockDelta": delta})

    def reasoning(self, text: str) -> None:
        self._turn_to("reasoning")
        self._delta({"reasoningContent": {"text": text}})

    def call(self, name: str) -> None:
        """Begin the call of a tool."""
        self.close()
        self._kind = "call"
        start = {"toolUse": {"toolUseId": call_id(), "name": name}}
        self._events.append({"contentBlockStart": {"contentBlockIndex": self._index, "start": start}})

    def input(self, text: str) -> None:
        """More of the input of the call that was begun."""
        self._delta({"toolUse": {"input": text}})

    def close(self) -> None:
        if self._kind is not None:
            self._events.append({"contentBlockStop": {"contentBlockIndex": self._index}})
            self._index += 1
            self._kind = None

    def end(self) -> None:
        """Close what is open. An answer without any content has one empty text."""
        if self._index == 0 and self._kind is None:
            self._kind = "text"
        self.close()

    def take(self) -> list[Event]:
        events, self._events = self._events, []
        return events

    def _turn_to(self, kind: str) -> None:
        if self._kind != kind:
            self.close()
            self._kind = kind

    def _delta(self, delta: Event) -> None:
        self._events.append({"contentBlockDelta": {"contentBlockIndex": self._index, "delta": delta}})


def call_id() -> str:
    """A toolUseId in the form of the real service's."""
    return "tooluse_" + base64.urlsafe_b64encode(secrets.token_bytes(16)).decode().rstrip("=")


def stop(reason: str, sequence: str | None) -> Event:
    """The messageStop event; `sequence` is the stop sequence that was met, which Claude's models report too."""
    met = {"additionalModelResponseFields": {"stop_sequence": sequence}} if sequence is not None else {}
    return {"messageStop": {"stopReason": reason, **met}}


def start(input_tokens: int, cached: int = 0, marked: int | None = None) -> Event:
    """The messageStart event, and what is counted of the input, as `usage` has it."""
    return {"messageStart": {"role": "assistant"}, "usage": _input(input_tokens, cached, marked)}


def usage(input_tokens: int, output_tokens: int, cached: int = 0, marked: int | None = None) -> Event:
    """The metadata event. `marked`: tokens before the last cachePoint; without one the cache is not reported, as the
    service does.

    Tokens read from or written to the marked cache are not input tokens: the three add up to the prompt.
    """
    counts = {"inputTokens": input_tokens, "outputTokens": output_tokens, "totalTokens": input_tokens + output_tokens}
    return {"metadata": {"usage": counts | _input(input_tokens, cached, marked)}}


def _input(input_tokens: int, cached: int, marked: int | None) -> dict[str, int]:
    if marked is None:
        return {"inputTokens": input_tokens}
    read = min(cached, marked)
    return {
        "inputTokens": input_tokens - marked,
        "cacheReadInputTokens": read,
        "cacheWriteInputTokens": marked - read,
    }
