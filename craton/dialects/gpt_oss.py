"""gpt-oss on InvokeModel: OpenAI chat completions whose reasoning stands in the text, in `<reasoning>` tags.

Knows nothing beyond that difference to `openai_chat`.
Source: https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-openai.html
"""

from craton.dialects import openai_chat
from craton.dialects.converse import Answer, Block, Event, Stamp

read_request = openai_chat.read_request
OPENING, CLOSING = "<reasoning>", "</reasoning>"


def write_response(answer: Answer, stamp: Stamp) -> Block:
    message = answer["output"]["message"]
    content = [_told(block) for block in message["content"]]
    return openai_chat.write_response({**answer, "output": {"message": {**message, "content": content}}}, stamp)


def _told(block: Block) -> Block:
    match block:
        case {"reasoningContent": {"reasoningText": {"text": text}}}:
            return {"text": f"{OPENING}{text}{CLOSING}"}
    return block


class EventWriter:
    def __init__(self, stamp: Stamp) -> None:
        self._inner = openai_chat.EventWriter(stamp)
        self._reasoning = False

    def write(self, event: Event) -> list[Block]:
        match event:
            case {"contentBlockDelta": {"delta": {"reasoningContent": {"text": text}}}}:
                opening, self._reasoning = "" if self._reasoning else OPENING, True
                return self._text(opening + text)
            case {"contentBlockStop": _} if self._reasoning:
                self._reasoning = False
                return self._text(CLOSING)
        return self._inner.write(event)

    def _text(self, text: str) -> list[Block]:
        return self._inner.write({"contentBlockDelta": {"contentBlockIndex": 0, "delta": {"text": text}}})
