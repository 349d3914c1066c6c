"""Output items while they are written: the events that tell each piece, and the item as it is.

An event is a dict of its `kind` and its members, without its number and place, of which nothing is known here.
"""

from typing import Protocol

from craton.dialects.body import inexpressible
from craton.dialects.converse import Block
from craton.dialects.openai.responses.answer import API, call, message, output_text, reasoning
from craton.dialects.openai.responses.items import seal


class Opened(Protocol):
    def begin(self) -> list[Block]:
        """What follows `output_item.added`."""
        ...

    def delta(self, delta: Block, logprobs: list[Block]) -> list[Block]: ...

    def end(self) -> list[Block]:
        """What comes before `output_item.done`."""
        ...

    def item(self, status: str) -> Block: ...


def open_item(id: str, start: Block, summary: bool) -> Opened:
    """`start` is a content block's start, or its first delta where blocks of its kind have none."""
    match start:
        case {"toolUse": {"toolUseId": _} as tool} if "type" not in tool:
            return Call(id, tool)
        case {"reasoningContent": _}:
            return Reasoning(id, summary)
        case {"text": _}:
            return Text(id)
    raise inexpressible(API, start, "the answer")


class Text:
    def __init__(self, id: str) -> None:
        self._id = id
        self._text = ""
        self._logprobs: list[Block] = []

    def begin(self) -> list[Block]:
        return [self._told("response.content_part.added", part=output_text("", None))]

    def delta(self, delta: Block, logprobs: list[Block]) -> list[Block]:
        if "text" not in delta:
            raise inexpressible(API, delta, "the answer")
        self._text += delta["text"]
        self._logprobs += logprobs
        return [self._told("response.output_text.delta", delta=delta["text"], logprobs=logprobs)]

    def end(self) -> list[Block]:
        return [
            self._told("response.output_text.done", text=self._text, logprobs=self._logprobs),
            self._told("response.content_part.done", part=self._part()),
        ]

    def item(self, status: str) -> Block:
        return message(self._id, [] if status == "in_progress" else [self._part()], status)

    def _part(self) -> Block:
        return output_text(self._text, self._logprobs)

    def _told(self, kind: str, **members: object) -> Block:
        return {"kind": kind, "item_id": self._id, "content_index": 0, **members}


class Call:
    def __init__(self, id: str, tool: Block) -> None:
        self._id = id
        self._tool = tool
        self._arguments = ""

    def begin(self) -> list[Block]:
        return []

    def delta(self, delta: Block, logprobs: list[Block]) -> list[Block]:
        text = delta["toolUse"]["input"]
        self._arguments += text
        return [{"kind": "response.function_call_arguments.delta", "item_id": self._id, "delta": text}]

    def end(self) -> list[Block]:
        told = {"arguments": self._arguments or "{}", "name": self._tool["name"]}
        return [{"kind": "response.function_call_arguments.done", "item_id": self._id, **told}]

    def item(self, status: str) -> Block:
        return call(self._id, self._tool, "" if status == "in_progress" else self._arguments or "{}", status)


class Reasoning:
    """Told openly, or as a summary."""

    def __init__(self, id: str, summary: bool) -> None:
        self._id = id
        self._summary = summary
        self._text = ""
        self._signature = ""
        self._redacted = b""
        self._part = "reasoning_summary_part" if summary else "content_part"
        self._name = "reasoning_summary_text" if summary else "reasoning_text"
        self._type = "summary_text" if summary else "reasoning_text"
        self._place = {"summary_index": 0} if summary else {"content_index": 0}

    def begin(self) -> list[Block]:
        return []

    def delta(self, delta: Block, logprobs: list[Block]) -> list[Block]:
        match delta.get("reasoningContent"):
            case {"text": text}:
                begun = [] if self._text or not text else [self._told(f"{self._part}.added", part=self._whole())]
                self._text += text
                return [*begun, self._told(f"{self._name}.delta", delta=text)]
            case {"signature": signature}:
                self._signature += signature
                return []
            case {"redactedContent": data}:
                self._redacted += data
                return []
        raise inexpressible(API, delta, "the answer")

    def end(self) -> list[Block]:
        if not self._text:
            return []
        told = self._told(f"{self._name}.done", text=self._text)
        return [told, self._told(f"{self._part}.done", part=self._whole())]

    def item(self, status: str) -> Block:
        sealed = seal(self._redacted) if self._redacted else self._signature or None
        return reasoning(self._id, "" if status == "in_progress" else self._text, sealed, status, self._summary)

    def _whole(self) -> Block:
        return {"type": self._type, "text": self._text}

    def _told(self, kind: str, **members: object) -> Block:
        return {"kind": f"response.{kind}", "item_id": self._id, **self._place, **members}
