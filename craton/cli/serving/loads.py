"""Bars for the models that load, on a terminal. Knows only what the supervisor tells of them."""

import asyncio
import sys
from collections.abc import Callable, Sequence

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from craton.engines.state import Loading


async def show(loading: Callable[[], Sequence[Loading]]) -> None:
    """Show them until cancelled. What is written to stderr meanwhile stands above them."""
    if not sys.stderr.isatty():
        return
    columns = (TextColumn("Loading {task.description}"), BarColumn(), TimeElapsedColumn())
    bars: dict[str, TaskID] = {}
    progress = Progress(*columns, console=Console(stderr=True), transient=True)
    try:
        while True:
            loads = {load.id: load for load in loading()}
            for gone in bars.keys() - loads.keys():
                progress.remove_task(bars.pop(gone))
            for model, load in loads.items():
                if model not in bars:
                    bars[model] = progress.add_task(model)
                progress.update(bars[model], completed=min(load.resident, load.expected), total=load.expected)
            (progress.start if bars else progress.stop)()
            await asyncio.sleep(0.03)
    finally:
        progress.stop()
