"""RecentRequests: requests that run, a bounded number of others in bounded memory; those that matter on disk, for some
days.
"""

import asyncio
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from craton.core.call import Call
from craton.core.trace import ADMISSION, ENGINE
from craton.telemetry import recent, requests
from craton.telemetry.kept import Kept
from craton.telemetry.recent import Page, RecentRequests, Wanted
from craton.usage.records import OK, Counts, Used

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
        made.trace.begin(ENGINE, {"gen_ai.request.model": "m", "gen_ai.usage.output_tokens": 5})
    return made


def used(request_id: str, *, model: str = "m", cost: int = 5, currency: str = "USD") -> Used:
    whose = (ACCOUNT, "us-east-1", "arn", "key", "Converse")
    return Used(
        *("use", request_id, 0.0, *whose, model, None, "default", OK, Counts(3, 4)), 9, 2, cost, currency, 0.0, {}, {}
    )


def held(kept: Kept, most: int = 10_000) -> RecentRequests:
    return RecentRequests(kept, most)


def page(found: RecentRequests, *, account: str = ACCOUNT, limit: int = 100_000, **wanted: Any) -> Page:
    places = {name: wanted.pop(name) for name in ("before", "after") if name in wanted}
    return asyncio.run(found.page(account, Wanted(**wanted), limit, **places))


def ids(found: RecentRequests, account: str = ACCOUNT, **wanted: Any) -> list[str]:
    return [request.request_id for request in page(found, account=account, **wanted).found]


def test_the_last_ones_are_remembered(opened: Opened) -> None:
    recents = held(opened(), 100)
    for number in range(250):
        recents.watch(call(str(number), invoked=True))
    assert ids(recents) == [str(number) for number in range(249, 149, -1)]
    assert recents.get(ACCOUNT, "249") is not None


def test_plain_ones_are_a_fifth_at_most(opened: Opened) -> None:
    """Who only looks must not push out what asked a model or failed."""
    recents = held(opened(), 100)
    recents.watch(call("asked", invoked=True))
    recents.watch(call("late"))
    recents.used(used("late"))
    for number in range(250):
        recents.watch(call(str(number)))
    assert ids(recents) == [*(str(number) for number in range(249, 229, -1)), "late", "asked"]


def test_memory_is_bounded_in_bytes(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recent, "BYTES_EACH", 20)
    recents = held(opened(), 1000)
    for number in range(1000):
        recents.watch(call(str(number)))
    assert 8 <= len(ids(recents)) < 12  # of about 2,000 bytes each, with the longest message that is kept


def test_who_proved_nothing_is_not_remembered(opened: Opened) -> None:
    recents = held(opened())
    recents.watch(call("stranger", account=""))
    assert ids(recents, "") == []


def test_another_account_does_not_find_it(opened: Opened) -> None:
    recents = held(opened())
    recents.watch(call("mine", error="ValidationException", status=400))
    assert recents.get(ACCOUNT, "mine") is not None
    assert recents.get(OTHER, "mine") is None
    again = held(opened())
    assert again.get(OTHER, "mine") is None
    assert ids(again, OTHER) == []


def test_invocations_and_errors_outlive_the_process(opened: Opened) -> None:
    recents = held(opened())
    recents.watch(call("read"))
    recents.watch(call("invoked", invoked=True))
    recents.watch(call("refused", error="ValidationException", status=400))
    again = held(opened())
    assert ids(again) == ["refused", "invoked"]
    found = again.get(ACCOUNT, "invoked")
    assert found is not None
    assert requests.spans(found)[-1].attributes == {"gen_ai.request.model": "m", "gen_ai.usage.output_tokens": 5}


def test_one_that_memory_has_lost_is_found_on_disk(opened: Opened) -> None:
    held(opened()).watch(call("old", invoked=True))
    recents = held(opened(), 1)
    recents.watch(call("new"))
    assert ids(recents) == ["new"]
    assert recents.get(ACCOUNT, "old") is not None


