"""`make soak`: every trial in full, and their figures into docs/steadiness.md. `python -m soak NAME ...` runs some, and
`--part 0.1` a part of each; only all together are written down.
"""

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from soak import disconnects, disk, ends, endurance, faults, ingestion, kills, overload, slow
from soak.clients import Stopwatch
from soak.figures import Figure
from tests import scripted
from tests.serving import Server

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "steadiness.md"
BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"

Trial = Callable[[Path, float], list[Figure]]


def served(home: Path, trial: Callable[[Server], list[Figure]], *install: Callable[[Path], object]) -> list[Figure]:
    """A trial of a server that is started for it."""
    for each in (scripted.install, *install):
        each(home)
    with Server(home) as server:
        return trial(server)


def times(count: int, part: float) -> int:
    return max(int(count * part), 1)


TRIALS: dict[str, Trial] = {
    "kills": lambda home, part: kills.trial(home, times(200, part)),
    "ingestion": lambda home, part: ingestion.trial(home, times(50, part), times(2500, part)),
    "disconnects": lambda home, part: served(
        home, lambda server: disconnects.trial(server, times(500, part)), disconnects.install
    ),
    "overload": lambda home, part: served(home, lambda server: overload.trial(server, 60 * part), overload.install),
    "ends": lambda home, part: ends.trial(home, times(50, part)),
    "slow": lambda home, part: served(
        home,
        lambda server: [*slow.trial(server, times(1000, part), 30 * part), *slow.torrent(server, 10)],
        slow.install,
    ),
    "faults": lambda home, part: served(home, lambda server: faults.trial(server, times(100, part)), faults.install),
    "disk": lambda home, part: disk.trial(home, times(20, part)),
    "small-disk": lambda home, part: disk.small(home, times(20, part)) if disk.mountable() else [],
    "endurance": lambda home, part: served(home, lambda server: endurance.trial(server, 1200 * part)),
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m soak", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(TRIALS))
    parser.add_argument("--part", type=float, default=1.0, help="of each trial's size")
    given = parser.parse_args()
    names: list[str] = given.names or list(TRIALS)
    if unknown := set(names) - set(TRIALS):
        parser.error(f"there is no trial {', '.join(sorted(unknown))}; there are {', '.join(TRIALS)}")
    figures: list[Figure] = []
    for name in names:
        watch = Stopwatch()
        with tempfile.TemporaryDirectory() as folder:
            found = TRIALS[name](Path(folder) / "home", given.part)
        figures += found
        print(f"{name}, {watch():.0f} s", *table(found)[2:], sep="\n", flush=True)
    if names == list(TRIALS):
        write(figures, given.part)
    sys.exit(not all(figure.kept for figure in figures))


def table(figures: Sequence[Figure]) -> list[str]:
    rows = [
        f"| {each.what} | {each.measured} | {each.promised}{'' if each.kept else ' **broken**'} |" for each in figures
    ]
    return ["| what | measured | promised |", "|---|---:|---:|", *rows]


def write(figures: Sequence[Figure], part: float) -> None:
    before, _, rest = PAGE.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    size = "In full" if part == 1 else f"At {part:g} of the full size"
    machine = f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}"
    told = f"{size}; {machine}; the scripted engine."
    PAGE.write_text("\n".join([before + BEGIN, told, "", *table(figures), END + after]))


if __name__ == "__main__":
    main()
