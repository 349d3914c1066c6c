"""The control groups that this process runs in (cgroups(7), versions 1 and 2), and the limits that they set.

A limit of any group above counts too, so each is the least of all. Knows no hardware.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PROC, GROUPS = Path("/proc"), Path("/sys/fs/cgroup")


@dataclass(frozen=True, slots=True)
class Groups:
    """`proc` and `mount` are where Linux shows them. On other systems there are none, and so no limits."""

    proc: Path = PROC
    mount: Path = GROUPS

    def cores(self) -> float | None:
        """How many cores' time the groups may use; None where that is not limited."""
        shares = []
        for folder in self._folders("cpu"):
            quota, period = (
                _words(folder / "cpu.max")
                or (_words(folder / "cpu.cfs_quota_us") + _words(folder / "cpu.cfs_period_us"))
                or ("max", "")
            )
            if quota.isdecimal() and period.isdecimal() and int(period):
                shares.append(int(quota) / int(period))
        return min(shares, default=None)

    def memory(self) -> int | None:
        """Bytes that the groups may hold; None where that is not limited."""
        limits = [limit for folder in self._folders("memory") if (limit := _limit(folder)) is not None]
        return min(limits, default=None)

    def memory_left(self) -> int | None:
        """Bytes that the groups may still take, files that are only cached not counted as taken."""
        left = [
            max(limit - _held(folder), 0) for folder in self._folders("memory") if (limit := _limit(folder)) is not None
        ]
        return min(left, default=None)

    def _folders(self, controller: str) -> Iterator[Path]:
        """The folder of each group that this process is in, its own first."""
        for line in _text(self.proc / "self/cgroup").splitlines():
            number, controllers, path = line.split(":", 2)
            if number != "0" and controller not in controllers.split(","):
                continue
            root = self.mount if number == "0" else self.mount / controller
            # Within a container the path may be the host's, and then only the root is there to be seen.
            group = root / path.lstrip("/")
            while group != root:
                if group.is_dir():
                    yield group
                group = group.parent
            yield root


def _limit(folder: Path) -> int | None:
    words = _words(folder / "memory.max") or _words(folder / "memory.limit_in_bytes")
    # Version 1 says "none" as the largest number of pages that there could be.
    return int(words[0]) if words and words[0].isdecimal() and int(words[0]) < 1 << 60 else None


def _held(folder: Path) -> int:
    words = _words(folder / "memory.current") or _words(folder / "memory.usage_in_bytes") or ("0",)
    statistics = dict(line.split() for line in _text(folder / "memory.stat").splitlines() if line.count(" ") == 1)
    cached = statistics.get("total_inactive_file") or statistics.get("inactive_file") or "0"
    return max(int(words[0]) - int(cached), 0)


def _words(file: Path) -> tuple[str, ...]:
    return tuple(_text(file).split())


def _text(file: Path) -> str:
    """Empty where there is no such file, or none for us."""
    with suppress(OSError):
        return file.read_text()
    return ""
