"""RecentRequests requests: a bounded number in bounded memory; those that matter on disk, for some days."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from craton.core.call import Call
from craton.core.trace import ENGINE
from craton.telemetry import recent
from craton.telemetry.kept import Kept
from craton.telemetry.recent import RecentRequests, Wanted

ACCOUNT, OTHER = "123456789012", "111122223333"

Opened = Callable[..., Kept]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    """Opens what is kept, as a new process would; what was open is closed before."""
    last: list[Kept] = []

    def opening(days: int = 7) -> Kept:
        while last:
            last.pop().close()
        last.append(Kept(tmp_path, days))
        return last[-1]

    yield opening
    while last:
        last.pop().close()


def call(id: str, *, account: str = ACCOUNT, error: str = "", invoked: bool = False, status: int = 200) -> Call:
    made = Call(id, name="bedrock.GetGuardrail", account=account, error=error, status=status, message="m" * 5000)
    made.trace.begin("door")
    if invoked:
        made.trace.begin(ENGINE, {"gen_ai.usage.output_tokens": 5})
    return made


def ids(found: RecentRequests, account: str = ACCOUNT, wanted: Wanted | None = None) -> list[str]:
    return [request.request_id for request in found.page(account, wanted or Wanted(), 100_000, None)[0]]


def test_the_last_ones_are_remembered(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recent, "MOST", 100)
    requests = RecentRequests(opened())
    for number in range(250):
        requests.watch(call(str(number)))
    assert ids(requests) == [str(number) for number in range(249, 149, -1)]
    assert requests.get(ACCOUNT, "149") is None


def test_memory_is_bounded_in_bytes(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recent, "MOST_BYTES", 20_000)
    requests = RecentRequests(opened())
    for number in range(1000):
        requests.watch(call(str(number)))
    assert 10 <= len(ids(requests)) < 20  # of about 1,200 bytes each


def test_who_proved_nothing_is_not_remembered(opened: Opened) -> None:
    requests = RecentRequests(opened())
    requests.watch(call("stranger", account=""))
    assert ids(requests, "") == []


def test_another_account_does_not_find_it(opened: Opened) -> None:
    requests = RecentRequests(opened())
    requests.watch(call("mine", error="ValidationException", status=400))
    assert requests.get(ACCOUNT, "mine") is not None
    assert requests.get(OTHER, "mine") is None
    again = RecentRequests(opened())
    assert again.get(OTHER, "mine") is None
    assert ids(again, OTHER) == []


def test_invocations_and_errors_outlive_the_process(opened: Opened) -> None:
    requests = RecentRequests(opened())
    requests.watch(call("read"))
    requests.watch(call("invoked", invoked=True))
    requests.watch(call("refused", error="ValidationException", status=400))
    again = RecentRequests(opened())
    assert ids(again) == ["refused", "invoked"]
    found = again.get(ACCOUNT, "invoked")
    assert found is not None
    assert found.spans[-1].attributes == {"gen_ai.usage.output_tokens": 5}


def test_one_that_memory_has_lost_is_found_on_disk(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    RecentRequests(opened()).watch(call("old", invoked=True))
    monkeypatch.setattr(recent, "MOST", 1)
    requests = RecentRequests(opened())
    requests.watch(call("new"))
    assert ids(requests) == ["new"]
    assert requests.get(ACCOUNT, "old") is not None


def test_what_is_too_old_is_forgotten(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    RecentRequests(opened()).watch(call("old", invoked=True))
    later = time.time_ns() + 8 * 24 * 3600 * 10**9
    monkeypatch.setattr(time, "time_ns", lambda: later)
    RecentRequests(opened()).watch(call("new", invoked=True))
    assert ids(RecentRequests(opened())) == ["new"]


def test_positions_grow_though_the_clock_goes_back(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    requests = RecentRequests(opened())
    requests.watch(call("first"))
    monkeypatch.setattr(time, "time_ns", lambda: 5)
    requests.watch(call("second"))
    page, place = requests.page(ACCOUNT, Wanted(), 1, None)
    assert page[0].request_id == "second"
    page, place = requests.page(ACCOUNT, Wanted(), 1, place)
    assert (page[0].request_id, place) == ("first", None)


@pytest.mark.parametrize(
    ("status", "error", "outcome"),
    [
        (200, "", "SUCCESS"),
        (200, "ModelStreamErrorException", "SERVER_ERROR"),
        (400, "ValidationException", "CLIENT_ERROR"),
        (499, "CANCELLED", "CLIENT_ERROR"),
        (503, "ServiceUnavailableException", "SERVER_ERROR"),
    ],
)
def test_the_outcome(opened: Opened, status: int, error: str, outcome: str) -> None:
    requests = RecentRequests(opened())
    requests.watch(call("it", status=status, error=error))
    assert ids(requests, wanted=Wanted(outcome=outcome)) == ["it"]
    for other in {"SUCCESS", "CLIENT_ERROR", "SERVER_ERROR"} - {outcome}:
        assert ids(requests, wanted=Wanted(outcome=other)) == []
