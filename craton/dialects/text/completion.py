"""What the families of plain completion share: a prompt in, a text out. Knows no family's field names.

Their bodies have room for text alone: reasoning is left out of the answer, and tools cannot be asked for.
"""

from collections.abc import Iterable

from craton.dialects.body import Json, given, inexpressible
from craton.dialects.converse import Answer, Block, Event, Stamp, Turn
from craton.dialects.metrics import read_metrics
from craton.errors import ModelStreamErrorException, ValidationException


def text_of(answer: Answer) -> str:
    return "".join(block["text"] for block in answer["output"]["message"]["content"] if "text" in block)


def answer_of(text: str, stop_reason: str, usage: Json | None) -> Answer:
    """The Converse answer of one text; `metrics` is the caller's to add, and usage where there is none."""
    message = {"role": "assistant", "content": [{"text": text}]}
    return {"output": {"message": message}, "stopReason": stop_reason} | given(usage=usage)


def parameters(turn: Turn, api: str, **names: str) -> Block:
    """The sampling parameters of a turn under a family's `names` for them (`maxTokens="max_gen_len"`).

    Raises ValidationException for what the turn asks beyond them: such an API has no form for it.
    """
    for member in ("toolConfig", "outputConfig"):
        if turn.get(member):
            raise ValidationException(
                f"{member!r} has no form in {api}, the API this model is served in. Leave it out or use another model."
            )
    asked = given(**(turn.get("inferenceConfig") or {})) | given(**(turn.get("additionalModelRequestFields") or {}))
    for member in asked:
        if member not in names:
            raise ValidationException(
                f"The parameter {member!r} has no form in {api}, the API this model is served in. "
                f"Leave it out; there are {', '.join(map(repr, names))}."
            )
    return {names[member]: value for member, value in asked.items()}


def parts(turn: Turn, api: str) -> Iterable[tuple[str, str]]:
    """The turn as (role, text), system first. Raises ValidationException for content that is not text."""
    if system := "\n\n".join(
        _text(block, api, "system") for block in turn.get("system", ()) if "cachePoint" not in block
    ):
        yield "system", system
    for index, message in enumerate(turn["messages"]):
        blocks = [block for block in message["content"] if "cachePoint" not in block]
        yield message["role"], "".join(_text(block, api, f"messages[{index}].content") for block in blocks)


def lone_prompt(turn: Turn, api: str) -> str:
    """The text of a turn of one message. Raises ValidationException for a conversation: such an API has no template."""
    turns = list(parts(turn, api))
    if [role for role, _ in turns] != ["user"]:
        raise ValidationException(
            f"A conversation of {' and '.join(role for role, _ in turns)} has no form in {api}, the API this model is "
            "served in. Send one user message alone."
        )
    return turns[0][1]


def _text(block: Block, api: str, where: str) -> str:
    match block:
        case {"text": str(text)} | {"guardContent": {"text": {"text": str(text)}}}:
            return text
    raise inexpressible(api, block, where)


class TextWriter:
    """Converse events -> one chunk for each piece of text, and a last chunk once the usage is known.

    A family's `EventWriter` says what the chunks look like.
    """

    def __init__(self, stamp: Stamp) -> None:
        self.stamp = stamp
        self._first = True
        self._stop_reason = "end_turn"

    def write(self, event: Event) -> list[Block]:
        match event:
            case {"contentBlockDelta": {"delta": {"text": text}}}:
                return [self.next_piece(text)]
            case {"messageStop": {"stopReason": reason}}:
                self._stop_reason = reason
            case {"metadata": {"usage": usage}}:
                return [self.last(self._stop_reason, usage)]
        return []

    def next_piece(self, text: str) -> Block:
        first, self._first = self._first, False
        return self.piece(text, first)

    def piece(self, text: str, first: bool) -> Block:
        raise NotImplementedError

    def last(self, stop_reason: str, usage: Json) -> Block:
        raise NotImplementedError


class TextReader:
    """Chunks of another server -> Converse events; the chunk with Bedrock's metrics ends them.

    A family's `EventReader` says where in a chunk the text and the reason of the end stand.
    """

    def __init__(self) -> None:
        self._started = False
        self._stop_reason = "end_turn"
        self._ended = False

    def read(self, chunk: Json) -> list[Event]:
        events: list[Event] = [] if self._started else [{"messageStart": {"role": "assistant"}}]
        self._started = True
        text, stop_reason = self.piece(chunk)
        self._stop_reason = stop_reason or self._stop_reason
        events += self.text(text) if text else []
        if usage := read_metrics(chunk):
            self._ended = True
            events += [
                *self.close(),
                {"messageStop": {"stopReason": self._stop_reason}},
                {"metadata": {"usage": usage}},
            ]
        return events

    def end(self) -> None:
        """Call at the end of the stream. Raises ModelStreamErrorException where the last chunk is missing."""
        if not self._ended:
            raise ModelStreamErrorException("The model's stream broke off; send the request again.")

    def text(self, text: str) -> list[Event]:
        return [{"contentBlockDelta": {"delta": {"text": text}, "contentBlockIndex": 0}}]

    def close(self) -> list[Event]:
        return [{"contentBlockStop": {"contentBlockIndex": 0}}]

    def piece(self, chunk: Json) -> tuple[str, str | None]:
        """The text of a chunk, and Converse's reason of the end where the chunk tells it."""
        raise NotImplementedError
