"""What a local text model must do so that whole conversations can be made of it. Knows no Converse."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Annotated, Any, Literal, Protocol

import msgspec

Message = dict[str, str]
# One entry of `logprobs`: token, logprob, bytes, top_logprobs.
LogProb = Mapping[str, Any]
Finish = Literal["stop", "length"]

_UnitInterval = Annotated[float, msgspec.Meta(ge=0, le=1)]
_Penalty = Annotated[float, msgspec.Meta(ge=-2, le=2)]


class Sampling(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a token is chosen."""

    temperature: _UnitInterval = 0.7
    top_p: _UnitInterval = 0.95
    top_k: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)] = 40
    min_p: _UnitInterval = 0.0
    repeat_penalty: Annotated[float, msgspec.Meta(gt=0, le=10)] = 1.0
    presence_penalty: _Penalty = 0.0
    frequency_penalty: _Penalty = 0.0
    seed: Annotated[int, msgspec.Meta(ge=0, lt=2**32 - 1)] | None = None


class Prompt(msgspec.Struct, frozen=True):
    """What to go on with: the rendered messages and what is begun of the answer.

    `limit` is the most tokens that may be made. `grammar` is GBNF; the model ends where the grammar does. `logprobs` is
    how many alternatives of each token are wanted beside its own log-probability; None wants neither. `cache` asks for
    the pieces' `cached`.
    """

    text: str
    sampling: Sampling
    limit: int
    grammar: str | None = None
    logprobs: int | None = None
    cache: bool = False


class Piece(msgspec.Struct, frozen=True, gc=False):
    """What came of a prompt: text that may be empty, how many tokens it took, and how all ended, if it did.

    `prompt_tokens` are those of the whole prompt, `cached` those of them that a cache spared.
    """

    text: str
    tokens: int
    finish: Finish | None = None
    logprobs: Sequence[LogProb] = ()
    prompt_tokens: int = 0
    cached: int = 0


class Seat(Protocol):
    """One answer's place in the model, through all its prompts."""

    @property
    def limit(self) -> int:
        """Tokens that the answer may have at most."""
        ...

    def generate(self, prompt: Prompt) -> AsyncGenerator[Piece, None]:
        """Go on with a prompt. Closing the generator stops the model. Each prompt but the first begins as the one
        before it, so that a cache spares what was read.
        """
        ...


class TextModel(Protocol):
    @property
    def template(self) -> str:
        """The chat template, from which it is seen how the model calls tools and whether it thinks."""
        ...

    @property
    def alternatives(self) -> bool:
        """Whether it tells the log-probabilities of tokens that it did not choose."""
        ...

    async def render(self, messages: Sequence[Message]) -> str:
        """The prompt for the assistant's next message. Raises ValidationException where the template refuses."""
        ...

    async def count(self, text: str) -> int:
        """The tokens of a prompt."""
        ...

    def seat(self, prompt: str, max_tokens: int | None, limit: int) -> AbstractAsyncContextManager[Seat]:
        """Wait for a place for an answer to this prompt: of `max_tokens`, or up to `limit` where the caller set none.

        Raises ValidationException for a prompt that leaves no room for an answer.
        """
        ...
