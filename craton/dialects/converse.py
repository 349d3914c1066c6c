"""The inner language: Converse turns, the events that answer them, and the answer as a fold of those events.

Knows no model, engine or other dialect. Shapes are those of the `bedrock-runtime` service model; blobs are `bytes`.
What Converse has no member for travels in `additionalModelRequestFields` under the name most APIs give it: `top_k`,
`seed`, `presence_penalty`, `frequency_penalty`, `parallel_tool_calls`, `thinking`, `logprobs`, `top_logprobs`, ...
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from craton.dialects.body import decode

# A Converse request without `modelId`: messages, system, inferenceConfig, toolConfig, additionalModelRequestFields, ...
Turn = Mapping[str, Any]
# One ConverseStream event: a dict of one key, such as {"messageStop": {"stopReason": "end_turn"}}. Engines tell more
# beside it, which the runtime takes away.
Event = dict[str, Any]
# A Converse response: output, stopReason, usage, metrics, ...
Answer = dict[str, Any]
# One content block of a message, and any other JSON object whose shape a service model or another API gives.
Block = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Stamp:
    """What native bodies say of an answer beyond its content."""

    # Letters and digits; a dialect puts its own prefix before them.
    id: str
    model: str
    # Epoch seconds.
    created: int
    # Tokens of the prompt, where they are known when the answer begins.
    input_tokens: int | None = None


class Fold:
    """Builds the plain answer from its stream, event by event.

    Where the deltas of the text carry `logprobs`, the answer has them all under that name.
    """

    def __init__(self) -> None:
        self._role = "assistant"
        self._blocks: dict[int, _OpenBlock] = {}
        self._logprobs: list[Block] = []
        self._rest: Answer = {}

    def add(self, event: Event) -> None:
        ((kind, body),) = event.items()
        match kind:
            case "messageStart":
                self._role = body["role"]
            case "contentBlockStart":
                self._block(body).start = body["start"]
            case "contentBlockDelta":
                self._block(body).deltas.append(body["delta"])
                self._logprobs += body.get("logprobs", ())
            case "contentBlockStop":
                self._block(body)
            case "messageStop" | "metadata":
                self._rest |= body
            case _:
                raise ValueError(f"{kind!r} is no Converse event")

    def answer(self) -> Answer:
        content = [self._blocks[index].block() for index in sorted(self._blocks)]
        told = {"logprobs": self._logprobs} if self._logprobs else {}
        return {"output": {"message": {"role": self._role, "content": content}}, **self._rest, **told}

    def _block(self, body: Block) -> "_OpenBlock":
        return self._blocks.setdefault(body["contentBlockIndex"], _OpenBlock())


def fold(events: Iterable[Event]) -> Answer:
    folding = Fold()
    for event in events:
        folding.add(event)
    return folding.answer()


def tool_input(text: str) -> object:
    """The JSON object in `text`; the text itself where a model wrote something else (as when it ran out of tokens)."""
    try:
        value = decode(text or "{}")
    except ValueError:
        return text
    return value if isinstance(value, dict) else text


class _OpenBlock:
    def __init__(self) -> None:
        self.start: Block = {}
        self.deltas: list[Block] = []

    def block(self) -> Block:
        if tool := self.start.get("toolUse"):
            return {"toolUse": {**tool, "input": tool_input("".join(d["input"] for d in self._all("toolUse")))}}
        if result := self.start.get("toolResult"):
            return {"toolResult": {**result, "content": [part for d in self._all("toolResult") for part in d]}}
        if image := self.start.get("image"):
            return {"image": self._image(image)}
        if reasoning := self._all("reasoningContent"):
            return {"reasoningContent": _reasoning(reasoning)}
        text = "".join(self._all("text"))
        if citations := self._all("citation"):
            return {"citationsContent": {"content": [{"text": text}], "citations": citations}}
        return {"text": text}

    def _all(self, kind: str) -> list[Any]:
        return [delta[kind] for delta in self.deltas if kind in delta]

    def _image(self, image: Block) -> Block:
        parts = self._all("image")
        whole = {key: value for part in parts for key, value in part.items()}
        data = [part["source"]["bytes"] for part in parts if "bytes" in part.get("source", {})]
        return {**image, **whole, **({"source": {"bytes": b"".join(data)}} if data else {})}


def _reasoning(deltas: list[Block]) -> Block:
    redacted = [delta["redactedContent"] for delta in deltas if "redactedContent" in delta]
    if redacted:
        return {"redactedContent": b"".join(redacted)}
    block = {"text": "".join(delta.get("text", "") for delta in deltas)}
    signature = "".join(delta.get("signature", "") for delta in deltas)
    return {"reasoningText": block | ({"signature": signature} if signature else {})}
