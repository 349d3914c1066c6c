"""A server that is killed in mid-work, again and again: every job ends, and ends once."""

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from craton.jobs import ledger
from craton.jobs.ledger import ENTRY, JOB, SERVER, Key
from craton.store.documents import Documents, Scope, Transaction

HERE = Scope("123456789012", "us-east-1")
JOBS = 60
STEPS = 4
KILLS = 20

# Each job makes a document per step in the transaction of the step, and one in that of its end: to do a step twice
# would be a conflict, to end twice as well.
PROGRAM = f"""
import asyncio, sys
from pathlib import Path
from craton.jobs.runner import Jobs
from craton.store.documents import Documents, Scope

HERE = Scope("123456789012", "us-east-1")

async def run(job):
    for number in range(job.state or 0, {STEPS}):
        await asyncio.sleep(0.002)
        await job.checkpoint(number + 1, lambda t: t.create(HERE, "step", f"{{job.id}}/{{number}}", {{}}))
    await job.finish(lambda t: t.create(HERE, "end", job.id, {{}}))

async def main():
    documents = Documents.open(Path(sys.argv[1]))
    jobs = Jobs(documents)
    jobs.register("work", run)
    await jobs.resume()
    print("ready", flush=True)
    while True:
        await asyncio.sleep(0.01)
        page = await documents.page(Scope("", ""), "job-entry", limit=1)
        if not page.items:
            break
    await jobs.close()
    await documents.close()

asyncio.run(main())
"""


def start(home: Path) -> subprocess.Popen[bytes]:
    process = subprocess.Popen([sys.executable, "-c", PROGRAM, str(home)], stdout=subprocess.PIPE)
    assert process.stdout
    assert process.stdout.readline() == b"ready\n"
    return process


async def test_killed_at_any_moment_no_job_is_lost_and_none_ends_twice(tmp_path: Path) -> None:
    documents = Documents.open(tmp_path)

    def put(t: Transaction) -> None:
        for number in range(JOBS):
            ledger.put(t, Key(HERE, "work", f"{number:03}"), {})

    await documents.transaction(put)
    chance = random.Random(7)
    killed = 0
    for _ in range(KILLS):
        process = start(tmp_path)
        await asyncio.sleep(chance.uniform(0, 0.12))
        if process.poll() is None:
            os.kill(process.pid, signal.SIGKILL)
            killed += 1
        process.communicate()
    last = start(tmp_path)
    began = time.monotonic()
    assert last.wait(timeout=60) == 0
    assert killed > KILLS / 2, "the work was done before it could be disturbed: give it more"
    assert time.monotonic() - began < 15, "the jobs of the dead had to wait for a lease to run out"
    last.communicate()
    names = [f"{number:03}" for number in range(JOBS)]
    assert [item.id for item in (await documents.page(SERVER, ENTRY)).items] == []
    assert sorted(item.id for item in (await documents.page(HERE, "end", limit=1000)).items) == names
    steps = sorted(item.id for item in (await documents.page(HERE, "step", limit=1000)).items)
    assert steps == [f"{name}/{number}" for name in names for number in range(STEPS)]
    ended = (await documents.page(HERE, JOB, limit=1000)).items
    assert {item.body["status"] for item in ended} == {"done"}, [item.body for item in ended]
    await documents.close()
