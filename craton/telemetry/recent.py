"""The last requests of all accounts, in memory; those that asked a model or failed are also kept on disk.

Only requests whose caller proved who it is are remembered: others belong to no account that could ask for them.
Knows no answer's form.
"""

import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Literal

from craton.core.call import Call
from craton.telemetry import requests
from craton.telemetry.kept import Kept
from craton.telemetry.requests import Ended

MOST = 10_000
MOST_BYTES = 16 << 20

Class = Literal["SUCCESS", "CLIENT_ERROR", "SERVER_ERROR"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which requests are listed; `since` in nanoseconds since 1970."""

    outcome: str | None = None
    operation: str | None = None
    principal: str | None = None
    since: int = 0

    def admits(self, request: Ended) -> bool:
        return (
            request.at >= self.since
            and self.outcome in (None, outcome(request))
            and self.operation in (None, request.operation, request.operation.rpartition(".")[2])
            and self.principal in (None, request.principal)
        )


def outcome(request: Ended) -> Class:
    """A stream that failed after it had begun is an error of the server's, though its status was sent as 200."""
    if request.status >= 500 or (request.status < 400 and request.error):
        return "SERVER_ERROR"
    return "CLIENT_ERROR" if request.status >= 400 else "SUCCESS"


@dataclass(frozen=True, slots=True)
class _Entry:
    position: int
    account: str
    data: bytes


class RecentRequests:
    """A watcher of requests. `kept` remembers what must outlive the process."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept
        self._entries: OrderedDict[str, _Entry] = OrderedDict()
        self._bytes = 0
        self._position = 0
        for request in kept.newest(MOST):
            self._add(request, requests.write(request))

    def watch(self, call: Call) -> None:
        if not call.account:
            return
        # A place in time, so that the pages of a list go on where they were after a restart.
        request = requests.ended(call, max(self._position + 1, time.time_ns()))
        data = requests.write(request)
        self._add(request, data)
        if request.error or request.invoked:
            self._kept.add(request, data)

    def get(self, account: str, request_id: str) -> Ended | None:
        entry = self._entries.get(request_id)
        if entry is not None:
            return requests.read(entry.data) if entry.account == account else None
        return self._kept.get(account, request_id)

    def page(self, account: str, wanted: Wanted, limit: int, before: int | None) -> tuple[list[Ended], int | None]:
        """Requests of an account, those that ended last first, and where the next page begins."""
        found: list[Ended] = []
        for entry in reversed(self._entries.values()):
            if entry.account != account or (before is not None and entry.position >= before):
                continue
            request = requests.read(entry.data)
            if wanted.admits(request):
                if len(found) == limit:
                    return found, found[-1].position
                found.append(request)
        return found, None

    def _add(self, request: Ended, data: bytes) -> None:
        self._position = request.position
        self._entries[request.request_id] = _Entry(request.position, request.account, data)
        self._bytes += len(data)
        while len(self._entries) > MOST or self._bytes > MOST_BYTES:
            _, oldest = self._entries.popitem(last=False)
            self._bytes -= len(oldest.data)
