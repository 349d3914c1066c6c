"""The trials of `make soak` in their short form: what they promise holds each time."""

import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from soak import disconnects, disk, ends, endurance, faults, kills, overload, slow
from soak.figures import Broken, Figure, check
from tests import scripted
from tests.serving import Server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("steadiness") / "home"
    for install in (scripted.install, disconnects.install, faults.install, overload.install, slow.install):
        install(home)
    with Server(home) as running:
        yield running


def hold(trial: Callable[[], Sequence[Figure]]) -> None:
    """Check it; a time that a machine cannot keep which has other work for all its cores proves nothing."""
    try:
        check(trial)
    except Broken as broken:
        load, cores = os.getloadavg()[0], os.cpu_count() or 1
        if broken.timed and load > 1.5 * cores:
            pytest.skip(f"this machine has {load:.1f} programs for its {cores} cores: {broken}")
        raise


def fresh(folder: Path) -> Path:
    """A home that is not there yet."""
    return Path(tempfile.mkdtemp(dir=folder)) / "home"


def test_nothing_acknowledged_is_lost_by_kill_9(tmp_path: Path) -> None:
    hold(lambda: kills.trial(fresh(tmp_path), 5))


def test_who_vanishes_frees_the_model_and_is_billed_once(server: Server) -> None:
    hold(lambda: disconnects.trial(server, 40))


def test_overload_costs_no_answers_and_passes(server: Server) -> None:
    hold(lambda: overload.trial(server, 5))


def test_a_server_that_ends_leaves_nobody_without_an_end(tmp_path: Path) -> None:
    hold(lambda: ends.trial(fresh(tmp_path), 3))


def test_slow_clients_slow_nobody_else(server: Server) -> None:
    hold(lambda: slow.trial(server, 200, 5))


def test_who_reads_nothing_fills_no_memory(server: Server) -> None:
    hold(lambda: slow.torrent(server, 3))


def test_models_that_fail_are_soon_well_again(tmp_path: Path) -> None:
    home = tmp_path / "home"
    faults.install(home)
    with Server(home) as running:
        hold(lambda: faults.trial(running, 5))


def test_a_full_disk_is_told_and_passes(tmp_path: Path) -> None:
    hold(lambda: disk.trial(fresh(tmp_path), 2))


@pytest.mark.skipif(not disk.mountable(), reason="this machine lets no user mount a file system")
def test_a_file_system_without_space_is_told_and_passes(tmp_path: Path) -> None:
    hold(lambda: disk.small(fresh(tmp_path), 2))


def test_mixed_work_ends_well(server: Server) -> None:
    """Its slopes are measured in full by `make soak`; here, that nothing fails unforeseen."""

    def trial() -> list[Figure]:
        figures = endurance.trial(server, 10)
        return [figure for figure in figures if "slope" not in figure.what and "second half" not in figure.what]

    hold(trial)