def test_what_is_too_old_is_forgotten(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    held(opened()).watch(call("old", invoked=True))
    later = time.time_ns() + 8 * 24 * 3600 * 10**9
    monkeypatch.setattr(time, "time_ns", lambda: later)
    held(opened()).watch(call("new", invoked=True))
    assert ids(held(opened())) == ["new"]


def test_positions_grow_though_the_clock_goes_back(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    recents = held(opened())
    recents.watch(call("first"))
    monkeypatch.setattr(time, "time_ns", lambda: 5)
    recents.watch(call("second"))
    first = page(recents, limit=1)
    assert [request.request_id for request in first.found] == ["second"]
    second = page(recents, limit=1, before=first.next)
    assert ([request.request_id for request in second.found], second.next) == (["first"], None)


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
    recents = held(opened())
    recents.watch(call("it", status=status, error=error))
    assert ids(recents, outcome=outcome) == ["it"]
    for other in {"SUCCESS", "CLIENT_ERROR", "SERVER_ERROR"} - {outcome}:
        assert ids(recents, outcome=other) == []


def test_one_that_runs_is_told_as_it_stands(opened: Opened) -> None:
    recents = held(opened())
    running = call("it", status=0)
    running.account = ""
    recents.begin(running)
    assert recents.running(ACCOUNT, Wanted()) == [], "nobody knows yet whose it is"
    running.account = ACCOUNT
    recents.used(used("it"))
    (told,) = recents.running(ACCOUNT, Wanted(outcome="RUNNING"))
    assert (told.outcome, told.sums.output_tokens, told.ms >= 0) == ("RUNNING", 4, True)
    assert recents.running(OTHER, Wanted()) == recents.running(ACCOUNT, Wanted(outcome="SUCCESS")) == []
    assert recents.get(OTHER, "it") is None
    running.status = 200
    recents.watch(running)
    assert recents.running(ACCOUNT, Wanted()) == []
    assert [(each.outcome, each.sums.input_tokens) for each in page(recents).found] == [("SUCCESS", 3)]


def test_what_has_ended_since(opened: Opened) -> None:
    recents = held(opened())
    recents.watch(call("before"))
    last = page(recents).last
    assert page(recents, after=last) == Page([], None, last)
    recents.watch(call("after"))
    assert ids(recents, after=last) == ["after"]
    assert page(recents, after=last).last > last


def test_what_models_used_is_told_though_it_is_known_later(opened: Opened) -> None:
    recents = held(opened())
    recents.watch(call("late"))
    recents.used(used("late", model="m", cost=5))
    recents.used(used("late", model="n", cost=7))
    recents.used(used("of nobody"))
    (told,) = page(held(opened())).found
    assert (told.models, told.sums.cost, told.sums.currency, told.sums.invocations) == (("m", "n"), 12, "USD", 2)


def test_costs_in_several_currencies_have_no_sum(opened: Opened) -> None:
    recents = held(opened())
    recents.watch(call("it"))
    recents.used(used("it"))
    recents.used(used("it", currency="EUR"))
    recents.used(used("it", currency="EUR"))
    assert page(recents).found[0].sums == requests.Sums(9, 12, 0, "", 3)


def test_the_model_that_writes_is_the_last_one(opened: Opened) -> None:
    recents = held(opened())
    made = call("it")
    for model, does in (("draft", "chat"), ("writer", "chat"), ("vectors", "embeddings")):
        made.trace.begin(ADMISSION, {"gen_ai.request.model": model})
        made.trace.begin(ENGINE, {"gen_ai.request.model": model, "gen_ai.operation.name": does})
    recents.watch(made)
    assert page(recents).found[0].models == ("vectors", "draft", "writer")


def test_wanted_by_each_of_its_marks(opened: Opened) -> None:
    recents = held(opened())
    for name, key in (("one", "AKIA1"), ("two", "AKIA2")):
        made = call(name, error="ValidationException", status=400)
        made.key_id, made.caller = key, f"arn:{name}"
        made.trace.begin(ENGINE, {"gen_ai.request.model": f"model {name}"})
        recents.watch(made)
    two = page(recents).found[0]
    for wanted in (
        {"model": "model two"},
        {"key_id": "AKIA2"},
        {"principal": "arn:two"},
        {"since": two.at},
        {"operation": "GetGuardrail", "key_id": "AKIA2"},
        {"operation": "bedrock", "key_id": "AKIA2"},
        {"operation": "bedrock.GetGuardrail", "key_id": "AKIA2", "error": "ValidationException"},
    ):
        assert ids(recents, **wanted) == ["two"], wanted
    assert ids(recents, until=two.at) == ["one"]
    assert ids(recents, operation="Guardrail") == ids(recents, error="Validation") == []


def test_who_looks_at_requests_is_not_told_of(opened: Opened) -> None:
    recents = held(opened())
    looking = call("looking")
    looking.name = "craton.ListRequests"
    recents.begin(looking)
    assert recents.running(ACCOUNT, Wanted()) == []
    recents.watch(looking)
    refused = call("refused", error="AccessDeniedException", status=403)
    refused.name = "craton.ListRequests"
    recents.watch(refused)
    assert ids(recents) == ["refused"]
