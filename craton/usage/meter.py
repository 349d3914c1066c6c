"""The meter: stands around every invocation of a model, passes it by the limits, counts, and tells the ledger once.

Knows no engine: who runs a model says when it works and what it has used so far. Nothing here waits for a disk.
"""

import logging
import time
from collections.abc import Mapping, Sequence
from math import ceil
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

from sqlalchemy.exc import SQLAlchemyError

from craton.core.trace import CANCELLED
from craton.errors import ApiError, ServiceUnavailableException
from craton.usage import journal
from craton.usage.journal import Begun, Entry, Journal, State
from craton.usage.ledger import Ledger
from craton.usage.machine import Machine, Share
from craton.usage.prices import Price, Prices
from craton.usage.records import Asked, Check, Counts, Hold, Used, Watcher, status_of

logger = logging.getLogger(__name__)

# Seconds between two notes in the journal of what an invocation has used so far.
_NOTE = 0.05
# How much of what a model's tokens cost follows the last invocation.
_ADAPTS = 0.2

# Tokens of one invocation that are believed.
_MOST = 10**9

# Converse's usage, or a part of it.
Usage = Mapping[str, Any]


class Metered(Protocol):
    """What who runs a model tells: of a whole invocation, or of one of its parts."""

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def work(self) -> None:
        """The model's engine begins with it: from now on it takes a share of the machine."""
        ...

    def tell(self, usage: Usage) -> None:
        """What it has used up to now. With `estimated` some of it is a guess."""
        ...


class Meter:
    """`checks` and `watchers` may be added to until the first invocation."""

    def __init__(
        self,
        ledger: Ledger,
        prices: Prices,
        checks: Sequence[Check] = (),
        watchers: Sequence[Watcher] = (),
        *,
        journal: Journal,
        machine: Machine,
    ) -> None:
        self.ledger = ledger
        self.prices = prices
        self.checks = list(checks)
        self.watchers = list(watchers)
        self.journal = journal
        self.machine = machine
        self._per_token: dict[str, float] = {}  # what a token of a local model without a price costs, by the model

    def use(self, asked: Asked) -> "Use":
        """A context manager around an invocation, which is written down when it ends, however it does.

        Entering it raises what the checks raise, and ServiceUnavailableException where nothing can be written down.
        """
        return Use(self, asked)

    async def close(self) -> None:
        """Write what is left. Invocations must have ended."""
        await self.ledger.flush()
        self.journal.close()
        self.machine.close()

    def most_cost(self, asked: Asked, price: Price | None) -> int:
        """Billionths of the currency. Of a model without a price it is what its tokens cost before; of one that never
        ran that is not known, but something, so that no budget that is spent lets it through.
        """
        if price:
            return price.most(max(asked.input_tokens, asked.most_input), asked.most_output, asked.searches)
        if asked.model not in self._per_token:
            return 1 if asked.local and self.machine.costs else 0
        return ceil(self._per_token[asked.model] * (asked.most_output or asked.input_tokens))

    def cost(self, model: str, price: Price | None, counts: Counts, share: Share) -> tuple[int, str]:
        """Billionths of the currency, and the currency."""
        if price:
            return price.cost(counts), price.currency
        cost = self.machine.cost(share)
        if tokens := counts.output_tokens or counts.input_tokens:
            before = self._per_token.get(model, cost / tokens)
            self._per_token[model] = before + _ADAPTS * (cost / tokens - before)
        return cost, self.machine.currency


