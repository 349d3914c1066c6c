"""`make bench-console`: measure the console in a browser, and write the table into docs/console-figures.md.

Needs the built console, Node.js and Chromium. Each `ui/tools/measure*.mjs` is told the endpoint of a server of its own,
and prints its figures as a line of JSON. What is over its budget ends the command with an error.
"""

import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec

from craton.doors.console import built
from tests import scripted
from tests.serving import Server

UI = Path(__file__).resolve().parents[1] / "ui"
PAGE = UI.parent / "docs" / "console-figures.md"
SECONDS = 1200  # that one measure may take


class Figure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    what: str
    measured: float
    unit: str
    budget: float | None = None

    @property
    def over(self) -> bool:
        return self.budget is not None and self.measured > self.budget

    @property
    def row(self) -> str:
        unit = f" {self.unit}" if self.unit else ""
        budget = "" if self.budget is None else f"under {_number(self.budget)}{unit}"
        return f"| {self.what} | {_number(self.measured)}{unit} | {budget} |"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def main() -> None:
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None or not built():
        sys.exit("The console is measured in Chromium: install that (apt install chromium), and build it (make ui).")
    figures: list[Figure] = []
    for measure in sorted((UI / "tools").glob("measure*.mjs")):
        figures += _measured(measure, chromium)
    version = subprocess.run([chromium, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    PAGE.write_text("\n".join(_page(figures, version)) + "\n")
    if over := [figure.what for figure in figures if figure.over]:
        sys.exit(f"Over budget: {'; '.join(over)}.")


def _measured(measure: Path, chromium: str) -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        scripted.install(home)
        with Server(home) as server:
            environment = os.environ | server.variables | {"CHROMIUM": chromium}
            command = ["node", str(measure), server.endpoint]
            done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, timeout=SECONDS, check=True)
    found = msgspec.json.decode(done.stdout, type=list[Figure])
    for figure in found:
        print(figure.row, flush=True)
    return found


def _page(figures: list[Figure], version: str) -> Iterator[str]:
    yield "# How fast the console is"
    yield ""
    yield "Written by `make bench-console`: headless Chromium on the server's machine, with an empty cache each time."
    yield f"{version}, {os.cpu_count()} cores, {platform.machine()}."
    yield ""
    yield "| what | measured | budget |"
    yield "|---|---:|---:|"
    yield from (figure.row for figure in figures)


if __name__ == "__main__":
    main()
