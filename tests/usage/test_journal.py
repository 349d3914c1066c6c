"""What processes that died leave behind, and only they."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from craton.usage.journal import Journal, State, entries, left
from craton.usage.records import Counts
from tests.usage.invocations import CTX, asked

BEGIN_AND_DIE = """
import os, sys
from pathlib import Path
from craton.usage.journal import Journal, State
from craton.usage.records import Counts
from tests.usage.invocations import asked

journal = Journal.open(Path(sys.argv[1]))
for number in range(3):
    entry = journal.begin(asked(f"i{number}"), 5.0)
    entry.write(State(Counts(10, number), 20 + number, 7, busy=9))
    if number == 2:
        entry.write(State(Counts(10, 2), 30, 7, cost=4, currency="EUR", status="OK"))
if len(sys.argv) > 2:
    print("ready", flush=True)
    sys.stdin.read()
os._exit(1)
"""


def die(home: Path, *more: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", BEGIN_AND_DIE, str(home), *more]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def ids(home: Path) -> list[str]:
    with left(home) as found:
        return sorted(begun.id for begun, _ in found)


def test_what_a_dead_process_left_is_found_once(tmp_path: Path) -> None:
    with die(tmp_path) as process:
        process.wait()
    with left(tmp_path) as found:
        states = {begun.id: state for begun, state in found}
        assert {begun.request_id for begun, _ in found} == {CTX.request_id}
    assert [(state.status, state.counts.output_tokens) for _, state in sorted(states.items())] == [
        ("LOST", 0),
        ("LOST", 1),
        ("OK", 2),
    ]
    assert states["i1"] == State(Counts(10, 1), 21, 7, busy=9)
    assert ids(tmp_path) == []
    assert [path.name for path in (tmp_path / "usage").iterdir()] == ["lock"]


def test_what_could_not_be_taken_over_is_found_again(tmp_path: Path) -> None:
    with die(tmp_path) as process:
        process.wait()
    with pytest.raises(ZeroDivisionError), left(tmp_path):
        raise ZeroDivisionError
    assert ids(tmp_path) == ["i0", "i1", "i2"]


def test_a_process_that_lives_keeps_its_own(tmp_path: Path) -> None:
    with die(tmp_path, "wait") as process:
        assert process.stdout and process.stdout.readline() == "ready\n"
        assert ids(tmp_path) == []
        process.kill()
        process.wait()
        assert ids(tmp_path) == ["i0", "i1", "i2"]


def test_what_is_in_the_ledger_is_not_left(tmp_path: Path) -> None:
    journal = Journal.open(tmp_path)
    told, kept = (journal.begin(asked(name), 1.0) for name in ("told", "kept"))
    told.forget()
    journal.close()
    assert ids(tmp_path) == ["kept", "told"]  # in one file; the ledger takes none twice

    journal = Journal.open(tmp_path)
    journal.begin(asked("all"), 1.0).forget()
    journal.close()
    assert ids(tmp_path) == []
    assert kept


def test_files_go_when_all_in_them_is_in_the_ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("craton.usage.journal._LARGEST", 4096)
    journal = Journal.open(tmp_path)
    begun = [journal.begin(asked(str(number)), 1.0) for number in range(60)]
    files = list((tmp_path / "usage").glob("*/*.journal"))
    assert len(files) > 3
    for entry in begun:
        entry.forget()
    assert len(list((tmp_path / "usage").glob("*/*.journal"))) == 1
    journal.close()


@pytest.mark.parametrize("cut", [1, 100, 150, 200])
def test_an_entry_that_was_cut_off_is_none(tmp_path: Path, cut: int) -> None:
    journal = Journal.open(tmp_path)
    for name in ("whole", "cut"):
        journal.begin(asked(name), 1.0)
    (file,) = (tmp_path / "usage").glob("*/*.journal")
    size = file.stat().st_size
    os.truncate(file, size - cut)
    assert [begun.id for begun, _ in entries(file)] == ["whole"]
    journal.close()


def test_a_full_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = Journal.open(tmp_path)
    journal.begin(asked("before"), 1.0)
    pwrite = os.pwrite
    monkeypatch.setattr(os, "pwrite", lambda file, data, place: pwrite(file, data[: len(data) // 2], place))
    with pytest.raises(OSError, match="full"):
        journal.begin(asked("never"), 1.0)
    monkeypatch.setattr(os, "pwrite", pwrite)
    journal.begin(asked("after"), 1.0)
    (file,) = (tmp_path / "usage").glob("*/*.journal")
    assert [begun.id for begun, _ in entries(file)] == ["before", "after"]
    journal.close()