class Use:
    """One invocation under way. `counts` are kept current."""

    __slots__ = (
        "_asked",
        "_began",
        "_begun",
        "_entry",
        "_estimated",
        "_first",
        "_holds",
        "_meter",
        "_noted",
        "_price",
        "_worked",
        "counts",
    )

    def __init__(self, meter: Meter, asked: Asked) -> None:
        self.counts = Counts()
        self._meter = meter
        self._asked = asked
        self._holds: list[Hold] = []
        self._price: Price | None = None
        self._entry: Entry
        self._began = self._noted = self._first = 0.0
        self._begun: Share | None = None
        self._estimated = self._worked = False

    async def __aenter__(self) -> Self:
        meter, asked = self._meter, self._asked
        self._price = await meter.prices.of(asked.model)
        most_cost = meter.most_cost(asked, self._price)
        currency = self._price.currency if self._price else meter.machine.currency
        at, self._began = round(time.time(), 6), time.monotonic()
        try:
            for check in meter.checks:
                if hold := check.admit(asked, most_cost, currency):
                    self._holds.append(hold)
            self._entry = meter.journal.begin(asked, at)
        except OSError as error:
            self._settle(Counts(), 0)
            logger.error("an invocation was refused, since it cannot be written down: %s", error)
            raise ServiceUnavailableException(
                "The server cannot write down what is used: its disk is full or cannot be written. Try again later."
            ) from error
        except ApiError:
            self._settle(Counts(), 0)
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end(status_of(error))

    def work(self) -> None:
        self._worked = True
        if self._begun is None and self._asked.local:
            self._begun = self._meter.machine.begin()

    def tell(self, usage: Usage) -> None:
        counts = self.counts
        now = time.monotonic()
        if "inputTokens" in usage:
            counts.input_tokens = _count(usage["inputTokens"])
            counts.cache_read_tokens = _count(usage.get("cacheReadInputTokens", 0))
            counts.cache_write_tokens = _count(usage.get("cacheWriteInputTokens", 0))
        if "outputTokens" in usage:
            counts.output_tokens = _count(usage["outputTokens"])
            self._first = self._first or now
        self._estimated = bool(usage.get("estimated"))
        if now - self._noted >= _NOTE:
            self._noted = now
            share = self._meter.machine.so_far(self._begun) if self._begun else Share()
            self._note(self._state(share))

    def part(self) -> "Part":
        """One of several runs of the model that make up the invocation."""
        return Part(self)

    def _state(self, share: Share) -> State:
        first = round((self._first - self._began) * 1000) if self._first else 0
        latency = round((time.monotonic() - self._began) * 1000)
        return State(self.counts, latency, first, share.busy, 0, share.energy, self._estimated)

    def _end(self, status: str) -> None:
        """Nothing in here waits, so that it is done even where the task is being cancelled."""
        meter, asked = self._meter, self._asked
        share = meter.machine.end(self._begun) if self._begun else Share()
        if status == CANCELLED and self._worked and self.counts == Counts():
            self._estimated = True  # who leaves early has had the input read all the same
        if self._estimated and not self.counts.input_tokens:
            self.counts.input_tokens = asked.input_tokens
        state = self._state(share)
        state.cost, state.currency = meter.cost(asked.model, self._price, self.counts, share)
        state.status = status
        self._note(state)
        used = _used(self._entry.begun, state)
        meter.ledger.add(used, self._entry.forget)
        self._settle(self.counts, state.cost)
        for watcher in meter.watchers:
            watcher(used)

    def _note(self, state: State) -> None:
        try:
            self._entry.write(state)
        except OSError as error:
            # What ends well is in the ledger all the same: only what is under way would be lost with the process.
            logger.error("the journal cannot be written: %s", error)

    def _settle(self, counts: Counts, cost: int) -> None:
        holds, self._holds = self._holds, []
        for hold in holds:
            hold.settle(counts, cost)


class Part:
    """Adds to an invocation what one run of the model used."""

    def __init__(self, use: Use) -> None:
        self._use = use
        self._told: Usage = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass

    def work(self) -> None:
        self._use.work()

    def tell(self, usage: Usage) -> None:
        before, self._told = self._told, {**self._told, **usage}
        counts = self._use.counts
        sums = {
            "inputTokens": counts.input_tokens,
            "outputTokens": counts.output_tokens,
            "cacheReadInputTokens": counts.cache_read_tokens,
            "cacheWriteInputTokens": counts.cache_write_tokens,
        }
        told: dict[str, object] = {
            name: count + _count(self._told.get(name, 0)) - _count(before.get(name, 0)) for name, count in sums.items()
        }
        self._use.tell(told | {"estimated": usage.get("estimated", False)})


async def recover(home: Path, ledger: Ledger, prices: Prices, machine: Machine) -> int:
    """Tell the ledger what processes that died left in their journals; how many invocations that was.

    One that had ended is told as it did; of one that had not, what it had used when it was last noted is.
    """
    try:
        with journal.left(home) as found:
            lost = [await _recovered(begun, state, prices, machine) for begun, state in found]
            await ledger.write(lost)
    except (OSError, SQLAlchemyError) as error:
        logger.error("what processes that died left in their journals waits for the next start: %s", error)
        return 0
    if lost:
        logger.warning("%d invocations of processes that died were written down", len(lost))
    return len(lost)


async def _recovered(begun: Begun, state: State, prices: Prices, machine: Machine) -> Used:
    if not state.currency:
        counts = state.counts
        if counts.output_tokens and not (counts.input_tokens or counts.cache_read_tokens or counts.cache_write_tokens):
            counts.input_tokens, state.estimated = begun.input_tokens, True
        if price := await prices.of(begun.model):
            state.cost, state.currency = price.cost(counts), price.currency
        else:
            state.cost, state.currency = machine.cost(Share(state.busy, state.energy)), machine.currency
    return _used(begun, state)


def _used(begun: Begun, state: State) -> Used:
    return Used(
        id=begun.id,
        request_id=begun.request_id,
        at=begun.at,
        account=begun.account,
        region=begun.region,
        principal=begun.principal,
        key_id=begun.key_id,
        operation=begun.operation,
        model=begun.model,
        profile=begun.profile,
        tier=begun.tier,
        status=state.status,
        counts=state.counts,
        latency=state.latency,
        first_token=state.first_token,
        cost=state.cost,
        currency=state.currency,
        energy=state.energy,
        tags=begun.tags,
        metadata=begun.metadata,
        estimated=state.estimated,
    )


def _count(told: object) -> int:
    """What a provider tells may be anything; more than this no invocation uses."""
    return min(told, _MOST) if isinstance(told, int) and told > 0 else 0
