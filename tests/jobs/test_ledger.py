"""The steps of a job in any order, from several runners, some of which die: what must hold whatever happens."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from craton.jobs import ledger
from craton.jobs.identity import Identity
from craton.jobs.ledger import ENTRY, JOB, LEASE, RUNNER, SERVER, Key, LostJobError
from craton.store import sqlite
from craton.store.documents import Scope, Transaction
from craton.store.migrations import migrate

ELSEWHERE = Identity("", 1, "")  # a machine that nothing is known of: only its lease tells
SCOPES = [Scope("123456789012", "us-east-1"), Scope("999999999999", "us-east-1")]
KEYS = [Key(scope, "work", name) for scope in SCOPES for name in ("a", "b")]
RUNNERS = ["one", "two", "three"]
TICK = timedelta(seconds=1)


@contextmanager
def transaction() -> Iterator[Transaction]:
    with TemporaryDirectory() as home:
        reading, writing = sqlite.engines(Path(home))
        with writing.connect() as connection, connection.begin():
            migrate(connection)
            yield Transaction(connection)
        for engine in (reading, writing):
            engine.dispose()


@pytest.fixture
def t() -> Iterator[Transaction]:
    with transaction() as opened:
        yield opened


class Ledger(RuleBasedStateMachine):
    """What each runner believes it has, against what is written down.

    A runner that stalls beyond its lease goes on believing: its steps must be refused once another has the job.
    """

    def __init__(self) -> None:
        super().__init__()
        self.now = datetime(2026, 1, 1, tzinfo=UTC)
        self.believed: dict[str, set[Key]] = {name: set() for name in RUNNERS}
        self.renewed: dict[str, datetime] = {}
        self.made: set[Key] = set()
        self.ends: dict[Key, int] = {}
        self.state: dict[Key, int] = {}

    @initialize()
    def open(self) -> None:
        self.opened = transaction()
        self.t = self.opened.__enter__()

    def teardown(self) -> None:
        self.opened.__exit__(None, None, None)

    @rule(key=st.sampled_from(KEYS))
    def put(self, key: Key) -> None:
        if key not in self.made:
            ledger.put(self.t, key, {})
            self.made.add(key)
            self.ends[key] = 0
            self.state[key] = 0

    @rule(name=st.sampled_from(RUNNERS), key=st.sampled_from(KEYS))
    def claim(self, name: str, key: Key) -> None:
        if key in self.believed[name]:
            return  # a runner does not claim what it runs
        ledger.renew(self.t, name, ELSEWHERE, self.now)
        self.renewed[name] = self.now
        if document := ledger.claim(self.t, key, name, self.now):
            holders = [other for other in RUNNERS if other != name and key in self.believed[other]]
            assert not [other for other in holders if self.now < self.renewed.get(other, self.now) + LEASE]
            assert document.body["state"] in (None, self.state[key])
            self.believed[name].add(key)

    @rule(name=st.sampled_from(RUNNERS), key=st.sampled_from(KEYS))
    def checkpoint(self, name: str, key: Key) -> None:
        if key in self.believed[name]:
            try:
                ledger.checkpoint(self.t, key, name, self.state[key] + 1)
            except LostJobError:
                self.believed[name].discard(key)
            else:
                self.state[key] += 1

    @rule(name=st.sampled_from(RUNNERS), key=st.sampled_from(KEYS))
    def finish(self, name: str, key: Key) -> None:
        if key in self.believed[name]:
            self.believed[name].discard(key)
            try:
                ledger.held(self.t, key, name)
            except LostJobError:
                return
            assert ledger.end(self.t, key, "done")
            self.ends[key] += 1

    @rule(name=st.sampled_from(RUNNERS), key=st.sampled_from(KEYS), seconds=st.integers(0, 5))
    def retry(self, name: str, key: Key, seconds: int) -> None:
        if key in self.believed[name]:
            self.believed[name].discard(key)
            try:
                ledger.retry(self.t, key, name, self.now + timedelta(seconds=seconds))
            except LostJobError:
                return

    @rule(key=st.sampled_from(KEYS))
    def cancel(self, key: Key) -> None:
        if key in self.made and ledger.end(self.t, key, "cancelled"):
            self.ends[key] += 1

    @rule(key=st.sampled_from(KEYS))
    def stop(self, key: Key) -> None:
        if key in self.made:
            assert ledger.stop(self.t, key) == (self.ends[key] == 0)

    @rule(name=st.sampled_from(RUNNERS))
    def renew(self, name: str) -> None:
        ledger.renew(self.t, name, ELSEWHERE, self.now)
        self.renewed[name] = self.now

    @rule(name=st.sampled_from(RUNNERS))
    def retire(self, name: str) -> None:
        ledger.retire(self.t, name)
        self.believed[name].clear()

    @rule(seconds=st.integers(1, 20))
    def wait(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @precondition(lambda self: self.made)
    @invariant()
    def no_job_is_lost_or_ends_twice(self) -> None:
        for key in self.made:
            entry = self.t.find(SERVER, ENTRY, key.entry)
            status = self.t.get(key.scope, JOB, key.document).body["status"]
            assert self.ends[key] == (entry is None) == (status != "unfinished")

    @precondition(lambda self: self.made)
    @invariant()
    def whoever_comes_late_enough_can_have_what_is_unfinished(self) -> None:
        later = self.now + LEASE + TICK
        for key in self.made:
            if entry := self.t.find(SERVER, ENTRY, key.entry):
                holder = self.t.find(SERVER, RUNNER, entry.body["runner"])
                assert not ledger.alive(holder, later)
                assert ledger.claimable(entry, (), later)


Ledger.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestLedger = Ledger.TestCase


def test_what_a_process_that_died_had_is_free_at_once(t: Transaction) -> None:
    key, now = KEYS[0], datetime.now(UTC)
    own = Identity.own()
    if not own.machine:
        pytest.skip("this system does not tell when a process was started")
    ledger.put(t, key, {})
    ledger.renew(t, "dead", Identity(own.machine, own.pid, "1"), now)
    assert ledger.claim(t, key, "dead", now)
    ledger.renew(t, "next", own, now)
    assert ledger.claim(t, key, "next", now)
    with pytest.raises(LostJobError):
        ledger.held(t, key, "dead")


def test_what_a_living_runner_has_is_not_free(t: Transaction) -> None:
    key, now = KEYS[0], datetime.now(UTC)
    ledger.put(t, key, {})
    ledger.renew(t, "one", Identity.own(), now)
    assert ledger.claim(t, key, "one", now)
    assert ledger.claim(t, key, "two", now + LEASE - TICK) is None
    assert ledger.claim(t, key, "two", now + LEASE)


def test_a_retry_waits_for_its_time(t: Transaction) -> None:
    key, now = KEYS[0], datetime.now(UTC)
    ledger.put(t, key, {})
    ledger.renew(t, "one", ELSEWHERE, now)
    ledger.claim(t, key, "one", now)
    ledger.retry(t, key, "one", now + TICK)
    assert ledger.claim(t, key, "one", now) is None
    assert ledger.claim(t, key, "one", now + TICK)


def test_a_job_that_is_to_stop_waits_no_longer(t: Transaction) -> None:
    key, now = KEYS[0], datetime.now(UTC)
    ledger.put(t, key, {})
    ledger.claim(t, key, "one", now)
    ledger.retry(t, key, "one", now + LEASE)
    assert ledger.stop(t, key)
    assert ledger.claim(t, key, "one", now)


def test_the_dead_are_buried_and_the_living_are_not(t: Transaction) -> None:
    now = datetime.now(UTC)
    ledger.renew(t, "dead", ELSEWHERE, now - LEASE)
    ledger.renew(t, "living", ELSEWHERE, now)
    ledger.bury(t, now)
    assert [runner.id for runner in t.listing(SERVER, RUNNER)] == ["living"]
