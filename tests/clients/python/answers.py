"""Reads answers of the OpenAI and Anthropic APIs, a JSON line each, and prints what their own types say against them.

A line is `[API, name of the type, the answer]`; what is printed for it is a list of sentences. A member that a type
does not have is told of too: clients would not find it.
"""

import json
import sys
from collections.abc import Iterator
from typing import Any

import pydantic
from anthropic import types as anthropic
from openai import types as openai
from openai.types import chat, responses

TYPES = {
    "openai": {
        "ChatCompletion": chat.ChatCompletion,
        "ChatCompletionChunk": chat.ChatCompletionChunk,
        "CreateEmbeddingResponse": openai.CreateEmbeddingResponse,
        "Model": openai.Model,
        "Response": responses.Response,
        "ResponseItemList": responses.ResponseItemList,
        "ResponseStreamEvent": responses.ResponseStreamEvent,
    },
    "anthropic": {
        "Message": anthropic.Message,
        "MessageTokensCount": anthropic.MessageTokensCount,
        "ModelInfo": anthropic.ModelInfo,
        "RawMessageStreamEvent": anthropic.RawMessageStreamEvent,
    },
}


def main() -> None:
    for line in sys.stdin:
        api, name, answer = json.loads(line)
        print(json.dumps(list(said(TYPES[api][name], answer))), flush=True)


def said(type: Any, answer: Any) -> Iterator[str]:
    try:
        made = pydantic.TypeAdapter(type).validate_json(json.dumps(answer), strict=True)
    except pydantic.ValidationError as error:
        yield str(error)
    else:
        yield from unknown(made, "")


def unknown(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, pydantic.BaseModel):
        yield from (f"{path}.{name} is no member of {type(value).__name__}" for name in value.model_extra or ())
        for name in type(value).model_fields:
            yield from unknown(getattr(value, name), f"{path}.{name}")
    elif isinstance(value, list):
        for item in value:
            yield from unknown(item, f"{path}[]")


if __name__ == "__main__":
    main()
