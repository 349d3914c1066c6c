"""The tokenizer that vLLM, SGLang and llama.cpp's servers show beside their OpenAI-compatible API.

vLLM counts whole requests: https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html#tokenizer-api;
llama.cpp's server renders them (/apply-template) and counts the text. Other servers have none. Knows no Converse.
"""

from collections.abc import Sequence
from typing import TypeVar

import msgspec

from craton.dialects.converse import Block
from craton.engines.remote.calls.exchange import JSON, Request
from craton.engines.remote.calls.upstream import Upstream
from craton.errors import (
    AccessDeniedException,
    ModelErrorException,
    ResourceNotFoundException,
    ValidationException,
)

T = TypeVar("T")
# How servers answer what they do not have.
_ABSENT = (AccessDeniedException, ModelErrorException, ResourceNotFoundException, ValidationException)
_SENT = {"Content-Type": JSON}


class _Tokens(msgspec.Struct):
    # vLLM tells it; llama.cpp's server tells the tokens alone.
    count: int | None = None
    tokens: Sequence[object] = ()


class _Rendered(msgspec.Struct):
    prompt: str


class Tokenizer:
    """Counts as the server counts; None where it has no tokenizer to ask."""

    def __init__(self, upstream: Upstream, url: str, model: str) -> None:
        self._upstream = upstream
        # It stands beside the API, not under its version.
        self._root = url.removesuffix("/v1")
        self._model = model

    async def of_request(self, body: Block) -> int | None:
        """The prompt's tokens of a chat completions request."""
        asked: Block = {name: body[name] for name in ("messages", "tools") if name in body}
        told = await self._post("/tokenize", {"model": self._model, "add_generation_prompt": True, **asked}, _Tokens)
        if told and told.count is not None:
            return told.count
        rendered = await self._post("/apply-template", {**asked, "tool_choice": "auto"}, _Rendered)
        return await self._of_rendered(rendered.prompt) if rendered else None

    async def of_text(self, text: str) -> int | None:
        """The tokens of a text by itself."""
        body = {
            "model": self._model,
            "prompt": text,
            "content": text,
            "add_special_tokens": False,
            "add_special": False,
        }
        told = await self._post("/tokenize", body, _Tokens)
        if told is None:
            return None
        return told.count if told.count is not None else len(told.tokens)

    async def _of_rendered(self, prompt: str) -> int | None:
        body = {"content": prompt, "add_special": True, "parse_special": True}
        told = await self._post("/tokenize", body, _Tokens)
        return len(told.tokens) if told else None

    async def _post(self, path: str, body: Block, kind: type[T]) -> T | None:
        request = Request("POST", self._root + path, msgspec.json.encode(body), headers=_SENT)
        try:
            return (await self._upstream.call(request, kind)).value
        except _ABSENT:
            return None
