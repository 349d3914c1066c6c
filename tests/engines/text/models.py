"""A text model that says what it is told to, one answer for each prompt, cut into pieces as wanted."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from craton.engines.base import Event, ModelSpec
from craton.engines.text.conversation import converse
from craton.engines.text.model import Message, Piece, Prompt
from tests.engines.turns import collect

SPEC = ModelSpec("test.chat-v1:0", "llamacpp", {"model": Path("model.gguf")}, 1000, {"max_output_tokens": 500})

Cut = Callable[[str], Iterable[str]]


def schema(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def tool(name: str, **properties: Any) -> dict[str, Any]:
    return {"toolSpec": {"name": name, "description": f"To {name}.", "inputSchema": {"json": schema(**properties)}}}


ADD = tool("add", a={"type": "integer"}, b={"type": "integer"})
FIND = tool("find", what={"type": "string"})
TOOLS = {"tools": [ADD, FIND]}


@dataclass
class Fake:
    """Tokens are the pieces that `cut` makes. Each answer ends by itself, but for want of tokens."""

    answers: Sequence[str]
    cut: Cut = list
    template: str = ""
    alternatives: bool = True
    opened: str = ""
    prompts: list[Prompt] = field(default_factory=list)

    async def render(self, messages: Sequence[Message]) -> str:
        return "".join(f"<{message['role']}>{message['content']}" for message in messages) + "<assistant>" + self.opened

    async def count(self, text: str) -> int:
        return len(text)

    @asynccontextmanager
    async def seat(self, prompt: str, max_tokens: int | None, limit: int) -> AsyncIterator["Fake"]:
        self.limit = limit
        yield self

    async def generate(self, prompt: Prompt) -> AsyncGenerator[Piece, None]:
        answer = self.answers[len(self.prompts)]
        self.prompts.append(prompt)
        pieces = list(self.cut(answer))
        for piece in pieces[: prompt.limit]:
            logprobs = [{"token": piece, "logprob": -0.5, "bytes": list(piece.encode()), "top_logprobs": []}]
            yield Piece(piece, 1, None, logprobs if prompt.logprobs is not None else (), len(prompt.text), 7)
        if len(pieces) >= prompt.limit:
            yield Piece("", 0, "length", prompt_tokens=len(prompt.text))
        else:
            yield Piece("", 1, "stop", prompt_tokens=len(prompt.text))

    @property
    def begun(self) -> list[str]:
        """What was begun of the answer with each prompt."""
        return [prompt.text.partition("<assistant>")[2] for prompt in self.prompts]


async def play(
    turn: dict[str, Any], *answers: str, spec: ModelSpec = SPEC, **settings: Any
) -> tuple[list[Event], Fake]:
    """The events of the answer to a turn, whose pieces each are one character unless `cut` says otherwise."""
    model = Fake(answers, **settings)
    return await collect(converse(model, spec, turn)), model
