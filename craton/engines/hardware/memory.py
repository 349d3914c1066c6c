"""Bytes of memory: what this process and its children may hold together, and what of it is free. Knows no model."""

import os
import sys
from contextlib import suppress
from pathlib import Path

from craton.engines.hardware.groups import PROC, Groups


def total(groups: Groups | None = None) -> int:
    """What the machine has, or the part of it that its container may use."""
    limit = (groups or Groups()).memory()
    return min(_physical(), limit) if limit is not None else _physical()


def available(proc: Path = PROC, groups: Groups | None = None) -> int:
    """What can be taken without anything being pushed out: an estimate of the kernel's."""
    left = (groups or Groups()).memory_left()
    free = _free(proc)
    return min(free, left) if left is not None else free


def _physical() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def _free(proc: Path) -> int:
    with suppress(OSError):
        for line in (proc / "meminfo").read_text().splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) << 10
    # Outside Linux, free pages are all that POSIX has a name for, and macOS not even that.
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_AVPHYS_PAGES") if sys.platform != "darwin" else _physical()
