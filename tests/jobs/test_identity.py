"""Telling that a process is gone, and only where that is certain."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from craton.jobs import identity
from craton.jobs.identity import Identity

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are told by /proc")


def test_a_process_that_runs_is_not_gone() -> None:
    own = Identity.own()
    assert not own.gone
    assert Identity.read(own.record()) == own


def test_a_process_that_ended_is_gone() -> None:
    program = "from craton.jobs.identity import Identity; import json; print(json.dumps(Identity.own().record()))"
    made = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True).stdout
    assert Identity.read(json.loads(made)).gone


def test_another_process_under_the_same_number_is_gone() -> None:
    assert replace(Identity.own(), started="1").gone


def test_of_another_machine_nothing_is_known() -> None:
    assert not replace(Identity.own(), machine="elsewhere", started="1").gone


def test_without_proc_nothing_is_known(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(identity, "PROC", tmp_path)
    own = Identity.own()
    assert (own.machine, own.gone) == ("", False)
