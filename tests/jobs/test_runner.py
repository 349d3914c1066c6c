"""Jobs as slices use them: made once, run, resumed, stopped, given up; whatever fails on the way."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import structlog

from craton.errors import ApiError, ConflictException, ModelErrorException
from craton.jobs import runner
from craton.jobs.job import Job
from craton.jobs.ledger import JOB, Key
from craton.jobs.runner import Jobs
from craton.store.documents import Documents, Scope, Transaction

HERE = Scope("123456789012", "us-east-1")
THING = "thing"  # the resource that jobs of these tests work for

Run = Callable[[Job], Awaitable[None]]


@pytest.fixture
async def documents(tmp_path: Path) -> AsyncIterator[Documents]:
    opened = Documents.open(tmp_path)
    yield opened
    await opened.close()


@pytest.fixture(autouse=True)
def impatient_and_quiet(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(runner, "FIRST_BACKOFF", 0.01)
    monkeypatch.setattr(runner, "POLL", 0.05)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    yield
    structlog.reset_defaults()


@asynccontextmanager
async def running(documents: Documents, run: Run, **options: Any) -> AsyncIterator[Jobs]:
    """A server's jobs of the one kind `work`."""
    jobs = Jobs(documents)
    jobs.register("work", run, **options)
    await jobs.resume()
    try:
        yield jobs
    finally:
        await jobs.close()


async def status(documents: Documents, id: str = "a", scope: Scope = HERE) -> str:
    told: str = (await documents.get(scope, JOB, f"work/{id}")).body["status"]
    return told


async def ended(documents: Documents, id: str = "a", scope: Scope = HERE) -> dict[str, Any]:
    """What is written down of a job, once it has ended."""
    async with asyncio.timeout(20):
        while await status(documents, id, scope) == "unfinished":  # noqa: ASYNC110 - a caller can only look
            await asyncio.sleep(0.005)
    return (await documents.get(scope, JOB, f"work/{id}")).body


async def test_a_job_runs_with_what_it_was_given(documents: Documents) -> None:
    seen: list[Any] = []

    async def run(job: Job) -> None:
        seen.append((job.scope, job.id, job.body, job.state))

    async with running(documents, run) as jobs:
        await jobs.start(HERE, "work", "a", {"n": [1, b"\x00"]})
        assert await ended(documents) == {"status": "done", "body": {}, "state": None, "reason": ""}
    assert seen == [(HERE, "a", {"n": [1, b"\x00"]}, None)]


async def test_a_job_and_its_resource_are_made_together_or_not_at_all(documents: Documents) -> None:
    runs: list[str] = []

    async def run(job: Job) -> None:
        runs.append(job.id)

    def refuse(t: Transaction) -> None:
        t.create(HERE, THING, "a", {})
        raise ConflictException("No.")

    async with running(documents, run) as jobs:
        with pytest.raises(ConflictException):
            await jobs.start(HERE, "work", "a", {}, refuse)
        assert await documents.find(HERE, THING, "a") is None
        await jobs.start(HERE, "work", "a", {}, lambda t: t.create(HERE, THING, "a", {}))
        assert await documents.find(HERE, THING, "a")
        with pytest.raises(ConflictException, match="exists already"):
            await jobs.start(HERE, "work", "a", {})
        await ended(documents)
    assert runs == ["a"]


async def test_a_job_put_in_a_transaction_of_the_callers_runs(documents: Documents) -> None:
    async def run(job: Job) -> None:
        await job.finish(lambda t: t.create(HERE, THING, job.id, {}))

    async with running(documents, run) as jobs:
        await documents.transaction(lambda t: jobs.put(t, HERE, "work", "a", {}))
        jobs.wake("work")
        await ended(documents)
    assert await documents.find(HERE, THING, "a")


