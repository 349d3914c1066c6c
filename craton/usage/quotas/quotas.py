"""The quotas of all accounts: each invocation must pass every one that is about it.

Counts requests and tokens in memory, so each process on a home has its own minute and its own requests that run; the
tokens of a day are those of the ledger, which all processes write. Knows no HTTP, model or price.
"""

import time
from collections.abc import Callable, Sequence

from craton.core.context import Context
from craton.core.rates import REQUESTS, TOKENS, Rate
from craton.errors import ApiError, ServiceQuotaExceededException
from craton.store.documents import Documents
from craton.usage.ledger import Ledger
from craton.usage.limits.ledger import Total
from craton.usage.limits.standings import Standings
from craton.usage.limits.subject import Facts
from craton.usage.limits.sums import day
from craton.usage.limits.watch import Watch
from craton.usage.quotas import burndown
from craton.usage.quotas.counter import Counter, Moment
from craton.usage.quotas.records import KIND, Quota, read
from craton.usage.quotas.refusals import Need, refusals
from craton.usage.quotas.window import SECONDS
from craton.usage.records import Asked, Counts

Matches = Sequence[tuple[Quota, Counter]]

_SWEEP = 60.0


class Quotas:
    """`wall` tells the time of day, `clock` never goes back; both in seconds."""

    def __init__(
        self,
        documents: Documents,
        ledger: Ledger,
        *,
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self.standings: Standings[Quota, Counter] = Standings(documents, KIND, read, Counter)
        self.definitions = self.standings.definitions
        self._ledger = ledger
        self._clock = clock
        self._wall = wall
        self._swept = clock()
        self._watch = Watch("quotas", self._refresh)

    async def open(self) -> None:
        await self.definitions.load()
        await self.reread()
        self._watch.start()

    async def close(self) -> None:
        await self._watch.close()

    def admit(self, asked: Asked, most_cost: int, currency: str) -> "_Held | None":
        """Let it through all quotas or none: nothing is taken from one where another refuses."""
        if not self.definitions.all:
            return None
        matches = self.standings.about(Facts.of(asked))
        if not matches:
            return None
        now, need, account = self.now(), Need.of(asked), asked.ctx.account
        refused = [error for quota, counter in matches for error in refusals(quota, counter, need, now, account)]
        if not refused:
            for _, counter in matches:
                counter.begin(now, need.tokens)
        _tell(asked.ctx, matches, now)
        if refused:
            raise max(refused, key=_hardness)
        return _Held(self, matches, asked.model, need.tokens, now)

    def now(self) -> Moment:
        wall = self._wall()
        return Moment(self._clock(), wall, day(wall))

    async def reread(self) -> None:
        """Ask the ledger what today's tokens are."""
        if any(quota.tokens_per_day is not None for quota in self.definitions.all):
            await self.standings.reread(self._ledger, self.now().day, _counted, lambda counter: counter.day)

    async def _refresh(self) -> None:
        """Take up what other processes have changed and used."""
        if await self.definitions.load() or self.standings.due():
            await self.reread()
        now = self.now()
        if now.tick >= self._swept + _SWEEP:
            self._swept = now.tick
            self.standings.forget(lambda quota, counter: counter.idle(now, daily=quota.tokens_per_day is not None))


class _Held:
    """What an invocation that runs may take."""

    __slots__ = ("_begun", "_matches", "_model", "_quotas", "_tokens")

    def __init__(self, quotas: Quotas, matches: Matches, model: str, tokens: int, begun: Moment) -> None:
        self._quotas = quotas
        self._matches = matches
        self._model = model
        self._tokens = tokens
        self._begun = begun

    def settle(self, counts: Counts, cost: int) -> None:
        matches, self._matches = self._matches, ()
        now = self._quotas.now()
        for quota, counter in matches:
            counter.end(now, self._begun, self._tokens, _taken(quota, self._model, counts))


def _counted(quota: Quota, total: Total) -> int | None:
    return None if quota.tokens_per_day is None else _taken(quota, total.facts.model, total.counts)


def _taken(quota: Quota, model: str, counts: Counts) -> int:
    return burndown.taken(counts, burndown.rate(model) if quota.output_rate is None else quota.output_rate)


def _hardness(error: ApiError) -> tuple[bool, float]:
    """The error to tell of several: the one that waiting does not mend, else the longest wait."""
    return isinstance(error, ServiceQuotaExceededException), error.retry_after or 0.0


def _tell(ctx: Context, matches: Matches, now: Moment) -> None:
    """Leave word of the quotas that have least left."""
    for quota, counter in matches:
        if not quota.told(ctx.account):
            continue
        if (most := quota.requests_per_minute) is not None:
            used, reset = counter.requests.at(now.tick), counter.requests.empty_in(now.tick)
            _tell_least(ctx, REQUESTS, Rate(most, max(most - used, 0), reset))
        if (most := quota.tokens_per_minute) is not None:
            reset = SECONDS if counter.held else counter.tokens.empty_in(now.tick)
            _tell_least(ctx, TOKENS, Rate(most, max(most - counter.minute(now), 0), reset))


def _tell_least(ctx: Context, what: str, rate: Rate) -> None:
    told = ctx.rates.get(what)
    if told is None or rate.remaining < told.remaining:
        ctx.rates[what] = rate
