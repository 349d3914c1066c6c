"""Requests that run, and the last ones of all accounts, in memory; those that asked a model or failed are also kept on
disk.

Only requests whose caller proved who it is are remembered: others belong to no account that could ask for them.
Knows no answer's form.
"""

import asyncio
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass

from craton.core.call import Call
from craton.telemetry import requests
from craton.telemetry.kept import Kept
from craton.telemetry.requests import NOTHING, Packed, Sums
from craton.usage.records import Used

BYTES_EACH = 4096  # that requests take at most, on average
# Requests that are looked through before others get their turn, in a millisecond or less.
_AT_ONCE = 1000
# Of those kept, so many at most neither asked a model nor failed: one in five.
_PLAIN = 5
# Who looks at requests every second would else see hardly anything but that.
_UNTOLD = frozenset({"craton.ListRequests", "craton.GetRequest"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which requests are listed: begun at `since` or later and before `until`, in nanoseconds since 1970.

    `operation` is one with or without its service, or a service.
    """

    outcome: str | None = None
    operation: str | None = None
    principal: str | None = None
    model: str | None = None
    key_id: str | None = None
    error: str | None = None
    since: int = 0
    until: int | None = None

    def test(self) -> Callable[[Packed], bool]:
        """What tells whether a request is wanted: it looks only at what is asked for."""
        tests: list[Callable[[Packed], bool]] = []
        outcome, operation, model = self.outcome, self.operation, self.model
        if self.since:
            tests.append(lambda request: request.at >= self.since)
        if (until := self.until) is not None:
            tests.append(lambda request: request.at < until)
        if outcome is not None:
            tests.append(lambda request: request.outcome == outcome)
        if operation is not None:
            tests.append(lambda request: operation in _names(request.operation))
        if model is not None:
            tests.append(lambda request: model in request.models)
        alike = {"principal": self.principal, "key_id": self.key_id, "error": self.error}
        tests += [_alike(field, value) for field, value in alike.items() if value is not None]
        return lambda request: all(test(request) for test in tests)


def _alike(field: str, value: str) -> Callable[[Packed], bool]:
    return lambda request: getattr(request, field) == value


def _names(operation: str) -> tuple[str, str, str]:
    """bedrock-runtime.Converse: itself, the service and the operation."""
    return operation, operation.partition(".")[0], operation.rpartition(".")[2]


@dataclass(frozen=True, slots=True)
class Page:
    """Requests, those that ended last first, and where the next page begins. `last` is the newest that has ended."""

    found: list[Packed]
    next: int | None
    last: int


class RecentRequests:
    """A watcher of requests. `kept` remembers what must outlive the process, `most` are kept in memory."""

    def __init__(self, kept: Kept, most: int) -> None:
        self._kept = kept
        self._most = most
        self._running: dict[str, tuple[Call, Sums]] = {}
        self._ended: OrderedDict[str, Packed] = OrderedDict()
        self._plain: deque[str] = deque()
        self._bytes = 0
        self._position = 0
        for request in kept.newest(most):
            self._add(request)

    def begin(self, call: Call) -> None:
        self._running[call.request_id] = call, NOTHING

    def used(self, used: Used) -> None:
        """Watches invocations: what a request used may be known only after it has ended."""
        if running := self._running.get(used.request_id):
            self._running[used.request_id] = running[0], running[1].plus(used)
        elif ended := self._ended.get(used.request_id):
            request = requests.used(ended, ended.sums.plus(used), used.model)
            self._bytes += requests.size(request) - requests.size(ended)
            self._ended[used.request_id] = request
            self._kept.add(request)

    def watch(self, call: Call) -> None:
        _, sums = self._running.pop(call.request_id, (call, NOTHING))
        if not call.account or (call.name in _UNTOLD and not call.error):
            return
        # A place in time, so that the pages of a list go on where they were after a restart.
        request = requests.packed(call, max(self._position + 1, time.time_ns()), call.ms, sums)
        self._add(request)
        if request.matters:
            self._kept.add(request)

    def get(self, account: str, request_id: str) -> Packed | None:
        if running := self._running.get(request_id):
            return _so_far(*running) if running[0].account == account else None
        ended = self._ended.get(request_id)
        if ended is not None:
            return ended if ended.account == account else None
        return self._kept.get(account, request_id)

    def running(self, account: str, wanted: Wanted) -> list[Packed]:
        """Those that run, the last one first."""
        test = wanted.test()
        found = [_so_far(*each) for each in self._running.values() if each[0].account == account]
        return [request for request in reversed(found) if request.operation not in _UNTOLD and test(request)]

    async def page(
        self, account: str, wanted: Wanted, limit: int, *, before: int | None = None, after: int = 0
    ) -> Page:
        """Requests of an account that ended before one place and after another."""
        last = self._position
        looked = self._between(account, before, after)
        test = wanted.test()
        found: list[Packed] = []
        for at in range(0, len(looked), _AT_ONCE):
            if at:
                await asyncio.sleep(0)
            found += filter(test, looked[at : at + _AT_ONCE])
            if len(found) > limit:
                return Page(found[:limit], found[limit - 1].position, last)
        return Page(found, None, last)

    def _between(self, account: str, before: int | None, after: int) -> list[Packed]:
        """As they stand now, so that others may end while they are looked through."""
        some: list[Packed] = []
        for request in reversed(self._ended.values()):
            if request.position <= after:
                break
            if request.account == account and (before is None or request.position < before):
                some.append(request)
        return some

    def _add(self, request: Packed) -> None:
        self._position = request.position
        self._ended[request.request_id] = request
        self._bytes += requests.size(request)
        if not request.matters:
            self._plain.append(request.request_id)
            if len(self._plain) > max(self._most // _PLAIN, 1):
                self._forget(self._plain.popleft())
        while len(self._ended) > self._most or self._bytes > self._most * BYTES_EACH:
            self._bytes -= requests.size(self._ended.popitem(last=False)[1])

    def _forget(self, request_id: str) -> None:
        """Unless it has gone already, or asked a model since."""
        request = self._ended.get(request_id)
        if request and not request.matters:
            del self._ended[request_id]
            self._bytes -= requests.size(request)


def _so_far(call: Call, sums: Sums) -> Packed:
    return requests.packed(call, 0, (time.time_ns() - call.trace.spans[0].started) / 10**6, sums)