async def test_an_end_and_what_belongs_to_it_happen_together(documents: Documents) -> None:
    tries: list[int] = []

    async def run(job: Job) -> None:
        tries.append(1)

        def work(t: Transaction) -> None:
            t.create(HERE, THING, "a", {})
            if len(tries) == 1:
                raise RuntimeError("the first try breaks here")

        await job.finish(work)

    async with running(documents, run) as jobs:
        await jobs.start(HERE, "work", "a", {})
        assert (await ended(documents))["status"] == "done"
    assert len(tries) == 2
    assert (await documents.get(HERE, THING, "a")).revision == 1


async def test_a_job_goes_on_from_its_checkpoint_in_the_next_server(documents: Documents) -> None:
    reached = asyncio.Event()
    steps: list[int] = []
    runs: list[int] = []

    async def run(job: Job) -> None:
        runs.append(job.run)
        for number in range(job.state or 0, 6):
            steps.append(number)
            await job.checkpoint(number + 1)
            if number == 2:
                reached.set()
                await asyncio.Event().wait()

    async with running(documents, run) as jobs:
        await jobs.start(HERE, "work", "a", {})
        await reached.wait()
    assert await status(documents) == "unfinished"
    async with running(documents, run):
        await ended(documents)
    assert steps == [0, 1, 2, 3, 4, 5]
    assert runs == [1, 2]


async def test_no_more_run_at_once_than_are_allowed_and_the_oldest_first(documents: Documents) -> None:
    now, most = 0, 0
    order: list[str] = []

    async def run(job: Job) -> None:
        nonlocal now, most
        order.append(job.id)
        now += 1
        most = max(most, now)
        await asyncio.sleep(0.01)
        now -= 1

    async with running(documents, run, at_once=2) as jobs:
        names = [f"{number:02}" for number in range(12)]
        for name in names:
            await jobs.start(HERE, "work", name, {})
        for name in names:
            await ended(documents, name)
    assert (most, order) == (2, names)


async def test_accounts_take_turns(documents: Documents) -> None:
    order: list[str] = []
    there = Scope("210987654321", "us-east-1")

    async def run(job: Job) -> None:
        order.append(job.id)

    jobs = Jobs(documents)
    jobs.register("work", run, at_once=1)
    for name in ("a1", "a2", "a3", "a4"):
        await jobs.start(HERE, "work", name, {})
    for name in ("b1", "b2"):
        await jobs.start(there, "work", name, {})
    await jobs.resume()
    await ended(documents, "a4")
    await jobs.close()
    assert order == ["a1", "b1", "a2", "b2", "a3", "a4"]


async def test_an_error_that_the_caller_is_told_of_ends_the_job(documents: Documents) -> None:
    async def run(job: Job) -> None:
        raise ModelErrorException("The model is gone.")

    def failed(t: Transaction, key: Key, error: ApiError) -> None:
        t.create(key.scope, THING, key.id, {"code": error.code})

    async with running(documents, run, failed=failed) as jobs:
        await jobs.start(HERE, "work", "a", {})
        told = await ended(documents)
    assert (told["status"], told["reason"]) == ("failed", "The model is gone.")
    assert (await documents.get(HERE, THING, "a")).body == {"code": "ModelErrorException"}


async def test_an_unexpected_failure_is_tried_again_and_given_up_in_the_end(documents: Documents) -> None:
    tries: list[int] = []

    async def run(job: Job) -> None:
        tries.append(1)
        raise RuntimeError("a mistake in the program")

    async with running(documents, run) as jobs:
        await jobs.start(HERE, "work", "a", {})
        told = await ended(documents)
    assert len(tries) == runner.MOST_FAILURES
    assert told["status"] == "failed"
    assert "5 times" in told["reason"]


async def test_failures_with_progress_between_them_do_not_add_up(documents: Documents) -> None:
    async def run(job: Job) -> None:
        number = (job.state or 0) + 1
        await job.checkpoint(number)
        if number < 3 * runner.MOST_FAILURES:
            raise RuntimeError("once more")

    async with running(documents, run) as jobs:
        await jobs.start(HERE, "work", "a", {})
        assert (await ended(documents))["status"] == "done"


