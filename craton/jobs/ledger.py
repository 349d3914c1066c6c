"""What is written down of jobs, and the steps that change it, each within one store transaction. Runs nothing.

A job is a document of its owner's scope, and while it is unfinished also an entry in the queue of the whole server,
which names the runner that has it. A runner is alive as long as its lease is renewed; what a dead one has may be
claimed by another, so a runner gives back all it has by retiring. Whoever lost a job is refused at its next step: a job
ends once.

Steps: `put` -> `claim` -> `checkpoint`* -> `end`, or `retry` -> `claim` ...; `end` from outside cancels.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from craton.errors import ApiError
from craton.jobs.identity import Identity
from craton.store.documents import Document, Scope, Transaction

JOB = "job"
ENTRY = "job-entry"
RUNNER = "job-runner"
# Of no account: the queue and the runners are the server's own.
SERVER = Scope("", "")

LEASE = timedelta(seconds=15)
# No job is told to wait for longer.
LONGEST_WAIT = timedelta(minutes=2)

Record = dict[str, Any]
Outcome = Literal["done", "failed", "cancelled"]


@dataclass(frozen=True, slots=True)
class Key:
    """Which job: `kind` and `id` are those of the work, and the scope is its owner's."""

    scope: Scope
    kind: str
    id: str

    @property
    def document(self) -> str:
        return f"{self.kind}/{self.id}"

    @property
    def entry(self) -> str:
        return f"{self.scope.account}/{self.scope.region}/{self.document}"


class LostJobError(Exception):
    """The job is no longer this runner's: it was cancelled, or another runner took it."""


def key_of(entry: Document) -> Key:
    body = entry.body
    return Key(Scope(body["account"], body["region"]), entry.parent, body["id"])


def put(t: Transaction, key: Key, body: Mapping[str, Any]) -> None:
    """Make the job, waiting to be claimed. Raises ConflictException where it exists."""
    t.create(key.scope, JOB, key.document, {"status": "unfinished", "body": dict(body), "state": None, "reason": ""})
    entry = {
        "account": key.scope.account,
        "region": key.scope.region,
        "id": key.id,
        "runner": "",
        "claims": 0,
        "failures": 0,
        "not_before": None,
        "stopping": False,
    }
    t.create(SERVER, ENTRY, key.entry, entry, parent=key.kind)


def renew(t: Transaction, runner: str, identity: Identity, now: datetime) -> None:
    """Let the runner live on for a lease."""
    body = {"until": now + LEASE, "process": identity.record()}
    t.put(SERVER, RUNNER, runner, body)


def retire(t: Transaction, runner: str) -> None:
    if t.find(SERVER, RUNNER, runner):
        t.delete(SERVER, RUNNER, runner)


def bury(t: Transaction, now: datetime) -> None:
    """Forget runners that are dead."""
    for runner in t.listing(SERVER, RUNNER):
        if not alive(runner, now):
            t.delete(SERVER, RUNNER, runner.id)


def alive(runner: Document | None, now: datetime) -> bool:
    """Whether what this runner has is its own. A clock that is off by more than a lease breaks this, until the next
    renewal; a lease from beyond what is ever given tells that the clock was set back since.
    """
    leased = runner is not None and now < runner.body["until"] <= now + 2 * LEASE
    return runner is not None and leased and not Identity.read(runner.body["process"]).gone


def claimable(entry: Document, living: Collection[str], now: datetime) -> bool:
    """`living` are the names of other runners that are alive."""
    not_before = entry.body["not_before"]
    waits = not_before is not None and now < not_before <= now + LONGEST_WAIT  # beyond, the clock was set back since
    return entry.body["runner"] not in living and not waits


def claim(t: Transaction, key: Key, runner: str, now: datetime) -> Document | None:
    """The job, from now on this runner's; None where another was faster.

    The runner renews its lease in the same transaction, and does not claim what it is running already.
    """
    entry = t.find(SERVER, ENTRY, key.entry)
    if entry is None:
        return None
    holder = entry.body["runner"]
    if holder and holder != runner:
        before = t.find(SERVER, RUNNER, holder)
        if alive(before, now):
            return None
        retire(t, holder)
    if not claimable(entry, (), now):
        return None
    t.replace(SERVER, ENTRY, key.entry, entry.body | {"runner": runner, "claims": entry.body["claims"] + 1})
    return t.get(key.scope, JOB, key.document)


def held(t: Transaction, key: Key, runner: str) -> Document:
    """The entry of a job that is this runner's. Raises LostJobError."""
    entry = t.find(SERVER, ENTRY, key.entry)
    if entry is None or entry.body["runner"] != runner:
        raise LostJobError(f"The job {key.entry!r} is no longer this runner's.")
    return entry


def checkpoint(t: Transaction, key: Key, runner: str, state: object) -> None:
    """Keep how far the job is. If it got on since the last time, failures before this no longer count."""
    entry = held(t, key, runner)
    job = t.get(key.scope, JOB, key.document)
    t.replace(key.scope, JOB, key.document, job.body | {"state": state})
    if entry.body["failures"] and job.body["state"] != state:
        t.replace(SERVER, ENTRY, key.entry, entry.body | {"failures": 0})


def retry(t: Transaction, key: Key, runner: str, not_before: datetime) -> None:
    """Give back a job that failed unexpectedly, to be claimed later."""
    entry = held(t, key, runner)
    failures = entry.body["failures"] + 1
    changes = {"runner": "", "failures": failures, "not_before": not_before}
    t.replace(SERVER, ENTRY, key.entry, entry.body | changes)


def stop(t: Transaction, key: Key) -> bool:
    """Ask the job to end by itself. False where it has ended."""
    entry = t.find(SERVER, ENTRY, key.entry)
    if entry is None:
        return False
    t.replace(SERVER, ENTRY, key.entry, entry.body | {"stopping": True, "not_before": None})
    return True


def end(t: Transaction, key: Key, outcome: Outcome, error: ApiError | None = None) -> bool:
    """Take the job out of the queue; what it was given is dropped. False where it had ended, or never was."""
    if t.find(SERVER, ENTRY, key.entry) is None:
        return False
    t.delete(SERVER, ENTRY, key.entry)
    reason = error.message if error else ""
    t.replace(key.scope, JOB, key.document, {"status": outcome, "body": {}, "state": None, "reason": reason})
    return True


def forget(t: Transaction, key: Key) -> None:
    """Delete all that is known of the job, as when the resource that it worked for is deleted."""
    end(t, key, "cancelled")
    if t.find(key.scope, JOB, key.document):
        t.delete(key.scope, JOB, key.document)
