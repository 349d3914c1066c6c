"""The limits of control groups, as the kernel shows them in either version, within containers and outside."""

from pathlib import Path

import pytest

from craton.engines.hardware.groups import Groups
from craton.engines.hardware.memory import available, total

GB = 1 << 30


def machine(root: Path, groups: str, files: dict[str, object]) -> Groups:
    """What a process sees that is in these groups, with these files below the mount."""
    proc, mount = root / "proc", root / "cgroup"
    (proc / "self").mkdir(parents=True)
    (proc / "self/cgroup").write_text(groups)
    mount.mkdir()
    for name, text in files.items():
        path = mount / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{text}\n")
    return Groups(proc, mount)


@pytest.mark.parametrize(
    ("groups", "files", "cores", "memory"),
    [
        ("0::/\n", {}, None, None),
        ("0::/\n", {"cpu.max": "max 100000", "memory.max": "max"}, None, None),
        ("0::/\n", {"cpu.max": "150000 100000", "memory.max": 4 * GB}, 1.5, 4 * GB),
        (
            "0::/pod/app\n",
            {
                "pod/app/cpu.max": "400000 100000",
                "pod/cpu.max": "200000 100000",
                "pod/app/memory.max": "max",
                "pod/memory.max": 8 * GB,
            },
            2.0,
            8 * GB,
        ),
        ("0::/of/the/host\n", {"cpu.max": "50000 100000", "memory.max": GB}, 0.5, GB),
        (
            "5:cpu,cpuacct:/app\n4:memory:/app\n1:name=systemd:/\n",
            {
                "cpu/app/cpu.cfs_quota_us": 300000,
                "cpu/app/cpu.cfs_period_us": 100000,
                "memory/app/memory.limit_in_bytes": 2 * GB,
            },
            3.0,
            2 * GB,
        ),
        (
            "5:cpu:/\n4:memory:/\n",
            {
                "cpu/cpu.cfs_quota_us": -1,
                "cpu/cpu.cfs_period_us": 100000,
                "memory/memory.limit_in_bytes": 9223372036854771712,
            },
            None,
            None,
        ),
    ],
    ids=["none", "unlimited", "container", "nested", "host's path", "version 1", "version 1 unlimited"],
)
def test_the_least_limit_counts(
    tmp_path: Path, groups: str, files: dict[str, object], cores: float | None, memory: int | None
) -> None:
    found = machine(tmp_path, groups, files)
    assert (found.cores(), found.memory()) == (cores, memory)


def test_files_that_are_only_cached_are_free(tmp_path: Path) -> None:
    files = {"memory.max": 4 * GB, "memory.current": 3 * GB, "memory.stat": f"anon {GB}\ninactive_file {2 * GB}"}
    groups = machine(tmp_path, "0::/\n", files)
    assert groups.memory_left() == 3 * GB


def test_where_linux_shows_no_groups_nothing_is_limited(tmp_path: Path) -> None:
    nowhere = Groups(tmp_path / "proc", tmp_path / "cgroup")
    assert (nowhere.cores(), nowhere.memory(), nowhere.memory_left()) == (None, None, None)


def test_memory_is_the_machine_s_or_the_container_s(tmp_path: Path) -> None:
    files = {"memory.max": 1 << 20, "memory.current": 1 << 19}
    small = machine(tmp_path, "0::/\n", files)
    assert total(small) == 1 << 20
    assert available(groups=small) == 1 << 19
    assert 1 << 20 < available(groups=Groups(tmp_path, tmp_path)) <= total(Groups(tmp_path, tmp_path))
