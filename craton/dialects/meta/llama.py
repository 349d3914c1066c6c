"""Meta Llama's bodies on Bedrock <-> Converse. Knows no model.

The prompt is raw text in Llama's own template, of the second to the fourth generation; see `transcripts` for what
becomes of it. Turns are written in the third's. `images` are those that the prompt marks with `<|image|>`.
Source: https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-meta.html
"""

from craton.dialects import media
from craton.dialects.body import Body, Count, Filled, Json, Share, given, parse
from craton.dialects.converse import Answer, Block, Stamp, Turn
from craton.dialects.metrics import usage_of
from craton.dialects.text.completion import TextReader, TextWriter, answer_of, parameters, parts, text_of
from craton.dialects.text.transcripts import conversation, inst, llama3, llama4, write_llama3

API = "Llama's text completion"
# What is not listed ended by itself.
STOP_REASONS = {"max_tokens": "length", "model_context_window_exceeded": "length"}
READ_STOP_REASONS = {"stop": "end_turn", "length": "max_tokens"}
IMAGE = "<|image|>"


class Request(Body):
    prompt: Filled
    max_gen_len: Count | None = None
    temperature: Share | None = None
    top_p: Share | None = None
    images: list[bytes] | None = None


def read_request(body: Json) -> Turn:
    request = parse(Request, body)
    inference = given(maxTokens=request.max_gen_len, temperature=request.temperature, topP=request.top_p)
    turn = conversation(request.prompt, llama3, llama4, inst)
    for index, image in enumerate(request.images or ()):
        _show(turn["messages"], image, f"#/images/{index}")
    return turn | given(inferenceConfig=inference)


def _show(messages: list[Block], image: bytes, where: str) -> None:
    """Put the image where the prompt marks it, or before the last user message where it does not."""
    block = {"image": {"format": media.image_format(image, where), "source": {"bytes": image}}}
    users = [message for message in messages if message["role"] == "user"]
    for message in users:
        for index, part in enumerate(message["content"]):
            before, mark, after = part.get("text", "").partition(IMAGE)
            if mark:
                texts = [[{"text": text}] if text.strip() else [] for text in (before, after)]
                message["content"][index : index + 1] = [*texts[0], block, *texts[1]]
                return
    users[-1]["content"].insert(0, block)


def write_request(turn: Turn) -> Block:
    """Raises ValidationException for what the API cannot say."""
    names = parameters(turn, API, maxTokens="max_gen_len", temperature="temperature", topP="top_p")
    images: list[bytes] = []
    messages = [
        {**message, "content": [_mark(block, images) for block in message["content"]]} for message in turn["messages"]
    ]
    prompt = write_llama3(parts({**turn, "messages": messages}, API))
    return {"prompt": prompt, **names} | given(images=[media.base64_of(image) for image in images] or None)


def _mark(block: Block, images: list[bytes]) -> Block:
    match block:
        case {"image": {"source": {"bytes": bytes(data)}}}:
            images.append(data)
            return {"text": IMAGE}
    return block


def _body(text: str, prompt_tokens: int | None, tokens: int | None, stop_reason: str | None) -> Block:
    counts = {"prompt_token_count": prompt_tokens, "generation_token_count": tokens}
    return {"generation": text, **counts, "stop_reason": stop_reason}


def write_response(answer: Answer, stamp: Stamp) -> Block:
    usage, stop = answer["usage"], STOP_REASONS.get(answer["stopReason"], "stop")
    return _body(text_of(answer), usage["inputTokens"], usage["outputTokens"], stop)


def read_response(body: Json) -> Answer:
    usage = usage_of(body["prompt_token_count"], body["generation_token_count"])
    return answer_of(body["generation"], READ_STOP_REASONS[body["stop_reason"]], usage)


class EventWriter(TextWriter):
    def piece(self, text: str, first: bool) -> Block:
        return _body(text, self.stamp.input_tokens if first else None, None, None)

    def last(self, stop_reason: str, usage: Json) -> Block:
        return _body("", usage["inputTokens"], usage["outputTokens"], STOP_REASONS.get(stop_reason, "stop"))


class EventReader(TextReader):
    def piece(self, chunk: Json) -> tuple[str, str | None]:
        return chunk["generation"], READ_STOP_REASONS.get(chunk["stop_reason"])
