"""An invocation as usage sees it: what it asks for, what it has used so far, and what it used in the end.

Knows no model's catalogue and no engine: models and profiles are ids and ARNs here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from craton.core.context import Context
from craton.core.trace import CANCELLED
from craton.errors import ApiError, InternalServerException

# What became of an invocation, where it is not the code of the error that it ended with.
OK = "OK"
LOST = "LOST"

JOULES_PER_KWH = 3_600_000


@dataclass(frozen=True, slots=True)
class Asked:
    """An invocation that wants to begin. One request may make several; `id` is its own.

    `operation` is `<service>.<Operation>`, `model` the id of the model that is to serve it, `profile` the ARN of the
    inference profile or prompt router that it was named by. `input_tokens` is an estimate from the request's size: the
    true count is known when the model has read it, and is at most `most_input`. `most_output` is the most tokens that
    it may make. `searches` are what a reranking is priced by. `local`: the model runs on this machine.
    """

    id: str
    ctx: Context
    operation: str
    model: str
    profile: str | None
    input_tokens: int
    most_output: int
    tier: str = "default"
    tags: Mapping[str, str] = field(default_factory=dict)
    metadata: Mapping[str, str] = field(default_factory=dict)
    searches: int = 0
    local: bool = True
    most_input: int = 0


@dataclass(slots=True)
class Counts:
    """Tokens. Input excludes what was read from and written to the prompt cache, as in Converse's usage.

    `searches` are those of a reranking: one for each hundred documents.
    """

    input_tokens: int = 0
    output_tokens: int = 0
    cache_read_tokens: int = 0
    cache_write_tokens: int = 0
    searches: int = 0

    def add(self, more: "Counts") -> None:
        self.input_tokens += more.input_tokens
        self.output_tokens += more.output_tokens
        self.cache_read_tokens += more.cache_read_tokens
        self.cache_write_tokens += more.cache_write_tokens
        self.searches += more.searches


@dataclass(frozen=True, slots=True)
class Used:
    """An invocation that has ended, however it did.

    `at` is when it began, in seconds since 1970. `status` is OK, CANCELLED (the client left), LOST (the server died) or
    the code of the error. `cost` is in billionths of `currency`, `energy` in joules; latencies are milliseconds,
    `first_token` 0 where there was none. `estimated`: the provider told no count of what it delivered, so some tokens
    are estimated.
    """

    id: str
    request_id: str
    at: float
    account: str
    region: str
    principal: str
    key_id: str
    operation: str
    model: str
    profile: str | None
    tier: str
    status: str
    counts: Counts
    latency: int
    first_token: int
    cost: int
    currency: str
    energy: float
    tags: Mapping[str, str]
    metadata: Mapping[str, str]
    estimated: bool = False


class Hold(Protocol):
    """What an admitted invocation holds of a limit until it has ended."""

    def settle(self, counts: Counts, cost: int) -> None:
        """Give back what was held beyond what was used. Called once, whatever happened."""
        ...


class Check(Protocol):
    """A limit that an invocation must pass."""

    def admit(self, asked: Asked, most_cost: int, currency: str) -> Hold | None:
        """None where no limit applies. `most_cost` is what the invocation would cost with all of `most_output`, in
        billionths of the currency, which is that of its cost too.

        Answers at once, from memory. Raises ThrottlingException, with the seconds after which to try again, or
        ServiceQuotaExceededException where waiting does not help.
        """
        ...


Watcher = Callable[[Used], None]


def status_of(error: BaseException | None) -> str:
    """What became of an invocation that ended with this error, or with none."""
    if error is None:
        return OK
    if isinstance(error, ApiError):
        return error.code
    # Whoever waited was cancelled or has closed the stream; else what nobody foresaw, as the client is told of it.
    return InternalServerException.__name__ if isinstance(error, Exception) else CANCELLED