async def test_a_checkpoint_that_says_nothing_new_is_no_progress(documents: Documents) -> None:
    async def run(job: Job) -> None:
        await job.checkpoint("here")
        raise RuntimeError("always here")

    async with running(documents, run) as jobs:
        await jobs.start(HERE, "work", "a", {})
        assert (await ended(documents))["status"] == "failed"


async def test_cancelling_ends_a_job_at_once_and_its_resource_with_it(documents: Documents) -> None:
    begun, stopped = asyncio.Event(), asyncio.Event()

    async def run(job: Job) -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()

    async with running(documents, run) as jobs:
        await jobs.start(HERE, "work", "a", {})
        await begun.wait()
        assert await jobs.cancel(HERE, "work", "a", lambda t: t.create(HERE, THING, "a", {}))
        await asyncio.wait_for(stopped.wait(), 5)
        assert await status(documents) == "cancelled"
        assert await documents.find(HERE, THING, "a")
        assert not await jobs.cancel(HERE, "work", "a", lambda t: t.create(HERE, THING, "b", {}))
        assert await documents.find(HERE, THING, "b") is None


async def test_a_job_that_was_cancelled_elsewhere_can_write_nothing_more(documents: Documents) -> None:
    begun, go = asyncio.Event(), asyncio.Event()

    async def run(job: Job) -> None:
        begun.set()
        await go.wait()
        await job.finish(lambda t: t.create(HERE, THING, "a", {}))

    elsewhere = Jobs(documents)
    elsewhere.register("work", run)
    async with running(documents, run) as jobs:
        await jobs.start(HERE, "work", "a", {})
        await begun.wait()
        assert await elsewhere.cancel(HERE, "work", "a")
        go.set()
    assert await status(documents) == "cancelled"
    assert await documents.find(HERE, THING, "a") is None


async def test_a_job_asked_to_stop_ends_by_itself(documents: Documents) -> None:
    async def run(job: Job) -> None:
        await job.stopping.wait()
        await job.finish(lambda t: t.create(HERE, THING, "a", {"how": "by itself"}))

    async with running(documents, run) as jobs:
        await jobs.start(HERE, "work", "a", {})
        assert await jobs.stop(HERE, "work", "a")
        assert (await ended(documents))["status"] == "done"
        assert not await jobs.stop(HERE, "work", "a")
    assert await documents.find(HERE, THING, "a")


async def test_two_servers_over_one_store_share_the_work(documents: Documents) -> None:
    ran: list[tuple[str, str]] = []

    def named(name: str) -> Run:
        async def run(job: Job) -> None:
            ran.append((name, job.id))
            await asyncio.sleep(0.005)

        return run

    names = [str(number) for number in range(20)]
    async with running(documents, named("one"), at_once=2) as jobs, running(documents, named("two"), at_once=2):
        for name in names:
            await jobs.start(HERE, "work", name, {})
        for name in names:
            await ended(documents, name)
    assert sorted(job for _, job in ran) == sorted(names)
    assert {server for server, _ in ran} == {"one", "two"}


async def test_accounts_do_not_share_names_of_jobs(documents: Documents) -> None:
    other = Scope("999999999999", "us-east-1")
    seen: set[Scope] = set()

    async def run(job: Job) -> None:
        seen.add(job.scope)

    async with running(documents, run) as jobs:
        await jobs.start(HERE, "work", "a", {})
        await jobs.start(other, "work", "a", {})
        await ended(documents)
        await ended(documents, scope=other)
    assert seen == {HERE, other}


async def test_a_job_whose_resource_was_deleted_is_forgotten(documents: Documents) -> None:
    begun, go = asyncio.Event(), asyncio.Event()

    async def run(job: Job) -> None:
        begun.set()
        await go.wait()
        await job.checkpoint(1)
        raise AssertionError("it was lost before")

    async with running(documents, run) as jobs:
        await jobs.start(HERE, "work", "a", {})
        await begun.wait()
        await documents.transaction(lambda t: jobs.forget(t, HERE, "work", "a"))
        go.set()
    assert await documents.find(HERE, JOB, "work/a") is None
    async with running(documents, run):
        pass
    assert await documents.find(HERE, JOB, "work/a") is None
